"""Outside systems that do not answer: runs wait for them without burning tries, one asks, all go on when it answers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from ruleyard.actions.answers import retry_after_s
from ruleyard.runner.breaker import Breaker, Held, Passed
from ruleyard.runner.retry import RetryPolicy
from ruleyard.stores import targets
from ruleyard.stores.db import transaction
from runner.house import House
from support.servers import Answer, http_receiver, smtp_receiver

MAIL = {"id": "m", "kind": "action", "do": "send_email", "fields": {"to": "ann@example.com", "subject": "Hi"}}
MANY = RetryPolicy(attempts=5, delays_s=(0.0,), jitter=0)


def hook(url: str) -> dict:
    return {"id": "h", "kind": "action", "do": "call_webhook", "fields": {"url": url}}


async def wake(house: House) -> None:
    await house.execute("update app.run set wake_at = clock_timestamp() where state = 'waiting'")
    await house.wake()


async def test_runs_wait_for_a_silent_target_and_go_on_when_it_answers(house: House) -> None:
    async with http_receiver(*[Answer(close=True)] * 5) as receiver:
        version = await house.publish(hook(receiver.url), edges=[["t", "h"]])
        runs = await house.open(version, *(house.event(id=number) for number in range(8)))
        async with house.runner(
            retry=MANY, outbound_allow=(receiver.address,), worker_concurrency=1
        ) as runner:
            await runner.perform_slot(3)
        async with house.engine.connect() as conn:
            [target] = await targets.open_targets(conn)
        assert (target.name, target.failures) == (receiver.url, 5)
        assert len(receiver.received) == 5
        held = await house.run(runs[7])
        assert held.state == "waiting"
        assert "does not answer: waiting until" in held.error
        assert (await house.steps(runs[7]))["h"].attempts == 0
        assert target.waiting >= 3

        await wake(house)  # nobody may ask before its time
        await house.perform(retry=MANY, outbound_allow=(receiver.address,))
        assert len(receiver.received) == 5

        await house.execute("update app.target set retry_at = clock_timestamp()")
        await house.execute(
            "update app.run set wake_at = clock_timestamp() "
            "where id = (select min(id) from app.run where state = 'waiting')"
        )
        await house.wake()  # one asks
        await house.perform(retry=MANY, outbound_allow=(receiver.address,))
        async with house.engine.connect() as conn:
            assert await targets.troubled(conn) == {}
        await house.wake()  # the answer has woken them
        await house.perform(retry=MANY, outbound_allow=(receiver.address,))
        assert {(await house.run(one)).state for one in runs} == {"succeeded"}
        assert len(receiver.received) == 13
        keys = [request.headers["idempotency-key"] for request in receiver.received]
        assert len(set(keys)) == 8


async def test_one_asks_at_a_time_and_a_dead_one_is_replaced(house: House) -> None:
    name = "http://10.0.0.1:80"
    async with transaction(house.engine) as conn:
        for _ in range(5):
            await targets.failed(conn, name, "silent", probe=False)
    one, two = Breaker(house.engine), Breaker(house.engine)
    assert isinstance(await one.enter(name), Held)
    await house.execute("update app.target set retry_at = clock_timestamp()")
    assert await one.enter(name) == Passed(probe=True)
    assert isinstance(await two.enter(name), Held)
    await house.execute("update app.target set probing_until = clock_timestamp() - interval '1 s'")
    assert await two.enter(name) == Passed(probe=True)


async def test_what_was_under_way_does_not_make_the_pause_longer(house: House) -> None:
    name = "smtp://10.0.0.1:25"
    async with transaction(house.engine) as conn:
        for _ in range(40):
            await targets.failed(conn, name, "silent", probe=False)
        wait_s = await targets.wait_s(conn, name)
        assert wait_s is not None
        assert wait_s < 20
        await targets.failed(conn, name, "silent", probe=True)
        longer = await targets.wait_s(conn, name)
        assert longer is not None
        assert 25 < longer < 40


async def test_a_mail_server_that_is_gone_holds_mails_back(house: House) -> None:
    async with smtp_receiver() as receiver:
        port = receiver.port
    await house.smtp(port)
    version = await house.publish(MAIL, edges=[["t", "m"]])
    runs = await house.open(version, *(house.event(id=number) for number in range(7)))
    await house.perform(retry=MANY, worker_concurrency=1)
    states = [await house.run(one) for one in runs]
    assert {run.state for run in states} == {"waiting"}
    assert f"smtp://127.0.0.1:{port} does not answer" in states[6].error


async def test_an_answer_about_one_message_says_nothing_of_the_server(house: House) -> None:
    async with http_receiver(*[Answer(status=404)] * 6) as receiver:
        version = await house.publish(hook(receiver.url), edges=[["t", "h"]])
        await house.open(version, *(house.event(id=number) for number in range(6)))
        await house.perform(outbound_allow=(receiver.address,))
    async with house.engine.connect() as conn:
        assert await targets.troubled(conn) == {}


async def test_after_a_day_a_held_run_fails(house: House) -> None:
    async with http_receiver() as receiver:
        version = await house.publish(hook(receiver.url), edges=[["t", "h"]])
        async with transaction(house.engine) as conn:
            for _ in range(5):
                await targets.failed(conn, receiver.url, "silent", probe=False)
        [run_id] = await house.open(version, house.event())
        await house.perform(outbound_allow=(receiver.address,))
        assert (await house.run(run_id)).state == "waiting"
        await house.execute("update app.step set started_at = now() - interval '25 hours'")
        await wake(house)
        await house.perform(outbound_allow=(receiver.address,))
    run = await house.run(run_id)
    assert (run.state, run.error) == ("failed", f"{receiver.url} has not answered for a day.")


@pytest.mark.parametrize(
    ("header", "low", "high"),
    [
        (None, None, None),
        ("120", 120, 120),
        (" 7 ", 7, 7),
        ("99999999999", 3600, 3600),
        ("²", None, None),
        ("soon", None, None),
        ("-5", None, None),
        ("Mon, 01 Jan 2001 00:00:00 GMT", 0, 0),
        ("Mon, 01 Jan 2001 00:00:00 +9999999", None, None),
    ],
)
def test_retry_after_is_seconds_or_a_date_and_capped(
    header: str | None, low: float | None, high: float | None
) -> None:
    wait_s = retry_after_s(header)
    if low is None or high is None:
        assert wait_s is None
    else:
        assert wait_s is not None
        assert low <= wait_s <= high


def test_retry_after_may_be_a_date() -> None:
    wait_s = retry_after_s(format_datetime(datetime.now(UTC) + timedelta(minutes=10), usegmt=True))
    assert wait_s is not None
    assert 590 < wait_s <= 600
