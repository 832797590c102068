"""A run meets an open one on its record: it is skipped, or takes its place, whoever dies and however many work."""

from __future__ import annotations

import asyncio
import random

import asyncpg
import pytest

from ruleyard.runner.worker import Runner
from ruleyard.stores.claims import claim
from ruleyard.stores.db import transaction
from ruleyard.stores.runs import sweep_leases
from runner.house import House
from support.servers import Answer, http_receiver

TASK = {
    "id": "a",
    "kind": "action",
    "do": "create_record",
    "fields": {"table": "public.tasks", "set": {"title": {"var": "after.first_name"}}},
}
WAIT = {"id": "w", "kind": "wait", "amount": 1, "unit": "hours"}
SKIP = {"overlap": "skip"}
RESTART = {"overlap": "restart"}


async def states(house: House) -> list[str]:
    async with house.engine.connect() as conn:
        return [row.state for row in await conn.exec_driver_sql("select state from app.run order by id")]


async def test_a_run_whose_record_is_busy_is_skipped_and_says_which_run_was_in_the_way(house: House) -> None:
    version = await house.publish(TASK, edges=[["t", "a"]], policy=SKIP)
    first, second, other = await house.open(version, house.event(), house.event(), house.event(id=2))
    [third] = await house.open(version, house.event())
    assert await states(house) == ["queued", "skipped", "queued", "skipped"]
    for late in (second, third):
        run = await house.run(late)
        assert run.error == f"Run {first} of this rule was still busy with the same record."
        assert run.finished_at is not None
        assert run.started_at is None
    await house.perform()
    assert [(await house.run(one)).state for one in (first, other)] == ["succeeded", "succeeded"]
    [again] = await house.open(version, house.event())
    assert (await house.run(again)).state == "queued"


async def test_a_rule_that_waits_is_busy(house: House) -> None:
    version = await house.publish(WAIT, TASK, edges=[["t", "w"], ["w", "a"]], policy=SKIP)
    await house.open(version, house.event())
    await house.perform()
    await house.open(version, house.event())
    assert await states(house) == ["waiting", "skipped"]


async def test_a_newer_run_ends_what_is_queued_or_waits(house: House, crm: asyncpg.Connection) -> None:
    version = await house.publish(WAIT, TASK, edges=[["t", "w"], ["w", "a"]], policy=RESTART)
    [first] = await house.open(version, house.event())
    await house.perform()
    second, third, other = await house.open(version, house.event(), house.event(), house.event(id=2))
    assert await states(house) == ["cancelled", "cancelled", "queued", "queued"]
    assert (await house.run(first)).error == f"Replaced by run {second}, which came for the same record."
    assert (await house.run(second)).error == f"Replaced by run {third}, which came for the same record."
    assert (await house.steps(first))["w"].state == "skipped"
    await house.perform()
    assert [(await house.run(one)).state for one in (third, other)] == ["waiting", "waiting"]


async def test_an_action_is_not_interrupted_and_nothing_follows_it(
    house: House, crm: asyncpg.Connection
) -> None:
    go = asyncio.Event()
    async with http_receiver(Answer(wait=go)) as receiver:
        hook = {"id": "h", "kind": "action", "do": "call_webhook", "fields": {"url": receiver.url}}
        version = await house.publish(hook, TASK, edges=[["t", "h"], ["h", "a"]], policy=RESTART)
        [first] = await house.open(version, house.event(first_name="old"))
        async with house.runner(outbound_allow=(receiver.address,)) as runner:
            performing = asyncio.create_task(runner.perform_slot(3))
            await receiver.wait_for(1)
            [second] = await house.open(version, house.event(first_name="new"))
            assert await states(house) == ["running", "queued"]
            go.set()
            await performing
    run = await house.run(first)
    assert (run.state, run.error) == (
        "cancelled",
        f"Replaced by run {second}, which came for the same record.",
    )
    assert (await house.steps(first))["h"].state == "succeeded"
    assert (await house.run(second)).state == "succeeded"
    assert [row["title"] for row in await crm.fetch("select title from tasks")] == ["new"]


