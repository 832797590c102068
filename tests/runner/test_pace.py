"""Pace: at most so many runs of a rule begin in any window, and as many as that whenever they could."""

from __future__ import annotations

import asyncio
import random
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from ruleyard.core.timing import AT_ONCE, Timing, Window
from ruleyard.core.types import RuleId, VersionId
from ruleyard.intake.tickers import WORKS
from ruleyard.stores import bulk, held, run_care, waiting
from ruleyard.stores.claims import claim
from ruleyard.stores.db import transaction
from ruleyard.stores.turns import due_turns, follow, lock_gate
from runner.house import House
from runner.test_fair_share import queue, rows_read
from support.waiting import until

TASK = {
    "id": "a",
    "kind": "action",
    "do": "create_record",
    "fields": {"table": "public.tasks", "set": {"title": {"var": "after.first_name"}}},
}

WAITING = 20_000
IDLE = timedelta(seconds=40)
"""Of a machine with other things to do. What nobody looks at any more waits for ever."""


def paced(at_most: int, seconds: float) -> Timing:
    return Timing(pace=Window(at_most, seconds))


async def publish(house: House) -> VersionId:
    return await house.publish(TASK, edges=[["t", "a"]])


async def states(house: House) -> list[str]:
    async with house.engine.connect() as conn:
        rows = await conn.execute(
            text("select coalesce(case when state = 'waiting' then turn end, state) from app.run order by id")
        )
        return [row[0] for row in rows]


async def begun(house: House) -> list[datetime]:
    async with house.engine.connect() as conn:
        rows = await conn.execute(
            text("select started_at from app.run where started_at is not null order by started_at")
        )
        return [row[0] for row in rows]


async def test_the_first_of_a_burst_go_on_and_the_rest_waits_its_turn(house: House) -> None:
    version = await publish(house)
    events = [house.event(id=number, first_name=str(number)) for number in range(7)]
    await house.open(version, *events, timing=paced(3, 60))
    assert await states(house) == ["queued"] * 3 + ["pace"] * 4
    await house.perform()
    await house.wake()
    assert await states(house) == ["succeeded"] * 3 + ["pace"] * 4


async def test_an_older_version_does_not_take_the_gate_back(house: House) -> None:
    older, newer = await publish(house), await publish(house)
    [run] = await house.open(older, house.event(), timing=paced(1, 60))
    rule = (await house.run(run)).rule_id
    async with transaction(house.engine) as conn:
        await follow(conn, rule, newer, paced(5, 60))
        await follow(conn, rule, older, paced(1, 60))
        gate = await lock_gate(conn, rule)
    assert gate is not None
    assert (gate.version_id, gate.at_most) == (newer, 5)


@pytest.mark.parametrize(("ago", "then"), [(30, "pace"), (61, "queued")])
async def test_a_place_is_free_when_the_window_is_over_and_not_before(
    house: House, ago: int, then: str
) -> None:
    version = await publish(house)
    await house.open(version, house.event(id=1), house.event(id=2), timing=paced(1, 60))
    await house.perform()
    await house.wake()
    for table, column in (("run", "started_at"), ("gate_start", "begun_at")):
        await house.execute(
            f"update app.{table} set {column} = now() - make_interval(secs => :ago) where {column} is not null",
            ago=ago,
        )
    await house.execute("update app.gate set full_until = null, look_at = now()")
    await house.wake()
    assert await states(house) == ["succeeded", then]


async def test_runs_begin_in_the_order_in_which_they_came_whatever_the_window(house: House) -> None:
    version = await publish(house)
    events = [house.event(id=number, first_name=str(number)) for number in range(9)]
    await house.open(version, *events, timing=paced(2, 0.3))

    async def over() -> bool:
        await house.wake()
        await house.perform()
        return set(await states(house)) == {"succeeded"}

    await until(over, what="all have begun")
    at = await begun(house)
    assert len(at) == 9
    assert all(later - earlier >= timedelta(seconds=0.3) for earlier, later in zip(at, at[2:], strict=False))
    async with house.engine.connect() as conn:
        rows = await conn.execute(text("select id from app.run order by started_at, id"))
        ids = [row[0] for row in rows]
    assert [sorted(ids[n : n + 2]) for n in range(0, 9, 2)] == [
        sorted(ids)[n : n + 2] for n in range(0, 9, 2)
    ]


async def clock(house: House, worker: int, chance: random.Random, seconds: float) -> None:
    """A worker of its own: now and then it asks the clock and claims a few runs, which it never ends."""
    ends = asyncio.get_running_loop().time() + seconds
    while asyncio.get_running_loop().time() < ends:
        async with transaction(house.engine) as conn:
            await due_turns(conn)
        async with transaction(house.engine) as conn:
            await claim(conn, 3, f"w{worker}", chance.randint(1, 4))
        await asyncio.sleep(chance.random() * 0.05)


