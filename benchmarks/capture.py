"""What capturing costs writers: 1, 4, 16 and 32 of them update one table, without triggers and with them.

Each round measures no capture, capture and no capture again, and its ratio is capture against the mean of its two
neighbours: load from elsewhere that drifts hits both. Printed are the medians of those ratios and their spread. The
reader is awake, as it is under load: the trigger notifies nobody. Two ways of writing: by a client that sends one
statement after the other, as programs and pgbench do, and by a loop inside the server, where there is no round trip
that capture could hide behind. Starts a PostgreSQL of its own in a temporary folder.
"""

# ruff: noqa: S311
from __future__ import annotations

import asyncio
import multiprocessing
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import asyncpg

from ruleyard.embedded import PostgresServer
from ruleyard.intake.capture import watch_table

WRITERS = (1, 4, 16, 32)
ROUNDS = 7
SECONDS = 0.6
CLIENTS = 2
"""Processes that the writers are spread over: one alone would be the limit."""
AWAKE_LOCK = 8247343692100105
"""Of capture.sql: while a reader holds it, writers do not notify."""
ROWS = 10_000

UPDATE = "update public.leads set attempts = attempts + 1, note = $2 where id = $1"
INSIDE = """do $$
declare
  until timestamptz := clock_timestamp() + interval '%s seconds';
  done int := 0;
begin
  while clock_timestamp() < until loop
    update public.leads set attempts = attempts + 1, note = 'call ' || done where id = 1 + (random() * 9999)::int;
    commit;
    done := done + 1;
  end loop;
  perform set_config('bench.done', done::text, false);
end $$"""


async def write(url: str, seed: int, begin: float) -> int:
    chance = random.Random(seed)
    conn = await asyncpg.connect(url)
    update = await conn.prepare(UPDATE)
    await asyncio.sleep(max(0.0, begin - time.time()))
    done = 0
    while time.time() < begin + SECONDS:
        await update.fetch(chance.randint(1, ROWS), f"call {done}")
        done += 1
    await conn.close()
    return done


async def write_some(url: str, seeds: list[int], begin: float) -> int:
    return sum(await asyncio.gather(*(write(url, seed, begin) for seed in seeds)))


def client(url: str, seeds: list[int], begin: float) -> int:
    return asyncio.run(write_some(url, seeds, begin))


def by_clients(url: str, writers: int, pool: multiprocessing.pool.Pool) -> float:
    begin = time.time() + 0.1 + writers * 0.02
    parts = [[*range(part, writers, CLIENTS)] for part in range(min(CLIENTS, writers))]
    return sum(pool.starmap(client, [(url, part, begin) for part in parts])) / SECONDS


async def inside(url: str, writers: int) -> float:
    async def one() -> int:
        conn = await asyncpg.connect(url)
        await conn.execute(INSIDE % SECONDS)
        done = int(await conn.fetchval("select current_setting('bench.done')"))
        await conn.close()
        return done

    return sum(await asyncio.gather(*(one() for _ in range(writers)))) / SECONDS


async def prepare(url: str) -> asyncpg.Connection:
    pool = await asyncpg.create_pool(url, min_size=1, max_size=2)
    await pool.execute(
        """create table public.leads (id bigint primary key, name text, attempts int default 0, note text);
        insert into public.leads select n, 'Lead ' || n, 0, null from generate_series(1, 10000) n"""
    )
    await watch_table(pool, "public.leads")
    await pool.close()
    reader = await asyncpg.connect(url)
    await reader.execute("select pg_advisory_lock($1::bigint)", AWAKE_LOCK)
    return reader


def compare(switch: Callable[[str], None], writes: Callable[[], float]) -> tuple[float, list[float]]:
    bases: list[float] = []
    ratios: list[float] = []
    for _ in range(ROUNDS):
        switch("disable")
        before = writes()
        switch("enable")
        captured = writes()
        switch("disable")
        after = writes()
        bases += [before, after]
        ratios.append(2 * captured / (before + after))
    return statistics.median(bases), sorted(ratios)


def measure(url: str, durable: str) -> None:
    loop = asyncio.new_event_loop()
    reader = loop.run_until_complete(prepare(url))

    def switch(to: str) -> None:
        loop.run_until_complete(
            reader.execute(f"truncate ruleyard.event; alter table public.leads {to} trigger user")
        )

    ways = {"by clients": True, "inside": False}
    print(f"{durable}: updates a second without capture, and how much of that is kept with it")
    print(f"  {'':12} {'writers':>8} {'without':>9} {'kept':>6}   spread (quartiles)")
    with multiprocessing.get_context("spawn").Pool(CLIENTS) as pool:
        for way, from_outside in ways.items():
            for writers in WRITERS:

                def writes(writers: int = writers, outside: bool = from_outside) -> float:
                    if outside:
                        return by_clients(url, writers, pool)
                    return loop.run_until_complete(inside(url, writers))

                base, ratios = compare(switch, writes)
                low, _, high = statistics.quantiles(ratios, n=4)
                kept = statistics.median(ratios)
                print(
                    f"  {way:12} {writers:8} {base:9,.0f} {kept:6.2f}   {low:.2f} to {high:.2f}",
                    flush=True,
                )
    loop.run_until_complete(reader.close())
    loop.close()


def main() -> None:
    for durable, crash_safe in (
        ("commits reach the disk", True),
        ("commits cost nothing (no fsync)", False),
    ):
        folder = Path(tempfile.mkdtemp(prefix="ruleyard-benchmark-"))
        folder.chmod(0o711)
        server = PostgresServer(folder / "postgres", crash_safe=crash_safe)
        try:
            server.start()
            measure(server.url(), durable)
        finally:
            server.stop()
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
