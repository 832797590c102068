"""What capturing costs writers: four of them update one table, without triggers and with them.

With them twice: while a reader is awake (the trigger notifies nobody) and while it sleeps (it notifies, which
serialises commits until the reader wakes). Starts a PostgreSQL of its own in a temporary folder.
The sides take turns, so that drift of the machine hits all alike.
"""

# ruff: noqa: S311
from __future__ import annotations

import asyncio
import random
import shutil
import tempfile
import time
from pathlib import Path

import asyncpg

from ruleyard.embedded import PostgresServer
from ruleyard.intake.capture import unwatch_table, watch_table

WRITERS = 4
SECONDS = 6.0
ROUNDS = 3
SIDES = ("no capture", "capture, reader awake", "capture, reader asleep")
AWAKE_LOCK = 8247343692100105
"""Of capture.sql: while a reader holds it, writers do not notify."""
ROWS = 10_000


async def write(url: str, until: float, seed: int) -> int:
    chance = random.Random(seed)
    conn = await asyncpg.connect(url)
    update = await conn.prepare("update public.leads set attempts = attempts + 1, note = $2 where id = $1")
    done = 0
    while time.perf_counter() < until:
        await update.fetch(chance.randint(1, ROWS), f"call {done}")
        done += 1
    await conn.close()
    return done


async def writes_per_second(url: str, seconds: float) -> float:
    until = time.perf_counter() + seconds
    return sum(await asyncio.gather(*(write(url, until, seed) for seed in range(WRITERS)))) / seconds


async def measure(url: str) -> None:
    pool = await asyncpg.create_pool(url, min_size=1, max_size=3)
    await pool.execute(
        """create table public.leads (id bigint primary key, name text, attempts int default 0, note text);
        insert into public.leads select n, 'Lead ' || n, 0, null from generate_series(1, 10000) n"""
    )
    sums = dict.fromkeys(SIDES, 0.0)
    await writes_per_second(url, 0.5)
    for _ in range(ROUNDS):
        for side in SIDES:
            if side != "no capture":
                await watch_table(pool, "public.leads")
            async with pool.acquire() as reader:
                if side == "capture, reader awake":
                    await reader.execute("select pg_advisory_lock($1::bigint)", AWAKE_LOCK)
                sums[side] += await writes_per_second(url, SECONDS / ROUNDS / len(SIDES))
                await reader.execute("select pg_advisory_unlock_all()")
            if side != "no capture":
                await unwatch_table(pool, "public.leads")
    await pool.close()
    print(f"{WRITERS} writers, updates a second:")
    for side in SIDES:
        print(f"  {side:24} {sums[side] / ROUNDS:10,.0f}   kept {sums[side] / sums['no capture']:.2f}")


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="ruleyard-benchmark-"))
    folder.chmod(0o711)
    server = PostgresServer(folder / "postgres")
    try:
        server.start()
        asyncio.run(measure(server.url()))
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
