"""How many runs were opened, how they ended and how long they took: by hour and day, kept when the runs are gone.

Triggers on `app.run` write each change down in the statement that makes it (`app.run_change`, migration 0017), so it
counts exactly once, whoever makes it. The clock adds changes to the sums; readers take both. Knows nothing of periods.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from ruleyard.stores.db import transaction

Unit = Literal["hour", "day"]

FOLDED_AT_ONCE: Final = 20_000
VACUUM_FROM: Final = 2_000
KEEP_HOURS: Final = 72
"""Of sums by the hour; those by the day are kept for KEEP_DAYS."""
KEEP_DAYS: Final = 730

_OUTCOMES: Final = ("opened", "succeeded", "failed", "skipped", "cancelled")


def counts(unit: Unit, since: str, *, name: str = "counts") -> str:
    """SQL: a part of a `with`: runs opened since then, many rows for one `at` and `version_id`, to be summed.

    `since`: an expression for the beginning of an hour or day in UTC, at most KEEP_HOURS or KEEP_DAYS ago.
    """
    columns = ", ".join(f"case outcome when '{one}' then runs else 0 end" for one in _OUTCOMES)
    return f"""
        {name} as materialized (
          select at, rule_id, version_id, {", ".join(_OUTCOMES)} from app.run_count
          where span = '{unit}' and at >= {since}
          union all
          select date_trunc('{unit}', at, 'UTC'), rule_id, version_id, {columns}
          from app.run_change where at >= {since}
        )
    """


def pace(unit: Unit, since: str) -> str:
    """SQL: a part of a `with`, likewise: `bucket`, and how many runs took so long."""
    return f"""
        pace as (
          select bucket, runs from app.run_pace where span = '{unit}' and at >= {since}
          union all
          select app.ms_bucket(ms), runs from app.run_change where ms is not null and at >= {since}
        )
    """


async def keep_counts(engine: AsyncEngine) -> int:
    """Adds the changes to the sums, and makes room after many, for readers read past those that are gone; how many."""
    folded, last = 0, FOLDED_AT_ONCE
    while last == FOLDED_AT_ONCE:
        async with transaction(engine) as conn:
            last = await _fold(conn)
        folded += last
    if folded > VACUUM_FROM:
        async with engine.connect() as conn:
            await conn.execution_options(isolation_level="AUTOCOMMIT")
            await conn.execute(text("vacuum (skip_locked) app.run_change"))
    return folded


async def _fold(conn: AsyncConnection) -> int:
    """A bounded number; one process at a time does it."""
    mine = await conn.execute(text("select pg_try_advisory_xact_lock(hashtext('ruleyard.run_counts'))"))
    if not mine.scalar_one():
        return 0
    folded = await conn.execute(
        text("""
            with gone as materialized (
              delete from app.run_change
              where ctid = any(array(select ctid from app.run_change limit :limit)) returning *
            ), spans as materialized (
              select s.span, date_trunc(s.span, gone.at, 'UTC') as at, rule_id, version_id, outcome, runs, ms
              from gone, (values ('hour'), ('day')) as s(span)
            ), counted as (
              insert into app.run_count as c
                (span, at, rule_id, version_id, opened, succeeded, failed, skipped, cancelled, ms)
              select span, at, rule_id, version_id,
                coalesce(sum(runs) filter (where outcome = 'opened'), 0),
                coalesce(sum(runs) filter (where outcome = 'succeeded'), 0),
                coalesce(sum(runs) filter (where outcome = 'failed'), 0),
                coalesce(sum(runs) filter (where outcome = 'skipped'), 0),
                coalesce(sum(runs) filter (where outcome = 'cancelled'), 0),
                coalesce(sum(runs * ms), 0)
              from spans group by 1, 2, 3, 4
              on conflict (span, at, rule_id, version_id) do update set
                opened = c.opened + excluded.opened, succeeded = c.succeeded + excluded.succeeded,
                failed = c.failed + excluded.failed, skipped = c.skipped + excluded.skipped,
                cancelled = c.cancelled + excluded.cancelled, ms = c.ms + excluded.ms
            ), paced as (
              insert into app.run_pace as p (span, at, bucket, runs)
              select span, at, app.ms_bucket(ms), sum(runs) from spans where ms is not null group by 1, 2, 3
              on conflict (span, at, bucket) do update set runs = p.runs + excluded.runs
            )
            select count(*) from gone
        """),
        {"limit": FOLDED_AT_ONCE},
    )
    return int(folded.scalar_one())


async def forget(conn: AsyncConnection) -> int:
    """Removes sums that nobody looks at any more; how many."""
    gone = 0
    for table in ("run_count", "run_pace"):
        removed = await conn.execute(
            text(f"""
                delete from app.{table}
                where span = 'hour' and at < now() - make_interval(hours => :hours)
                  or span = 'day' and at < now() - make_interval(days => :days)
            """),
            {"hours": KEEP_HOURS, "days": KEEP_DAYS},
        )
        gone += removed.rowcount
    return gone


def quantile_ms(pace: Sequence[tuple[int, int]], share: float) -> int | None:
    """From (bucket, runs) in order: the duration that `share` of the runs did not exceed, in ms, within 4.5 %.

    None where nothing ended.
    """
    place = share * sum(runs for _, runs in pace)
    passed = 0
    for bucket, runs in pace:
        if runs > 0 and passed + runs >= place:
            return round(2 ** ((bucket + (place - passed) / runs) / 16) - 1)
        passed += runs
    return None
