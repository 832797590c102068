"""What runs wait for from outside: the first answer wins, and no order of steps loses a wake."""

from __future__ import annotations

import asyncio

from sqlalchemy import text

from ruleyard.core.awaiting import LATE_ANSWER, Answer, Awaits
from ruleyard.core.trace import Step
from ruleyard.core.types import JSONObject, LogId, NodeId, RunId
from ruleyard.runner.awaiting import Awaiting
from ruleyard.runner.plans import Plans
from ruleyard.stores import awaited, run_care
from ruleyard.stores.claims import Claim, claim
from ruleyard.stores.db import transaction
from ruleyard.stores.resting import Resting
from ruleyard.stores.runs import due_slots
from ruleyard.stores.steps import Progress, record
from ruleyard.stores.stopping import stop_open
from ruleyard.stores.tidying import tidy
from runner.house import House
from support.waiting import until

W = NodeId("w")
ASK = Awaits("person", "7", {"question": "Yes?"})
YES, NO = Answer("yes", {"by": "Kim"}), Answer("no")
TASK: JSONObject = {
    "id": "a",
    "kind": "action",
    "do": "create_record",
    "fields": {"table": "public.tasks", "set": {"title": "Call"}},
}


class Nowhere:
    async def at_home(self, claim: Claim, awaits: Awaits) -> tuple[LogId, Awaits]:
        raise AssertionError((claim, awaits))


async def claimed(house: House, **policy: object) -> Claim:
    """A run that a worker holds."""
    version = await house.publish(TASK, edges=[["t", "a"]], policy=dict(policy))
    await house.open(version, house.event())
    async with transaction(house.engine) as conn:
        [found] = (await claim(conn, 3, "worker", 10)).claims
    return found


async def rest(
    house: House, run: Claim, awaits: Awaits = ASK, *, looks: bool = False, attempt: int | None = None
) -> bool:
    progress = Progress(
        run.id,
        run.attempt if attempt is None else attempt,
        "waiting",
        wake_in_s=awaits.seconds,
        steps=((0, Step(W, "wait", "waiting")),),
        resting=Resting(W, awaits, looks),
    )
    async with transaction(house.engine) as conn:
        return run.id in await record(conn, [progress])


async def answer(house: House, run: RunId, given: Answer = YES) -> bool:
    async with transaction(house.engine) as conn:
        return await awaited.answer(conn, run, W, given) is not None


async def rows(house: House) -> list[tuple[int, str | None]]:
    async with house.engine.connect() as conn:
        found = await conn.execute(
            text("select run_id, answer ->> 'branch' from app.awaited order by run_id")
        )
        return [(row[0], row[1]) for row in found]


async def again(house: House) -> Claim:
    async with transaction(house.engine) as conn:
        [found] = (await claim(conn, 3, "worker", 10)).claims
    return found


async def test_an_answer_queues_the_run_and_is_read_when_it_is_taken_up(house: House) -> None:
    run = await claimed(house)
    assert await rest(house, run)
    assert (await house.run(run.id)).state == "waiting"

    assert await answer(house, run.id)

    assert (await house.run(run.id)).state == "queued"
    taken = await again(house)
    async with transaction(house.engine) as conn:
        [row] = (await awaited.settle(conn, [taken.id]))[taken.id]
    assert (row.kind, row.topic, row.what, row.answer) == ("person", "7", {"question": "Yes?"}, YES)


async def test_the_first_answer_wins(house: House) -> None:
    run = await claimed(house)
    await rest(house, run)
    assert [await answer(house, run.id, YES), await answer(house, run.id, NO)] == [True, False]
    assert await rows(house) == [(run.id, "yes")]


async def test_of_many_answers_at_once_one_wins(house: House) -> None:
    run = await claimed(house)
    await rest(house, run)
    given = [Answer(f"w{number}") for number in range(8)]
    took = await asyncio.gather(*(answer(house, run.id, one) for one in given))
    assert sum(took) == 1
    assert await rows(house) == [(run.id, f"w{took.index(True)}")]


