"""A backlog judged with no match, by one, two and four `work` processes that find it all at once."""

from __future__ import annotations

import asyncio
import time

import msgspec

from pipeline.bench import Bench
from pipeline.documents import must_be_judged, never_matches
from pipeline.figures import Figure, of_rounds
from pipeline.house import House, rewind
from ruleyard.bells import connect_bells
from ruleyard.core.types import LANES
from ruleyard.lanes.reader import BATCH, read_lane
from ruleyard.stores.cursors import list_cursors
from ruleyard.stores.db import transaction
from ruleyard.stores.events import LogPools

EVENTS = 30_000
ROUNDS = 2
WORKERS = (1, 2, 4)


async def backlog(bench: Bench) -> list[Figure]:
    from _rules import AFTER, BEFORE, FILL

    figures: list[Figure] = []
    async with House(bench.ground) as house:
        for number in range(10):
            await house.publish(never_matches(number))
        async with transaction(house.engine) as conn:
            start = next(c for c in await list_cursors(conn) if c.log == house.log).from_snapshot
        before, after = (msgspec.json.encode(record).decode() for record in (BEFORE, AFTER))
        await house.admin.execute(FILL, before, after, EVENTS, 9_000, timeout=120)
        await house.admin.execute("vacuum analyze ruleyard.event", timeout=120)
        alone = EVENTS / await _read_alone(house)
        times: dict[int, list[float]] = {}
        for _ in range(ROUNDS):
            for workers in WORKERS:
                await house.start(workers=workers, listen=False)
                await _drained(house, start)  # processes that have just begun know no plans and no statements
                times.setdefault(workers, []).append(EVENTS / await _drained(house, start))
            house.end()
        bench.loaded("backlog, ruled out by the index")
        for workers in WORKERS:
            figures.append(
                Figure(
                    "backlog",
                    f"backlog of {EVENTS:,}, no match by the index, {workers} worker{'s' * (workers > 1)}",
                    unit="events/s",
                    target=20_000 if workers == 1 else None,
                    limit=alone,
                    limit_of="reading alone",
                    **of_rounds(times[workers]),
                )
            )
        await house.publish(must_be_judged())
        await house.start(workers=1, listen=False)
        await _drained(house, start)
        judged = [EVENTS / await _drained(house, start) for _ in range(ROUNDS)]
        figures.append(
            Figure(
                "backlog",
                "the same, each judged, 1 worker",
                unit="events/s",
                limit=alone,
                limit_of="reading alone",
                **of_rounds(judged),
            )
        )
        bench.loaded("backlog, each judged")
    return figures


async def _drained(house: House, start: str) -> float:
    """Seconds from the moment that the whole log is unread to the moment that all is judged and committed."""
    await house.own.execute("delete from app.heard")
    bells = connect_bells(house.settings)
    await rewind(house.engine, house.log, start)
    began = time.monotonic()
    await bells.ring_lanes([(house.log, lane) for lane in range(LANES)])

    async def all_heard() -> bool:
        return bool(await house.own.fetchval("select coalesce(sum(events), 0) >= $1 from app.heard", EVENTS))

    await house.until(all_heard, what="the backlog to be judged")
    took = time.monotonic() - began
    await bells.close()
    return took


async def _read_alone(house: House) -> float:
    """Seconds to read the same pages in one process and do nothing with them."""
    pools = LogPools(house.settings, house.watched)
    pool = await pools.pool(house.log)
    async with transaction(house.engine) as conn:
        cursors = [cursor for cursor in await list_cursors(conn) if cursor.log == house.log]

    async def one(cursor: object) -> None:
        while not (batch := await read_lane(pool, cursor, BATCH)).quiet:  # type: ignore[arg-type]
            cursor = batch.cursor

    began = time.monotonic()
    await asyncio.gather(*map(one, cursors))
    took = time.monotonic() - began
    await pools.close()
    return took
