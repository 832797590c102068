"""Runs are kept by outcome, and go by the week or month, with what hangs on them."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.core.errors import NotFound
from ruleyard.core.types import RunId
from ruleyard.intake.retention import Kept, keep_runs
from ruleyard.stores.db import transaction
from ruleyard.stores.gone import RunGone, kept_from
from ruleyard.stores.runs import get_run

FILLED = """
    with v as (
      insert into app.version (rule_id, number, document)
      select id, 1, '{}' from app.rule returning id, rule_id
    ), runs as (
      insert into app.run (rule_id, version_id, log, event_id, event, slot, state, created_at, finished_at, event_on)
      select v.rule_id, v.id, 1, n, '{}', 0,
        (array['succeeded', 'failed', 'waiting', 'cancelled'])[n % 4 + 1],
        now() - n * interval '1 day', now() - n * interval '1 day', (now() at time zone 'UTC')::date - n
      from v, generate_series(0, 150) n returning id, event_on
    ), steps as (
      insert into app.step (run_id, seq, node_id, kind, state, event_on)
      select id, 0, 'a', 'notify', 'succeeded', event_on from runs returning id, event_on
    )
    insert into app.attempt (step_id, number, started_at, outcome, event_on)
    select id, 1, now(), 'succeeded', event_on from steps
"""


@pytest.fixture(autouse=True)
async def runs_of_150_days(engine: AsyncEngine) -> None:
    """One run a day: succeeded, failed, waiting, cancelled in turn."""
    async with transaction(engine) as conn:
        await conn.execute(text("select app.add_weeks((now() at time zone 'UTC')::date - 160, current_date)"))
        await conn.execute(text("insert into app.rule (name) values ('Leads')"))
        await conn.execute(text(FILLED))


async def ages(engine: AsyncEngine, state: str) -> list[int]:
    async with transaction(engine) as conn:
        rows = await conn.execute(
            text("""
                select (now() at time zone 'UTC')::date - event_on as age from app.run
                where state = :state order by 1
            """),
            {"state": state},
        )
        return [row.age for row in rows]


async def whole(engine: AsyncEngine) -> tuple[int, int]:
    """(runs, runs that have their step and its attempt beside them)."""
    async with transaction(engine) as conn:
        row = await conn.execute(
            text("""
                select (select count(*) from app.run), count(*) from app.run r
                join app.step s on (s.run_id, s.event_on, s.shelf) = (r.id, r.event_on, r.shelf)
                join app.attempt a on (a.step_id, a.event_on, a.shelf) = (s.id, s.event_on, s.shelf)
            """)
        )
        runs, together = row.one()
        return runs, together


async def keep(engine: AsyncEngine) -> Kept:
    return await keep_runs(engine, days=30, failed_days=90)


async def test_failed_runs_stay_longest_and_open_ones_for_ever(engine: AsyncEngine) -> None:
    done = await keep(engine)
    assert len(done.dropped) >= 17
    for state in ("succeeded", "cancelled"):
        seen = await ages(engine, state)
        assert set(range(31)) & set(range(0 if state == "succeeded" else 3, 151, 4)) <= set(seen)
        assert max(seen) < 30 + 8
    failed = await ages(engine, "failed")
    assert set(range(1, 91, 4)) <= set(failed)
    assert max(failed) < 90 + 32
    assert await ages(engine, "waiting") == list(range(2, 151, 4))
    runs, together = await whole(engine)
    assert runs == together


async def test_a_second_round_has_nothing_to_do(engine: AsyncEngine) -> None:
    await keep(engine)
    again = await keep(engine)
    assert (again.dropped, again.moved, again.deleted) == ([], 0, 0)


async def test_a_long_run_that_ends_goes_with_its_steps(engine: AsyncEngine) -> None:
    await keep(engine)
    async with transaction(engine) as conn:
        await conn.execute(
            text(
                "update app.run set state = 'succeeded', finished_at = now() - interval '31 days' where shelf = 2"
            )
        )
        long = (await conn.execute(text("select count(*) from app.run where shelf = 2"))).scalar_one()
    assert (await keep(engine)).deleted == long > 10
    runs, together = await whole(engine)
    assert runs == together


async def test_a_late_run_of_an_old_event_is_not_old(engine: AsyncEngine) -> None:
    async with transaction(engine) as conn:
        await conn.execute(text("update app.run set created_at = now() where event_id = 100"))
    await keep(engine)
    assert 100 in await ages(engine, "succeeded")


async def test_whoever_reads_for_long_is_not_pushed_aside_and_blocks_nobody(engine: AsyncEngine) -> None:
    async with engine.connect() as reader:
        await reader.execute(text("select count(*) from app.run"))
        async with asyncio.timeout(90):
            done = await keep(engine)
        assert done.dropped == []
        assert (await whole(engine))[0] == 151
    assert (await keep(engine)).dropped != []


async def test_a_run_that_went_is_remembered_by_its_week(engine: AsyncEngine) -> None:
    async with transaction(engine) as conn:
        row = await conn.execute(text("select id, event_on from app.run where event_id = 100"))
        old, day = row.one()
    await keep(engine)
    async with transaction(engine) as conn:
        with pytest.raises(RunGone) as gone:
            await get_run(conn, RunId(old))
        with pytest.raises(NotFound) as never:
            await get_run(conn, RunId(10_000))
        kept = await kept_from(conn)
    told = gone.value.gone
    assert told.from_on <= day <= told.to_on == told.from_on + timedelta(days=6)
    assert "kept for 30 days, failed ones for 90" in gone.value.message
    assert not isinstance(never.value, RunGone)
    assert kept.from_on is not None
    assert kept.failed_from_on is not None
    today = datetime.now(UTC).date()
    assert 30 <= (today - kept.from_on).days < 30 + 7
    assert 90 <= (today - kept.failed_from_on).days < 90 + 31


async def test_the_planner_is_told_when_the_whole_has_changed_much(engine: AsyncEngine) -> None:
    async with transaction(engine) as conn:
        for noun in ("run", "step", "attempt"):
            parts = await conn.execute(
                text("select relid::regclass::text as part from pg_partition_tree(:of) where isleaf"),
                {"of": f"app.{noun}"},
            )
            for row in parts.all():
                await conn.execute(text(f"analyze {row.part}"))  # as autovacuum does
    assert sorted((await keep(engine)).analyzed) == ["attempt", "run", "step"]
    assert (await keep(engine)).analyzed == []


async def test_one_process_at_a_time_does_it(engine: AsyncEngine) -> None:
    both = await asyncio.gather(keep(engine), keep(engine))
    assert sorted(bool(one.dropped) for one in both) == [False, True]
