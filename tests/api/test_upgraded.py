"""A house of an earlier release opens as it was left: rules on, runs readable, and what waited goes on.

The rows are as that release wrote them, moved to today.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any, Final

import asyncpg
import httpx
import pytest

from ruleyard.settings import Settings
from support.cluster import Cluster
from support.house import running
from support.migrations import migrate_to
from support.waiting import until

BEFORE: Final = "0028"
"""The last migration before pace, calendars, waits for events, approvals and call lists."""

ROWS: Final = """
    insert into app.connection (name, label, kind, settings, state, state_reason) values
      ('mail', 'Local inbox', 'smtp', '{"host": "127.0.0.1", "port": 9, "security": "none"}', 'failing',
       'Nothing listens at 127.0.0.1:9.');
    insert into app.rule (id, name, enabled) overriding system value values
      (1, 'Long wait', true), (2, 'Every minute', true), (3, 'Fails', true), (4, 'A draft', false);
    create temporary table made as select * from (values
      (1, '{"dialect": 1, "name": "Long wait", "nodes": [
        {"id": "t", "kind": "trigger", "on": "webhook", "sample": {"id": "A-1"}},
        {"id": "w", "kind": "wait", "amount": 20, "unit": "days"},
        {"id": "n", "kind": "action", "do": "notify",
          "fields": {"title": {"cat": ["Waited for ", {"var": "after.id"}]}}}],
        "edges": [["t", "w"], ["w", "n"]], "policy": {"overlap": "queue", "on_error": "retry"}}'::jsonb),
      (2, '{"dialect": 1, "name": "Every minute", "nodes": [
        {"id": "t", "kind": "trigger", "on": "schedule", "schedule": {"repeat": "minutes", "every": 1}},
        {"id": "n", "kind": "action", "do": "notify", "fields": {"title": "Tick"}}], "edges": [["t", "n"]]}'),
      (3, '{"dialect": 1, "name": "Fails", "nodes": [
        {"id": "t", "kind": "trigger", "on": "webhook", "sample": {"id": "A-1"}},
        {"id": "n", "kind": "action", "do": "call_webhook", "fields": {"url": "http://127.0.0.1:9/x"}}],
        "edges": [["t", "n"]]}'),
      (4, '{"dialect": 1, "name": "A draft", "nodes": [], "edges": []}')) as x(rule_id, document);
    insert into app.draft (rule_id, document, layout) select rule_id, document, '{}' from made;
    insert into app.version (id, rule_id, number, document, layout, note) overriding system value
      select rule_id, rule_id, 1, document, '{}', 'first' from made where rule_id < 4;
    update app.rule set live_version_id = id where id < 4;
    insert into app.schedule (rule_id, version_id, spec, next_at)
      values (2, 2, '{"every": 1, "repeat": "minutes"}', now() - interval '10 seconds');
    create temporary table went as select n, now() - interval '20 days' as at, jsonb_build_object(
        'id', 100 + n, 'log', 0, 'lane', n, 'xid', 700, 'op', 'webhook', 'table', '@webhook', 'actor', 'webhook',
        'at', to_char((now() - interval '20 days') at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"+00:00"'),
        'key', jsonb_build_object('rule', n, 'request', 'k1'), 'after', '{"id": "A-1"}'::jsonb) as event
      from (values (1), (3)) x(n);
    insert into app.run (id, rule_id, version_id, log, event_id, event_on, event, slot, state, attempt,
        record_table, record_key, path, created_at, started_at, finished_at, wake_at, error, fault)
      select n, n, n, 0, 100 + n, (at at time zone 'UTC')::date, event, n,
        case n when 1 then 'waiting' else 'failed' end, 1, '@webhook', n || '/k1',
        '1', at, at, case n when 3 then at end, case n when 1 then now() - interval '1 second' end,
        case n when 3 then 'It is not a public address.' else '' end,
        case n when 3 then '{"code": "address-not-allowed", "message": "It is not a public address."}'::jsonb end
      from went;
    insert into app.step (run_id, event_on, shelf, seq, node_id, kind, state, started_at, finished_at, until)
      select r.id, r.event_on, r.shelf, 0, 't', 'trigger', 'succeeded', r.created_at, r.created_at, null from app.run r
      union all
      select r.id, r.event_on, r.shelf, 1, 'w', 'wait', 'waiting', r.created_at, null, r.wake_at
      from app.run r where id = 1
      union all
      select r.id, r.event_on, r.shelf, 1, 'n', 'action', 'failed', r.created_at, r.created_at, null
      from app.run r where id = 3;
    select setval('app.run_id', 100);
"""


@pytest.fixture
async def settings(settings: Settings, cluster: Cluster) -> AsyncIterator[Settings]:
    """Of a database that the earlier release filled, and today's migrations met."""
    database = cluster.new_empty_database()
    url = cluster.own_url(database)
    await asyncio.to_thread(migrate_to, url, BEFORE)
    conn = await asyncpg.connect(url)
    try:
        await conn.execute(ROWS)
    finally:
        await conn.close()
    await asyncio.to_thread(migrate_to, url, "heads")
    yield replace(settings, database_url=url)
    cluster.drop_database(database)


async def read(client: httpx.AsyncClient, path: str) -> Any:
    answer = await client.get(path)
    assert answer.status_code == 200, f"{path}: {answer.text}"
    return answer.json()


async def test_a_house_of_an_earlier_release_opens_as_it_was_left(client: httpx.AsyncClient) -> None:
    rules = {one["name"]: one["enabled"] for one in (await read(client, "/rules"))["items"]}
    assert rules == {"Long wait": True, "Every minute": True, "Fails": True, "A draft": False}
    for rule in (1, 2, 3):
        document = (await read(client, f"/rules/{rule}"))["draft"]["document"]
        found = (await client.post("/rules/check", json={"document": document, "rule_id": rule})).json()
        assert [one for one in found["problems"] if one["severity"] == "error"] == []
        assert (await read(client, f"/rules/{rule}/waiting"))["count"] == 0
    failed = await read(client, "/runs/3")
    assert (failed["fault"]["code"], failed["can_retry"]) == ("address-not-allowed", True)
    assert [step["state"] for step in failed["trace"]["steps"]] == ["succeeded", "failed"]
    mail = (await read(client, "/connections"))["items"][0]
    assert (mail["state_reason"], mail["trouble"]) == ("Nothing listens at 127.0.0.1:9.", None)
    for path in (
        "/approvals",
        "/calls",
        "/reports",
        "/calendars",
        "/notifications",
        "/stats",
        "/rules/startable",
    ):
        await read(client, path)


async def test_what_waited_goes_on_and_schedules_tick(settings: Settings, client: httpx.AsyncClient) -> None:
    async def told() -> bool:
        notes = (await read(client, "/notifications"))["items"]
        return {"Waited for A-1", "Tick"} <= {one["title"] for one in notes}

    async with running(settings):
        await until(told, what="the run that waited and the schedule")
    run = await read(client, "/runs/1")
    assert (run["state"], len(run["trace"]["steps"])) == ("succeeded", 3)
