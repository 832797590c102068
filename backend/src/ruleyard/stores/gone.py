"""What is known of runs that are not kept any more: the weeks and months that were dropped."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.errors import NotFound
from ruleyard.core.types import RunId


class Gone(msgspec.Struct, frozen=True):
    """The time from which a run was, its first and last day in UTC, and how long runs were kept then."""

    from_on: date
    to_on: date
    keep_days: int
    keep_failed_days: int


class RunGone(NotFound):
    """There was such a run."""

    code = "run-gone"

    def __init__(self, run_id: RunId, gone: Gone) -> None:
        super().__init__(
            f"Run {run_id} is not kept any more: it was of the days from {gone.from_on} to {gone.to_on}. "
            f"Runs that ended well are kept for {gone.keep_days} days, failed ones for {gone.keep_failed_days}."
        )
        self.gone = gone


class Kept(msgspec.Struct, frozen=True):
    """The first day, in UTC, of which runs are all there; of which failed ones are. None where nothing went yet."""

    from_on: date | None
    failed_from_on: date | None


async def no_run(conn: AsyncConnection, run_id: RunId) -> NotFound:
    """To be raised where a run is not found: RunGone where it was in a week or month that was dropped."""
    row = (
        await conn.execute(
            text("""
                select begins_on, ends_on, keep_days, keep_failed_days from app.run_gone
                where :id between first_run and last_run order by ends_on - begins_on, begins_on desc limit 1
            """),
            {"id": run_id},
        )
    ).one_or_none()
    if row is None:
        return NotFound(f"There is no run {run_id}.")
    last = row.ends_on - timedelta(days=1)
    return RunGone(run_id, Gone(row.begins_on, last, row.keep_days, row.keep_failed_days))


async def kept_from(conn: AsyncConnection) -> Kept:
    row = await conn.execute(
        text("""
            select max(ends_on) filter (where shelf = 'recent') as from_on,
              max(ends_on) filter (where shelf = 'kept') as failed_from_on
            from app.run_gone
        """)
    )
    return msgspec.convert(dict(row.one()._mapping), Kept)


async def note_gone(
    conn: AsyncConnection, shelf: str, begins_on: date, ends_on: date, *, days: int, failed_days: int
) -> None:
    """Before a part is dropped, in that transaction; nothing where it holds no run."""
    suffix = f"{shelf}_{begins_on:%Y%m%d}"
    await conn.execute(
        text(f"""
            insert into app.run_gone
              (shelf, begins_on, ends_on, first_run, last_run, size_bytes, keep_days, keep_failed_days)
            select :shelf, :begins, :ends, ids.first, ids.last,
              pg_total_relation_size('app.run_{suffix}') + pg_total_relation_size('app.step_{suffix}')
                + pg_total_relation_size('app.attempt_{suffix}'), :days, :failed_days
            from (select min(id) as first, max(id) as last from app.run_{suffix}) ids
            where ids.first is not null
            on conflict (shelf, begins_on) do update set first_run = least(app.run_gone.first_run, excluded.first_run),
              last_run = greatest(app.run_gone.last_run, excluded.last_run), gone_at = now()
        """),
        {"shelf": shelf, "begins": begins_on, "ends": ends_on, "days": days, "failed_days": failed_days},
    )
