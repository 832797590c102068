"""Why, and why not: of an event, or of a record's latest change, by the version that was live then."""

from __future__ import annotations

import asyncpg
import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from api.conftest import published, rule_document
from ruleyard.clock import utc_now, utc_text
from ruleyard.core.calendars import DAYS
from ruleyard.core.event import Event
from ruleyard.core.types import EventId, LogId, RuleId
from ruleyard.stores.connections import Connection
from ruleyard.stores.db import transaction
from ruleyard.stores.log_health import LogHealth, close_gaps, keep_log_health, open_gap
from ruleyard.stores.new_runs import NewRun, open_runs
from ruleyard.stores.once import Once


async def test_a_record_is_explained_by_its_latest_change(
    client: httpx.AsyncClient, watched_leads: Connection, crm: asyncpg.Connection
) -> None:
    rule = await published(client, rule_document())
    lead = await crm.fetchval(
        "insert into public.leads (first_name, status) values ('Ann', 'new') returning id"
    )
    await crm.execute("update public.leads set status = 'lost' where id = $1", lead)
    between = await crm.fetchval("select clock_timestamp()")
    await crm.execute("update public.leads set status = 'won' where id = $1", lead)
    key = f'{{"id": {lead}}}'
    now = (await client.get(f"/rules/{rule['id']}/why", params={"key": key})).json()
    assert (now["fired"], now["nearest"]) == (True, [])
    then = (
        await client.get(f"/rules/{rule['id']}/why", params={"key": key, "at": between.isoformat()})
    ).json()
    assert (then["fired"], then["reason_code"]) == (False, "condition-false")
    assert then["reason"] == 'It did not run because the rule needs that status is "won" (it was "lost").'
    (flip,) = then["nearest"]
    assert (flip["node"], flip["path"], flip["seen"], flip["needed"]) == ("c", "", "lost", "won")


@pytest.mark.parametrize(
    ("outside", "fired", "codes"),
    [
        ("wait", True, ["fired", "no-run", "outside-hours"]),
        ("skip", False, ["outside-hours", "fired", "no-run"]),
        ("run", True, ["fired", "no-run"]),
    ],
)
async def test_what_came_outside_of_the_hours_of_the_rule_is_told_so(
    client: httpx.AsyncClient,
    watched_leads: Connection,
    crm: asyncpg.Connection,
    outside: str,
    fired: bool,
    codes: list[str],
) -> None:
    later = DAYS[(utc_now().weekday() + 2) % 7]
    hours = {"zone": "UTC", "days": [later], "outside": outside}
    rule = await published(client, rule_document(policy={"hours": hours}))
    lead = await crm.fetchval("insert into public.leads (status) values ('new') returning id")
    await crm.execute("update public.leads set status = 'won' where id = $1", lead)
    found = (await client.get(f"/rules/{rule['id']}/why?key=%7B%22id%22:{lead}%7D")).json()
    assert (found["fired"], [one["code"] for one in found["reasons"]]) == (fired, codes)
    assert ("outside of the hours of the rule" in found["reason"]) is (outside != "run")


async def test_a_record_that_had_its_run_is_told_so(
    client: httpx.AsyncClient, engine: AsyncEngine, watched_leads: Connection, crm: asyncpg.Connection
) -> None:
    rule = await published(client, rule_document(policy={"once": "record"}))
    lead = await crm.fetchval("insert into public.leads (status) values ('new') returning id")
    why = f"/rules/{rule['id']}/why?key=%7B%22id%22:{lead}%7D"
    seen = []
    for status in ("won", "new", "won"):
        await crm.execute("update public.leads set status = $2 where id = $1", lead, status)
        seen.append((await client.get(why)).json()["event_id"])
    async with transaction(engine) as conn:
        version = (await conn.execute(text("select id from app.version"))).scalar_one()
        events = [
            Event(
                LogId(watched_leads.id),
                EventId(one),
                0,
                "public.leads",
                "update",
                {"id": lead},
                utc_text(utc_now()),
            )
            for one in (seen[0], seen[2])
        ]
        runs = [NewRun(RuleId(rule["id"]), version, event, 0, once=Once("record")) for event in events]
        first, _ = (await open_runs(conn, runs)).runs
    found = (await client.get(why)).json()
    assert (found["fired"], found["reason_code"]) == (False, "once-done")
    assert found["reason"] == f"This rule runs once for each record: run {first} was for this one."
    assert [one["code"] for one in found["reasons"]] == ["once-done", "fired"]


async def test_a_rule_that_was_off_says_since_when(
    client: httpx.AsyncClient, watched_leads: Connection, crm: asyncpg.Connection
) -> None:
    lead = await crm.fetchval("insert into public.leads (status) values ('new') returning id")
    await crm.execute("update public.leads set status = 'won' where id = $1", lead)
    rule = await published(client, rule_document())
    why = f"/rules/{rule['id']}/why?key=%7B%22id%22:{lead}%7D"
    early = (await client.get(why)).json()
    assert (early["fired"], early["reason_code"]) == (False, "rule-not-made")
    assert "it was first switched on at" in early["reason"]
    assert [one["code"] for one in early["reasons"]] == ["rule-not-made", "fired"]
    assert {"version", "made_at", "on_at"} == set(early["reasons"][0]["args"])
    assert early["nearest"][0]["relation"] == "was on"
    await client.post(f"/rules/{rule['id']}/disable")
    await crm.execute("update public.leads set first_name = 'Bo' where id = $1", lead)
    late = (await client.get(why)).json()
    assert "it was switched off at" in late["reason"]
    assert [one["code"] for one in late["reasons"]] == ["rule-off", "fired"]


