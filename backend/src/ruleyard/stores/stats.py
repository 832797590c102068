"""The dashboard's figures over a period: from counts and not from runs, so that they cost the same with any number.

Writes nothing.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.trace import StepError
from ruleyard.core.types import RuleId, RunId
from ruleyard.stores.run_counts import Unit, counts, pace, quantile_ms

Period = Literal["24h", "7d", "14d", "30d"]
_BUCKETS: Final[dict[Period, tuple[Unit, int]]] = {
    "24h": ("hour", 24),
    "7d": ("day", 7),
    "14d": ("day", 14),
    "30d": ("day", 30),
}


class Bucket(msgspec.Struct, frozen=True):
    at: datetime
    succeeded: int
    failed: int
    other: int


class Active(msgspec.Struct, frozen=True):
    rule_id: RuleId
    name: str
    runs: int
    failed: int


class Trouble(msgspec.Struct, frozen=True):
    rule_id: RuleId
    name: str
    reason: str
    fault: StepError | None
    failed: int
    run_id: RunId


class Figures(msgspec.Struct, frozen=True):
    """`success_rate` is 0..1 of the finished runs, None where none finished; durations from start to end."""

    period: Period
    runs: int
    runs_before: int
    succeeded: int
    failed: int
    success_rate: float | None
    median_ms: int | None
    p95_ms: int | None
    waiting: int
    oldest_wait_at: datetime | None
    judged: int
    series: tuple[Bucket, ...]
    active: tuple[Active, ...]
    attention: tuple[Trouble, ...]


async def figures(conn: AsyncConnection, period: Period) -> Figures:
    """The period's buckets end with the one that is going on now; UTC days or hours, none left out.

    Counts are of runs opened in the period, whether they are still kept or not.
    """
    unit, count = _BUCKETS[period]
    span = {"count": count}
    bounds = f"""
        with span as (
          select date_trunc('{unit}', now()) - (cast(:count as integer) - 1) * interval '1 {unit}' as since,
            cast(:count as integer) * interval '1 {unit}' as length
        ), {counts(unit, "(select since - length from span)")}, {pace(unit, "(select since from span)")}"""
    totals = (
        await conn.execute(
            text(f"""{bounds}
                select coalesce(sum(opened) filter (where at >= since), 0)::bigint as runs,
                  coalesce(sum(opened) filter (where at < since), 0)::bigint as runs_before,
                  coalesce(sum(succeeded) filter (where at >= since), 0)::bigint as succeeded,
                  coalesce(sum(failed) filter (where at >= since), 0)::bigint as failed,
                  (select count(*) from app.run where state = 'waiting' and parent_run is null) as waiting,
                  (select min(coalesce(started_at, created_at)) from app.run
                    where state = 'waiting' and parent_run is null) as oldest_wait_at,
                  (select coalesce(sum(events), 0)::bigint from app.heard h, span
                    where h.hour >= span.since) as judged
                from counts, span
            """),
            span,
        )
    ).one()
    took = [
        (row.bucket, row.runs)
        for row in await conn.execute(
            text(
                f"{bounds} select bucket, sum(runs)::bigint as runs from pace group by bucket order by bucket"
            ),
            span,
        )
    ]
    series = await conn.execute(
        text(f"""{bounds}
            select b.at, coalesce(c.succeeded, 0) as succeeded, coalesce(c.failed, 0) as failed,
              coalesce(c.opened - c.succeeded - c.failed, 0) as other
            from span, generate_series(span.since, now(), interval '1 {unit}') as b(at)
            left join (
              select at, sum(opened)::bigint as opened, sum(succeeded)::bigint as succeeded,
                sum(failed)::bigint as failed
              from counts group by 1) c on c.at = b.at
            order by b.at
        """),
        span,
    )
    active = await conn.execute(
        text(f"""{bounds}
            select x.rule_id, r.name, x.runs, x.failed
            from (
              select rule_id, sum(opened)::bigint as runs, sum(failed)::bigint as failed
              from counts, span where at >= since group by rule_id having sum(opened) > 0
              order by 2 desc, 1 limit 8) x
            join app.rule r on r.id = x.rule_id order by x.runs desc, x.rule_id
        """),
        span,
    )
    attention = await conn.execute(
        text(f"""{bounds}
            select x.rule_id, r.name, l.error as reason, l.fault::text as fault, x.failed, l.id as run_id
            from (
              select rule_id, sum(failed)::bigint as failed
              from counts, span where at >= since group by rule_id having sum(failed) > 0
              order by 2 desc, 1 limit 8) x
            join app.rule r on r.id = x.rule_id
            cross join lateral (
              select id, error, fault from app.run where rule_id = x.rule_id and state = 'failed' and parent_run is null
              order by id desc limit 1) l
            where r.archived_at is null order by x.failed desc, x.rule_id
        """),
        span,
    )
    finished = totals.succeeded + totals.failed
    return Figures(
        period=period,
        runs=totals.runs,
        runs_before=totals.runs_before,
        succeeded=totals.succeeded,
        failed=totals.failed,
        success_rate=totals.succeeded / finished if finished else None,
        median_ms=quantile_ms(took, 0.5),
        p95_ms=quantile_ms(took, 0.95),
        waiting=totals.waiting,
        oldest_wait_at=totals.oldest_wait_at,
        judged=totals.judged,
        series=tuple(msgspec.convert(dict(row._mapping), Bucket) for row in series),
        active=tuple(msgspec.convert(dict(row._mapping), Active) for row in active),
        attention=tuple(
            msgspec.convert(
                {**row._mapping, "fault": None if row.fault is None else msgspec.json.decode(row.fault)},
                Trouble,
            )
            for row in attention
        ),
    )
