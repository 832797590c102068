"""The dashboard's figures over a period, by indexed queries. Writes nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.trace import StepError
from ruleyard.core.types import RuleId, RunId

Period = Literal["24h", "7d", "14d", "30d"]
_BUCKETS: Final[dict[Period, tuple[str, int]]] = {
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
    """The period's buckets end with the one that is going on now; UTC days or hours, none left out."""
    unit, count = _BUCKETS[period]
    span = {"unit": unit, "count": count}
    bounds = """
        with span as (
          select date_trunc(:unit, now()) - (cast(:count as integer) - 1) * ('1 ' || :unit)::interval as since,
            cast(:count as integer) * ('1 ' || :unit)::interval as length
        )"""
    totals = (
        await conn.execute(
            text(f"""{bounds}
                select count(*) as runs, count(*) filter (where state = 'succeeded') as succeeded,
                  count(*) filter (where state = 'failed') as failed,
                  percentile_cont(0.5) within group (order by ms) as median_ms,
                  percentile_cont(0.95) within group (order by ms) as p95_ms,
                  (select count(*) from app.run r, span
                    where r.created_at >= span.since - span.length and r.created_at < span.since) as runs_before,
                  (select count(*) from app.run where state = 'waiting') as waiting,
                  (select min(coalesce(started_at, created_at)) from app.run where state = 'waiting') as oldest_wait_at,
                  (select coalesce(sum(events), 0)::bigint from app.heard h, span
                    where h.hour >= span.since) as judged
                from (
                  select state, extract(epoch from finished_at - coalesce(started_at, created_at)) * 1000 as ms
                  from app.run, span where created_at >= span.since) x
            """),
            span,
        )
    ).one()
    series = await conn.execute(
        text(f"""{bounds}
            select b.at, coalesce(c.succeeded, 0) as succeeded, coalesce(c.failed, 0) as failed,
              coalesce(c.other, 0) as other
            from span, generate_series(span.since, now(), ('1 ' || :unit)::interval) as b(at)
            left join (
              select date_trunc(:unit, created_at) as at, count(*) filter (where state = 'succeeded') as succeeded,
                count(*) filter (where state = 'failed') as failed,
                count(*) filter (where state not in ('succeeded', 'failed')) as other
              from app.run, span where created_at >= span.since group by 1) c on c.at = b.at
            order by b.at
        """),
        span,
    )
    active = await conn.execute(
        text(f"""{bounds}
            select x.rule_id, r.name, x.runs, x.failed
            from (
              select rule_id, count(*) as runs, count(*) filter (where state = 'failed') as failed
              from app.run, span where created_at >= span.since group by rule_id
              order by 2 desc, 1 limit 8) x
            join app.rule r on r.id = x.rule_id order by x.runs desc, x.rule_id
        """),
        span,
    )
    attention = await conn.execute(
        text(f"""{bounds}
            select x.rule_id, r.name, l.error as reason, l.fault::text as fault, x.failed, x.run_id
            from (
              select rule_id, count(*) as failed, max(id) as run_id
              from app.run, span where created_at >= span.since and state = 'failed' group by rule_id
              order by 2 desc, 1 limit 8) x
            join app.rule r on r.id = x.rule_id join app.run l on l.id = x.run_id
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
        median_ms=None if totals.median_ms is None else round(totals.median_ms),
        p95_ms=None if totals.p95_ms is None else round(totals.p95_ms),
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
