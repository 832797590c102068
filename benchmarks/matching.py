"""Records that already match, counted in a table of 200,000 with long texts: whole records against what the rule reads.

Both side by side, page by page in turns, with the judging that follows. Prints records a second and the ratio.
"""

from __future__ import annotations

import asyncio
import random
import string
import sys
import time
from collections.abc import Collection
from pathlib import Path

import asyncpg

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from ruleyard.core.already import as_change, columns_judged
from ruleyard.core.document import parse
from ruleyard.core.evaluate import judge
from ruleyard.core.graph import ChangeTrigger, Graph
from ruleyard.core.labels import LABELS
from ruleyard.core.plan import Plan, compile_plan
from ruleyard.core.types import EventId, LogId, RuleId, VersionId
from ruleyard.intake.capture import watch_table
from ruleyard.stores.table_pages import Source, looking, read_page, source_of
from support.cluster import Cluster
from support.published import change_rule

PAGE = 1_000
NOTE, BODY = 600, 3_000
AT = "2026-11-23T09:00:00+00:00"
LETTERS = string.ascii_lowercase + string.digits + " "


async def fill(owner: asyncpg.Connection, rows: int) -> None:
    await owner.execute("""
        create table public.letters (
          id bigint primary key, subject text, status text not null, note text, body text, sent_at timestamptz)
    """)
    noise = "".join(random.choices(LETTERS, k=1_000_000))  # noqa: S311

    def some(n: int, length: int) -> str:
        at = n * 7919 % (len(noise) - length)
        return noise[at : at + length]

    records = (
        (n, some(n, 40), "won" if n % 8 == 0 else "new", some(n, NOTE), some(n, BODY)) for n in range(rows)
    )
    names = ["id", "subject", "status", "note", "body"]
    await owner.copy_records_to_table("letters", schema_name="public", records=records, columns=names)
    await owner.execute("analyze public.letters")


async def page_of(
    pool: asyncpg.Pool,
    plan: Plan,
    trigger: ChangeTrigger,
    source: Source,
    after: tuple[str, ...],
    only: Collection[str] | None,
) -> tuple[int, int, tuple[str, ...]]:
    """How many records were read, how many match, where the page ended."""
    async with looking(pool) as conn:
        rows = await read_page(conn, source, after, PAGE, only)
    found = 0
    for row in rows:
        if row.record is None:
            continue
        event = as_change(
            trigger,
            row.record,
            key=row.key,
            log=source.log,
            event_id=EventId(-1),
            lane=row.lane,
            at=AT,
            more=row.more,
        )
        found += event is not None and judge(plan, event, AT).fires
    return len(rows), found, rows[-1].place if rows else after


async def measure(cluster: Cluster, rows: int) -> list[tuple[int, int, float]]:
    """Of each side: records, matches, seconds."""
    name = cluster.new_crm_database()
    owner = await asyncpg.connect(cluster.owner_url(name))
    await fill(owner, rows)
    await owner.close()
    graph = parse(
        change_rule({"===": [{"var": "after.status"}, "won"]}, table="public.letters", events=("update",))
    )
    if not isinstance(graph, Graph) or not isinstance(graph.trigger, ChangeTrigger):
        raise SystemExit(f"The rule of this benchmark does not hold: {graph}")
    plan, trigger, judged = compile_plan(RuleId(1), VersionId(1), graph), graph.trigger, columns_judged(graph)
    sides: list[Collection[str] | None] = [None, (judged or frozenset()) | LABELS | {"id"}]
    totals = [(0, 0, 0.0), (0, 0, 0.0)]
    async with asyncpg.create_pool(cluster.watcher_url(name), min_size=1, max_size=2) as pool:
        await watch_table(pool, "public.letters")
        async with looking(pool) as conn:
            source = await source_of(conn, LogId(1), "public.letters", ("id",), ())
        if source is None:
            raise SystemExit("The table cannot be streamed.")
        places: list[tuple[str, ...]] = [(), ()]
        while totals[1][0] < rows:
            for side, only in enumerate(sides):
                began = time.perf_counter()
                read, found, places[side] = await page_of(pool, plan, trigger, source, places[side], only)
                seconds = time.perf_counter() - began
                before = totals[side]
                totals[side] = (before[0] + read, before[1] + found, before[2] + seconds)
    return totals


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    cluster = Cluster()
    cluster.start()
    try:
        whole, part = asyncio.run(measure(cluster, rows))
    finally:
        cluster.stop()
    if whole[:2] != part[:2]:
        raise SystemExit(f"They differ: {whole}, {part}")
    print(f"{rows:,} records of {NOTE + BODY:,} characters, {whole[1]:,} match")
    for label, (read, _, seconds) in (("whole records", whole), ("what the rule reads", part)):
        print(f"{label:24}{seconds:10.1f} s{read / seconds:12,.0f} records/s")
    print(f"{'ratio':24}{whole[2] / part[2]:10.1f} x")


if __name__ == "__main__":
    main()
