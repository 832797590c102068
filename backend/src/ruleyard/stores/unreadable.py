"""Events that a lane could not read or keep: set aside with the reason, so that the lane goes on. Never forgotten:
an event stays here until it was looked at again with success, or is no longer in its log.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.types import EventId, LogId

LONGEST_ERROR = 1_000


class Unreadable(msgspec.Struct, frozen=True):
    """One event that stands aside. `seen_at` is UTC ISO text, "" until it is stored."""

    event_id: EventId
    lane: int
    table: str
    error: str
    seen_at: str = ""


class Aside(msgspec.Struct, frozen=True):
    """How many events of one table stand aside, and why the newest of them does."""

    log: LogId
    table: str
    events: int
    error: str


async def set_aside(conn: AsyncConnection, log: LogId, found: Iterable[Unreadable]) -> None:
    """Keeps them; one that is there already gets the new reason."""
    for one in found:
        await conn.execute(
            text("""
                insert into app.unreadable_event as u (log, event_id, lane, table_name, error)
                values (:log, :event_id, :lane, :table, :error)
                on conflict (log, event_id) do update set error = excluded.error
            """),
            {
                "log": log,
                "event_id": one.event_id,
                "lane": one.lane,
                "table": one.table,
                "error": one.error[:LONGEST_ERROR].replace("\0", ""),
            },
        )


async def list_aside(conn: AsyncConnection) -> list[Aside]:
    """By log and table."""
    rows = await conn.execute(
        text("""
            select log, table_name as table, count(*) as events,
              (array_agg(error order by event_id desc))[1] as error
            from app.unreadable_event group by log, table_name order by log, table_name
        """)
    )
    return [msgspec.convert(dict(row._mapping), Aside) for row in rows]


async def oldest_aside(
    conn: AsyncConnection, log: LogId, table: str | None, after: EventId, limit: int
) -> list[Unreadable]:
    """In order, those behind `after`; held until the transaction ends, without those that somebody else holds."""
    rows = await conn.execute(
        text("""
            select event_id, lane, table_name as table, error,
              to_char(seen_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"') as seen_at
            from app.unreadable_event
            where log = :log and event_id > :after and (cast(:table as text) is null or table_name = :table)
            order by event_id limit :limit for update skip locked
        """),
        {"log": log, "table": table, "after": after, "limit": limit},
    )
    return [msgspec.convert(dict(row._mapping), Unreadable) for row in rows]


async def forget_aside(conn: AsyncConnection, log: LogId, event_id: EventId) -> None:
    await conn.execute(
        text("delete from app.unreadable_event where log = :log and event_id = :id"),
        {"log": log, "id": event_id},
    )
