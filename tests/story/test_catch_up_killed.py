"""Run a rule for records that already match, and kill -9 the worker in the middle: one run each, one write each."""

from __future__ import annotations

import asyncio
import os
import signal
from collections import Counter
from pathlib import Path

import asyncpg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.api.house import open_house
from ruleyard.core.types import JSONObject, LogId
from ruleyard.demo.install import ensure_connections, ensure_rules, ensure_watches
from ruleyard.intake.listener import listen
from ruleyard.settings import Settings
from ruleyard.stores import catch_ups, versions
from ruleyard.stores.db import transaction
from story.asking import ended
from story.conftest import Demo
from story.test_crash import worker
from support.waiting import until

LEADS = 1_300
RULE: JSONObject = {
    "dialect": 1,
    "name": "A task for every lead of the fair",
    "nodes": [
        {
            "id": "t",
            "kind": "trigger",
            "on": "change",
            "connection": "crm",
            "table": "public.leads",
            "events": ["insert"],
        },
        {"id": "c", "kind": "condition", "logic": {"===": [{"var": "after.last_name"}, "Fair"]}},
        {
            "id": "a",
            "kind": "action",
            "do": "create_record",
            "fields": {
                "connection": "crm",
                "table": "public.tasks",
                "set": {"title": "call", "lead_id": {"var": "after.id"}},
            },
        },
    ],
    "edges": [["t", "c"], ["c", "a", "yes"]],
    "policy": {"limit": 5},
}
ADD = """
    insert into public.leads (first_name, last_name, source)
    select 'Lead ' || n, 'Fair', 'event' from generate_series(1, $1::int) n
"""


async def test_a_worker_killed_in_the_middle_of_a_catch_up_repeats_and_loses_nothing(
    settings: Settings, engine: AsyncEngine, demo: Demo, app: asyncpg.Connection, tmp_path: Path
) -> None:
    log = tmp_path / "work.log"
    await app.execute(ADD, LEADS)
    since = await app.fetchval("select coalesce(max(id), 0) from public.tasks")
    async with open_house(settings) as house:
        crm = await ensure_connections(house, crm_url=demo.watcher_url)
        await ensure_watches(house, crm, ("public.leads",))
        rule_id = (await ensure_rules(house, [RULE]))[str(RULE["name"])]
    stop = asyncio.Event()
    listening = asyncio.create_task(listen(settings, stop=stop))
    async with transaction(engine) as conn:
        live = await versions.live_version(conn, rule_id)
        assert live is not None
        begun = await catch_ups.begin(
            conn,
            rule_id=rule_id,
            version_id=live.id,
            log=LogId(int(crm.id)),
            table="public.leads",
            actor="Ann",
        )
    made = "select count(*) from public.tasks where id > $1"
    try:
        async with worker(settings, log) as first:

            async def some_done() -> bool:
                return int(await app.fetchval(made, since)) > LEADS // 20

            await until(some_done, what=f"the first tasks; {log.read_text()[-800:]}")
            os.kill(first.pid, signal.SIGKILL)
            await first.wait()
            assert int(await app.fetchval(made, since)) < LEADS
        await app.execute(ADD, 3)  # new ones while nobody works: their own change makes their run
        async with worker(settings, log):
            runs = await ended(engine, rule_id, LEADS + 3, timeout_s=250)
    finally:
        stop.set()
        await listening
    async with transaction(engine) as conn:
        done = await catch_ups.read(conn, begun)
        told = await conn.execute(
            text("select told from app.notification where key = :key"), {"key": f"catch-up:{begun}"}
        )
        assert [row.told["args"]["runs"] for row in told] in ([], [LEADS])
    assert (done.state, done.runs) == ("finished", LEADS)
    assert Counter(run.state for run in runs) == {"succeeded": LEADS + 3}
    assert set(Counter(run.event.record_key for run in runs).values()) == {1}
    assert Counter(run.event.cause for run in runs) == {f"already:{begun}": LEADS, None: 3}
    rows = await app.fetch("select lead_id from public.tasks where id > $1", since)
    assert Counter(Counter(row["lead_id"] for row in rows).values()) == {1: LEADS + 3}
