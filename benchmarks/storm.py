"""An import of a million rows into a watched table, beside a rule on another table that gets one change a second.

Prints how long the other rule's changes take until they are acted upon, before and meanwhile, the memory of the
processes at rest and at their peak, and how long the log takes to be read through. The import's own rule has an
automatic limit, so nearly all of its runs are held; `--match PERCENT` lets fewer rows match. Bounded by `--seconds`.

    .venv/bin/python benchmarks/storm.py [ROWS] [--workers N] [--match PERCENT] [--seconds S]
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from pipeline.figures import number, percentile
from pipeline.house import Ground, House

from ruleyard.core.types import ConnectionId, RuleId
from ruleyard.intake.watching import start_watch

TABLES = """
    create table public.imports (id bigint primary key, name text not null, email text, amount integer not null);
    create table public.orders (id bigint primary key, amount integer not null);
    insert into public.orders select n, 0 from generate_series(1, 100) n;
    grant select, insert, update, delete, trigger on public.imports, public.orders to public;
"""
CALM_S = 10
CHUNK = 5_000


def rule(name: str, table: str, event: str, logic: Any, action: dict[str, Any]) -> dict[str, Any]:
    trigger = {
        "id": "t",
        "kind": "trigger",
        "on": "change",
        "connection": "crm",
        "table": table,
        "events": [event],
    }
    condition = {"id": "c", "kind": "condition", "logic": logic}
    nodes = [trigger, condition, {"id": "a", "kind": "action", **action}]
    return {"dialect": 1, "name": name, "nodes": nodes, "edges": [["t", "c"], ["c", "a", "yes"]]}


TASK = {"do": "create_record", "fields": {"table": "public.tasks", "set": {"title": "An order changed"}}}
TOLD = {"do": "notify", "fields": {"title": "Imported"}}


class Storm:
    def __init__(self, house: House, rows: int, match: int) -> None:
        self.house, self.rows, self.match = house, rows, match
        self.other = RuleId(0)
        self.ticks = 0

    async def furnish(self) -> None:
        house = self.house
        await house.admin.execute(TABLES)
        for table in ("public.imports", "public.orders"):
            await start_watch(
                house.engine, house.watched, connection_id=ConnectionId(int(house.log)), table=table
            )
        matches = {"<": [{"%": [{"var": "after.amount"}, 100]}, self.match]}
        await house.publish(rule("Tell of imports", "public.imports", "insert", matches, TOLD))
        always = {">=": [{"var": "after.amount"}, 0]}
        self.other = await house.publish(rule("Note an order", "public.orders", "update", always, TASK))

    async def tick(self) -> None:
        """One change a second of another record each time, for ever."""
        while True:
            self.ticks += 1
            await self.house.admin.execute(
                "update public.orders set amount = $1 where id = 1 + $1 % 100", self.ticks, timeout=60
            )
            await asyncio.sleep(1)

    async def delays_s(self, since: int) -> list[float]:
        """From the change to the end of its run, of the runs after the first `since`."""
        rows = await self.house.own.fetch(
            """select extract(epoch from finished_at - cast(event ->> 'at' as timestamptz))::float8 as s
               from app.run where rule_id = $1 and state = 'succeeded' order by event_id offset $2""",
            self.other,
            since,
        )
        return [row["s"] for row in rows]

    async def write(self) -> float:
        """One COPY in one transaction. Seconds."""
        import asyncpg

        conn = await asyncpg.connect(self.house.crm_url)
        began = time.monotonic()
        try:
            await conn.copy_to_table("imports", schema_name="public", source=self._lines(), timeout=3_600)
        finally:
            await conn.close()
        return time.monotonic() - began

    async def _lines(self) -> AsyncIterator[bytes]:
        for start in range(0, self.rows, CHUNK):
            numbers = range(start, min(start + CHUNK, self.rows))
            yield "".join(f"{n}\tAda Park {n}\tada{n}@example.com\t{n % 10_007}\n" for n in numbers).encode()

    async def judged(self) -> bool:
        """Every row of the import was looked at."""
        seen = await self.house.own.fetchval(
            "select coalesce(sum(events), 0) from app.heard where table_name = 'public.imports'"
        )
        return int(seen) >= self.rows


def memory_mb(pid: int, what: str) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(what):
            return int(line.split()[1]) / 1024
    return 0.0


def forget_peak(pid: int) -> None:
    Path(f"/proc/{pid}/clear_refs").write_text("5")


async def measure(ground: Ground, rows: int, workers: int, match: int, seconds: float) -> None:
    async with House(ground, records=1) as house:
        storm = Storm(house, rows, match)
        await storm.furnish()
        await house.start(workers=workers)
        ticking = asyncio.create_task(storm.tick())
        await asyncio.sleep(CALM_S)
        before = await storm.delays_s(1)
        calm = storm.ticks
        pids = {name: process.pid for name, process in house.processes.items()}
        rest = {name: memory_mb(pid, "VmRSS") for name, pid in pids.items()}
        for pid in pids.values():
            forget_peak(pid)
        copied_s = await storm.write()
        print(f"{rows:,} rows copied in {copied_s:.0f} s", flush=True)
        drained_s = await house.until(
            storm.judged, what="the import to be read", timeout_s=seconds, every_s=0.5
        )
        await asyncio.sleep(2)
        ticking.cancel()
        during = await storm.delays_s(calm)
        fuse = await house.own.fetchrow("select used, held from app.fuse where held > 0")
        print(f"read through {drained_s:.0f} s later: {rows / drained_s:,.0f} events/s, {workers} workers")
        print(f"runs let pass and held: {tuple(fuse) if fuse else 'none held'}")
        for what, delays in (("before", before), ("during", during)):
            print(
                f"the other rule {what}: {len(delays)} of its runs, change to end p50 "
                f"{number(percentile(delays, 0.5))} s, p95 {number(percentile(delays, 0.95))} s, "
                f"worst {number(max(delays))} s (the {delays.index(max(delays)) + 1}th)"
            )
        for name, pid in pids.items():
            print(f"{name}: {rest[name]:.0f} MB at rest, {memory_mb(pid, 'VmHWM'):.0f} MB at its peak")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("rows", type=int, nargs="?", default=1_000_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--match", type=int, default=100, help="percent of the rows that match")
    parser.add_argument("--seconds", type=float, default=1_800, help="at most, after the import")
    args = parser.parse_args()
    ground = Ground()
    ground.start()
    try:
        asyncio.run(measure(ground, args.rows, args.workers, args.match, args.seconds))
    finally:
        ground.stop()


if __name__ == "__main__":
    main()