async def test_a_rule_that_was_never_on_is_explained_by_its_draft(
    client: httpx.AsyncClient, watched_leads: Connection, crm: asyncpg.Connection
) -> None:
    rule = (await client.post("/rules", json={"document": rule_document()})).json()
    lead = await crm.fetchval("insert into public.leads (status) values ('new') returning id")
    await crm.execute("update public.leads set status = 'lost' where id = $1", lead)
    found = (await client.get(f"/rules/{rule['id']}/why?key=%7B%22id%22:{lead}%7D")).json()
    assert (found["fired"], found["version"], found["reason_code"]) == (False, None, "rule-never-on")
    assert [one["code"] for one in found["reasons"]] == ["rule-never-on", "condition-false"]
    assert [one.get("kind", "compare") for one in found["nearest"]] == ["off", "compare"]


async def test_each_condition_says_what_would_have_turned_it(
    client: httpx.AsyncClient, watched_leads: Connection, crm: asyncpg.Connection
) -> None:
    rule = await published(client, rule_document())
    lead = await crm.fetchval("insert into public.leads (status) values ('new') returning id")
    await crm.execute("update public.leads set status = 'won' where id = $1", lead)
    found = (await client.get(f"/rules/{rule['id']}/why?key=%7B%22id%22:{lead}%7D")).json()
    assert [one["code"] for one in found["reasons"]] == ["fired", "no-run"]
    (flip,) = found["otherwise"]["c"]
    assert (flip["relation"], flip["seen"], flip["needed"]) == ("!==", "won", "won")


async def test_what_cannot_be_explained_is_said(
    client: httpx.AsyncClient, watched_leads: Connection, engine: AsyncEngine
) -> None:
    rule = await published(client, rule_document())
    async with transaction(engine) as conn:
        await keep_log_health(conn, LogId(int(watched_leads.id)), LogHealth(oldest_on="2026-10-24"))
    missing = await client.get(f"/rules/{rule['id']}/why", params={"key": '{"id": 0}'})
    assert (missing.status_code, missing.json()["code"]) == (404, "unknown-event")
    assert "The oldest in this database are from 2026-10-24 (UTC)." in missing.json()["detail"]
    odd = await client.get(f"/rules/{rule['id']}/why", params={"key": "7"})
    assert odd.status_code == 422 or odd.status_code == 400, odd.text


async def test_one_event_is_read_by_its_number(
    client: httpx.AsyncClient, watched_leads: Connection, crm: asyncpg.Connection
) -> None:
    await crm.execute("insert into public.leads (status) values ('new')")
    listed = (await client.get("/events", params={"connection_id": watched_leads.id})).json()["items"][0]
    assert (await client.get(f"/events/{watched_leads.id}/{listed['id']}")).json() == listed
    gone = await client.get(f"/events/{watched_leads.id}/999999")
    assert (gone.status_code, gone.json()["code"]) == (404, "unknown-event")


async def test_rules_are_listed_by_the_table_they_start_from(
    client: httpx.AsyncClient, watched_leads: Connection
) -> None:
    rule = await published(client, rule_document())
    there = (await client.get("/rules", params={"about": "crm public.leads"})).json()["items"]
    assert [one["id"] for one in there] == [rule["id"]]
    assert (await client.get("/rules", params={"about": "crm public.deals"})).json()["items"] == []
    assert (await client.get("/rules", params={"about": "crm"})).status_code == 400


async def test_a_time_in_which_nothing_was_captured_is_named(
    client: httpx.AsyncClient, engine: AsyncEngine, watched_leads: Connection, crm: asyncpg.Connection
) -> None:
    rule = await published(client, rule_document())
    lead = await crm.fetchval("insert into public.leads (status) values ('new') returning id")
    at = {"key": f'{{"id": {lead}}}'}
    log, path = LogId(watched_leads.id), f"/rules/{rule['id']}/why"
    assert [one["code"] for one in (await client.get(path, params=at)).json()["reasons"]] == [
        "other-operation"
    ]
    before = await crm.fetchval("select clock_timestamp()")
    async with transaction(engine) as conn:
        await open_gap(conn, log, "public.tasks", "broken")
        await open_gap(conn, log, "public.leads", "broken")
    found = (await client.get(path, params=at)).json()
    assert found["reasons"][-1]["args"] | {"from": ""} == {"kind": "losing", "cause": "broken", "from": ""}
    assert found["reason"].endswith("are not known: they were not captured.")
    async with transaction(engine) as conn:
        await close_gaps(conn, log, ["public.leads"])
    assert (await client.get(path, params=at)).json()["reasons"][-1]["args"]["kind"] == "lost"
    then = (await client.get(path, params={**at, "at": before.isoformat()})).json()
    assert "gap" not in [one["code"] for one in then["reasons"]], "the gap came later"
    nobody = (await client.get(path, params={"key": '{"id": 987654}'})).json()
    assert nobody["detail"].endswith("are not known: they were not captured.")
    await crm.execute("update public.leads set status = 'won' where id = $1", lead)
    now = (await client.get(path, params=at)).json()
    assert "gap" not in [one["code"] for one in now["reasons"]], "the change is newer than the gap"
