"""kill -9 of a worker in the middle: nothing is lost, and no record is written twice."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.api.house import open_house
from ruleyard.cli.instance import environment_of
from ruleyard.core.types import JSONObject
from ruleyard.demo.install import ensure_connections, ensure_rules, ensure_watches
from ruleyard.intake.listener import listen
from ruleyard.settings import Settings
from story.asking import ended, runs_of
from story.conftest import Demo
from support.waiting import until

LEADS = 300
RULE: JSONObject = {
    "dialect": 1,
    "name": "A task for every lead",
    "nodes": [
        {
            "id": "t",
            "kind": "trigger",
            "on": "change",
            "connection": "crm",
            "table": "public.leads",
            "events": ["insert"],
        },
        {
            "id": "a",
            "kind": "action",
            "do": "create_record",
            "fields": {
                "connection": "crm",
                "table": "public.tasks",
                "set": {"title": "first", "lead_id": {"var": "after.id"}},
            },
        },
        {
            "id": "b",
            "kind": "action",
            "do": "create_record",
            "fields": {
                "connection": "crm",
                "table": "public.tasks",
                "set": {"title": "second", "lead_id": {"var": "after.id"}},
            },
        },
    ],
    "edges": [["t", "a"], ["a", "b"]],
}


@asynccontextmanager
async def worker(settings: Settings, log: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """A `ruleyard work` process of its own, killed at the end of the block if it still lives."""
    with log.open("ab") as out:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "ruleyard.cli", "work", env=environment_of(settings), stdout=out, stderr=out
        )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGKILL)
        await process.wait()


async def test_a_worker_killed_in_the_middle_loses_nothing_and_repeats_nothing(
    settings: Settings, engine: AsyncEngine, demo: Demo, app: asyncpg.Connection, tmp_path: Path
) -> None:
    log = tmp_path / "work.log"
    async with open_house(settings) as house:
        crm = await ensure_connections(house, crm_url=demo.watcher_url)
        await ensure_watches(house, crm, ("public.leads",))
        rule_id = (await ensure_rules(house, [RULE]))[str(RULE["name"])]
    stop = asyncio.Event()
    listening = asyncio.create_task(listen(settings, stop=stop))
    since = await app.fetchval("select max(id) from public.tasks")
    made = "select count(*) from public.tasks where id > $1"
    try:
        async with worker(settings, log) as first:
            await app.execute(
                """insert into public.leads (first_name, last_name, source)
                select 'Lead', n::text, 'event' from generate_series(1, $1::int) n""",
                LEADS,
            )

            async def in_the_middle() -> bool:
                """Some are done, and it is held still with others in its hands."""
                if int(await app.fetchval(made, since)) <= LEADS // 10:
                    return False
                os.kill(first.pid, signal.SIGSTOP)
                if "running" in {run.state for run in await runs_of(engine, rule_id)}:
                    return True
                os.kill(first.pid, signal.SIGCONT)
                return False

            await until(in_the_middle, what=f"the first tasks; {log.read_text()[-800:]}")
            os.kill(first.pid, signal.SIGKILL)
            await first.wait()
            assert int(await app.fetchval(made, since)) < 2 * LEADS
        async with worker(settings, log):
            runs = await ended(engine, rule_id, LEADS, timeout_s=250)
    finally:
        stop.set()
        await listening
    assert Counter(run.state for run in runs) == {"succeeded": LEADS}
    assert len({run.event.id for run in runs}) == LEADS
    rows = await app.fetch("select lead_id, title from public.tasks where id > $1", since)
    assert Counter(Counter((row["lead_id"], row["title"]) for row in rows).values()) == {1: 2 * LEADS}
    assert max(run.attempt for run in runs) > 1
