"""A schedule's visit of 1,000,000 records, as the worker runs it: pages by key, judged, one in a thousand gets a run.

    just bench visits [RECORDS]

Beside it, in the same rounds: reading the same pages and doing nothing with them. Printed are records a second by the
clock, and how much memory this process took beside what a visit of a tenth took: it streams, so that
should be nothing. Starts a PostgreSQL and a Valkey of its own.
"""

# ruff: noqa: S101
from __future__ import annotations

import asyncio
import resource
import secrets
import sys
import time
from pathlib import Path
from statistics import median

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.bells import connect_bells
from ruleyard.clock import utc_now
from ruleyard.core.types import LogId
from ruleyard.intake.watching import start_watch
from ruleyard.lanes.catch_up import CatchUps
from ruleyard.lanes.look import ensure_own_cursors
from ruleyard.lanes.visiting import VISITED
from ruleyard.settings import Settings
from ruleyard.stores import catch_ups
from ruleyard.stores.connections import Watched
from ruleyard.stores.db import create_engine, transaction
from ruleyard.stores.events import LogPools
from ruleyard.stores.table_pages import looking, read_page, source_of

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from support.cluster import Cluster
from support.crm import connect_crm
from support.published import publish

ROUNDS = 3
RULE = {
    "dialect": 1,
    "name": "Visits",
    "nodes": [
        {
            "id": "t",
            "kind": "trigger",
            "on": "schedule",
            "schedule": {"repeat": "day", "at": "09:00"},
            "connection": "crm",
            "table": "public.leads",
        },
        {
            "id": "c",
            "kind": "condition",
            "logic": {
                "and": [{"===": [{"var": "after.status"}, "new"]}, {">=": [{"var": "after.attempts"}, 999]}]
            },
        },
        {"id": "a", "kind": "action", "do": "notify", "fields": {"title": "It is time"}},
    ],
    "edges": [["t", "c"], ["c", "a", "yes"]],
    "policy": {"limit": "off"},
}
FILL = (
    "insert into leads (first_name, status, attempts, owner) "
    "select 'Lead ' || n, 'new', n % 1000, repeat('x', 200) from generate_series(1, {count}) n"
)


def peak_mb() -> float:
    """The most memory that this process ever took."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


async def visit(engine: AsyncEngine, worker: CatchUps, rule: tuple[int, int], log: LogId) -> float:
    """Seconds of one whole visit, its runs taken away meanwhile, as performing would."""
    rule_id, version_id = rule
    async with transaction(engine) as conn:
        await catch_ups.begin_visit(
            conn, rule_id=rule_id, version_id=version_id, log=log, table="public.leads", tick_at=utc_now()
        )
        (number,) = await catch_ups.due(conn)
    began = time.perf_counter()
    while True:
        await worker.run(number)
        async with transaction(engine) as conn:
            await catch_ups.cancel_waiting(conn, number)
            if (await catch_ups.read(conn, number)).state == "finished":
                return time.perf_counter() - began


async def read_only(pools: LogPools, log: LogId) -> float:
    pool, place, began = await pools.pool(log), (), time.perf_counter()
    while True:
        async with looking(pool) as conn:
            source = await source_of(conn, log, "public.leads", ["id"], [])
            assert source is not None
            rows = await read_page(conn, source, place, VISITED)
        if len(rows) < VISITED:
            return time.perf_counter() - began
        place = rows[-1].place


async def measure(cluster: Cluster, count: int) -> None:
    settings = Settings(
        database_url=cluster.own_url(cluster.new_own_database()),
        redis_url=cluster.new_redis_url(),
        secret_key=secrets.token_hex(32),
        log_level="warning",
    )
    engine, bells = create_engine(settings), connect_bells(settings)
    crm = cluster.new_crm_database()
    connection = await connect_crm(engine, settings, port=cluster.postgres.port, database=crm)
    log = LogId(int(connection.id))
    watched = Watched(engine, settings)
    pools = LogPools(settings, watched)
    await ensure_own_cursors(engine, pools)
    owner = await asyncpg.connect(cluster.owner_url(crm))
    rule = await publish(engine, RULE)
    worker = CatchUps(engine, pools, bells)

    await owner.execute(FILL.format(count=count // 10), timeout=300)
    await start_watch(engine, watched, connection_id=connection.id, table="public.leads")
    await visit(engine, worker, rule, log)
    small = peak_mb()
    await owner.execute("alter table leads disable trigger user")
    await owner.execute(FILL.format(count=count - count // 10), timeout=900)
    await owner.execute("vacuum analyze leads", timeout=300)
    visits, reads = [], []
    for _ in range(ROUNDS):
        visits.append(await visit(engine, worker, rule, log))
        reads.append(await read_only(pools, log))
    async with transaction(engine) as conn:
        newest = (await catch_ups.recent(conn))[0]
    assert (newest.looked, newest.runs) == (count, count // 1000), newest
    print(f"{count:,} records in pages of {VISITED:,}, {ROUNDS} rounds, medians:")
    print(f"  visit         {count / median(visits):9,.0f} records/s, {newest.runs:,} runs")
    print(f"  reading alone {count / median(reads):9,.0f} records/s")
    print(f"  the visit takes {median(visits) / median(reads):.2f} × of reading alone")
    print(f"  memory at most {peak_mb():.0f} MB; after a visit of a tenth {small:.0f} MB")
    await owner.close()
    await pools.close()
    await watched.close()
    await bells.close()
    await engine.dispose()


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    cluster = Cluster()
    cluster.start()
    try:
        asyncio.run(measure(cluster, count))
    finally:
        cluster.stop()


if __name__ == "__main__":
    main()
