"""Turning on with trust: one version however often it is asked for, and what of records that match already."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg
import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from api.conftest import published, rule_document
from ruleyard.stores.connections import Connection
from ruleyard.stores.db import transaction

pytestmark = pytest.mark.usefixtures("watched_leads")


@pytest.fixture
async def history(crm: asyncpg.Connection, watched_leads: Connection) -> None:
    """2,400 leads: each eighth is won."""
    del watched_leads
    await crm.execute(
        "insert into leads (first_name, status) "
        "select 'x' || n, case when n % 8 = 0 then 'won' else 'new' end from generate_series(1, 2400) n"
    )
    await crm.execute("analyze leads")


async def drafted(client: httpx.AsyncClient, document: dict[str, Any]) -> dict[str, Any]:
    made = await client.post("/rules", json={"document": document})
    assert made.status_code == 201, made.text
    rule: dict[str, Any] = made.json()
    return rule


async def test_a_draft_published_by_many_at_once_is_one_version(client: httpx.AsyncClient) -> None:
    rule = await drafted(client, rule_document())
    body = {"etag": rule["draft"]["etag"], "note": "first"}
    answers = await asyncio.gather(
        *(client.post(f"/rules/{rule['id']}/publish", json=body) for _ in range(6))
    )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    listed = await client.get(f"/rules/{rule['id']}/versions")
    assert [one["number"] for one in listed.json()["items"]] == [1]


async def test_asked_again_after_switching_off_it_is_on_again_as_the_same_version(
    client: httpx.AsyncClient,
) -> None:
    rule = await published(client, rule_document())
    await client.post(f"/rules/{rule['id']}/disable")
    again = await client.post(f"/rules/{rule['id']}/publish", json={"etag": rule["draft"]["etag"]})
    assert again.json()["number"] == 1
    assert (await client.get(f"/rules/{rule['id']}")).json()["enabled"] is True


async def test_a_draft_that_was_saved_since_is_the_next_version(client: httpx.AsyncClient) -> None:
    rule = await published(client, rule_document())
    saved = await client.put(
        f"/rules/{rule['id']}/draft",
        json={"document": rule_document(description="changed")},
        headers={"If-Match": rule["draft"]["etag"]},
    )
    assert saved.status_code == 200, saved.text
    again = await client.post(f"/rules/{rule['id']}/publish", json={"etag": saved.json()["etag"]})
    assert again.json()["number"] == 2


@pytest.mark.usefixtures("history")
async def test_matching_records_are_counted_in_stretches_with_some_by_name(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ruleyard.api.already.STRETCH", 1)
    rule = await drafted(client, rule_document())
    found, looked, cursor, stretches = 0, 0, None, 0
    while True:
        query = {} if cursor is None else {"cursor": cursor}
        answer = await client.get(f"/rules/{rule['id']}/matching", params=query)
        assert answer.status_code == 200, answer.text
        one = answer.json()
        assert (one["why_not"], one["table"], one["about"]) == ("", "public.leads", 2400)
        found, looked, stretches = (found + one["found"], looked + one["looked"], stretches + 1)
        if stretches == 1:
            assert [record["label"] for record in one["sample"]] == ["x8", "x16", "x24", "x32", "x40"]
        cursor = one["next"]
        if cursor is None:
            break
    assert (found, looked, stretches) == (300, 2400, 3)


@pytest.mark.usefixtures("history")
async def test_publishing_runs_it_for_them_once_and_they_match_no_longer(
    client: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    rule = await drafted(client, rule_document())
    body = {"etag": rule["draft"]["etag"], "already": "run"}
    for _ in range(2):  # the answer was lost
        answer = await client.post(f"/rules/{rule['id']}/publish", json=body)
        assert answer.status_code == 201, answer.text
    (begun,) = (await client.get("/catch-ups", params={"rule_id": rule["id"]})).json()["items"]
    assert (begun["state"], begun["version"], begun["runs"]) == ("running", 1, 0)
    async with transaction(engine) as conn:
        await conn.execute(
            text("""
                insert into app.run (rule_id, version_id, log, event_id, event, slot, record_table, record_key, state,
                  event_on)
                select c.rule_id, c.version_id, c.log, -1, '{}', 0, c.table_name, '8', 'succeeded', current_date
                from app.catch_up c
            """)
        )
    counted = await client.get(f"/rules/{rule['id']}/matching", params={"version": 1})
    assert counted.json()["found"] == 299
    as_draft = (await client.get(f"/rules/{rule['id']}/matching")).json()
    assert (as_draft["found"], as_draft["ran_before"]) == (300, 1)


async def test_a_catch_up_is_stopped_by_a_publisher_and_stays_stopped(client: httpx.AsyncClient) -> None:
    rule = await drafted(client, rule_document())
    await client.post(f"/rules/{rule['id']}/publish", json={"etag": rule["draft"]["etag"], "already": "run"})
    (begun,) = (await client.get("/catch-ups")).json()["items"]
    for _ in range(2):
        stopped = await client.post(f"/catch-ups/{begun['id']}/stop")
        assert stopped.json()["state"] == "stopped"
    assert (await client.get(f"/catch-ups/{begun['id']}")).json()["state"] == "stopped"
    on = await client.post(f"/rules/{rule['id']}/enable", params={"already": "run"})
    assert on.status_code == 200, on.text
    assert [one["state"] for one in (await client.get("/catch-ups")).json()["items"]] == [
        "running",
        "stopped",
    ]


async def test_a_rule_that_asks_for_a_value_from_before_asks_nothing(client: httpx.AsyncClient) -> None:
    document = rule_document()
    document["nodes"][0]["columns"] = ["status"]
    document["nodes"][1]["logic"] = {
        "and": [{"===": [{"var": "before.status"}, "new"]}, {"===": [{"var": "after.status"}, "won"]}]
    }
    rule = await drafted(client, document)
    answer = await client.get(f"/rules/{rule['id']}/matching")
    assert (answer.json()["why_not"], answer.json()["next"]) == ("before", None)
    body = {"etag": rule["draft"]["etag"], "already": "run"}
    refused = await client.post(f"/rules/{rule['id']}/publish", json=body)
    assert (refused.status_code, refused.json()["code"]) == (409, "nothing-to-catch-up")
    assert (await client.get(f"/rules/{rule['id']}")).json()["live"] is None, "nothing was published"


async def test_of_a_date_those_whose_moment_has_passed_are_counted(
    client: httpx.AsyncClient, crm: asyncpg.Connection
) -> None:
    """A week before the day of the call; whose call is past, or farther away, is not asked about."""
    trigger = {
        "id": "t",
        "kind": "trigger",
        "on": "date",
        "connection": "crm",
        "table": "public.leads",
        "column": "created_at",
        "amount": 7,
        "at": "00:00",
    }
    document = {
        "dialect": 1,
        "name": "Near",
        "nodes": [
            trigger,
            {"id": "c", "kind": "condition", "logic": {"===": [{"var": "after.status"}, "new"]}},
            {"id": "n", "kind": "action", "do": "notify", "fields": {"title": "Near"}},
        ],
        "edges": [["t", "c"], ["c", "n", "yes"]],
    }
    for name, days, status in (
        ("far", 20, "new"),
        ("near", 3, "new"),
        ("past", -2, "new"),
        ("won", 3, "won"),
    ):
        await crm.execute(
            """
            insert into leads (first_name, status, created_at)
            values ($1, $2, date_trunc('day', now() at time zone 'UTC') at time zone 'UTC' + $3 * interval '1 day')
            """,
            name,
            status,
            days,
        )
    rule = await drafted(client, document)
    one = (await client.get(f"/rules/{rule['id']}/matching")).json()
    assert (one["why_not"], one["passed"], one["found"], one["next"]) == ("", True, 1, None)
    assert [record["label"] for record in one["sample"]] == ["near"]
    body = {"etag": rule["draft"]["etag"], "already": "run"}
    answer = await client.post(f"/rules/{rule['id']}/publish", json=body)
    assert answer.status_code == 201, answer.text
    (begun,) = (await client.get("/catch-ups", params={"rule_id": rule["id"]})).json()["items"]
    assert (begun["state"], begun["tick_at"]) == ("running", None)
