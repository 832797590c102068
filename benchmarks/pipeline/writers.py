"""What writers keep of their throughput while every change of their table is captured, the reader awake."""

from __future__ import annotations

import asyncpg

from pipeline.bare import pgbench
from pipeline.bench import Bench
from pipeline.figures import Figure, of_rounds

WRITERS = (1, 4, 16, 32)
ROUNDS = 4
ROWS = 10_000
UPDATE = "update public.leads set attempts = attempts + 1, note = 'call ' || :id where id = :id"


async def writers(bench: Bench) -> list[Figure]:
    """Without, with, without, with …: each is held against the mean of its two neighbours."""
    import capture

    url = bench.ground.postgres.url(database=bench.ground.new_empty_database(owner="postgres"))
    reader: asyncpg.Connection = await capture.prepare(url)
    figures = []

    async def rate(switch: str, writers: int) -> float:
        await reader.execute(f"truncate ruleyard.event; alter table public.leads {switch} trigger user")
        return await pgbench(url, bench.ground.folder, UPDATE, clients=writers, seconds=1, records=ROWS)

    for count in WRITERS:
        bare, kept = [await rate("disable", count)], []
        for _ in range(ROUNDS):
            captured = await rate("enable", count)
            bare.append(await rate("disable", count))
            kept.append(2 * captured / (bare[-2] + bare[-1]))
        figures.append(
            Figure(
                "writers",
                f"writers' throughput kept, {count} writer{'s' * (count > 1)} (without: {max(bare):,.0f}/s)",
                unit="of bare",
                target=0.65,
                limit=1.0,
                limit_of="no triggers",
                **of_rounds(kept),
            )
        )
    await reader.close()
    bench.loaded("writers")
    return figures