async def test_a_run_that_would_be_tried_again_later_makes_way_at_once(house: House) -> None:
    go = asyncio.Event()
    async with http_receiver(Answer(status=503, wait=go, headers={"retry-after": "600"})) as receiver:
        hook = {"id": "h", "kind": "action", "do": "call_webhook", "fields": {"url": receiver.url}}
        version = await house.publish(hook, edges=[["t", "h"]], policy=RESTART)
        [first] = await house.open(version, house.event())
        async with house.runner(outbound_allow=(receiver.address,)) as runner:
            performing = asyncio.create_task(runner.perform_slot(3))
            await receiver.wait_for(1)
            await house.open(version, house.event())
            go.set()
            await performing
    assert await states(house) == ["cancelled", "succeeded"]
    assert (await house.steps(first))["h"].state == "skipped"


async def test_a_run_told_to_make_way_whose_worker_dies_does_nothing_more(
    house: House, crm: asyncpg.Connection
) -> None:
    version = await house.publish(TASK, edges=[["t", "a"]], policy=RESTART)
    await house.open(version, house.event(first_name="old"))
    async with transaction(house.engine) as conn:
        assert len((await claim(conn, 3, "dead", 1, lease_s=0)).claims) == 1
    await house.open(version, house.event(first_name="new"))
    assert await states(house) == ["running", "queued"]
    async with transaction(house.engine) as conn:
        assert await sweep_leases(conn) == [3]
    await house.perform()
    assert await states(house) == ["cancelled", "succeeded"]
    assert [row["title"] for row in await crm.fetch("select title from tasks")] == ["new"]


@pytest.mark.parametrize("overlap", ["queue", "skip", "restart"])
async def test_order_holds_with_many_runners_and_deaths(
    house: House, crm: asyncpg.Connection, overlap: str
) -> None:
    dice = random.Random(f"overlap {overlap}")
    version = await house.publish(TASK, edges=[["t", "a"]], policy={"overlap": overlap})
    sent = 0

    async def write(runner: Runner) -> None:
        nonlocal sent
        for _ in range(12):
            events = []
            for _ in range(dice.randint(1, 4)):
                sent += 1
                record = dice.randint(1, 3)
                events.append(house.event(id=record, first_name=f"{record}:{sent:04}"))
            await house.open(version, *events)
            if dice.random() < 0.3:  # a worker that claims and dies
                async with transaction(house.engine) as conn:
                    await claim(conn, 3, "dead", 2, lease_s=0)
            async with transaction(house.engine) as conn:
                await sweep_leases(conn)
            await runner.perform_slot(3)

    async def work(runner: Runner) -> None:
        while not writing.done():
            await runner.perform_slot(3)

    async with house.runner() as one, house.runner() as two, house.runner() as three:
        writing = asyncio.create_task(write(one))
        await asyncio.gather(writing, work(two), work(three))
    await house.execute("update app.run set lease_until = now() - interval '1 s' where state = 'running'")
    async with transaction(house.engine) as conn:
        await sweep_leases(conn)
    await house.perform()

    titles = [row["title"] for row in await crm.fetch("select title from tasks order by id")]
    for record in ("1", "2", "3"):
        mine = [title for title in titles if title.startswith(f"{record}:")]
        assert mine == sorted(set(mine)), "out of order or twice"
    async with house.engine.connect() as conn:
        counted = await conn.exec_driver_sql("""
            select state, count(*)::int as runs, count(*) filter (where fault is null and deaths < 3)::int as silent
            from app.run group by state""")
        by_state = {row.state: (row.runs, row.silent) for row in counted}
    assert sum(runs for runs, _ in by_state.values()) == sent
    assert {*by_state} <= {
        "succeeded",
        "failed",
        *({"skip": ["skipped"], "restart": ["cancelled"]}.get(overlap, [])),
    }
    assert all(silent == 0 for state, (_, silent) in by_state.items() if state != "succeeded")
    done = by_state["succeeded"][0]
    assert len(titles) == done
