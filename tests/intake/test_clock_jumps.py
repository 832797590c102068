"""Our database's clock is set while everything runs: no worker looks dead for that, and no dead one looks alive.

Nobody can set the clock of the tests' server. What is seen of a clock that is set is the same when all stored moments,
and the stopwatch that it is held against, are moved the other way.
"""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.bells import Bells
from ruleyard.clock import utc_now
from ruleyard.intake.jumps import far_apart
from ruleyard.intake.listener import Listener
from ruleyard.settings import Settings
from ruleyard.stores.connections import Watched
from ruleyard.stores.db import transaction
from ruleyard.stores.events import LogPools
from support.published import change_rule, publish

HOUR_S = 3600.0


class Clock:
    """A stopwatch against which the database's clock can be set."""

    def __init__(self) -> None:
        self.behind_s = 0.0

    def __call__(self) -> float:
        return time.monotonic() - self.behind_s


async def set_clock(engine: AsyncEngine, clock: Clock, by_s: float) -> None:
    """The database's clock jumps by so much."""
    clock.behind_s += by_s
    async with transaction(engine) as conn:
        await conn.execute(
            text("update app.run set lease_until = lease_until - make_interval(secs => :by_s)"),
            {"by_s": by_s},
        )


async def state(engine: AsyncEngine) -> tuple[str, float]:
    """Of the one run; and how long its lease lasts yet, in seconds."""
    async with engine.connect() as conn:
        row = (
            await conn.execute(
                text("""select state, coalesce(extract(epoch from lease_until - clock_timestamp()), 0) as left_s
                from app.run""")
            )
        ).one()
    return row.state, float(row.left_s)


@pytest.fixture
async def performed(engine: AsyncEngine) -> None:
    """A run that a worker performs under a lease of ten seconds."""
    rule_id, version_id = await publish(engine, change_rule({"===": [1, 1]}))
    async with transaction(engine) as conn:
        await conn.execute(
            text("""
                insert into app.run (rule_id, version_id, log, event_id, event, slot, record_table, record_key,
                  state, attempt, leased_by, lease_until, event_on)
                values (:rule, :version, 1, 1, '{}', 3, 'public.leads', '1', 'running', 1, 'w',
                  clock_timestamp() + interval '10 s', current_date)
            """),
            {"rule": rule_id, "version": version_id},
        )


def listener(
    settings: Settings, engine: AsyncEngine, bells: Bells, clock: Clock, *, heard_s: float = 60.0
) -> Listener:
    pools = LogPools(settings, Watched(engine, settings))
    return Listener(settings, engine, pools, bells, heard_s=heard_s, monotonic=clock)


@pytest.mark.parametrize(("heard_s", "taken"), [(60.0, False), (0.0, True)])
@pytest.mark.usefixtures("performed")
async def test_a_clock_set_forward_takes_no_run_away_before_its_worker_could_be_heard(
    settings: Settings, engine: AsyncEngine, bells: Bells, heard_s: float, taken: bool
) -> None:
    clock = Clock()
    ear = listener(settings, engine, bells, clock, heard_s=heard_s)
    await ear.tick()
    await set_clock(engine, clock, HOUR_S)
    await ear.tick()
    await ear.tick()
    assert (await state(engine))[0] == ("queued" if taken else "running")


@pytest.mark.usefixtures("performed")
async def test_a_clock_set_back_makes_no_lease_longer_than_it_is_given_for(
    settings: Settings, engine: AsyncEngine, bells: Bells
) -> None:
    clock = Clock()
    ear = listener(settings, engine, bells, clock)
    await ear.tick()
    await set_clock(engine, clock, -HOUR_S)
    assert (await state(engine))[1] > HOUR_S / 2
    await ear.tick()
    run, left_s = await state(engine)
    assert run == "running"
    assert left_s <= 10


@pytest.mark.usefixtures("performed")
async def test_a_clock_that_runs_is_left_alone(settings: Settings, engine: AsyncEngine, bells: Bells) -> None:
    clock = Clock()
    ear = listener(settings, engine, bells, clock)
    await ear.tick()
    async with transaction(engine) as conn:
        await conn.execute(text("update app.run set lease_until = clock_timestamp() - interval '1 s'"))
    await ear.tick()
    assert (await state(engine))[0] == "queued", "its worker is silent, and nobody set a clock"


def test_nothing_goes_for_its_age_while_nobody_knows_what_day_it_is() -> None:
    assert not far_apart(utc_now() + timedelta(hours=1))
    assert far_apart(utc_now() + timedelta(days=30))
    assert far_apart(utc_now() - timedelta(days=2))
