"""How much room everything takes that grows: runs, steps, attempts, figures, the log of what people did, and so on.

Sizes are the server's own (tables with their indexes); what is in an event log is told by `log_health`.
"""

from __future__ import annotations

from datetime import date
from typing import Final, Literal

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

Kind = Literal[
    "runs", "steps", "attempts", "figures", "backtests", "notifications", "audit", "rules", "other"
]


class Room(msgspec.Struct, frozen=True):
    """`growth_bytes` a day, over the last whole week or since this one began; None where it is not known."""

    kind: Kind
    size_bytes: int
    growth_bytes: int | None


class NextToGo(msgspec.Struct, frozen=True):
    """The oldest week of runs: its first and last day, from when on it may be dropped, and what it takes."""

    from_on: date
    to_on: date
    goes_on: date
    size_bytes: int


_KINDS: Final[dict[str, Kind]] = {
    "run": "runs",
    "step": "steps",
    "attempt": "attempts",
    "run_count": "figures",
    "run_pace": "figures",
    "run_change": "figures",
    "judged": "figures",
    "heard": "figures",
    "backtest": "backtests",
    "backtest_match": "backtests",
    "notification": "notifications",
    "notification_read": "notifications",
    "audit": "audit",
    "rule": "rules",
    "draft": "rules",
    "version": "rules",
    "live_period": "rules",
}
_PARTED: Final = ("run", "step", "attempt")


async def rooms(conn: AsyncConnection) -> list[Room]:
    """By kind, the largest first, what has no name of its own last."""
    rows = await conn.execute(
        text("""
            with leaves as (
              select coalesce(p.noun, c.relname) as name, c.relname, c.oid
              from pg_class c
              left join lateral (
                select noun from unnest(cast(:parted as text[])) noun
                where c.relispartition and c.relname ~ ('^' || noun || '_(recent|kept|long)')) p on true
              where c.relnamespace = 'app'::regnamespace and c.relkind = 'r'
            ), weeks as (
              select date_trunc('week', now() at time zone 'UTC')::date as monday
            ), sized as (
              select name, relname, pg_total_relation_size(oid) as bytes from leaves
            )
            select name, coalesce(sum(bytes), 0)::bigint as size_bytes,
              coalesce(max(bytes) filter (
                where relname = name || '_recent_' || to_char(monday - 7, 'YYYYMMDD')), 0) as last_week,
              coalesce(max(bytes) filter (
                where relname = name || '_recent_' || to_char(monday, 'YYYYMMDD')), 0) as this_week,
              extract(epoch from (now() at time zone 'UTC') - max(monday)) / 86400 as days
            from sized, weeks group by name
        """),
        {"parted": list(_PARTED)},
    )
    found: dict[Kind, tuple[int, int | None]] = {}
    for row in rows:
        kind = _KINDS.get(row.name, "other")
        size, growth = found.get(kind, (0, None))
        if row.name in _PARTED:
            lately = row.this_week / max(1.0, float(row.days))
            growth = round(max(row.last_week / 7, lately))
        found[kind] = (size + row.size_bytes, growth)
    every = [Room(kind, size, growth) for kind, (size, growth) in found.items()]
    return sorted(every, key=lambda one: (one.kind == "other", -one.size_bytes))


async def next_to_go(conn: AsyncConnection, days: int) -> NextToGo | None:
    """Of runs that ended well and are kept for `days`. None before the first week."""
    row = (
        await conn.execute(
            text("""
                select w.begins as from_on, w.begins + 6 as to_on, w.begins + 7 + cast(:days as integer) as goes_on,
                  (select sum(pg_total_relation_size(to_regclass('app.' || noun || w.suffix)))
                    from unnest(cast(:parted as text[])) noun)::bigint as size_bytes
                from (
                  select to_date(right(c.relname, 8), 'YYYYMMDD') as begins, substr(c.relname, 4) as suffix
                  from pg_inherits i join pg_class c on c.oid = i.inhrelid
                  where i.inhparent = 'app.run_recent'::regclass and c.relname ~ '_[0-9]{8}$'
                  order by 2 limit 1) w
            """),
            {"days": days, "parted": list(_PARTED)},
        )
    ).one_or_none()
    return None if row is None else msgspec.convert(dict(row._mapping), NextToGo)


async def database_bytes(conn: AsyncConnection) -> int:
    """All of our database, with what is not ours in it."""
    found = await conn.execute(text("select pg_database_size(current_database())"))
    return int(found.scalar_one())
