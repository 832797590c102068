"""10 published rules against 10,000, in memory: what an event costs from its row to its verdict."""

from __future__ import annotations

import asyncio

from pipeline.bench import Bench
from pipeline.figures import Figure

ROUNDS = 3


async def rules(bench: Bench) -> list[Figure]:
    import judge

    spent = await asyncio.to_thread(
        judge.measure, [judge.row_of(judge.event(number)) for number in range(judge.EVENTS)], ROUNDS
    )
    bench.loaded("rules")
    return [
        Figure(
            "rules",
            "an event's cost by 10,000 rules against 10, as many matching",
            spent[10_000] / spent[10],
            "times",
            1.5,
            at_most=True,
        ),
        Figure("rules", "judged in memory by 10 rules, one process", judge.EVENTS / spent[10], "events/s"),
        Figure(
            "rules", "judged in memory by 10,000 rules, one process", judge.EVENTS / spent[10_000], "events/s"
        ),
    ]