@pytest.mark.parametrize("seed", range(3))
async def test_no_window_holds_more_than_it_may_and_none_is_left_idle(house: House, seed: int) -> None:
    """Against a model that knows only when runs came and began: the k-th and the (k+n)-th are a window apart, and each
    begins soon after it came and that window was over."""
    chance = random.Random(seed)
    at_most, window = chance.randint(2, 6), 0.4
    version = await publish(house)
    opened = 0

    async def opener() -> None:
        nonlocal opened
        for _ in range(6):
            some = chance.randint(1, 8)
            opened += some
            await house.open(
                version, *(house.event(id=opened - n) for n in range(some)), timing=paced(at_most, window)
            )
            await asyncio.sleep(chance.random() * 0.3)

    await asyncio.gather(opener(), *(clock(house, worker, chance, 3.0) for worker in range(4)))

    async def all_began() -> bool:
        await clock(house, 9, chance, 0.1)
        return len(await begun(house)) == opened

    await until(all_began, what="every run has begun")
    at = await begun(house)
    async with house.engine.connect() as conn:
        came = [
            row[0] for row in await conn.execute(text("select created_at from app.run order by created_at"))
        ]
    for place, moment in enumerate(at):
        free = at[place - at_most] + timedelta(seconds=window) if place >= at_most else came[place]
        assert moment >= free or place < at_most
        assert moment - max(free, came[place]) < IDLE


async def test_a_newer_version_without_a_pace_lets_all_of_them_in(house: House) -> None:
    version = await publish(house)
    await house.open(version, *(house.event(id=n) for n in range(5)), timing=paced(1, 3600))
    assert await states(house) == ["queued"] + ["pace"] * 4
    async with transaction(house.engine) as conn:
        rule = RuleId((await conn.execute(text("select rule_id from app.gate"))).scalar_one())
        await follow(conn, rule, VersionId(version + 1), AT_ONCE)
    await house.wake()
    assert await states(house) == ["queued"] * 5


async def test_what_was_let_in_and_is_cancelled_gives_its_place_to_the_next(house: House) -> None:
    version = await publish(house)
    first, *_ = await house.open(version, *(house.event(id=n) for n in range(3)), timing=paced(1, 3600))
    async with transaction(house.engine) as conn:
        await run_care.cancel(conn, first)

    async def next_one() -> bool:
        await house.wake()
        return await states(house) == ["cancelled", "queued", "pace"]

    await until(next_one, what="the next one is let in")


async def test_a_run_that_must_wait_for_its_record_takes_no_place(house: House) -> None:
    version = await publish(house)
    await house.open(version, house.event(id=1), house.event(id=1), house.event(id=2), timing=paced(2, 3600))
    assert await states(house) == ["queued", "pace", "queued"]


async def test_a_rule_that_waits_its_turn_costs_the_claims_of_others_nothing(house: House) -> None:
    slow, quick = await publish(house), await publish(house)
    await house.open(slow, *(house.event(id=n) for n in range(40)), timing=paced(1, 3600))
    await house.open(quick, house.event(id=99))
    async with transaction(house.engine) as conn:
        assert len((await claim(conn, 3, "w", 32)).claims) == 2


async def test_a_run_that_rests_at_a_step_does_not_wait_for_its_turn_any_more(house: House) -> None:
    """Or the gate would end its wait, and whoever cancels what has not begun would cancel it."""
    wait = {"id": "w", "kind": "wait", "amount": 1, "unit": "days"}
    version = await house.publish(wait, TASK, edges=[["t", "w"], ["w", "a"]])
    [resting] = await house.open(version, house.event(id=1), timing=paced(2, 3600))
    await house.perform()
    assert await states(house) == ["waiting"]
    await house.open(version, *(house.event(id=n) for n in (2, 3)), timing=paced(2, 3600))
    await house.wake()
    assert await states(house) == ["waiting", "queued", "pace"]
    async with transaction(house.engine) as conn:
        rule = RuleId((await conn.execute(text("select rule_id from app.gate"))).scalar_one())
        assert (await waiting.waiting(conn, rule)).total == 1
    assert (await house.run(resting)).wake_at is not None


async def test_held_runs_that_somebody_lets_run_go_by_the_gate(house: House) -> None:
    version = await house.publish(TASK, edges=[["t", "a"]], policy={"limit": 1})
    await house.open(version, *(house.event(id=n) for n in range(4)), timing=paced(2, 3600))
    assert await states(house) == ["queued", "waiting", "waiting", "waiting"]
    async with transaction(house.engine) as conn:
        rule = RuleId((await conn.execute(text("select rule_id from app.gate"))).scalar_one())
        await held.decide(conn, rule, "release", 3, "Ann")
    async with transaction(house.engine) as conn:
        await bulk.go_on(conn, WORKS)
    assert await states(house) == ["queued", "queued", "pace", "pace"]
    async with transaction(house.engine) as conn:
        await held.recall(conn, rule, "Ann")
    async with transaction(house.engine) as conn:
        await bulk.go_on(conn, WORKS)
    assert await states(house) == ["waiting"] * 4


async def test_however_many_wait_no_more_are_looked_at_than_are_let_in(house: House) -> None:
    version, other = await publish(house), await publish(house)
    await house.open(version, house.event(id=0), timing=paced(1, 3600))
    await queue(house, version, WAITING, first_event=1_000)
    await house.execute("update app.run set state = 'waiting', turn = 'pace' where event_id >= 1000")
    await house.open(other, house.event(id=WAITING + 2_000))
    await house.execute("analyze app.run")
    await house.execute("update app.gate set full_until = null, look_at = clock_timestamp(), at_most = 5")
    async with transaction(house.engine) as conn:
        await due_turns(conn)
        assert len((await claim(conn, 3, "w", 32)).claims) == 6
        assert 0 < await rows_read(conn) < 500
