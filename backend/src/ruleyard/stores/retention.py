"""Retention of runs: whole partitions are dropped, and what must be kept longer is moved out of them before.

Knows the partitions of `app.run`, `app.step` and `app.attempt` (migration 0010); decides nothing about how long.
Every function is one short transaction: none keeps a claim or a lane waiting longer than LOCK_MS.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final, Literal

import msgspec
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from ruleyard.stores.db import transaction
from ruleyard.stores.gone import note_gone

LOCK_MS: Final = 300
MOVED_AT_ONCE: Final = 500
NOUNS: Final = ("attempt", "step", "run")
LOCK_NOT_AVAILABLE: Final = "55P03"
ANALYZE_S: Final = 600.0

Shelf = Literal["recent", "kept"]
_LAST: Final[dict[Shelf, str]] = {
    "recent": "'succeeded', 'skipped', 'cancelled'",
    "kept": "'failed', 'succeeded', 'skipped', 'cancelled'",
}
"""States that leave with a part of this shelf; all others are moved first."""


class Part(msgspec.Struct, frozen=True):
    """A week of recent runs or a month of kept ones: from `begins_on` until before `ends_on`, days of events."""

    shelf: Shelf
    begins_on: date
    ends_on: date

    def table(self, noun: str) -> str:
        return f"{noun}_{self.shelf}_{self.begins_on:%Y%m%d}"


async def add_parts(conn: AsyncConnection, *, weeks_ahead: int = 2) -> bool:
    """Weeks from the last one on. False: somebody is in the way; events of weeks without one go to a part for all."""
    added = await conn.execute(
        text("""
            select app.add_weeks((now() at time zone 'UTC')::date - 7,
              (now() at time zone 'UTC')::date + 7 * cast(:weeks as integer))
        """),
        {"weeks": weeks_ahead},
    )
    return bool(added.scalar_one())


async def parts_before(conn: AsyncConnection, shelf: Shelf, days: int) -> list[Part]:
    """Parts whose events all happened more than `days` ago, the oldest first."""
    found = await conn.execute(
        text("""
            select to_date(right(c.relname, 8), 'YYYYMMDD') as begins_on,
              cast(substring(pg_get_expr(c.relpartbound, c.oid) from 'TO \\(''([0-9-]+)''\\)') as date) as ends_on
            from pg_inherits i join pg_class c on c.oid = i.inhrelid
            where i.inhparent = cast(:parent as regclass) and c.relname ~ '_[0-9]{8}$'
            order by 1
        """),
        {"parent": f"app.run_{shelf}"},
    )
    today = (await conn.execute(text("select (now() at time zone 'UTC')::date"))).scalar_one()
    return [
        Part(shelf, row.begins_on, row.ends_on)
        for row in found
        if row.ends_on <= today - timedelta(days=days)
    ]


async def is_young(conn: AsyncConnection, part: Part, days: int) -> bool:
    """A run of its may be younger than its event: a lane that caught up late made it."""
    found = await conn.execute(
        text(f"""
            select exists (select from app.{part.table("run")}
              where created_at >= now() - make_interval(days => :days))
        """),
        {"days": days},
    )
    return bool(found.scalar_one())


async def move_out(engine: AsyncEngine, part: Part) -> int | None:
    """Failed runs to their month, open ones to the shelf of the long ones, with steps and attempts.

    How many; None when there was no room for them yet. Runs that are performed at this moment stay.
    """
    moved = 0
    while True:
        async with transaction(engine) as conn:
            if part.shelf == "recent" and not await _add_months(conn, part):
                return None
            found = await conn.execute(text(_move(part)), {"limit": MOVED_AT_ONCE})
            count: int = found.scalar_one()
        moved += count
        if count < MOVED_AT_ONCE:
            return moved


async def _add_months(conn: AsyncConnection, part: Part) -> bool:
    added = await conn.execute(
        text("""
            select bool_and(app.add_part('kept', cast(m as date), cast(m + interval '1 month' as date)))
            from generate_series(date_trunc('month', cast(cast(:begins as date) as timestamp)),
              cast(cast(:last as date) as timestamp), '1 month') m
        """),
        {"begins": part.begins_on, "last": part.ends_on - timedelta(days=1)},
    )
    return bool(added.scalar_one())


def _move(part: Part) -> str:
    to_move = "'failed', 'queued', 'waiting'" if part.shelf == "recent" else "'queued', 'waiting'"
    shelf = 0 if part.shelf == "recent" else 1
    return f"""
        with chosen as materialized (
          select id, event_on, case when state = 'failed' then 1 else 2 end as shelf
          from app.{part.table("run")} where state in ({to_move})
          limit :limit for update skip locked
        ), runs as (
          update app.run r set shelf = chosen.shelf from chosen
          where r.id = chosen.id and r.event_on = chosen.event_on and r.shelf = {shelf}
        ), steps as (
          update app.step s set shelf = chosen.shelf from chosen
          where s.run_id = chosen.id and s.event_on = chosen.event_on and s.shelf = {shelf}
          returning s.id, s.event_on, s.shelf
        ), attempts as (
          update app.attempt a set shelf = steps.shelf from steps
          where a.step_id = steps.id and a.event_on = steps.event_on and a.shelf = {shelf}
        )
        select count(*) from chosen
    """


async def drop_part(engine: AsyncEngine, part: Part, *, days: int, failed_days: int) -> bool:
    """Takes the part off its shelf and drops it. False: somebody is in the way, or a run in it is not at its end."""
    try:
        async with transaction(engine) as conn:
            await _wait_little(conn)
            run = part.table("run")
            await conn.execute(text(f"lock table app.{run} in access exclusive mode"))
            left = await conn.execute(
                text(f"select exists (select from app.{run} where state not in ({_LAST[part.shelf]}))")
            )
            if left.scalar_one():
                return False
            await note_gone(
                conn, part.shelf, part.begins_on, part.ends_on, days=days, failed_days=failed_days
            )
            for noun in NOUNS:
                await conn.execute(
                    text(f"alter table app.{noun}_{part.shelf} detach partition app.{part.table(noun)}")
                )
        await drop_detached(engine)
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) == LOCK_NOT_AVAILABLE:
            return False
        raise
    return True


async def drop_detached(engine: AsyncEngine) -> None:
    """Parts that are off their shelf: nobody reads them, so nobody waits. Also those of a process that died between."""
    async with transaction(engine) as conn:
        found = await conn.execute(
            text("""
                select c.relname from pg_class c
                where c.relnamespace = 'app'::regnamespace and c.relkind = 'r' and not c.relispartition
                  and c.relname ~ '^(run|step|attempt)_(recent|kept)_[0-9]{8}$'
            """)
        )
        await _wait_little(conn)
        for row in found:
            await conn.execute(text(f"drop table app.{row.relname}"))


async def delete_some(engine: AsyncEngine, *, days: int, failed_days: int) -> int:
    """From the shelves that are no weeks or months (long runs, events of odd moments): a bounded number at a time."""
    async with transaction(engine) as conn:
        found = await conn.execute(
            text(f"""
                with chosen as materialized (
                  select id, event_on, shelf from (
                    select id, event_on, shelf, state, created_at, finished_at from app.run_long
                    union all select id, event_on, shelf, state, created_at, finished_at from app.run_recent_other
                    union all select id, event_on, shelf, state, created_at, finished_at from app.run_kept_other) r
                  where state in ({_LAST["kept"]}) and greatest(created_at, finished_at)
                    < now() - make_interval(days =>
                      case when state = 'failed' then cast(:failed_days as integer) else :days end)
                  limit :limit
                ), runs as (
                  delete from app.run r using chosen
                  where r.id = chosen.id and r.event_on = chosen.event_on and r.shelf = chosen.shelf
                ), steps as (
                  delete from app.step s using chosen
                  where s.run_id = chosen.id and s.event_on = chosen.event_on and s.shelf = chosen.shelf
                  returning s.id, s.event_on, s.shelf
                ), attempts as (
                  delete from app.attempt a using steps
                  where a.step_id = steps.id and a.event_on = steps.event_on and a.shelf = steps.shelf
                )
                select count(*) from chosen
            """),
            {"days": days, "failed_days": failed_days, "limit": MOVED_AT_ONCE},
        )
        return int(found.scalar_one())


async def analyze(engine: AsyncEngine) -> list[str]:
    """What the planner believes of the whole, where that is half or twice what it was told last; which nouns.

    Autovacuum looks at partitions only, never at what they are part of.
    """
    async with transaction(engine) as conn:
        changed = await conn.execute(
            text("""
                select noun from unnest(cast(:nouns as text[])) noun
                join pg_class whole on whole.oid = to_regclass('app.' || noun)
                cross join lateral (
                  select coalesce(sum(greatest(part.reltuples, 0)), 0) as rows
                  from pg_partition_tree(whole.oid) t join pg_class part on part.oid = t.relid where t.isleaf) parts
                where parts.rows not between greatest(whole.reltuples, 0) / 2 and greatest(whole.reltuples, 0) * 2
            """),
            {"nouns": list(NOUNS)},
        )
        stale = [str(row.noun) for row in changed]
        await conn.execute(text("set local statement_timeout = 0"))
        driver = (await conn.get_raw_connection()).driver_connection
        if driver is None:
            raise AssertionError("a connection without a driver")
        for noun in stale:
            await driver.execute(f"analyze app.{noun}", timeout=ANALYZE_S)
    return stale


async def _wait_little(conn: AsyncConnection) -> None:
    await conn.execute(text(f"select set_config('lock_timeout', '{LOCK_MS}ms', true)"))
