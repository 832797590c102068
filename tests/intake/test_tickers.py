"""Ticks: which moments are made up for, and each exactly once."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.core.graph import Schedule
from ruleyard.core.types import LogId, RuleId, VersionId
from ruleyard.intake.tickers import due_work, make_ticks, ticks_to_make
from ruleyard.stores.db import transaction
from ruleyard.stores.schedules import Due, Visited, start_schedule
from support.published import publish_clock

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOURLY = {"repeat": "hours", "every": 1, "zone": "UTC"}


def hours(*numbers: int) -> tuple[datetime, ...]:
    return tuple(NOON + timedelta(hours=n) for n in numbers)


@pytest.mark.parametrize(
    ("missed", "late_by", "expected"),
    [
        ("last", timedelta(seconds=1), hours(0)),
        ("skip", timedelta(seconds=1), hours(0)),
        ("all", timedelta(seconds=1), hours(0)),
        ("last", timedelta(hours=3, minutes=5), hours(3)),
        ("skip", timedelta(hours=3, minutes=5), ()),
        ("skip", timedelta(hours=3, seconds=5), hours(3)),
        ("all", timedelta(hours=3, minutes=5), hours(0, 1, 2, 3)),
    ],
)
def test_missed_moments_are_made_up_for_as_the_schedule_says(
    missed: Any, late_by: timedelta, expected: tuple[datetime, ...]
) -> None:
    schedule = Schedule(repeat="hours", every=1, missed=missed)
    ticks, upcoming = ticks_to_make(Due(RuleId(1), VersionId(1), schedule, NOON, NOON + late_by))
    assert ticks == expected
    assert upcoming is not None
    assert NOON + late_by < upcoming <= NOON + late_by + timedelta(hours=1)


def test_a_year_of_missed_minutes_is_made_up_for_by_a_hundred() -> None:
    schedule = Schedule(repeat="minutes", every=30, missed="all")
    ticks, _ = ticks_to_make(Due(RuleId(1), VersionId(1), schedule, NOON, NOON + timedelta(days=365)))
    assert len(ticks) == 100
    assert ticks[-1] == NOON + timedelta(days=365)


async def test_a_tick_is_made_once_however_many_clocks_look(engine: AsyncEngine) -> None:
    rule, _ = await publish_clock(engine, HOURLY, datetime.now(UTC) - timedelta(seconds=1))
    made = await asyncio.gather(*(make_ticks(engine) for _ in range(6)))
    assert sorted(made) == [0, 0, 0, 0, 0, 1]
    async with engine.connect() as conn:
        (event,) = await conn.execute(text("select table_name, op, key, after, actor from ruleyard.event"))
        ticks = (await conn.execute(text("select count(*) from app.tick"))).scalar_one()
        next_at = (await conn.execute(text("select next_at from app.schedule"))).scalar_one()
    assert (event.table_name, event.op, event.key, event.actor) == (
        "@schedule",
        "tick",
        {"rule": rule},
        "clock",
    )
    assert event.after["tick_at"].endswith("+00:00")
    assert ticks == 1
    assert next_at > datetime.now(UTC)


async def test_the_day_of_a_look_at_dates_is_that_of_their_zone(engine: AsyncEngine) -> None:
    """Three in the morning in Seoul is the day before in UTC."""
    rule, version = await publish_clock(engine, HOURLY, NOON)
    async with transaction(engine) as conn:
        await start_schedule(
            conn,
            rule_id=rule,
            version_id=version,
            schedule=Schedule("day", "Asia/Seoul", at="03:00"),
            next_at=datetime(2026, 11, 20, 18, tzinfo=UTC),
            visited=Visited(LogId(1), "public.tasks", date(2026, 11, 20)),
        )
    assert await make_ticks(engine) == 1
    async with engine.connect() as conn:
        [visit] = await conn.execute(text("select tick_at, since_on, until_on from app.catch_up"))
    assert visit.since_on == date(2026, 11, 20)
    assert visit.until_on == visit.tick_at.date() + timedelta(days=1)


async def test_a_clock_that_died_between_tick_and_move_does_not_tick_again(engine: AsyncEngine) -> None:
    moment = datetime.now(UTC) - timedelta(seconds=1)
    rule, _ = await publish_clock(engine, HOURLY, moment)
    await make_ticks(engine)
    async with engine.begin() as conn:
        await conn.execute(
            text("update app.schedule set next_at = :at where rule_id = :rule"), {"at": moment, "rule": rule}
        )
    assert await make_ticks(engine) == 0


async def test_only_one_clock_looks_for_due_work_at_a_time(engine: AsyncEngine) -> None:
    async with engine.begin() as conn:
        await conn.execute(text("select pg_advisory_xact_lock(hashtext('ruleyard.clock'))"))
        assert await due_work(engine) == []
