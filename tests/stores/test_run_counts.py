"""Counts by the hour and day equal a plain count of the runs, whatever befell them, and outlive them."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.core.event import Event
from ruleyard.core.types import EventId, LogId, RuleId, RunId, VersionId
from ruleyard.intake.retention import keep_runs
from ruleyard.stores import run_care
from ruleyard.stores.claims import claim
from ruleyard.stores.db import transaction
from ruleyard.stores.new_runs import NewRun, open_runs
from ruleyard.stores.run_counts import counts, keep_counts, quantile_ms
from ruleyard.stores.runs import sweep_leases
from ruleyard.stores.stats import Figures, figures
from ruleyard.stores.steps import Progress, record

RULES = 3
ENDS = ("succeeded", "failed", "skipped", "cancelled")
AT = "2026-11-22T09:00:00+00:00"

PLAIN = """
    select date_trunc(:unit, created_at) as at, version_id, count(*) as opened,
      count(*) filter (where state = 'succeeded') as succeeded, count(*) filter (where state = 'failed') as failed,
      count(*) filter (where state = 'skipped') as skipped, count(*) filter (where state = 'cancelled') as cancelled
    from app.run group by 1, 2 order by 1, 2
"""
PLAIN_MS = """
    select coalesce(sum((extract(epoch from finished_at - coalesce(started_at, created_at)) * 1000)::bigint), 0) as ms,
      count(finished_at) as ended from app.run
