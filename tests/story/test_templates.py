"""Every template, answered with what it finds in the demo's tables, is a sound rule; it fires and does what it says."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import asyncpg
import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.api.house import open_house
from ruleyard.core.types import JSON, RuleId
from ruleyard.demo.install import ensure_connections, ensure_watches
from ruleyard.demo.seed import TABLES
from ruleyard.settings import Settings
from ruleyard.stores.db import transaction
from ruleyard.stores.runs import Run
from ruleyard.templates.shelf import templates
from ruleyard.templates.template import Template
from story.asking import ended, runs_of
from story.conftest import Demo
from story.template_cases import CASES, DEAL, LEAD, Case
from story.test_by_api import api, made, nothing_unread
from support.house import running
from support.servers import http_receiver, smtp_receiver
from support.waiting import until

IDS = [template.id for template in templates()]
NEEDED: dict[str, dict[str, JSON]] = {
    "won-to-webhook": {"url": "https://hooks.example.com/won"},
    "incoming-requests": {"url": "https://requests.example.com/new"},
}
"""What cannot be found in any table."""
LANGUAGES = ("en", "ko", "zh", "ru")


async def furnished(settings: Settings, demo: Demo, smtp_port: int = 9) -> None:
    async with open_house(settings) as house:
        crm = await ensure_connections(house, crm_url=demo.watcher_url, smtp=("127.0.0.1", smtp_port))
        await ensure_watches(house, crm, TABLES)


@pytest.fixture
async def client(settings: Settings, engine: AsyncEngine, demo: Demo) -> AsyncIterator[httpx.AsyncClient]:
    await furnished(settings, demo)
    async with api(settings, engine) as client:
        yield client


def texts_compared_with(node: JSON, holes: set[str]) -> set[str]:
    """Those of the holes that stand in a condition or name something, where a field could not be filled in."""
    if isinstance(node, dict):
        plain = {str(node[key])[1:-1] for key in ("list",) if key in node}
        inside = {
            one for key in ("logic", "where") if key in node for one in holes if f"<{one}>" in repr(node[key])
        }
        return (
            (plain & holes)
            | inside
            | {one for value in node.values() for one in texts_compared_with(value, holes)}
        )
    if isinstance(node, list):
        return {one for value in node for one in texts_compared_with(value, holes)}
    return set()


@pytest.mark.parametrize("template", templates(), ids=IDS)
def test_a_word_that_is_compared_with_is_not_asked_for_as_a_text_with_fields(template: Template) -> None:
    texts = {one.id for one in template.questions if one.kind == "text" and one.label is not None}
    assert texts_compared_with(template.document, texts) == set()


async def test_every_template_answered_by_what_is_found_has_no_problem(client: httpx.AsyncClient) -> None:
    for template_id in IDS:
        for language in LANGUAGES:
            body = {"answers": NEEDED.get(template_id, {}), "language": language}
            used = await made(await client.post(f"/templates/{template_id}/use?dry_run=true", json=body), 200)
            template: Any = used["template"]
            unanswered = [one["id"] for one in template["questions"] if one["answer"] is None]
            assert (used["rule_id"], used["problems"], unanswered) == (None, [], []), (template_id, language)
            assert not re.search("<[a-z]", str(template["document"])), template_id


async def test_every_rule_of_a_template_comes_in_again_as_it_went_out(client: httpx.AsyncClient) -> None:
    for template_id in IDS:
        body = {"answers": NEEDED.get(template_id, {})}
        used = await made(await client.post(f"/templates/{template_id}/use", json=body), 200)
        sent = await made(await client.get(f"/rules/{used['rule_id']}/export"), 200)
        back: Any = await made(await client.post("/import?dry_run=true", json=sent), 200)
        assert [one["document"]["nodes"] for one in back["items"]] == [sent["nodes"]], template_id
        assert back["names"] == [], template_id


async def test_a_template_that_calls_another_system_can_be_tried_on_the_catcher(
    settings: Settings, engine: AsyncEngine, demo: Demo
) -> None:
    allowed = replace(settings, outbound_allow=("10.0.0.9:80", "127.0.0.1:4711"))
    await furnished(allowed, demo)
    async with api(allowed, engine) as client:
        shelf: Any = await made(await client.get("/templates?zone=Asia/Seoul"), 200)
    offered = {
        item["id"]: one["options"]
        for item in shelf["items"]
        for one in item["questions"]
        if one["id"] == "url"
    }
    assert {name: options[0]["value"] for name, options in offered.items()} == {
        "won-to-webhook": "http://127.0.0.1:4711/won-to-webhook",
        "incoming-requests": "http://127.0.0.1:4711/incoming-requests",
    }
    zones = {
        node["schedule"]["zone"]
        for item in shelf["items"]
        for node in item["document"]["nodes"]
        if "schedule" in node
    }
    assert zones == {"Asia/Seoul"}


@pytest.mark.parametrize(
    ("template", "answers", "at"),
    [
        ("weekday-reminder", {"at": "25:00"}, "/answers/at"),
        ("weekday-reminder", {"body": ""}, "/answers/body"),
        ("weekday-reminder", {"nobody": "asked this"}, "/answers/nobody"),
        ("won-to-webhook", {"url": "ftp://example.com"}, "/answers/url"),
        (
            "won-to-webhook",
            {"url": "https://hooks.example.com", "deals": "crm public.gone"},
            "/answers/deals",
        ),
    ],
)
async def test_an_answer_that_does_not_fit_its_question_makes_no_rule(
    template: str, answers: dict[str, str], at: str, client: httpx.AsyncClient
) -> None:
    refused = await client.post(f"/templates/{template}/use", json={"answers": answers})
    assert (refused.status_code, refused.json()["code"]) == (422, "bad-answer"), refused.text
    assert [one["path"] for one in refused.json()["problems"]] == [at]
    assert (await client.get("/rules")).json()["items"] == []


async def test_a_table_that_is_gone_is_neither_offered_nor_taken(
    settings: Settings, engine: AsyncEngine, demo: Demo
) -> None:
    await furnished(settings, demo)
    owner = await asyncpg.connect(demo.owner_url)
    await owner.execute("drop table public.deals cascade")
    await owner.close()
    async with api(settings, engine) as client:
        shelf = await made(await client.get("/templates"), 200)
    items: Any = shelf["items"]
    questions = [one for item in items for one in item["questions"]]
    offered = {option["value"] for one in questions if one["kind"] == "table" for option in one["options"]}
    assert "crm public.leads" in offered
    assert not [one for one in offered if str(one).endswith("public.deals")]
    assert not [one for one in questions if str(one["answer"]).endswith("public.deals")]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.template)
async def test_a_template_fires_and_does_what_it_says(
    settings: Settings, engine: AsyncEngine, demo: Demo, app: asyncpg.Connection, case: Case
) -> None:
    async with smtp_receiver() as inbox, running(settings), api(settings, engine) as client:
        await furnished(settings, demo, inbox.port)
        rule_id = await turned_on(client, case)
        if case.alone:
            await app.execute(case.alone)
        record = await app.fetchval(case.first)
        if case.then:
            await until(lambda: nothing_unread(client), what="the new record to be read")
            await app.execute(case.then, record)
        if case.alone:
            await its_moment_comes(engine, rule_id)
        run = await over(engine, rule_id)
        assert run.state == "succeeded", run.error
        if case.mail:
            (mail,) = await inbox.wait_for(1)
            assert (mail.message["Subject"], len(mail.to)) == (case.mail, 1)
        if case.told:
            told = await made(await client.get("/notifications"), 200)
            assert [one["title"] for one in told["items"]] == [case.told]  # type: ignore[attr-defined]
        if case.check:
            assert await app.fetchval(case.check, record) is True


@pytest.mark.parametrize(
    ("template", "stage"), [("quote-follow-up", "proposal"), ("deal-lost-feedback", "lost")]
)
async def test_a_deal_that_moves_on_meanwhile_gets_no_mail(
    settings: Settings, engine: AsyncEngine, demo: Demo, app: asyncpg.Connection, template: str, stage: str
) -> None:
    async with smtp_receiver() as inbox, running(settings), api(settings, engine) as client:
        await furnished(settings, demo, inbox.port)
        rule_id = await turned_on(client, Case(template, ""))
        deal = await app.fetchval(DEAL.format("Nine rugs"))
        await app.execute("update public.deals set stage = $2 where id = $1", deal, stage)

        async def waits() -> bool:
            return [run.state for run in await runs_of(engine, rule_id)] == ["waiting"]

        await until(waits, what="the deal to be waited for")
        await app.execute("update public.deals set stage = 'won' where id = $1", deal)
        (run,) = await ended(engine, rule_id)
    assert (run.state, inbox.received) == ("succeeded", [])


async def test_a_won_deal_goes_to_the_address_that_was_given(
    settings: Settings, engine: AsyncEngine, demo: Demo, app: asyncpg.Connection
) -> None:
    async with http_receiver() as hooks:
        values = {name: getattr(settings, name) for name in settings.__dataclass_fields__}
        allowed = Settings(**{**values, "outbound_allow": (hooks.address,)})
        case = Case("won-to-webhook", DEAL.format("Tea"), answers={"url": f"{hooks.url}/won"})
        async with running(allowed), api(allowed, engine) as client:
            await furnished(allowed, demo)
            rule_id = await turned_on(client, case)
            deal = await app.fetchval(case.first)
            await app.execute("update public.deals set stage = 'won' where id = $1", deal)
            (request,) = await hooks.wait_for(1)
            await ended(engine, rule_id)
    assert (request.path, request.json()) == ("/won", {"deal": deal, "title": "Tea", "amount": 900})


async def test_who_waits_for_a_call_comes_into_the_list_once(
    settings: Settings, engine: AsyncEngine, demo: Demo, app: asyncpg.Connection
) -> None:
    """And nobody comes in who may not be called, or who has no number."""
    async with running(settings), api(settings, engine) as client:
        await furnished(settings, demo)
        await app.execute("update public.leads set status = 'won'")
        rule_id = await turned_on(client, Case("daily-dial-list", ""))
        for name, phone in (("Hal", "'+1 202 555 0143'"), ("Ida", "null"), ("Jo", "'+1 202 555 0144'")):
            lead = await app.fetchval(LEAD.format(name, phone))
            await app.execute(
                "update public.leads set status = 'callback', consent = $2 where id = $1", lead, name != "Jo"
            )
        for count in (1, 2):
            await its_moment_comes(engine, rule_id)
            await ended(engine, rule_id, count)
        calls = await made(await client.get("/calls"), 200)
    assert [(one["list"], one["phone"], one["name"]) for one in calls["items"]] == [  # type: ignore[attr-defined]
        ("Callbacks", "+12025550143", "Hal")
    ]


async def test_an_invitation_goes_out_when_somebody_presses_run(
    settings: Settings, engine: AsyncEngine, demo: Demo, app: asyncpg.Connection
) -> None:
    async with smtp_receiver() as inbox, running(settings), api(settings, engine) as client:
        await furnished(settings, demo, inbox.port)
        rule_id = await turned_on(client, Case("event-invitation", ""))
        lead = await app.fetchval(LEAD.format("Gil", "null"))
        await made(await client.post(f"/rules/{rule_id}/fire", json={"key": {"id": lead}}), 202)
        (mail,) = await inbox.wait_for(1)
    assert (mail.message["Subject"], mail.to) == ("Gil, you are invited", ["Gil@example.com"])


async def test_the_reminder_ticks_at_the_time_and_in_the_zone_given(client: httpx.AsyncClient) -> None:
    body = {
        "answers": {"at": "08:30", "body": "Начните с {{priority}}"},
        "language": "ru",
        "zone": "Asia/Seoul",
    }
    used = await made(await client.post("/templates/weekday-reminder/use", json=body), 200)
    rule = await made(await client.get(f"/rules/{used['rule_id']}"), 200)
    assert (rule["name"], rule["enabled"]) == ("Каждый будний день: начать с открытых задач", False)
    (start, _) = rule["draft"]["document"]["nodes"]  # type: ignore[index]
    assert start["schedule"] == {"repeat": "weekday", "at": "08:30", "zone": "Asia/Seoul"}


async def turned_on(client: httpx.AsyncClient, case: Case) -> RuleId:
    """The template answered by what is found, published and on."""
    body = {"answers": case.answers}
    used = await made(await client.post(f"/templates/{case.template}/use", json=body), 200)
    assert used["problems"] == []
    await made(await client.post(f"/rules/{used['rule_id']}/publish", json={"etag": "1", "enable": True}))
    return RuleId(int(str(used["rule_id"])))


async def its_moment_comes(engine: AsyncEngine, rule_id: RuleId) -> None:
    async with transaction(engine) as conn:
        moved = text(
            "update app.schedule set next_at = now(), looked_on = looked_on - 7 where rule_id = :rule"
        )
        await conn.execute(moved, {"rule": rule_id})


async def over(engine: AsyncEngine, rule_id: RuleId) -> Run:
    """The only run of the rule, once it ended; a wait is over as soon as it begins."""

    async def passed() -> Run | None:
        async with transaction(engine) as conn:
            hurry = text("update app.run set wake_at = now() where rule_id = :rule and wake_at > now()")
            await conn.execute(hurry, {"rule": rule_id})
            late = text("""
                update app.awaited a set until = now() from app.run r
                where r.id = a.run_id and r.rule_id = :rule and a.until > now()
            """)
            await conn.execute(late, {"rule": rule_id})
        runs = await runs_of(engine, rule_id)
        return runs[0] if len(runs) == 1 and runs[0].state in ("succeeded", "failed") else None

    run: Run = await until(passed, what=f"the run of rule {rule_id} to end")
    return run
