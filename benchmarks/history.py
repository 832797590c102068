"""What a long history costs: lists of runs and the claim of one, with N runs of 30 days and with many times as many.

Prints the median of each in ms and the ratio. The dashboard's figures are in it too: they count what is there.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from ruleyard.core.types import RuleId, RunId
from ruleyard.settings import Settings
from ruleyard.stores.claims import claim
from ruleyard.stores.db import create_engine, transaction
from ruleyard.stores.run_counts import keep_counts
from ruleyard.stores.run_lists import list_runs
from ruleyard.stores.runs import get_run
from ruleyard.stores.stats import figures
from support.cluster import Cluster

ROUNDS = 30
RULES = 20

FILL = """
    insert into app.run (rule_id, version_id, log, event_id, event, slot, state, record_table, record_key,
      created_at, started_at, finished_at, event_on)
    select n % :rules + 1, n % :rules + 1, 1, n,
      jsonb_build_object('log', 1, 'id', n, 'lane', n % 16, 'table', 'public.leads', 'op', 'update',
        'key', jsonb_build_object('id', n % 5000), 'at', to_char(at, 'YYYY-MM-DD"T"HH24:MI:SS"+00:00"')),
      n % 16, case when n % 50 = 0 then 'failed' else 'succeeded' end, 'public.leads', n % 5000, at, at,
      at + interval '20 milliseconds', (at at time zone 'UTC')::date
    from (select n, now() - (cast(:runs as integer) - n) * (interval '30 days' / :runs) as at
      from generate_series(1, cast(:runs as integer)) n) x
"""
OPEN = """
    insert into app.run (rule_id, version_id, log, event_id, event, slot, record_table, record_key, event_on)
    select 1, 1, 2, n,
      '{"log": 2, "id": 1, "lane": 1, "table": "public.leads", "op": "update", "key": {}, "at": ""}', 3,
      'public.leads', 'open' || n, (now() at time zone 'UTC')::date
    from generate_series(1, cast(:open as integer)) n
"""


async def fill(engine: AsyncEngine, runs: int) -> None:
    async with transaction(engine) as conn:
        await conn.execute(text("set local statement_timeout = 0"))
        await conn.execute(text("select app.add_weeks(current_date - 40, current_date + 14)"))
        await conn.execute(
            text("insert into app.rule (name) select 'Rule ' || n from generate_series(1, :rules) n"),
            {"rules": RULES},
        )
        await conn.execute(
            text(
                "insert into app.version (rule_id, number, document) select id, 1, '{}' from app.rule order by id"
            )
        )
        await conn.execute(text(FILL), {"runs": runs, "rules": RULES})
        await conn.execute(text(OPEN), {"open": ROUNDS * 2 + 10})
    await keep_counts(engine)  # as the clock does, all the time
    async with transaction(engine) as conn:
        await conn.execute(text("set local statement_timeout = 0"))
        await conn.execute(text("analyze app.run"))


def looks(runs: int) -> dict[str, Callable[[AsyncConnection], Awaitable[object]]]:
    return {
        "list": lambda conn: list_runs(conn),
        "list of a rule": lambda conn: list_runs(conn, rule_id=RuleId(3)),
        "list of failed": lambda conn: list_runs(conn, states=["failed"]),
        "list of a record": lambda conn: list_runs(conn, table="public.leads", key="77"),
        "a run by id": lambda conn: get_run(conn, RunId(runs // 2)),
        "claim one": lambda conn: claim(conn, 3, "bench", 1),
        "dashboard, 30 days": lambda conn: figures(conn, "30d"),
    }


async def measure(cluster: Cluster, sizes: tuple[int, int]) -> list[dict[str, float]]:
    """Both side by side: round by round, now the one and then the other, so that other work disturbs them alike."""
    engines = []
    for runs in sizes:
        settings = Settings(
            cluster.own_url(cluster.new_own_database()),
            cluster.new_redis_url(),
            "00" * 32,
        )
        engines.append(create_engine(settings))
        await fill(engines[-1], runs)
    both = [looks(runs) for runs in sizes]
    found: list[dict[str, float]] = [{}, {}]
    for name in both[0]:
        times: list[list[float]] = [[], []]
        for _ in range(ROUNDS):
            for side, engine in enumerate(engines):
                async with engine.connect() as conn:
                    began = time.perf_counter()
                    await both[side][name](conn)
                    times[side].append(time.perf_counter() - began)
                    await conn.commit()
        for side in (0, 1):
            found[side][name] = statistics.median(times[side]) * 1000
    for engine in engines:
        await engine.dispose()
    return found


def main() -> None:
    small, large = (int(one) for one in sys.argv[1:3]) if len(sys.argv) > 2 else (10_000, 1_000_000)
    cluster = Cluster()
    cluster.start()
    try:
        few, many = asyncio.run(measure(cluster, (small, large)))
    finally:
        cluster.stop()
    print(f"{'median, ms':24}{small:>12,}{large:>12,}   ratio")
    for name in few:
        print(f"{name:24}{few[name]:12.2f}{many[name]:12.2f}{many[name] / few[name]:8.2f}")


if __name__ == "__main__":
    main()
