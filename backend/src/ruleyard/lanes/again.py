"""Look again at events that stand aside: when somebody mended the row, or a newer build can read it.

Judged by what is live now, each in a transaction of its own, after whatever changed the record since.
"""

from __future__ import annotations

from typing import Final

import asyncpg
import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from ruleyard.core.types import EventId, LogId, RunId
from ruleyard.lanes.cascades import CASCADE_RUNS, with_ends
from ruleyard.lanes.evaluate_lane import SPOILING
from ruleyard.lanes.judging import ask, judge_all, wishes_of
from ruleyard.lanes.plans import Plans
from ruleyard.lanes.reader import events_of
from ruleyard.stores.db import of_the_data, transaction
from ruleyard.stores.events import EVENT_COLUMNS, LogPools
from ruleyard.stores.judged import count_heard, count_judged
from ruleyard.stores.new_runs import NewRun, open_runs
from ruleyard.stores.related import NOTHING, RelatedReader
from ruleyard.stores.unreadable import Unreadable, forget_aside, oldest_aside, set_aside
from ruleyard.stores.watches import left_out

MOST: Final = 1_000
"""Events that one call looks at."""


class Again(msgspec.Struct, frozen=True):
    """What a second look came to: events read and judged, still aside, no longer in the log; the runs of it."""

    read: int = 0
    aside: int = 0
    gone: int = 0
    runs: tuple[RunId, ...] = ()
    slots: tuple[int, ...] = ()


async def look_again(
    engine: AsyncEngine, pools: LogPools, log: LogId, table: str | None = None, *, budget: int = CASCADE_RUNS
) -> Again:
    """Oldest first. The caller rings the slots. Raises what reading the log raises."""
    pool = await pools.pool(log)
    plans, related = Plans(), RelatedReader(pools.pool)
    total, after = Again(), EventId(-1)
    for _ in range(MOST):
        try:
            async with transaction(engine) as conn:
                found = await oldest_aside(conn, log, table, after, 1)
                if not found:
                    break
                after = found[0].event_id
                total = await _look(conn, pool, log, found[0], plans, related, budget, total)
        except SPOILING as error:
            if not of_the_data(error):
                raise
            reason = f"{type(error).__name__}: {getattr(error, 'orig', None) or error}"
            async with transaction(engine) as conn:
                await set_aside(conn, log, [msgspec.structs.replace(found[0], error=reason)])
            total = msgspec.structs.replace(total, aside=total.aside + 1)
    return total


async def _look(
    conn: AsyncConnection,
    pool: asyncpg.Pool,
    log: LogId,
    one: Unreadable,
    plans: Plans,
    related: RelatedReader,
    budget: int,
    total: Again,
) -> Again:
    rows = await pool.fetch(
        f"select {EVENT_COLUMNS} from ruleyard.event e where e.id = $1", one.event_id, timeout=10
    )
    events, unreadable = events_of(log, rows)
    if unreadable:
        await set_aside(conn, log, unreadable)
        return msgspec.structs.replace(total, aside=total.aside + 1)
    await forget_aside(conn, log, one.event_id)
    if not events:
        return msgspec.structs.replace(total, gone=total.gone + 1)
    asking, heard = ask(await plans.index(conn), events)
    wishes = wishes_of(asking)
    judged = judge_all(asking, await related.fetch(wishes, await left_out(conn)) if wishes else NOTHING)
    new: tuple[NewRun, ...] = await with_ends(conn, judged.runs, budget)
    opened = await open_runs(conn, new)
    await count_judged(conn, log, one.lane, judged.tallies)
    await count_heard(conn, log, one.lane, heard)
    return msgspec.structs.replace(
        total,
        read=total.read + 1,
        runs=(*total.runs, *opened.runs),
        slots=tuple(sorted({*total.slots, *(run.slot for run in new), *opened.slots})),
    )
