"""A backlog on a real log, drained by one worker: events judged a second, and where the time goes.

    just bench drain [EVENTS]

Ten rules listen to the table. In one case the index rules all of them out, in one every event must be judged by one of
them, in one a hundredth of the events open a run; in one nobody listens. Printed are events a second by the clock, and
for each second of processor time of this process, which other work on the machine disturbs less. The parts are
measured by themselves. The record has 30 columns. Starts a PostgreSQL of its own.
"""

from __future__ import annotations

import asyncio
import secrets
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import asyncpg
import msgspec
from _rules import AFTER, BEFORE, FILL
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.bells import connect_bells
from ruleyard.core.types import LANES, LogId
from ruleyard.intake.watching import start_watch
from ruleyard.lanes.evaluate_lane import Lanes
from ruleyard.lanes.reader import BATCH, read_lane
from ruleyard.settings import Settings
from ruleyard.stores.connections import Watched
from ruleyard.stores.cursors import list_cursors
from ruleyard.stores.db import create_engine, transaction
from ruleyard.stores.events import LogPools

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from support.cluster import Cluster
from support.crm import connect_crm
from support.published import change_rule, publish

ROUNDS = 3
OTHERS = [{"===": [{"var": "after.owner_id"}, 100_000 + n]} for n in range(9)]
CASES: dict[str, tuple[str, Any]] = {
    "no match, by the index": ("public.leads", {"===": [{"var": "after.status"}, "archived"]}),
    "no match, each judged": ("public.leads", {"===": [{"%": [{"var": "after.attempts"}, 7]}, 6]}),
    "1 in 100 opens a run": ("public.leads", {"===": [{"var": "after.budget"}, 7]}),
    "nobody listens": ("public.tasks", {"===": [{"var": "after.status"}, "archived"]}),
}


class Bench:
    """One house with a watched database whose log holds `count` events."""

    def __init__(self, cluster: Cluster, count: int) -> None:
        self.cluster, self.count = cluster, count
        self.settings = Settings(
            database_url=cluster.own_url(cluster.new_own_database()),
            redis_url=cluster.new_redis_url(),
            secret_key=secrets.token_hex(32),
            log_level="warning",
        )
        self.engine: AsyncEngine = create_engine(self.settings)
        self.watched = Watched(self.engine, self.settings)
        self.pools = LogPools(self.settings, self.watched)
        self.bells = connect_bells(self.settings)

    async def fill(self) -> LogId:
        database = self.cluster.new_crm_database()
        made = await connect_crm(
            self.engine, self.settings, port=self.cluster.postgres.port, database=database
        )
        for table in ("public.leads", "public.tasks"):
            await start_watch(self.engine, self.watched, connection_id=made.id, table=table)
        async with transaction(self.engine) as conn:
            self.start = (await list_cursors(conn))[0].from_snapshot
        admin = await asyncpg.connect(self.cluster.postgres.url(database=database))
        before, after = (msgspec.json.encode(record).decode() for record in (BEFORE, AFTER))
        await admin.execute(FILL, before, after, self.count, 100, timeout=300)
        await admin.execute("vacuum analyze ruleyard.event", timeout=300)
        await admin.close()
        return LogId(made.id)

    async def rewind(self) -> None:
        async with transaction(self.engine) as conn:
            await conn.execute(
                text("""update app.cursor set from_snapshot = cast(cast(:start as text) as pg_snapshot),
                    to_snapshot = null, last_id = 0"""),
                {"start": self.start},
            )
            await conn.execute(text("truncate app.run cascade"))

    async def close(self) -> None:
        await self.pools.close()
        await self.watched.close()
        await self.bells.close()
        await self.engine.dispose()


async def measured(work: Callable[[], Awaitable[object]]) -> tuple[float, float]:
    """Seconds by the clock, and of our processor time."""
    clock, spent = time.perf_counter(), time.process_time()
    await work()
    return time.perf_counter() - clock, time.process_time() - spent


async def drain(bench: Bench, lanes: Lanes, log: LogId) -> None:
    await asyncio.gather(*(lanes.drain(log, lane) for lane in range(LANES)))


async def read_all(bench: Bench, log: LogId) -> None:
    """The same pages, and nothing done with them."""
    pool = await bench.pools.pool(log)
    async with transaction(bench.engine) as conn:
        cursors = [cursor for cursor in await list_cursors(conn) if cursor.log == log]

    async def one(cursor: Any) -> None:
        while not (batch := await read_lane(pool, cursor, BATCH)).quiet:
            cursor = batch.cursor

    await asyncio.gather(*map(one, cursors))


async def measure(cluster: Cluster, count: int) -> None:
    bench = Bench(cluster, count)
    log = await bench.fill()
    rules = [(await publish(bench.engine, change_rule(logic, events=("update",))))[0] for logic in OTHERS]
    print(f"{count:,} events, best of {ROUNDS} rounds:")
    for name, (table, logic) in CASES.items():
        if table != "public.leads":
            for rule, one in zip(rules, OTHERS, strict=True):
                await publish(bench.engine, change_rule(one, table=table), rule_id=rule)
        document = {**change_rule(logic, table=table, events=("update",)), "policy": {"limit": "off"}}
        rules.append((await publish(bench.engine, document))[0])
        times = []
        for _ in range(ROUNDS):
            await bench.rewind()
            lanes = Lanes(bench.engine, bench.pools, bench.bells)
            times.append(await measured(lambda lanes=lanes: drain(bench, lanes, log)))  # type: ignore[misc]
        clock, spent = min(one for one, _ in times), min(one for _, one in times)
        async with bench.engine.connect() as conn:
            runs = (await conn.execute(text("select count(*) from app.run"))).scalar_one()
        print(
            f"  {name:24} {count / clock:9,.0f}/s by the clock {count / spent:9,.0f}/s of our processor {runs:7,} runs"
        )
        async with transaction(bench.engine) as conn:
            await conn.execute(
                text("update app.rule set enabled = false where id = :id"), {"id": rules.pop()}
            )
            await conn.execute(text("update app.generation set number = number + 1"))
    await bench.rewind()
    _, reading = await measured(lambda: read_all(bench, log))
    print(f"  reading alone: {count / reading:,.0f}/s of our processor")
    await bench.close()


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    cluster = Cluster()
    cluster.start()
    try:
        asyncio.run(measure(cluster, count))
    finally:
        cluster.stop()


if __name__ == "__main__":
    main()
