"""A back-test of a typical rule over 200,000 stored events, as the worker runs it: pages, tallies, matches, progress.

    just bench backtest [EVENTS]

Beside it, in the same rounds: reading the same pages and doing nothing with them. Printed are events a second by the
clock, and for each second of processor time of this process, which other work on the machine disturbs less.
The record has 30 columns, the rule 7 comparisons (benchmarks/logic.py). Starts a PostgreSQL of its own.
"""

# ruff: noqa: S101
from __future__ import annotations

import asyncio
import secrets
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from statistics import median

import msgspec
from _rules import AFTER, BEFORE, FILL, TYPICAL, rule
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.clock import utc_now
from ruleyard.core.types import OWN_LOG, JSONObject
from ruleyard.lanes.backtest import PAGE, Backtests
from ruleyard.settings import Settings
from ruleyard.stores import backtests
from ruleyard.stores.backtests import NewBacktest
from ruleyard.stores.connections import Watched
from ruleyard.stores.db import create_engine, transaction
from ruleyard.stores.events import EVENT_COLUMNS, LogPools

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from support.cluster import Cluster

ROUNDS = 3
RULE: JSONObject = rule(TYPICAL)


async def nothing(_backtest_id: int) -> None:
    pass


async def run_job(engine: AsyncEngine, pools: LogPools, count: int) -> None:
    now = utc_now()
    new = NewBacktest(
        rule_id=None,
        document=RULE,
        other_document=None,
        other_words="",
        log=OWN_LOG,
        table="public.leads",
        ops=("update",),
        from_at=now - timedelta(days=1),
        to_at=now + timedelta(days=1),
        most=10_000_000,
    )
    async with transaction(engine) as conn:
        one = await backtests.open_backtest(conn, new, None)
    await Backtests(engine, pools, nothing).run(one)
    async with transaction(engine) as conn:
        row = await backtests.backtest(conn, one)
    assert (row.state, row.tally.events) == ("succeeded", count), row
    assert row.tally.fired > 0, row.tally


async def read_only(pools: LogPools, count: int) -> None:
    pool, below, seen = await pools.pool(OWN_LOG), None, 0
    while True:
        rows = await pool.fetch(
            f"select {EVENT_COLUMNS} from ruleyard.event e where e.table_name = $1 "
            "and ($2::bigint is null or e.id < $2) order by e.id desc limit $3",
            "public.leads",
            below,
            PAGE,
        )
        seen += len(rows)
        if len(rows) < PAGE:
            break
        below = rows[-1]["id"]
    assert seen == count


async def measured(work: Callable[[], Awaitable[None]], count: int) -> tuple[float, float]:
    """Events a second: by the clock, and of our processor time."""
    clock, spent = time.perf_counter(), time.process_time()
    await work()
    return count / (time.perf_counter() - clock), count / (time.process_time() - spent)


async def measure(cluster: Cluster, count: int) -> None:
    settings = Settings(
        database_url=cluster.own_url(cluster.new_own_database()),
        redis_url=cluster.new_redis_url(),
        secret_key=secrets.token_hex(32),
        log_level="warning",
    )
    engine = create_engine(settings)
    watched = Watched(engine, settings)
    pools = LogPools(settings, watched)
    pool = await pools.pool(OWN_LOG)
    before, after = (msgspec.json.encode(record).decode() for record in (BEFORE, AFTER))
    await pool.execute(FILL, before, after, count, timeout=300)
    await pool.execute("vacuum analyze ruleyard.event", timeout=300)
    works: dict[str, Callable[[], Awaitable[None]]] = {
        "back-test": lambda: run_job(engine, pools, count),
        "reading alone": lambda: read_only(pools, count),
    }
    figures: dict[str, list[tuple[float, float]]] = {name: [] for name in works}
    for _ in range(ROUNDS):
        for name, work in works.items():
            figures[name].append(await measured(work, count))
    await pools.close()
    await watched.close()
    await engine.dispose()
    by_clock = {name: median([clock for clock, _ in rounds]) for name, rounds in figures.items()}
    print(f"{count:,} events in pages of {PAGE:,}, {ROUNDS} rounds, medians:")
    for name, rounds in figures.items():
        cpu = median([spent for _, spent in rounds])
        print(
            f"  {name:14} {by_clock[name]:9,.0f} events/s by the clock  {cpu:9,.0f} per second of our processor time"
        )
    print(f"  the back-test takes {by_clock['reading alone'] / by_clock['back-test']:.2f} × of reading alone")


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