async def test_an_answer_before_the_run_rests_finds_nothing(house: House) -> None:
    run = await claimed(house)
    assert not await answer(house, run.id)


async def test_the_time_out_is_an_answer_and_nothing_comes_after_it(house: House) -> None:
    run = await claimed(house)
    await rest(house, run, Awaits("person", seconds=0.0))
    assert await house.wake() == [3]
    taken = await again(house)
    async with transaction(house.engine) as conn:
        [row] = (await awaited.settle(conn, [taken.id]))[taken.id]
    assert row.answer == LATE_ANSWER
    assert not await answer(house, run.id)
    assert await rows(house) == [(run.id, "late")]


async def test_an_answer_that_came_before_the_time_was_over_is_not_late(house: House) -> None:
    run = await claimed(house)
    await rest(house, run, Awaits("person", seconds=0.0))
    assert await answer(house, run.id)
    async with transaction(house.engine) as conn:
        [row] = (await awaited.settle(conn, [run.id]))[run.id]
    assert row.answer == YES


async def test_an_answer_while_a_worker_holds_the_run_wakes_it_once_it_rests(house: House) -> None:
    """It was woken for nothing, and rests again over the answer: its worker finds it, or the net."""
    run = await claimed(house)
    await rest(house, run)
    await house.execute("update app.run set state = 'queued' where id = :id", id=run.id)
    held = await again(house)
    assert await answer(house, run.id)
    assert (await house.run(run.id)).state == "running"
    assert await rest(house, held)
    assert (await house.run(run.id)).state == "waiting"

    async with transaction(house.engine) as conn:
        assert [one.run_id for one in await awaited.wake_answered(conn)] == [run.id]
        assert await due_slots(conn) == [3]
    assert await rows(house) == [(run.id, "yes")]

    last = await again(house)
    assert await rest(house, last)
    plan = await Plans(house.engine).plan(last.rule_id, last.version_id)
    await Awaiting(house.engine, {}, Nowhere()).look(last, plan, Resting(W, ASK, False))
    assert (await house.run(run.id)).state == "queued"


async def test_many_answers_wake_their_runs_after_the_commit_or_by_the_net(house: House) -> None:
    runs = []
    for _ in range(3):
        run = await claimed(house)
        await rest(house, run)
        runs.append(run.id)
    async with transaction(house.engine) as conn:
        took = await awaited.answer_many(conn, {(one, W): YES for one in runs})
    assert sorted(took) == runs
    assert {(await house.run(one)).state for one in runs} == {"waiting"}
    async with transaction(house.engine) as conn:
        assert [one.run_id for one in await awaited.wake(conn, runs[:1])] == runs[:1]
        assert [one.run_id for one in await awaited.wake_answered(conn)] == runs[1:]
        assert await awaited.wake_answered(conn) == []


async def test_a_run_that_nobody_looked_at_is_woken(house: House) -> None:
    run = await claimed(house)
    await rest(house, run, looks=True)
    async with transaction(house.engine) as conn:
        assert await awaited.wake_answered(conn) == []
        assert [one.run_id for one in await awaited.wake_answered(conn, unlooked_s=0)] == [run.id]
    held = await again(house)
    await rest(house, held, looks=True)
    async with transaction(house.engine) as conn:
        await awaited.looked(conn, run.id, W)
        assert await awaited.wake_answered(conn, unlooked_s=0) == []


async def test_a_worker_that_lost_the_run_registers_nothing(house: House) -> None:
    run = await claimed(house)
    assert not await rest(house, run, attempt=run.attempt - 1)
    assert await rows(house) == []


