"""Schedules: the next moment of every scheduled rule, and the ticks that have been made.

`primary key (rule_id, tick_at)` makes a tick once, however many `listen` processes look. Publishing,
switching on and off call `start_schedule` / `stop_schedule` in their own transaction.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, Final

import msgspec
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.graph import Hours, Schedule
from ruleyard.core.types import LogId, RuleId, VersionId


class Visited(msgspec.Struct, frozen=True):
    """The table whose records a schedule visits. `looked_on`, of dates: up to which day what was due was looked at."""

    log: LogId
    table: str
    looked_on: date | None = None


class Due(msgspec.Struct, frozen=True):
    """A schedule whose moment has come. `now` is the database's clock, `hours` those that its rule keeps."""

    rule_id: RuleId
    version_id: VersionId
    schedule: Schedule
    next_at: datetime
    now: datetime
    visited: Visited | None = None
    hours: Hours | None = None


NEVER: Final = datetime(9000, 1, 1, tzinfo=UTC)
"""The next moment of a schedule that a calendar leaves none: another calendar may."""


async def start_schedule(
    conn: AsyncConnection,
    *,
    rule_id: RuleId,
    version_id: VersionId,
    schedule: Schedule,
    next_at: datetime,
    visited: Visited | None = None,
    hours: Hours | None = None,
) -> None:
    """The rule ticks from `next_at` on (an aware instant), by this version's calendar."""
    await conn.execute(
        text("""
            insert into app.schedule (rule_id, version_id, spec, next_at, log, table_name, looked_on, hours)
            values (:rule, :version, :spec, :next_at, :log, :table, :looked_on,
              cast(cast(:hours as text) as jsonb))
            on conflict (rule_id) do update set
              version_id = excluded.version_id, spec = excluded.spec, next_at = excluded.next_at,
              log = excluded.log, table_name = excluded.table_name, looked_on = excluded.looked_on,
              hours = excluded.hours
        """),
        {
            "rule": rule_id,
            "version": version_id,
            "spec": msgspec.to_builtins(schedule),
            "next_at": next_at,
            "log": None if visited is None else visited.log,
            "table": None if visited is None else visited.table,
            "looked_on": None if visited is None else visited.looked_on,
            "hours": None if hours is None else msgspec.json.encode(hours).decode(),
        },
    )


async def stop_schedule(conn: AsyncConnection, rule_id: RuleId) -> None:
    """The rule ticks no more (nothing happens when it never did)."""
    await conn.execute(text("delete from app.schedule where rule_id = :rule"), {"rule": rule_id})


async def due_schedules(conn: AsyncConnection, limit: int = 100) -> list[Due]:
    """Schedules whose moment has come, ours until the transaction ends."""
    rows = await conn.execute(
        text("""
            select rule_id, version_id, spec, next_at, clock_timestamp() as now, log, table_name, looked_on, hours
            from app.schedule where next_at <= clock_timestamp()
            order by next_at limit :limit for update skip locked
        """),
        {"limit": limit},
    )
    return [_due(row) for row in rows]


async def by_calendar(conn: AsyncConnection) -> list[Due]:
    """Schedules that ask which days are worked, ours until the transaction ends."""
    rows = await conn.execute(
        text("""
            select rule_id, version_id, spec, next_at, clock_timestamp() as now, log, table_name, looked_on, hours
            from app.schedule where spec ->> 'days_off' <> 'run' order by rule_id for update
        """)
    )
    return [_due(row) for row in rows]


def _due(row: Row[Any]) -> Due:
    return Due(
        row.rule_id,
        row.version_id,
        msgspec.convert(row.spec, Schedule),
        row.next_at,
        row.now,
        None if row.log is None else Visited(LogId(row.log), row.table_name, row.looked_on),
        None if row.hours is None else msgspec.convert(row.hours, Hours),
    )


async def keep_tick(conn: AsyncConnection, rule_id: RuleId, tick_at: datetime) -> bool:
    """True when this tick is new: only then may its event be written."""
    made = await conn.execute(
        text(
            "insert into app.tick (rule_id, tick_at) values (:rule, :at) on conflict do nothing returning 1"
        ),
        {"rule": rule_id, "at": tick_at},
    )
    return made.one_or_none() is not None


async def looked(conn: AsyncConnection, rule_id: RuleId, until: date) -> None:
    """What was due up to and with this day is being visited."""
    await conn.execute(
        text("update app.schedule set looked_on = :until where rule_id = :rule"),
        {"until": until, "rule": rule_id},
    )


async def move_schedule(conn: AsyncConnection, rule_id: RuleId, next_at: datetime | None) -> None:
    """The next moment; None: the calendar has no more."""
    if next_at is None:
        await stop_schedule(conn, rule_id)
        return
    await conn.execute(
        text("update app.schedule set next_at = :next_at where rule_id = :rule"),
        {"rule": rule_id, "next_at": next_at},
    )
