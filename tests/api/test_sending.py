"""A mail of a draft goes to the person who asks and to nobody else, marked as a test, counted and audited."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from api.conftest import rule_document
from ruleyard.settings import Settings
from ruleyard.stores.connections import Connection, create_connection
from ruleyard.stores.db import transaction
from support.servers import SmtpReceiver, smtp_receiver

MAIL = {
    "id": "m",
    "kind": "action",
    "do": "send_email",
    "fields": {
        "connection": "mail",
        "to": {"var": "after.email"},
        "cc": "boss@example.com",
        "subject": {"cat": ["Hello ", {"var": "after.first_name"}]},
        "body": {"cat": ["Dear ", {"var": "after.first_name"}]},
    },
}


def mail_document() -> dict[str, Any]:
    (trigger, condition, _) = rule_document()["nodes"]
    return rule_document(nodes=[trigger, condition, MAIL], edges=[["t", "c"], ["c", "m", "yes"]])


def asked(lead: int, **changes: Any) -> dict[str, Any]:
    record = {"connection": "crm", "table": "public.leads", "key": {"id": lead}}
    return {"document": mail_document(), "node": "m", "record": record} | changes


@pytest.fixture
async def post_office(engine: AsyncEngine, settings: Settings) -> AsyncIterator[SmtpReceiver]:
    async with smtp_receiver() as receiver:
        async with transaction(engine) as conn:
            await create_connection(
                conn,
                settings,
                name="mail",
                kind="smtp",
                public={
                    "host": "127.0.0.1",
                    "port": receiver.port,
                    "security": "none",
                    "from": "Rules <rules@example.com>",
                },
                secret={},
            )
        yield receiver


@pytest.fixture
async def lead(watched_leads: Connection, crm: asyncpg.Connection) -> int:
    found: int = await crm.fetchval(
        "insert into public.leads (first_name, email, status) values ('Zoë', 'zoe@example.org', 'lost') returning id"
    )
    return found


async def test_a_mail_for_each_of_a_list_is_sent_as_for_the_first(
    browser: httpx.AsyncClient, post_office: SmtpReceiver, lead: int
) -> None:
    each = {"id": "f", "kind": "for_each", "over": {"merge": [{"var": "after.first_name"}, "Ann"]}}
    fields = {**MAIL["fields"], "subject": {"cat": [{"var": "item"}, " ", {"var": "index"}]}}
    document = mail_document()
    document["nodes"] = [document["nodes"][0], each, {**MAIL, "fields": fields}]
    document["edges"] = [["t", "f"], ["f", "m", "each"]]
    answer = await browser.post("/rules/test/send", json=asked(lead, document=document))
    assert answer.json()["subject"] == "[Test] Zoë 0", answer.text


async def test_a_mail_is_sent_to_oneself_only(
    browser: httpx.AsyncClient, post_office: SmtpReceiver, lead: int, engine: AsyncEngine
) -> None:
    answer = await browser.post("/rules/test/send", json=asked(lead, rule_id=7))
    assert answer.status_code == 200, answer.text
    assert answer.json() == {
        "to": "ann@example.com",
        "subject": "[Test] Hello Zoë",
        "instead_of": ["zoe@example.org", "boss@example.com"],
    }
    (mail,) = await post_office.wait_for(1)
    assert (mail.sender, mail.to) == ("rules@example.com", ["ann@example.com"])
    assert str(mail.message["To"]) == "ann@example.com"
    assert mail.message["Cc"] is None
    assert mail.message["X-Ruleyard-Test"] == "yes"
    assert mail.text.splitlines()[0] == "Dear Zoë"
    assert "zoe@example.org, boss@example.com" in mail.text
    async with transaction(engine) as conn:
        (row,) = (
            await conn.execute(text("select subject, detail from app.audit where action = 'send test mail'"))
        ).all()
        assert tuple(row) == ("rule:7", {"node": "m", "to": "ann@example.com"})
        assert await conn.scalar(text("select count(*) from app.run")) == 0


async def test_a_mail_of_html_says_which_files_it_would_have(
    browser: httpx.AsyncClient, post_office: SmtpReceiver, lead: int
) -> None:
    document = mail_document()
    report = {
        "id": "r",
        "kind": "action",
        "do": "make_report",
        "fields": {
            "title": {"cat": ["Leads of ", {"var": "after.first_name"}]},
            "rows": [1],
            "format": "pdf",
        },
    }
    fields = {
        **MAIL["fields"],
        "body": "",
        "html": {"cat": ["<h1>", {"var": "after.first_name"}, "</h1><script>x</script>"]},
        "attachments": [{"var": "steps.r.output.report"}],
    }
    document["nodes"][2:] = [report, {**MAIL, "fields": fields}]
    document["edges"] = [["t", "c"], ["c", "r", "yes"], ["r", "m"]]
    answer = await browser.post("/rules/test/send", json=asked(lead, document=document))
    assert answer.status_code == 200, answer.text
    (mail,) = await post_office.wait_for(1)
    html = mail.message.get_body(("html",))
    assert html is not None
    for form in (mail.text, html.get_content()):
        assert "Left out of this test: Leads of Zoë.pdf" in form
    assert "<h1>Zoë</h1>" in html.get_content()
    assert "script" not in html.get_content()
    assert list(mail.message.iter_attachments()) == []

    tried = asked(lead, document=document)
    tried["record"] |= {
        "op": "update",
        "before": {"status": "new"},
        "after": {"id": lead, "status": "won", "first_name": "Zoë", "email": "z@example.org"},
    }
    found = (
        await browser.post("/rules/test", json={key: tried[key] for key in ("document", "record")})
    ).json()
    assert found["previews"]["r"]["fields"]["file"] == "Leads of Zoë.pdf"
    told = found["previews"]["m"]
    assert told["fields"]["attachments"] == ["Leads of Zoë.pdf"]
    assert told["fields"]["html"] == "<h1>Zoë</h1>"
    assert told["summary"].endswith("with 1 file")


async def test_the_mark_is_in_ones_own_language(
    browser: httpx.AsyncClient, post_office: SmtpReceiver, lead: int
) -> None:
    await browser.patch("/session/account", json={"language": "ko"})
    assert (await browser.post("/rules/test/send", json=asked(lead))).json()["subject"] == "[시험] Hello Zoë"


async def test_a_program_has_no_address_of_its_own(
    client: httpx.AsyncClient, post_office: SmtpReceiver, lead: int
) -> None:
    answer = await client.post("/rules/test/send", json=asked(lead))
    assert (answer.status_code, answer.json()["code"]) == (409, "no-account")


async def test_only_a_mail_of_a_draft_that_holds_is_sent(
    browser: httpx.AsyncClient, post_office: SmtpReceiver, lead: int
) -> None:
    for changes, code in (
        ({"node": "c"}, "not-a-mail"),
        ({"node": "nobody"}, "not-a-mail"),
        ({"document": rule_document(edges=[["t", "x"]])}, "rule-has-problems"),
    ):
        answer = await browser.post("/rules/test/send", json=asked(lead, **changes))
        assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert post_office.received == []


async def test_a_mail_server_that_refuses_is_told(
    browser: httpx.AsyncClient, post_office: SmtpReceiver, lead: int
) -> None:
    post_office.script.append("550 no")
    answer = await browser.post("/rules/test/send", json=asked(lead))
    assert (answer.status_code, answer.json()["code"]) == (502, "mail-refused")


async def test_after_ten_tests_one_waits(
    browser: httpx.AsyncClient, post_office: SmtpReceiver, lead: int
) -> None:
    for _ in range(10):
        assert (await browser.post("/rules/test/send", json=asked(lead))).status_code == 200
    answer = await browser.post("/rules/test/send", json=asked(lead))
    assert (answer.status_code, answer.json()["code"]) == (429, "too-many-tries")
    assert int(answer.headers["Retry-After"]) == 600
    assert len(post_office.received) == 10


async def test_people_are_listed_for_those_who_edit(browser: httpx.AsyncClient) -> None:
    assert (await browser.get("/people")).json() == {"items": [{"email": "ann@example.com", "name": "Ann"}]}
