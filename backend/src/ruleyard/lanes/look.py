"""The slow look: which lanes have unread events, which runs and chores are due, and how far behind the logs are.

Bells ring because something happened; this looks because bells can be lost. Judges nothing.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from itertools import groupby
from typing import Final

import asyncpg
import msgspec
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.bells import Chore, News
from ruleyard.core.errors import NotFound, Unavailable
from ruleyard.core.types import OWN_LOG, LogId
from ruleyard.stores import catch_ups
from ruleyard.stores.backtests import due_backtests
from ruleyard.stores.cursors import EVERYTHING, Cursor, list_cursors, start_cursors
from ruleyard.stores.db import transaction
from ruleyard.stores.events import LogPools
from ruleyard.stores.live import connection_names
from ruleyard.stores.runs import due_slots
from ruleyard.stores.turns import due_turns
from ruleyard.stores.unreadable import list_aside

LOOK_TIMEOUT_S: Final = 5.0
DOWN: Final = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, Unavailable, NotFound)

HAS_NEWS: Final = """
select c.lane from unnest($1::smallint[], $2::text[]) as c(lane, snapshot)
where exists (
  select from ruleyard.event e
  where e.lane = c.lane and e.xid >= pg_snapshot_xmin(c.snapshot::pg_snapshot)
    and not pg_visible_in_snapshot(e.xid, c.snapshot::pg_snapshot))
"""

UNREAD: Final = """
with c as (
  select * from unnest($1::smallint[], $2::text[], $3::bigint[], $4::text[]) as c(lane, snapshot, last_id, apart)
)
select count(*) as unread, coalesce(extract(epoch from now() - min(e.at)), 0)::float8 as oldest_s
from c join ruleyard.event e on e.lane = c.lane and e.xid >= pg_snapshot_xmin(c.snapshot::pg_snapshot)
  and not pg_visible_in_snapshot(e.xid, c.snapshot::pg_snapshot) and e.id > c.last_id
  and case when c.apart <> '' then e.table_name = c.apart
    else not exists (select from c other where other.lane = c.lane and other.apart = e.table_name) end
"""


class Lag(msgspec.Struct, frozen=True):
    """How far one log is behind. `unread` is None where the log does not answer; `aside`: events set aside."""

    log: LogId
    name: str
    unread: int | None
    oldest_s: float
    aside: int = 0


async def ensure_own_cursors(engine: AsyncEngine, pools: LogPools) -> None:
    """Our own log is read from its beginning. Not the migration's work: a cursor knows its database."""
    pool = await pools.pool(OWN_LOG)
    identity = await pool.fetchval("select ruleyard.identity()")
    async with transaction(engine) as conn:
        if not any(cursor.log == OWN_LOG for cursor in await list_cursors(conn)):
            await start_cursors(conn, OWN_LOG, EVERYTHING, identity)


async def lanes_with_news(pool: asyncpg.Pool, cursors: Sequence[Cursor]) -> list[int]:
    """Of one log's cursors, the lanes that have something to read."""
    rows = await pool.fetch(
        HAS_NEWS, [c.lane for c in cursors], [c.from_snapshot for c in cursors], timeout=LOOK_TIMEOUT_S
    )
    return sorted({row["lane"] for row in rows})


def slow_look(engine: AsyncEngine, pools: LogPools) -> Callable[[], Awaitable[News]]:
    """For `bells.build_worker(look=…)`: everything that waits for a worker, without logs that are down."""

    async def look() -> News:
        async with transaction(engine) as conn:
            cursors = await list_cursors(conn)
            await due_turns(conn)
            slots = await due_slots(conn)
            chores: list[tuple[Chore, int]] = [("backtest", one) for one in await due_backtests(conn)]
            chores += [("catch_up", one) for one in await catch_ups.due(conn)]
        if not any(cursor.log == OWN_LOG for cursor in cursors):
            await ensure_own_cursors(engine, pools)
        by_log = [(log_id, list(group)) for log_id, group in groupby(cursors, key=lambda c: c.log)]

        async def of(log_id: LogId, group: list[Cursor]) -> list[tuple[LogId, int]]:
            try:
                async with asyncio.timeout(
                    LOOK_TIMEOUT_S
                ):  # also for connecting: others wait for this answer
                    pool = await pools.pool(log_id)
                    return [(log_id, lane) for lane in await lanes_with_news(pool, group)]
            except (
                OSError,
                TimeoutError,
                asyncpg.PostgresError,
                asyncpg.InterfaceError,
                Unavailable,
                NotFound,
            ):
                return []

        found = await asyncio.gather(*(of(log_id, group) for log_id, group in by_log))
        lanes = tuple(pair for pairs in found for pair in pairs)
        return News(lanes=lanes, slots=tuple(slots), chores=tuple(chores))

    return look


async def measure_lag(engine: AsyncEngine, pools: LogPools) -> list[Lag]:
    """Every log's unread events, for /health/lag. Counts: not for a hot path."""
    async with transaction(engine) as conn:
        cursors = await list_cursors(conn)
        names = await connection_names(conn)
        aside: Counter[LogId] = Counter()
        for one in await list_aside(conn):
            aside[one.log] += one.events

    async def of(log_id: LogId, held: list[Cursor]) -> Lag:
        name = "own" if log_id == OWN_LOG else names.get(log_id, str(log_id))
        try:
            async with asyncio.timeout(LOOK_TIMEOUT_S):
                pool = await pools.pool(log_id)
                row = await pool.fetchrow(
                    UNREAD,
                    [c.lane for c in held],
                    [c.from_snapshot for c in held],
                    [c.last_id for c in held],
                    [c.apart for c in held],
                )
        except DOWN:
            return Lag(log_id, name, None, 0.0, aside[log_id])
        return Lag(log_id, name, row["unread"], row["oldest_s"], aside[log_id])

    by_log = [(log_id, list(group)) for log_id, group in groupby(cursors, key=lambda c: c.log)]
    return await asyncio.gather(*(of(log_id, held) for log_id, held in by_log))
