"""A step's own time-out and its own number of tries, at the sockets of systems that hang, drip and refuse."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from runner.house import House
from runner.test_retries import MAIL, hook, wake_and_perform
from runner.test_text_messages import TEXT, provider
from support.servers import HOST, Answer, http_receiver, smtp_receiver


@contextlib.asynccontextmanager
async def server(talk: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Any]) -> AsyncIterator[int]:
    """One that talks as it likes, on a free loopback port."""
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await talk(reader, writer)
        except OSError:
            pass
        finally:
            writer.close()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(asyncio.get_running_loop().create_task(serve(reader, writer)))

    listening = await asyncio.start_server(accept, HOST, 0)
    try:
        yield listening.sockets[0].getsockname()[1]
    finally:
        listening.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await asyncio.Event().wait()


async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n")
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.1)


@pytest.mark.parametrize("talk", [hang, drip])
@pytest.mark.parametrize("do", ["call_webhook", "http_request"])
async def test_a_system_that_hangs_or_drips_is_given_up_after_the_steps_own_time(
    house: House, talk: Any, do: str
) -> None:
    async with server(talk) as port:
        node = hook(f"http://{HOST}:{port}/") | {"do": do, "timeout": 1, "tries": 1}
        node["fields"] = {"url": node["fields"]["url"]}
        version = await house.publish(node, edges=[["t", "h"]])
        [run_id] = await house.open(version, house.event())
        began = time.monotonic()
        await house.perform(outbound_allow=(f"{HOST}:{port}",))
        assert time.monotonic() - began < 5
    run = await house.run(run_id)
    assert run.state == "failed"
    assert "within 1 s" in run.error
    assert (await house.steps(run_id))["h"].attempts == 1


async def test_a_text_message_provider_that_hangs_is_of_unknown_outcome_after_the_steps_own_time(
    house: House,
) -> None:
    async with http_receiver(Answer(wait=asyncio.Event())) as receiver:
        await provider(house, receiver)
        version = await house.publish(TEXT | {"timeout": 1}, edges=[["t", "s"]])
        [run_id] = await house.open(version, house.event(phone="010-1234-5678"))
        began = time.monotonic()
        await house.perform(outbound_allow=(receiver.address,))
        assert time.monotonic() - began < 5
    assert (await house.steps(run_id))["s"].error.code == "outcome-unknown"


async def test_a_mail_server_that_says_nothing_is_given_up_before_the_text(house: House) -> None:
    async with server(hang) as port:
        await house.smtp(port)
        version = await house.publish(MAIL | {"timeout": 2, "tries": 1}, edges=[["t", "m"]])
        [run_id] = await house.open(version, house.event())
        began = time.monotonic()
        await house.perform()
        assert time.monotonic() - began < 6
    step = (await house.steps(run_id))["m"]
    assert (step.state, step.error.code, step.attempts) == ("failed", "mail-silent", 1)


async def test_a_mail_server_that_stalls_at_the_text_is_of_unknown_outcome_after_the_steps_own_time(
    house: House,
) -> None:
    async with smtp_receiver("stall") as receiver:
        await house.smtp(receiver.port)
        version = await house.publish(MAIL | {"timeout": 2}, edges=[["t", "m"]])
        [run_id] = await house.open(version, house.event())
        began = time.monotonic()
        await house.perform()
        assert time.monotonic() - began < 7
    assert (await house.steps(run_id))["m"].error.code == "outcome-unknown"


async def test_a_step_with_one_try_fails_at_once_and_goes_on_by_its_failed_path(house: House) -> None:
    told = {"id": "n", "kind": "action", "do": "notify", "fields": {"to": "everyone", "title": "No answer"}}
    async with http_receiver(Answer(status=500)) as receiver:
        version = await house.publish(
            hook(receiver.url) | {"tries": 1}, told, edges=[["t", "h"], ["h", "n", "failed"]]
        )
        [run_id] = await house.open(version, house.event())
        await house.perform(outbound_allow=(receiver.address,))
        assert len(receiver.received) == 1
    assert (await house.run(run_id)).state == "succeeded"
    steps = await house.steps(run_id)
    assert (steps["h"].state, steps["h"].attempts, steps["n"].state) == ("failed", 1, "succeeded")


@pytest.mark.parametrize("policy", [{"on_error": "retry"}, {"on_error": "stop"}])
async def test_a_step_is_tried_as_often_as_it_says_whatever_the_rule_says(house: House, policy: Any) -> None:
    async with http_receiver(*[Answer(status=500)] * 9) as receiver:
        version = await house.publish(hook(receiver.url) | {"tries": 4}, edges=[["t", "h"]], policy=policy)
        [run_id] = await house.open(version, house.event())
        await house.perform(outbound_allow=(receiver.address,))
        for _ in range(6):
            await wake_and_perform(house, outbound_allow=(receiver.address,))
        assert len(receiver.received) == 4
    assert (await house.run(run_id)).state == "failed"


async def test_the_last_try_at_a_system_that_is_away_fails_instead_of_waiting_for_it(house: House) -> None:
    async with http_receiver(*[Answer(close=True)] * 9) as receiver:
        version = await house.publish(hook(receiver.url) | {"tries": 1}, edges=[["t", "h"]])
        runs = await house.open(version, *(house.event(id=number) for number in range(5)))
        async with house.runner(outbound_allow=(receiver.address,), worker_concurrency=1) as runner:
            await runner.perform_slot(3)
        assert len(receiver.received) == 5
    assert {(await house.run(one)).state for one in runs} == {"failed"}