async def test_what_is_answered_goes_with_the_write_that_finishes_the_step(house: House) -> None:
    run = await claimed(house)
    await rest(house, run)
    await answer(house, run.id)
    held = await again(house)
    done = Progress(
        held.id, held.attempt, "succeeded", steps=((0, Step(W, "wait", "succeeded")),), closed=(W,)
    )
    async with transaction(house.engine) as conn:
        assert await record(conn, [done]) == {held.id}
    assert await rows(house) == []


async def test_a_cancelled_run_waits_for_nothing_and_takes_no_answer(house: House) -> None:
    run = await claimed(house)
    await rest(house, run)
    async with transaction(house.engine) as conn:
        await run_care.cancel(conn, run.id)
    assert await rows(house) == []
    assert not await answer(house, run.id)
    assert (await house.run(run.id)).state == "cancelled"


async def test_stopping_a_rule_and_making_way_end_what_is_waited_for(house: House) -> None:
    first, second = await claimed(house), await claimed(house, overlap="restart")
    await rest(house, first)
    await rest(house, second)
    async with transaction(house.engine) as conn:
        assert await stop_open(conn, first.rule_id, "Kim") == 1
    [newer] = await house.open(second.version_id, house.event())
    assert (await house.run(second.id)).state == "cancelled"
    assert await rows(house) == []
    assert (await house.run(newer)).state == "queued"


async def test_a_run_that_has_to_make_way_while_it_comes_to_rest_registers_nothing(house: House) -> None:
    run = await claimed(house, overlap="restart")
    await house.open(run.version_id, house.event())
    assert await rest(house, run)
    assert (await house.run(run.id)).state == "cancelled"
    assert await rows(house) == []


async def test_cancelling_and_answering_at_once_never_stand_in_each_others_way(house: House) -> None:
    for _ in range(5):
        run = await claimed(house)
        await rest(house, run)

        async def cancelling(run: RunId = run.id) -> None:
            async with transaction(house.engine) as conn:
                await run_care.cancel(conn, run)

        await asyncio.gather(answer(house, run.id), cancelling())
        assert (await house.run(run.id)).state == "cancelled"
    assert await rows(house) == []


async def test_rows_of_runs_that_are_gone_are_tidied_and_those_of_failed_ones_stay(house: House) -> None:
    gone, failed = await claimed(house), await claimed(house)
    for run in (gone, failed):
        await rest(house, run)
    await house.execute("update app.run set state = 'succeeded' where id = :id", id=gone.id)
    await house.execute("update app.run set state = 'failed' where id = :id", id=failed.id)
    await house.execute("update app.awaited set since = since - interval '2 hours'")
    assert (await tidy(house.engine))["awaited"] == 1
    assert await rows(house) == [(failed.id, None)]


async def test_a_place_among_others_is_found_by_its_topic(house: House) -> None:
    run = await claimed(house)
    await rest(house, run)
    async with transaction(house.engine) as conn:
        assert [one.run_id for one in await awaited.open_on(conn, "person", ["7", "8"])] == [run.id]
        assert await awaited.open_on(conn, "event", ["7"]) == []
        assert await awaited.open_on(conn, "person", []) == []


async def test_time_outs_and_answers_lock_their_rows_in_one_order(house: House) -> None:
    """Whatever order the rows lie in: two that want the same rows never wait for each other."""
    first, second = await claimed(house), await claimed(house)
    for run in (second, first):
        await rest(house, run, Awaits("person", "7", seconds=0.0))

    async def settling() -> None:
        async with transaction(house.engine) as conn:
            await awaited.settle(conn, [first.id, second.id])

    row = "select from app.awaited where run_id = :run for update nowait"
    async with transaction(house.engine) as conn:
        await conn.execute(text(row), {"run": first.id})
        waits = asyncio.create_task(settling())
        await until(lambda: somebody_waits(house), what="the other to come to the first row")
        await conn.execute(text(row), {"run": second.id})
    await waits


async def somebody_waits(house: House) -> bool:
    async with house.engine.connect() as conn:
        found = await conn.execute(text("select exists (select from pg_locks where not granted)"))
        return bool(found.scalar_one())
