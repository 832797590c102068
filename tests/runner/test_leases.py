"""Claims, fences, order and take-over: what holds when workers die, sleep or meet."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import asyncpg
from sqlalchemy import text

from ruleyard.core.trace import Step
from ruleyard.core.types import NodeId
from ruleyard.stores.claims import claim, claim_suspects
from ruleyard.stores.db import create_engine, transaction
from ruleyard.stores.run_care import cancel, retry
from ruleyard.stores.runs import get_run, renew, sweep_leases
from ruleyard.stores.steps import Progress, record
from runner.house import House
from support.servers import Answer, http_receiver
from support.waiting import until

TASK = {"id": "a", "kind": "action", "do": "create_record"}
CREATE = {**TASK, "fields": {"table": "public.tasks", "set": {"title": {"var": "after.first_name"}}}}
EDGES = [["t", "a"]]


def hook(url: str) -> dict:
    return {"id": "h", "kind": "action", "do": "call_webhook", "fields": {"url": url}}


async def test_two_workers_never_claim_the_same_run(house: House) -> None:
    version = await house.publish(CREATE, edges=EDGES)
    await house.open(version, *(house.event(id=number) for number in range(20)))

    async def take(worker: str) -> list[int]:
        async with transaction(house.engine) as conn:
            return [one.id for one in (await claim(conn, 3, worker, 10)).claims]

    first, second = await asyncio.gather(take("one"), take("two"))
    assert len({*first, *second}) == len(first) + len(second) == 20


async def test_runs_of_one_record_follow_each_other_and_other_records_do_not_wait(house: House) -> None:
    version = await house.publish(CREATE, edges=EDGES)
    ann, again, bob = await house.open(version, house.event(), house.event(), house.event(id=2))
    async with transaction(house.engine) as conn:
        claims = (await claim(conn, 3, "w", 10)).claims
    assert [one.id for one in claims] == [ann, bob]
    async with transaction(house.engine) as conn:
        assert await record(conn, [Progress(ann, claims[0].attempt, "succeeded")]) == {ann}
        assert [one.id for one in (await claim(conn, 3, "w", 10)).claims] == [again]


async def test_parallel_runs_of_one_record_go_side_by_side(house: House) -> None:
    version = await house.publish(CREATE, edges=EDGES, policy={"overlap": "parallel"})
    opened = await house.open(version, house.event(), house.event())
    async with transaction(house.engine) as conn:
        assert [one.id for one in (await claim(conn, 3, "w", 10)).claims] == opened


async def test_the_order_of_one_records_changes_is_kept(house: House, crm: asyncpg.Connection) -> None:
    version = await house.publish(CREATE, edges=EDGES)
    names = [f"name {number}" for number in range(12)]
    await house.open(version, *(house.event(first_name=name) for name in names))
    await asyncio.gather(house.perform(), house.perform())
    assert [row["title"] for row in await crm.fetch("select title from tasks order by id")] == names


async def test_a_worker_that_lost_its_run_writes_nothing(house: House) -> None:
    version = await house.publish(CREATE, edges=EDGES)
    [run_id] = await house.open(version, house.event())
    async with transaction(house.engine) as conn:
        [old] = (await claim(conn, 3, "old", 1, lease_s=0)).claims
    async with transaction(house.engine) as conn:
        assert await sweep_leases(conn) == [3]
        [new] = await claim_suspects(conn, 3, "new")
    assert new.attempt == old.attempt + 1
    step = (0, Step(NodeId("a"), "action", "succeeded"))
    async with transaction(house.engine) as conn:
        assert await renew(conn, [(run_id, old.attempt)]) == set()
        assert await record(conn, [Progress(run_id, old.attempt, "succeeded", steps=(step,))]) == set()
    assert (await house.run(run_id)).state == "running"
    assert await house.steps(run_id) == {}


async def test_a_run_that_outlives_three_workers_fails_in_clear_words(house: House) -> None:
    version = await house.publish(CREATE, edges=EDGES)
    [run_id] = await house.open(version, house.event())
    for take in (claim, claim_suspects, claim_suspects):
        async with transaction(house.engine) as conn:
            claimed = await (
                claim(conn, 3, "w", 1, lease_s=0)
                if take is claim
                else claim_suspects(conn, 3, "w", lease_s=0)
            )
            assert len(claimed if isinstance(claimed, list) else claimed.claims) == 1
        async with transaction(house.engine) as conn:
            await sweep_leases(conn)
    run = await house.run(run_id)
    assert (run.state, run.deaths) == ("failed", 3)
    assert "3 times" in run.error
    async with transaction(house.engine) as conn:
        await retry(conn, run_id)
    await house.perform()
    assert (await house.run(run_id)).state == "succeeded"


async def test_a_long_action_keeps_its_lease(house: House) -> None:
    go = asyncio.Event()
    async with http_receiver(Answer(wait=go)) as receiver:
        version = await house.publish(hook(receiver.url), edges=[["t", "h"]])
        [run_id] = await house.open(version, house.event())
        async with house.runner(lease_s=2, outbound_allow=(receiver.address,)) as runner:
            performing = asyncio.create_task(runner.perform_slot(3))
            await receiver.wait_for(1)
            beats = []

            async def renewed() -> bool:
                async with house.engine.connect() as conn:
                    leases = await conn.exec_driver_sql("select lease_until from app.run")
                    beats.append(leases.scalar_one())
                return len(set(beats)) > 4

            await until(renewed, what="four heartbeats")
            async with transaction(house.engine) as conn:
                assert await sweep_leases(conn) == []
            go.set()
            await performing
        assert (await house.run(run_id)).state == "succeeded"
        assert len(receiver.received) == 1


async def test_stop_lets_the_running_action_end_and_gives_the_rest_back(house: House) -> None:
    go = asyncio.Event()
    async with http_receiver(Answer(wait=go)) as receiver:
        version = await house.publish(hook(receiver.url), edges=[["t", "h"]])
        first, second = await house.open(version, house.event(), house.event(id=2))
        async with house.runner(worker_concurrency=1, outbound_allow=(receiver.address,)) as runner:
            performing = asyncio.create_task(runner.perform_slot(3))
            await receiver.wait_for(1)
            runner.stop()

            async def given_back() -> bool:
                return (await house.run(second)).state == "queued"

            await until(given_back, what="the second run to be given back")
            go.set()
            await performing
        assert (await house.run(first)).state == "succeeded"
        assert len(receiver.received) == 1


async def test_stop_begins_no_further_action_of_a_run(house: House, crm: asyncpg.Connection) -> None:
    go = asyncio.Event()
    async with http_receiver(Answer(wait=go)) as receiver:
        version = await house.publish(hook(receiver.url), CREATE, edges=[["t", "h"], ["h", "a"]])
        [run_id] = await house.open(version, house.event())
        async with house.runner(outbound_allow=(receiver.address,)) as runner:
            performing = asyncio.create_task(runner.perform_slot(3))
            await receiver.wait_for(1)
            runner.stop()
            go.set()
            await performing
        assert (await house.run(run_id)).state == "queued"
        assert await crm.fetchval("select count(*) from tasks") == 0
        await house.perform(outbound_allow=(receiver.address,))
        run = await house.run(run_id)
        assert (run.state, run.deaths) == ("succeeded", 0)
        assert len(receiver.received) == 1


async def test_a_cancelled_run_does_nothing_more(house: House, crm: asyncpg.Connection) -> None:
    go = asyncio.Event()
    async with http_receiver(Answer(wait=go)) as receiver:
        version = await house.publish(hook(receiver.url), CREATE, edges=[["t", "h"], ["h", "a"]])
        [run_id] = await house.open(version, house.event())
        async with house.runner(outbound_allow=(receiver.address,)) as runner:
            performing = asyncio.create_task(runner.perform_slot(3))
            await receiver.wait_for(1)
            async with transaction(house.engine) as conn:
                await cancel(conn, run_id)
            go.set()
            await performing
    assert (await house.run(run_id)).state == "cancelled"
    assert (await house.steps(run_id))["h"].state == "skipped"
    assert await crm.fetchval("select count(*) from tasks") == 0


async def test_runs_that_may_kill_their_worker_are_performed_one_at_a_time(house: House) -> None:
    """Of all that were with it when it died only one is to blame: alone, the third death is its own."""
    go = asyncio.Event()
    async with http_receiver(*(Answer(wait=go) for _ in range(9))) as receiver:
        version = await house.publish(hook(receiver.url), edges=[["t", "h"]])
        opened = await house.open(version, *(house.event(id=number) for number in range(6)))
        await house.execute("update app.run set deaths = 2 where id > :last", last=opened[2])
        async with house.runner(outbound_allow=(receiver.address,)) as runner:
            performing = asyncio.create_task(runner.perform_slot(3))
            await receiver.wait_for(4)
            states = [(await house.run(run_id)).state for run_id in opened]
            assert states == ["running"] * 4 + ["queued"] * 2
            go.set()
            await performing
        assert {(await house.run(run_id)).state for run_id in opened} == {"succeeded"}


async def test_a_busy_pool_does_not_stop_the_heart(house: House) -> None:
    go = asyncio.Event()
    async with http_receiver(Answer(wait=go)) as receiver:
        version = await house.publish(hook(receiver.url), edges=[["t", "h"]])
        [run_id] = await house.open(version, house.event())
        engine = create_engine(house.settings, pool_size=1)
        async with replace(house, engine=engine).runner(
            lease_s=1.5, outbound_allow=(receiver.address,)
        ) as runner:
            performing = asyncio.create_task(runner.perform_slot(3))
            await receiver.wait_for(1)
            async with engine.connect():
                beats = set()

                async def renewed() -> bool:
                    async with house.engine.connect() as conn:
                        leases = await conn.exec_driver_sql("select lease_until from app.run")
                        beats.add(leases.scalar_one())
                    return len(beats) > 4

                await until(renewed, what="four heartbeats")
            go.set()
            await performing
        await engine.dispose()
        assert (await house.run(run_id)).state == "succeeded"


async def test_a_worker_that_was_only_silent_takes_the_death_back(house: House) -> None:
    go = asyncio.Event()
    async with http_receiver(Answer(wait=go)) as receiver:
        version = await house.publish(hook(receiver.url), edges=[["t", "h"]])
        [run_id] = await house.open(version, house.event())
        async with house.runner(lease_s=1.5, outbound_allow=(receiver.address,)) as runner:
            performing = asyncio.create_task(runner.perform_slot(3))
            await receiver.wait_for(1)
            async with transaction(
                house.engine
            ) as conn:  # its heart beats meanwhile: all at once, or not at all
                await conn.execute(text("update app.run set lease_until = now() - interval '1 second'"))
                assert await sweep_leases(conn) == [3]
                assert (await get_run(conn, run_id)).deaths == 1

            async def forgiven() -> bool:
                return (await house.run(run_id)).deaths == 0

            await until(forgiven, what="the heartbeat of the worker that lives")
            await performing
