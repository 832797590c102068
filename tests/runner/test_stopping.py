"""A rule is switched off while runs of it wait: they finish, or they stop, however many they are."""

from __future__ import annotations

from sqlalchemy import text

from ruleyard.core.types import RuleId
from ruleyard.intake.tickers import WORKS
from ruleyard.stores import bulk, held
from ruleyard.stores.db import transaction
from ruleyard.stores.stopping import OpenRuns, open_runs, stop_open
from runner.house import House
from runner.test_held import carry_on, rule_of, states

PATIENT = ({"id": "w", "kind": "wait", "amount": 2, "unit": "days"}, {"id": "e", "kind": "end"})
EDGES = [["t", "w"], ["w", "e"]]


async def waiting(house: House, count: int) -> RuleId:
    """A rule with so many runs, each at its wait."""
    version = await house.publish(*PATIENT, edges=EDGES)
    await house.open(version, *(house.event(id=number) for number in range(count)))
    await house.perform()
    return await rule_of(house, version)


async def test_open_runs_are_counted_and_end_with_their_wait(house: House) -> None:
    rule = await waiting(house, 3)
    async with transaction(house.engine) as conn:
        assert await open_runs(conn, rule) == OpenRuns(waiting=3, queued=0, running=0)
        assert await stop_open(conn, rule, "somebody") == 3
        assert await open_runs(conn, rule) == OpenRuns(waiting=0, queued=0, running=0)
        steps = await conn.execute(text("select distinct state from app.step where node_id = 'w'"))
        assert [row.state for row in steps] == ["skipped"]
    assert await states(house) == ["cancelled"] * 3


async def test_many_are_stopped_by_the_clock_and_a_newer_run_is_left_alone(house: House) -> None:
    rule = await waiting(house, 5)
    async with transaction(house.engine) as conn:
        assert await stop_open(conn, rule, "somebody", batch=2) == 5
    assert sorted(await states(house)) == ["cancelled"] * 2 + ["waiting"] * 3
    async with house.engine.connect() as conn:
        version = (await conn.execute(text("select id from app.version"))).scalar_one()
    await house.open(version, house.event(id=9))
    async with transaction(house.engine) as conn:
        await bulk.go_on(conn, WORKS)
    assert sorted(await states(house)) == ["cancelled"] * 5 + ["queued"]
    async with transaction(house.engine) as conn:
        assert await stop_open(conn, rule, "somebody") == 1
        assert await stop_open(conn, rule, "somebody") == 0


async def test_a_word_on_held_runs_and_a_stop_leave_each_other_alone(house: House) -> None:
    version = await house.publish(*PATIENT, edges=EDGES, policy={"limit": 3})
    await house.open(version, *(house.event(id=number) for number in range(5)))
    rule = await rule_of(house, version)
    assert await states(house) == ["queued"] * 3 + ["held"] * 2
    async with transaction(house.engine) as conn:
        assert await stop_open(conn, rule, "somebody", batch=1) == 3
        assert await bulk.latest(conn, rule) is None
        released = await held.decide(conn, rule, "release", 2, "Ann")
        assert await bulk.latest(conn, rule) == released
    await carry_on(house)
    assert await states(house) == ["cancelled"] * 3 + ["queued"] * 2


async def test_held_runs_that_are_let_run_during_a_long_stop_are_not_stopped(house: House) -> None:
    version = await house.publish(*PATIENT, edges=EDGES, policy={"limit": 3})
    rule = await rule_of(house, version)
    await house.open(version, *(house.event(id=number) for number in range(5)))
    async with transaction(house.engine) as conn:
        await conn.execute(  # a run that came after them, as when the hour was over
            text(
                "update app.run set state = 'queued', fault = null, error = '' where id = (select max(id) from app.run)"
            )
        )
        await conn.execute(text("update app.fuse set held = 1"))
    assert await states(house) == ["queued"] * 3 + ["held", "queued"]
    async with transaction(house.engine) as conn:
        assert await stop_open(conn, rule, "somebody", batch=1) == 4
        await held.decide(conn, rule, "release", 1, "Ann")
    await carry_on(house)
    assert await states(house) == ["cancelled"] * 3 + ["queued", "cancelled"]
    async with transaction(house.engine) as conn:
        works = await conn.execute(text("select kind, done, total, state from app.bulk order by id"))
        assert [tuple(row) for row in works] == [("stop", 3, 3, "finished"), ("release", 1, 1, "finished")]


async def test_a_second_stop_counts_only_what_came_since(house: House) -> None:
    rule = await waiting(house, 5)
    async with transaction(house.engine) as conn:
        assert await stop_open(conn, rule, "somebody", batch=2) == 5
        assert await stop_open(conn, rule, "somebody", batch=2) == 0
        version = (await conn.execute(text("select id from app.version"))).scalar_one()
    await house.open(version, *(house.event(id=number) for number in range(9, 13)))
    async with transaction(house.engine) as conn:
        assert await stop_open(conn, rule, "somebody", batch=2) == 4
    assert sorted(await states(house)) == ["cancelled"] * 4 + ["queued"] * 2 + ["waiting"] * 3
    await carry_on(house)
    assert await states(house) == ["cancelled"] * 9
    async with transaction(house.engine) as conn:
        works = await conn.execute(text("select done, total, state from app.bulk order by id"))
        assert [tuple(row) for row in works] == [(3, 3, "finished"), (2, 2, "finished")]
