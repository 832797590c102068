"""Outside systems in trouble: how often in a row they failed, and until when they are left in peace.

One row per target (`smtp://host:port`) that failed last; none where all is well. All moments are of the database's
clock.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

IN_A_ROW: Final = 5
"""So many failures of a target, one after the other, open it."""
FORGOTTEN_S: Final = 600
"""Failures that lie further apart are not "in a row"."""
FIRST_PAUSE_S: Final = 15
LONGEST_PAUSE_S: Final = 300
PROBE_S: Final = 40
"""A probe that is silent so long has died with its worker."""
COUNTED: Final = 10_000
WOKEN: Final = 5_000


class Target(msgspec.Struct, frozen=True):
    """A target that does not answer. `waiting` counts runs, up to COUNTED."""

    name: str
    failures: int
    opened_at: datetime
    retry_at: datetime
    error: str
    waiting: int


async def troubled(conn: AsyncConnection) -> dict[str, bool]:
    """Every target that failed last → whether it is open."""
    rows = await conn.execute(text("select name, opened_at is not null as open from app.target"))
    return {row.name: row.open for row in rows}


async def open_targets(conn: AsyncConnection) -> list[Target]:
    """Those that are left in peace, with how many runs wait for each."""
    rows = await conn.execute(
        text("""
            select t.name, t.failures, t.opened_at, t.retry_at, t.error, (
              select count(*) from (
                select from app.run r
                where r.state = 'waiting' and r.fault ->> 'code' = 'target-away'
                  and r.fault #>> '{args,target}' = t.name
                limit :most
              ) w
            ) as waiting
            from app.target t where t.opened_at is not null order by t.name
        """),
        {"most": COUNTED},
    )
    return [msgspec.convert(dict(row._mapping), Target) for row in rows]


async def take_probe(conn: AsyncConnection, name: str) -> bool:
    """Whether the caller is the one who may see if an open target answers again."""
    taken = await conn.execute(
        text("""
            update app.target set probing_until = clock_timestamp() + make_interval(secs => :probe_s)
            where name = :name and opened_at is not null and retry_at <= clock_timestamp()
              and (probing_until is null or probing_until < clock_timestamp())
            returning name
        """),
        {"name": name, "probe_s": PROBE_S},
    )
    return taken.one_or_none() is not None


async def wait_s(conn: AsyncConnection, name: str) -> float | None:
    """Seconds until it is worth asking an open target again; None where it is not open (any more)."""
    found = await conn.execute(
        text("""
            select extract(epoch from greatest(retry_at,
              case when probing_until > clock_timestamp() then clock_timestamp() + interval '5 s' end)
              - clock_timestamp())::float8
            from app.target where name = :name and opened_at is not null
        """),
        {"name": name},
    )
    seconds = found.scalar_one_or_none()
    return None if seconds is None else max(0.0, float(seconds))


async def failed(conn: AsyncConnection, name: str, error: str, *, probe: bool) -> bool:
    """Counts a failure; whether the target is open now. Once open, only a probe makes the pause longer."""
    counted = await conn.execute(
        text("""
            insert into app.target as t (name, failures, failed_at, error)
            values (:name, 1, clock_timestamp(), :error)
            on conflict (name) do update set
              failures = case
                when t.opened_at is null and t.failed_at < clock_timestamp() - make_interval(secs => :forgotten) then 1
                when t.opened_at is null or :probe then t.failures + 1
                else t.failures end,
              failed_at = clock_timestamp(), error = excluded.error
            returning t.failures, t.opened_at is not null as open
        """),
        {"name": name, "error": error[:500], "forgotten": FORGOTTEN_S, "probe": probe},
    )
    row = counted.one()
    if row.failures < IN_A_ROW or (row.open and not probe):
        return bool(row.open)
    pause_s = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** min(row.failures - IN_A_ROW, 10))
    await conn.execute(
        text("""
            update app.target set opened_at = coalesce(opened_at, clock_timestamp()), probing_until = null,
              retry_at = clock_timestamp() + make_interval(secs => :pause * (0.9 + random() / 5))
            where name = :name
        """),
        {"name": name, "pause": float(pause_s)},
    )
    return True


async def answered(conn: AsyncConnection, name: str) -> None:
    """All is well: forgotten, and whoever waits for it is woken."""
    gone = await conn.execute(
        text("delete from app.target where name = :name returning opened_at is not null as open"),
        {"name": name},
    )
    if (row := gone.one_or_none()) is None or not row.open:
        return
    await conn.execute(
        text("""
            update app.run set wake_at = clock_timestamp()
            where id in (
              select id from app.run
              where state = 'waiting' and fault ->> 'code' = 'target-away' and fault #>> '{args,target}' = :name
              order by id limit :most for update skip locked)
        """),
        {"name": name, "most": WOKEN},
    )
