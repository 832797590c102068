"""Testing a draft performs nothing and shows everything; import and export lose nothing."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from typing import Any

import asyncpg
import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from api.conftest import client_of, key_of, manual_document, published, rule_document, serving
from ruleyard.api.shapes.rules import OutOfHours
from ruleyard.api.trial import closed_at
from ruleyard.core.calendars import Calendar, Calendars
from ruleyard.core.graph import Hours
from ruleyard.settings import Settings
from ruleyard.stores.connections import Connection
from support.servers import http_receiver


async def test_a_draft_is_tried_on_a_real_record(
    client: httpx.AsyncClient, watched_leads: Connection, crm: asyncpg.Connection
) -> None:
    lead = await crm.fetchval(
        "insert into public.leads (first_name, email, status) values ('Ann', 'ann@example.com', 'won') returning id"
    )
    record: dict[str, Any] = {"connection": "crm", "table": "public.leads", "key": {"id": lead}}
    answer = await client.post("/rules/test", json={"document": rule_document(), "record": record})
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert found["fires"] is True
    assert [(one["node"], one.get("branch")) for one in found["trace"]["steps"]] == [
        ("t", None),
        ("c", "yes"),
        ("n", None),
    ]
    assert found["previews"]["n"]["fields"]["title"] == "Won: ann@example.com"
    assert found["data"]["after"]["first_name"] == "Ann"
    notes = (await client.get("/notifications")).json()
    assert notes["items"] == []


async def test_a_draft_is_tried_on_an_invented_change(
    client: httpx.AsyncClient, watched_leads: Connection
) -> None:
    record = {
        "connection": "crm",
        "table": "public.leads",
        "key": {"id": 1},
        "before": {"id": 1, "status": "won"},
        "after": {"id": 1, "status": "lost"},
    }
    found = (await client.post("/rules/test", json={"document": rule_document(), "record": record})).json()
    assert found["fires"] is False
    assert found["reason"]
    assert found["data"]["changed"] == ["status"]


async def test_a_draft_is_tried_at_the_moment_that_is_given(
    client: httpx.AsyncClient, watched_leads: Connection
) -> None:
    record: dict[str, Any] = {"connection": "crm", "table": "public.leads", "key": {"id": 1}}
    record |= {"before": {"id": 1, "status": "new"}, "after": {"id": 1, "status": "won"}}
    document = rule_document()
    weekday = {"date_part": [{"var": "now"}, "weekday", "Asia/Seoul"]}
    document["nodes"][1]["logic"] = {"in": [weekday, [1, 2, 3, 4, 5]]}
    document["nodes"][2]["fields"]["title"] = {"var": "event.at"}
    document["policy"] = {"hours": {"zone": "Asia/Seoul", "outside": "skip"}}
    found = []
    for at in ("2026-11-22T14:59:59Z", "2026-11-22T15:00:00", "2026-11-23T00:00:00+09:00"):
        given = {"document": document, "record": record | {"at": at}}
        found.append((await client.post("/rules/test", json=given)).json())
    assert [one["fires"] for one in found] == [False, True, True]
    assert "(it was Sunday)" in found[0]["reason"]
    closed = {"outside": "skip", "until": None, "zone": "Asia/Seoul"}
    assert [one["closed"] for one in found] == [closed, None, None]
    titles = [one["previews"]["n"]["fields"]["title"] for one in found[1:]]
    assert titles == ["2026-11-22T15:00:00+00:00"] * 2
    early = {"document": document, "record": record | {"at": "0001-01-01T00:00:00+09:00"}}
    assert (await client.post("/rules/test", json=early)).status_code == 422


@pytest.mark.parametrize(
    ("hours", "until"),
    [
        (Hours(zone="UTC", between=("09:00", "18:00")), datetime(2026, 5, 5, 9, tzinfo=UTC)),
        (Hours(calendar="Never"), None),
    ],
)
def test_a_test_says_until_when_the_run_would_wait(hours: Hours, until: datetime | None) -> None:
    calendars = Calendars({"Never": Calendar("Never", "UTC", {})})
    assert closed_at(hours, calendars, "2026-05-04T18:00:00+00:00") == OutOfHours("wait", until, "UTC")


@pytest.mark.parametrize(
    "hours",
    [None, Hours(zone="UTC"), Hours(zone="UTC", days=("sun",), outside="run"), Hours(calendar="Gone")],
)
def test_where_nothing_is_closed_a_test_says_nothing_of_hours(hours: Hours | None) -> None:
    assert closed_at(hours, Calendars({}), "2026-05-04T18:00:00+00:00") is None


async def test_a_scheduled_or_manual_draft_needs_no_record(client: httpx.AsyncClient) -> None:
    found = (await client.post("/rules/test", json={"document": manual_document()})).json()
    assert found["fires"] is True
    assert found["previews"]["n"]["kind"] == "notify"


async def test_a_tried_webhook_is_shown_and_not_called(settings: Settings, engine: AsyncEngine) -> None:
    async with http_receiver() as receiver:
        nodes = manual_document()["nodes"]
        nodes[1] = {"id": "n", "kind": "action", "do": "call_webhook", "fields": {"url": receiver.url}}
        headers = {"Authorization": f"Bearer {await key_of(engine, 'admin')}"}
        allowed = dataclasses.replace(settings, outbound_allow=(receiver.address,))
        async with serving(allowed) as app, client_of(app, headers=headers) as client:
            answer = await client.post("/rules/test", json={"document": manual_document(nodes=nodes)})
        found = answer.json()
        assert (found["fires"], found["previews"]["n"]["kind"]) == (True, "call_webhook"), answer.text
        assert receiver.received == []


async def test_a_draft_with_problems_is_not_tried(client: httpx.AsyncClient) -> None:
    answer = await client.post("/rules/test", json={"document": manual_document(edges=[["t", "x"]])})
    assert (answer.status_code, answer.json()["code"]) == (422, "rule-has-problems")


async def test_import_is_idempotent_by_name_and_arrives_off(client: httpx.AsyncClient) -> None:
    bundle = {"rules": [manual_document(), manual_document(name="Second")]}
    dry = (await client.post("/import", params={"dry_run": True}, json=bundle)).json()
    assert [(one["action"], one["rule_id"]) for one in dry["items"]] == [("create", None), ("create", None)]
    assert (await client.get("/rules")).json()["items"] == []
    first = (await client.post("/import", json=bundle)).json()["items"]
    assert [one["action"] for one in first] == ["create", "create"]
    again = (await client.post("/import", json=bundle)).json()["items"]
    assert [one["action"] for one in again] == ["same", "same"]
    changed = (await client.post("/import", json=manual_document(description="more"))).json()["items"]
    assert [(one["action"], one["rule_id"]) for one in changed] == [("update", first[0]["rule_id"])]
    assert all(one["enabled"] is False for one in (await client.get("/rules")).json()["items"])


async def test_export_gives_back_what_was_imported(client: httpx.AsyncClient) -> None:
    document = manual_document(description="Ünïcode, \u4e2d\u6587", nodes=manual_document()["nodes"])
    (made,) = (await client.post("/import", json=document)).json()["items"]
    assert (await client.get(f"/rules/{made['rule_id']}/export")).json() == document
    rule = await published(client, manual_document(name="Other"))
    assert (await client.get(f"/rules/{rule['id']}/export", params={"version": 1})).json()["name"] == "Other"


async def test_a_bare_expression_with_its_trigger_becomes_a_rule(client: httpx.AsyncClient) -> None:
    body = {
        "name": "Bare",
        "logic": {"===": [1, 1]},
        "trigger": {"on": "manual"},
        "actions": [{"do": "notify", "fields": {"to": "everyone", "title": "Hi"}}],
    }
    (made,) = (await client.post("/import", json=body)).json()["items"]
    assert made["problems"] == []
    assert made["document"]["edges"] == [["t", "c"], ["c", "a1", "yes"]]


async def test_what_is_no_rule_is_refused_whole(client: httpx.AsyncClient) -> None:
    for body in (
        {},
        {"rules": []},
        {"rules": [5]},
        {"name": "only a name"},
    ):
        answer = await client.post("/import", json=body)
        assert answer.status_code in (409, 422), body
        assert answer.json()["code"] == "bad-import"


async def test_a_repeated_import_with_one_key_is_answered_from_memory(client: httpx.AsyncClient) -> None:
    headers = {"Idempotency-Key": "k1"}
    first = await client.post("/import", json=manual_document(), headers=headers)
    second = await client.post("/import", json=manual_document(), headers=headers)
    assert first.json() == second.json()
    assert first.json()["items"][0]["action"] == "create"


async def test_the_palette_is_served(client: httpx.AsyncClient) -> None:
    operators = (await client.get("/operators")).json()
    assert any(one["name"] == "===" for one in operators["operators"])
    actions = (await client.get("/actions")).json()["items"]
    assert {"update_record", "send_email", "notify"} <= {one["do"] for one in actions}


async def test_a_schedule_is_shown_in_words_with_its_next_five_moments(client: httpx.AsyncClient) -> None:
    schedule = {"repeat": "weekday", "at": "09:00", "zone": "Asia/Seoul"}
    found = (await client.post("/schedules/preview", json={"schedule": schedule})).json()
    assert len(found["next"]) == 5
    assert all("T00:00:00" in at for at in found["next"])
    assert "09:00" in found["description"]
    wrong = (await client.post("/schedules/preview", json={"schedule": {"repeat": "never"}})).json()
    assert wrong["problems"]


async def test_a_question_for_approval_is_answered_as_the_test_says_and_asks_nobody(
    client: httpx.AsyncClient,
) -> None:
    asks = {"to": "admin", "question": "Ok?"}
    nodes = [
        {"id": "t", "kind": "trigger", "on": "manual"},
        {"id": "q", "kind": "action", "do": "ask_approval", "fields": asks},
        *({"id": one, "kind": "action", "do": "notify", "fields": {"title": one}} for one in "ynl"),
    ]
    edges = [["t", "q"], ["q", "y"], ["q", "n", "refused"], ["q", "l", "late"]]
    document = {"dialect": 1, "name": "Ask", "nodes": nodes, "edges": edges}
    went: dict[str | None, str] = {}
    for answer in ("approved", "refused", "late", None):
        answers = {} if answer is None else {"q": answer}
        body = {"document": document, "answers": answers}
        found = (await client.post("/rules/test", json=body)).json()
        went[answer] = found["trace"]["steps"][-1]["node"]
        assert found["previews"]["q"]["summary"] == "Ask admin to approve: Ok?"
    assert went == {"approved": "y", "refused": "n", "late": "l", None: "y"}
    assert (await client.get("/approvals", params={"which": "all"})).json()["items"] == []