"""


@pytest.fixture(autouse=True)
async def rules(engine: AsyncEngine) -> None:
    async with transaction(engine) as conn:
        await conn.execute(text("select app.add_weeks((now() at time zone 'UTC')::date - 160, current_date)"))
        await conn.execute(
            text("insert into app.rule (name) select 'Rule ' || n from generate_series(1, :n) n"),
            {"n": RULES},
        )
        await conn.execute(
            text(
                "insert into app.version (rule_id, number, document) select id, 1, '{}' from app.rule order by id"
            )
        )


def change(number: int, *, at: str = AT) -> Event:
    return Event(
        LogId(1),
        EventId(number),
        number % 16,
        "public.leads",
        "update",
        {"id": number % 40},
        at,
    )


async def opened(engine: AsyncEngine, numbers: range, dice: random.Random) -> list[RunId]:
    async with transaction(engine) as conn:
        return await open_runs(
            conn,
            [
                NewRun(
                    RuleId(rule := dice.randint(1, RULES)),
                    VersionId(rule),
                    change(number),
                    number % 16,
                    overlap=dice.choice(("queue", "skip", "restart")),
                )
                for number in numbers
            ],
        )


async def worked(engine: AsyncEngine, dice: random.Random) -> None:
    """A worker claims some, and ends, gives back or loses them."""
    async with transaction(engine) as conn:
        claimed = (await claim(conn, dice.randrange(16), "w", 8)).claims
    async with transaction(engine) as conn:
        await record(
            conn,
            [
                Progress(
                    one.id,
                    one.attempt,
                    dice.choice((*ENDS, *ENDS, "waiting", "queued")),
                    wake_in_s=0.0,
                )
                for one in claimed
                if dice.random() < 0.8
            ],
        )


async def cared(engine: AsyncEngine, dice: random.Random) -> None:
    """Somebody retries a failed run or cancels an open one; or a worker that was silent is too late."""
    async with transaction(engine) as conn:
        found = await conn.execute(text("select id, state from app.run order by id"))
        rows: list[Any] = list(found)
        failed = [row.id for row in rows if row.state == "failed"]
        busy = [row.id for row in rows if row.state in ("queued", "running", "waiting")]
        match dice.randrange(3):
            case 0 if failed:
                await run_care.retry(conn, RunId(dice.choice(failed)))
            case 1 if busy:
                await run_care.cancel(conn, RunId(dice.choice(busy)))
            case _:
                await conn.execute(
                    text("update app.run set lease_until = now() - interval '1 s' where lease_until > now()")
                )
                await conn.execute(
                    text("update app.run set deaths = 2 where state = 'running' and id % 2 = 0")
                )
                await sweep_leases(conn)


async def aged(engine: AsyncEngine) -> None:
    """The runs happened over the last 150 days."""
    async with transaction(engine) as conn:
        await conn.execute(
            text("update app.run set state = 'cancelled', finished_at = now() where state = 'running'")
        )
        await conn.execute(
            text("""
                update app.run set created_at = created_at - id % 150 * interval '1 day',
                  started_at = started_at - id % 150 * interval '1 day',
                  finished_at = finished_at - id % 150 * interval '1 day' + id * interval '37 ms'
            """)
        )
        await conn.execute(
            text("update app.run set event_on = (now() at time zone 'UTC')::date - (id % 150)::integer")
        )


async def counted(engine: AsyncEngine, unit: str = "day") -> list[tuple[Any, ...]]:
    assert unit in ("day", "hour")
    async with transaction(engine) as conn:
        rows = await conn.execute(
            text(f"""
                with {counts("day" if unit == "day" else "hour", "timestamptz '2000-01-01'")}
                select at, version_id, sum(opened)::bigint, sum(succeeded)::bigint, sum(failed)::bigint,
                  sum(skipped)::bigint, sum(cancelled)::bigint
                from counts group by 1, 2 having sum(opened) > 0 order by 1, 2
            """)
        )
        return [tuple(row) for row in rows]


async def plain(engine: AsyncEngine, unit: str = "day") -> list[tuple[Any, ...]]:
    async with transaction(engine) as conn:
        return [tuple(row) for row in await conn.execute(text(PLAIN), {"unit": unit})]


async def shown(engine: AsyncEngine) -> Figures:
    async with transaction(engine) as conn:
        return await figures(conn, "30d")


@pytest.mark.parametrize("seed", [1, 2])
async def test_counts_equal_a_plain_count_whatever_befalls_the_runs(engine: AsyncEngine, seed: int) -> None:
    dice = random.Random(seed)
    for round_ in range(25):
        numbers = range(round_ * 5, round_ * 5 + dice.randint(1, 9))  # some events are read twice
        await opened(engine, numbers, dice)
        await asyncio.gather(worked(engine, dice), worked(engine, dice))
        await cared(engine, dice)
        if dice.random() < 0.2:
            await keep_counts(engine)
    for unit in ("day", "hour"):
        assert await counted(engine, unit) == await plain(engine, unit)
    seen = await plain(engine)
    assert all(sum(row[column] for row in seen) > 0 for column in range(2, 7)), "every outcome was met"
    await keep_counts(engine)
    assert await counted(engine) == seen
    async with transaction(engine) as conn:
        ms, ended = (await conn.execute(text(PLAIN_MS))).one()
        kept = await conn.execute(text("select sum(ms)::bigint from app.run_count where span = 'day'"))
        assert kept.scalar_one() == ms
        paced = await conn.execute(text("select sum(runs)::bigint from app.run_pace where span = 'day'"))
        assert paced.scalar_one() == ended


async def test_figures_stay_when_runs_move_to_another_shelf_and_go(
    engine: AsyncEngine,
) -> None:
    dice = random.Random(3)
    await opened(engine, range(600), dice)
    for _ in range(80):
        await worked(engine, dice)
    await aged(engine)
    before, seen = await plain(engine), await shown(engine)
    done = await keep_runs(engine, days=7, failed_days=14)
    assert done.dropped
    assert done.moved > 0
    assert len(await plain(engine)) < len(before)
    assert await counted(engine) == before
    after = await shown(engine)
    assert (after.series, after.runs, after.active) == (
        seen.series,
        seen.runs,
        seen.active,
    )
    assert (after.median_ms, after.p95_ms) == (seen.median_ms, seen.p95_ms)
    await keep_counts(engine)
    assert (await shown(engine)).series == seen.series


async def test_what_is_rolled_back_is_not_counted_and_several_that_fold_count_once(
    engine: AsyncEngine,
) -> None:
    dice = random.Random(4)
    await opened(engine, range(50), dice)
    conn = await engine.connect()
    await conn.execute(text("update app.run set state = 'failed', finished_at = now()"))
    await conn.rollback()
    await conn.close()
    await asyncio.gather(keep_counts(engine), keep_counts(engine), worked(engine, dice))
    await keep_counts(engine)
    assert await counted(engine) == await plain(engine)


async def test_durations_are_right_within_five_in_a_hundred(
    engine: AsyncEngine,
) -> None:
    await opened(engine, range(300), random.Random(5))
    async with transaction(engine) as conn:
        await conn.execute(
            text("""
                update app.run set state = 'succeeded', started_at = now(),
                  finished_at = now() + event_id * event_id * interval '1 ms'
            """)
        )
        exact = (
            await conn.execute(
                text("""
                    select percentile_cont(array[0.5, 0.95]) within group (
                      order by extract(epoch from finished_at - started_at) * 1000) from app.run
                """)
            )
        ).scalar_one()
    seen = await shown(engine)
    assert seen.median_ms == pytest.approx(exact[0], rel=0.05)
    assert seen.p95_ms == pytest.approx(exact[1], rel=0.05)


@pytest.mark.parametrize(
    ("took", "share", "ms"),
    [
        ([], 0.5, None),
        ([(0, 1)], 0.5, 0),
        ([(16, 0)], 0.5, None),
        ([(16, 4)], 1.0, 1),
        ([(0, 9), (160, 1)], 0.95, 1045),
    ],
)
def test_a_quantile_of_buckets(took: list[tuple[int, int]], share: float, ms: int | None) -> None:
    assert quantile_ms(took, share) == ms
