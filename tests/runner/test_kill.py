"""A real `work` process is killed in the middle of an action: nothing is lost, and it is seen."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from ruleyard.bells import Bells
from ruleyard.stores.db import transaction
from ruleyard.stores.runs import sweep_leases
from runner.house import House
from support.servers import Answer, http_receiver
from support.waiting import until


@asynccontextmanager
async def work_process(
    house: House, allow: str, duty: str = "work"
) -> AsyncIterator[asyncio.subprocess.Process]:
    environment = {
        **os.environ,
        "RULEYARD_DATABASE_URL": house.settings.database_url,
        "RULEYARD_REDIS_URL": house.settings.redis_url,
        "RULEYARD_SECRET_KEY": house.settings.secret_key,
        "RULEYARD_OUTBOUND_ALLOW": allow,
        "RULEYARD_LOG_LEVEL": "warning",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "ruleyard.cli", duty, env=environment
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def test_kill_9_in_the_middle_of_a_request_loses_nothing(
    house: House, crm: asyncpg.Connection, bells: Bells
) -> None:
    never = asyncio.Event()
    async with http_receiver(Answer(wait=never)) as receiver:
        version = await house.publish(
            {
                "id": "a",
                "kind": "action",
                "do": "create_record",
                "fields": {"table": "public.tasks", "set": {"title": "1"}},
            },
            {"id": "h", "kind": "action", "do": "call_webhook", "fields": {"url": receiver.url}},
            {
                "id": "b",
                "kind": "action",
                "do": "create_record",
                "fields": {"table": "public.tasks", "set": {"title": "2"}},
            },
            edges=[["t", "a"], ["a", "h"], ["h", "b"]],
        )
        [run_id] = await house.open(version, house.event())
        async with work_process(house, receiver.address) as process:
            await bells.ring_slots([3])
            await receiver.wait_for(1)
            process.kill()
            await process.wait()
        assert (await house.run(run_id)).state == "running"

        await house.execute("update app.run set lease_until = now() - interval '1 second'")
        async with transaction(house.engine) as conn:
            assert await sweep_leases(conn) == [3]
        await house.perform(outbound_allow=(receiver.address,))

        first, second = receiver.received
    assert first.headers["idempotency-key"] == second.headers["idempotency-key"]
    run = await house.run(run_id)
    assert (run.state, run.attempt, run.deaths) == ("succeeded", 2, 1)
    assert [t.outcome for t in (await house.attempts(run_id))["h"]] == ["unknown", "succeeded"]
    assert [row["title"] for row in await crm.fetch("select title from tasks order by id")] == ["1", "2"]


async def test_sigterm_lets_the_action_end(house: House, bells: Bells) -> None:
    go = asyncio.Event()
    async with http_receiver(Answer(wait=go)) as receiver:
        version = await house.publish(
            {"id": "h", "kind": "action", "do": "call_webhook", "fields": {"url": receiver.url}},
            edges=[["t", "h"]],
        )
        [run_id] = await house.open(version, house.event())
        async with work_process(house, receiver.address) as process:
            await bells.ring_slots([3])
            await receiver.wait_for(1)
            process.terminate()
            go.set()
            await asyncio.wait_for(process.wait(), 90)
        assert process.returncode == 0

        async def done() -> bool:
            return (await house.run(run_id)).state == "succeeded"

        await until(done, what="the run to be written")
    assert len(receiver.received) == 1


async def test_sigterm_interrupts_no_action_and_begins_none(
    house: House, crm: asyncpg.Connection, bells: Bells
) -> None:
    go = asyncio.Event()
    async with http_receiver(*[Answer(wait=go)] * 4) as receiver:
        version = await house.publish(
            {"id": "h", "kind": "action", "do": "call_webhook", "fields": {"url": receiver.url}},
            {
                "id": "a",
                "kind": "action",
                "do": "create_record",
                "fields": {"table": "public.tasks", "set": {"title": "1"}},
            },
            edges=[["t", "h"], ["h", "a"]],
        )
        runs = await house.open(version, *(house.event(id=number) for number in range(4)))
        async with work_process(house, receiver.address) as process:
            await bells.ring_slots([3])
            await receiver.wait_for(4)
            process.terminate()
            asyncio.get_running_loop().call_later(2, go.set)
            await asyncio.wait_for(process.wait(), 90)
        assert process.returncode == 0
        for run_id in runs:
            run = await house.run(run_id)
            assert (run.state, run.deaths) == ("queued", 0)
            assert [t.outcome for t in (await house.attempts(run_id))["h"]] == ["succeeded"]
        assert await crm.fetchval("select count(*) from tasks") == 0
        await house.perform(outbound_allow=(receiver.address,))
        assert len(receiver.received) == 4
    assert await crm.fetchval("select count(*) from tasks") == 4


async def test_a_killed_worker_is_taken_over_within_15_s_under_the_same_key(
    house: House, bells: Bells
) -> None:
    never = asyncio.Event()
    async with http_receiver(Answer(wait=never)) as receiver:
        version = await house.publish(
            {"id": "h", "kind": "action", "do": "call_webhook", "fields": {"url": receiver.url}},
            edges=[["t", "h"]],
        )
        [run_id] = await house.open(version, house.event())
        async with (
            work_process(house, receiver.address, "listen"),
            work_process(house, receiver.address) as one,
        ):
            await receiver.wait_for(1)
            async with work_process(house, receiver.address):
                one.kill()
                await one.wait()
                killed_at = time.monotonic()
                await receiver.wait_for(2)
                print(f"taken over after {time.monotonic() - killed_at:.1f} s")

                async def done() -> bool:
                    return (await house.run(run_id)).state == "succeeded"

                await until(done, what="the run to end")
    assert len({request.headers["idempotency-key"] for request in receiver.received}) == 1
    assert (await house.run(run_id)).deaths == 1


async def test_a_run_that_kills_its_worker_three_times_is_set_aside_alone(house: House, bells: Bells) -> None:
    never = asyncio.Event()
    hang = Answer(wait=never)
    async with http_receiver(*[hang] * 3) as deadly, http_receiver(*[hang] * 2) as harmless:
        allow = f"{deadly.address},{harmless.address}"
        versions = [
            await house.publish(
                {"id": "h", "kind": "action", "do": "call_webhook", "fields": {"url": receiver.url}},
                edges=[["t", "h"]],
            )
            for receiver in (deadly, harmless)
        ]
        [bad] = await house.open(versions[0], house.event(id=1))
        beside = await house.open(versions[1], house.event(id=2), house.event(id=3))
        for death in range(3):
            async with work_process(house, allow) as process:
                await bells.ring_slots([3])
                await deadly.wait_for(death + 1)
                if death == 0:
                    await harmless.wait_for(2)
                process.kill()
                await process.wait()
            await house.execute(
                "update app.run set lease_until = now() - interval '1 second' where state = 'running'"
            )
            async with transaction(house.engine) as conn:
                await sweep_leases(conn)
        run = await house.run(bad)
        assert (run.state, run.deaths) == ("failed", 3)
        assert "3 times" in run.error
        async with work_process(house, allow):
            await bells.ring_slots([3])

            async def done() -> bool:
                return all([(await house.run(one)).state == "succeeded" for one in beside])

            await until(done, what="those beside it to be done")
        assert max([(await house.run(one)).deaths for one in beside]) < 3
        assert len(deadly.received) == 3
