"""What is known of each event log's health: its size, what is wrong with its watches, and the gaps in its history.

A gap is a time in which changes of a table were not captured: nothing is known of them, and whoever asks why a rule
did not fire is told so. Knows nothing of how any of it is found out.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.types import JSONObject, LogId

GapCause = Literal["unwatched", "broken", "missed", "restored"]


class Trouble(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that is wrong. `table` is "" where it concerns the whole log; `message` is plain English."""

    code: str
    message: str
    table: str = ""
    args: JSONObject = {}


class LogHealth(msgspec.Struct, frozen=True):
    """`size_bytes` of all that is stored, `growth_bytes` of the last whole day; `oldest_on` is a date, UTC."""

    size_bytes: int = 0
    growth_bytes: int | None = None
    oldest_on: str | None = None
    missed: int = 0
    troubles: tuple[Trouble, ...] = ()
    checked_at: datetime | None = None


class Gap(msgspec.Struct, frozen=True):
    """Changes from `from_at` to `to_at` are not known; `to_at` is null while it lasts. `table` "": of every table."""

    table: str
    cause: GapCause
    from_at: datetime
    to_at: datetime | None


_HEALTH: Final = (
    "select size_bytes, growth_bytes, oldest_on, missed, troubles, checked_at from app.log_health"
)


async def log_health(conn: AsyncConnection, log: LogId) -> LogHealth:
    """As it was found at the last look; all zero before the first."""
    row = (await conn.execute(text(f"{_HEALTH} where log = :log"), {"log": log})).one_or_none()
    return LogHealth() if row is None else msgspec.convert(dict(row._mapping), LogHealth, strict=False)


async def every_log_health(conn: AsyncConnection) -> dict[LogId, LogHealth]:
    rows = await conn.execute(text(_HEALTH.replace("select ", "select log, ")))
    found: dict[LogId, LogHealth] = {}
    for row in rows:
        values = dict(row._mapping)
        found[LogId(values.pop("log"))] = msgspec.convert(values, LogHealth, strict=False)
    return found


async def keep_log_health(conn: AsyncConnection, log: LogId, health: LogHealth) -> None:
    """What this look found, in place of the last one's. `checked_at` is the database's now."""
    await conn.execute(
        text("""
            insert into app.log_health (log, size_bytes, growth_bytes, oldest_on, missed, troubles, checked_at)
            values (:log, :size, :growth, :oldest, :missed, cast(cast(:troubles as text) as jsonb), now())
            on conflict (log) do update set size_bytes = excluded.size_bytes,
              growth_bytes = excluded.growth_bytes, oldest_on = excluded.oldest_on, missed = excluded.missed,
              troubles = excluded.troubles, checked_at = excluded.checked_at
        """),
        {
            "log": log,
            "size": health.size_bytes,
            "growth": health.growth_bytes,
            "oldest": health.oldest_on,
            "missed": health.missed,
            "troubles": msgspec.json.encode(health.troubles).decode(),
        },
    )


async def forget_log_health(conn: AsyncConnection, log: LogId) -> None:
    """Of a connection that is removed."""
    for table in ("log_health", "log_gap"):
        await conn.execute(text(f"delete from app.{table} where log = :log"), {"log": log})


async def open_gap(
    conn: AsyncConnection, log: LogId, table: str, cause: GapCause, since: datetime | None = None
) -> bool:
    """From `since` (or now) on nothing is captured. False where that was known already."""
    made = await conn.execute(
        text("""
            insert into app.log_gap (log, table_name, cause, from_at)
            select :log, :table, :cause, coalesce(cast(:since as timestamptz), now())
            where not exists (
              select from app.log_gap where log = :log and table_name = :table and to_at is null)
        """),
        {"log": log, "table": table, "cause": cause, "since": since},
    )
    return made.rowcount > 0


async def close_gaps(conn: AsyncConnection, log: LogId, tables: Sequence[str]) -> None:
    """From now on these tables are captured again."""
    await conn.execute(
        text("""
            update app.log_gap set to_at = now()
            where log = :log and table_name = any(cast(:tables as text[])) and to_at is null
        """),
        {"log": log, "tables": list(tables)},
    )


async def note_gap(
    conn: AsyncConnection, log: LogId, table: str, cause: GapCause, since: datetime | None
) -> None:
    """A gap that is over: from `since` (or now) until now."""
    await conn.execute(
        text("""
            insert into app.log_gap (log, table_name, cause, from_at, to_at)
            values (:log, :table, :cause, coalesce(cast(:since as timestamptz), now()), now())
        """),
        {"log": log, "table": table, "cause": cause, "since": since},
    )


async def list_gaps(conn: AsyncConnection, log: LogId, limit: int = 100) -> list[Gap]:
    """Newest first."""
    rows = await conn.execute(
        text("""
            select table_name as table, cause, from_at, to_at from app.log_gap
            where log = :log order by from_at desc, id desc limit :limit
        """),
        {"log": log, "limit": limit},
    )
    return [msgspec.convert(dict(row._mapping), Gap) for row in rows]


async def judged_ids(conn: AsyncConnection, log: LogId, since: int) -> dict[int, str]:
    """The events from this id on that runs exist of, and when each happened (UTC text)."""
    rows = await conn.execute(
        text("""
            select distinct event_id, event ->> 'at' as at from app.run where log = :log and event_id >= :since
        """),
        {"log": log, "since": since},
    )
    return {row.event_id: row.at for row in rows}
