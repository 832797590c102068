"""Failing actions: tried again, given up, of unknown outcome, retried by hand."""

from __future__ import annotations

import asyncpg
import pytest

from ruleyard.core.errors import Conflict
from ruleyard.core.trace import Step
from ruleyard.core.types import NodeId
from ruleyard.runner.retry import RetryPolicy
from ruleyard.stores.claims import claim, claim_suspects
from ruleyard.stores.db import transaction
from ruleyard.stores.run_care import retry, settle
from ruleyard.stores.runs import sweep_leases
from ruleyard.stores.steps import Attempt, Progress, record
from runner.house import House
from support.servers import Answer, http_receiver, smtp_receiver

MAIL = {
    "id": "m",
    "kind": "action",
    "do": "send_email",
    "fields": {
        "to": {"var": "after.email"},
        "subject": {"cat": ["Hello ", {"var": "after.first_name"}]},
        "body": "See you.",
    },
}

TASK = {
    "id": "a",
    "kind": "action",
    "do": "create_record",
    "fields": {"table": "public.tasks", "set": {"title": "after the mail"}},
}


def hook(url: str) -> dict:
    fields = {
        "url": url,
        "headers": {"Authorization": "Bearer abc"},
        "payload": {"name": {"var": "after.first_name"}},
    }
    return {"id": "h", "kind": "action", "do": "call_webhook", "fields": fields}


async def wake_and_perform(house: House, **options: object) -> None:
    await house.execute("update app.run set wake_at = now() where state = 'waiting'")
    await house.wake()
    await house.perform(**options)


def test_delays_grow_with_jitter_and_obey_retry_after() -> None:
    policy = RetryPolicy(attempts=5, delays_s=(1, 5, 30, 120, 600), jitter=0.5)
    assert [policy.delay_s(n, None, 0) for n in range(1, 7)] == [1, 5, 30, 120, None, 1]
    assert policy.delay_s(1, None, 1) == 1.5
    assert policy.delay_s(1, 40, 0) == 40


async def test_a_mail_goes_out(house: House) -> None:
    async with smtp_receiver() as receiver:
        await house.smtp(receiver.port)
        version = await house.publish(MAIL, edges=[["t", "m"]])
        [run_id] = await house.open(version, house.event(first_name="Ann\nBcc: x@example.com"))
        await house.perform()
        [mail] = receiver.received
    assert mail.to == ["ann@example.com"]
    assert mail.message["Subject"] == "Hello Ann Bcc: x@example.com"
    assert mail.message["Bcc"] is None
    assert mail.text.strip() == "See you."
    assert mail.message["Message-ID"] == f"<{run_id}.m@example.com>"
    assert (await house.run(run_id)).state == "succeeded"


async def test_a_mail_refused_for_now_is_tried_again_and_then_given_up(house: House) -> None:
    async with smtp_receiver("451 greylisted", "451 still", "451 no more") as receiver:
        await house.smtp(receiver.port)
        version = await house.publish(MAIL, edges=[["t", "m"]])
        [run_id] = await house.open(version, house.event())
        await house.perform()
        run = await house.run(run_id)
        assert run.state == "waiting"
        assert "greylisted" in run.error
        await wake_and_perform(house)
        await wake_and_perform(house)
        run = await house.run(run_id)
        assert run.state == "failed"
        assert "no more" in run.error
        tries = (await house.attempts(run_id))["m"]
        assert [(t.number, t.outcome, t.error.detail) for t in tries if t.error] == [
            (1, "failed", "451 greylisted"),
            (2, "failed", "451 still"),
            (3, "failed", "451 no more"),
        ]
        async with transaction(house.engine) as conn:
            await retry(conn, run_id)
        await house.perform()
        assert (await house.run(run_id)).state == "succeeded"
        assert len(receiver.received) == 1


async def test_a_mail_refused_for_good_fails_at_once_with_the_servers_words(house: House) -> None:
    async with smtp_receiver("550 no such user") as receiver:
        await house.smtp(receiver.port)
        version = await house.publish(MAIL, edges=[["t", "m"]])
        [run_id] = await house.open(version, house.event())
        await house.perform()
    run = await house.run(run_id)
    assert run.state == "failed"
    assert "no such user" in run.error


async def test_a_mail_server_that_is_down_is_tried_again(house: House) -> None:
    async with smtp_receiver() as receiver:
        port = receiver.port
    await house.smtp(port)
    version = await house.publish(MAIL, edges=[["t", "m"]])
    [run_id] = await house.open(version, house.event())
    await house.perform()
    run = await house.run(run_id)
    assert run.state == "waiting"
    assert "does not answer" in run.error


async def test_a_line_that_dies_after_the_text_leaves_the_outcome_unknown(house: House) -> None:
    async with smtp_receiver("close") as receiver:
        await house.smtp(receiver.port)
        version = await house.publish(MAIL, edges=[["t", "m"]])
        [run_id] = await house.open(version, house.event())
        await house.perform()
    assert (await house.run(run_id)).state == "failed"
    assert (await house.steps(run_id))["m"].error.code == "outcome-unknown"
    assert [t.outcome for t in (await house.attempts(run_id))["m"]] == ["unknown"]


async def test_an_empty_recipient_is_named(house: House) -> None:
    version = await house.publish(MAIL, edges=[["t", "m"]])
    [run_id] = await house.open(version, house.event(email=None))
    await house.perform()
    run = await house.run(run_id)
    assert run.state == "failed"
    assert "“to” is empty" in run.error


async def test_no_mail_server_says_where_to_add_one(house: House) -> None:
    version = await house.publish(MAIL, edges=[["t", "m"]])
    [run_id] = await house.open(version, house.event())
    await house.perform()
    assert "Connections" in (await house.run(run_id)).error


async def died_in_the_middle(house: House, run_id: int, node: str) -> None:
    """A worker wrote its intent and was gone."""
    async with transaction(house.engine) as conn:
        [held] = (await claim(conn, 3, "dead", 1, lease_s=0)).claims
        at = "2026-05-01T09:00:00+00:00"
        step = Step(NodeId(node), "action", "running", attempts=1, started_at=at)
        tried = Attempt(NodeId(node), 1, at, None, "running")
        steps = ((0, Step(NodeId("t"), "trigger", "succeeded")), (1, step))
        await record(conn, [Progress(held.id, held.attempt, "running", steps=steps, attempts=(tried,))])
    async with transaction(house.engine) as conn:
        assert await sweep_leases(conn) == [3]


async def test_a_mail_in_a_crash_is_not_sent_again_until_somebody_says_so(house: House) -> None:
    async with smtp_receiver() as receiver:
        await house.smtp(receiver.port)
        version = await house.publish(MAIL, edges=[["t", "m"]])
        [run_id] = await house.open(version, house.event())
        await died_in_the_middle(house, run_id, "m")
        await house.perform()
        assert receiver.received == []
        assert (await house.run(run_id)).state == "failed"
        assert (await house.steps(run_id))["m"].error.code == "outcome-unknown"
        assert [t.outcome for t in (await house.attempts(run_id))["m"]] == ["unknown"]
        with pytest.raises(Conflict, match="Nobody knows"):
            async with transaction(house.engine) as conn:
                await retry(conn, run_id)
        async with transaction(house.engine) as conn:
            await settle(conn, run_id, "resend")
        await house.perform()
        assert (await house.run(run_id)).state == "succeeded"
        assert [t.outcome for t in (await house.attempts(run_id))["m"]] == ["unknown", "succeeded"]
        assert len(receiver.received) == 1


async def test_a_mail_that_arrived_is_not_sent_again_and_the_run_goes_on(
    house: House, crm: asyncpg.Connection
) -> None:
    async with smtp_receiver() as receiver:
        await house.smtp(receiver.port)
        version = await house.publish(MAIL, TASK, edges=[["t", "m"], ["m", "a"]])
        [run_id] = await house.open(version, house.event())
        await died_in_the_middle(house, run_id, "m")
        await house.perform()
        async with transaction(house.engine) as conn:
            await settle(conn, run_id, "arrived")
        await house.perform()
        assert receiver.received == []
    assert (await house.run(run_id)).state == "succeeded"
    step = (await house.steps(run_id))["m"]
    assert (step.state, step.output, step.error) == ("succeeded", {"settled": "arrived"}, None)
    assert await crm.fetchval("select count(*) from tasks") == 1
    with pytest.raises(Conflict, match="Nothing is unknown"):
        async with transaction(house.engine) as conn:
            await settle(conn, run_id, "resend")


@pytest.mark.parametrize(("unknown", "mails"), [("resend", 1), ("do_not_resend", 0)])
@pytest.mark.parametrize("how", ["the worker dies", "the line dies"])
async def test_a_rule_may_say_what_to_do_with_an_unknown_outcome(
    house: House, crm: asyncpg.Connection, unknown: str, mails: int, how: str
) -> None:
    async with smtp_receiver(*(["close"] if how == "the line dies" else [])) as receiver:
        await house.smtp(receiver.port)
        version = await house.publish(MAIL, TASK, edges=[["t", "m"], ["m", "a"]], policy={"unknown": unknown})
        [run_id] = await house.open(version, house.event())
        if how == "the worker dies":
            await died_in_the_middle(house, run_id, "m")
        await house.perform()
        await house.execute("update app.run set wake_at = clock_timestamp() where state = 'waiting'")
        await house.wake()
        await house.perform()
        assert len(receiver.received) == mails
    assert (await house.run(run_id)).state == "succeeded"
    assert (await house.steps(run_id))["m"].state == ("succeeded" if mails else "skipped")
    assert next(t.outcome for t in (await house.attempts(run_id))["m"]) == "unknown"
    assert await crm.fetchval("select count(*) from tasks") == 1


async def test_a_retry_of_a_run_that_died_at_a_mail_asks_first(house: House) -> None:
    async with smtp_receiver() as receiver:
        await house.smtp(receiver.port)
        version = await house.publish(MAIL, edges=[["t", "m"]], policy={"unknown": "ask"})
        [run_id] = await house.open(version, house.event())
        await house.execute("update app.run set deaths = 2")
        async with transaction(house.engine) as conn:
            [held] = await claim_suspects(conn, 3, "dead", lease_s=0)
            at = "2026-05-01T09:00:00+00:00"
            step = Step(NodeId("m"), "action", "running", attempts=1, started_at=at)
            tried = Attempt(NodeId("m"), 1, at, None, "running")
            await record(
                conn, [Progress(held.id, held.attempt, "running", steps=((1, step),), attempts=(tried,))]
            )
        async with transaction(house.engine) as conn:
            await sweep_leases(conn)
            await retry(conn, run_id)
        await house.perform()
        assert receiver.received == []
    assert (await house.steps(run_id))["m"].error.code == "outcome-unknown"


async def test_a_request_in_a_crash_is_sent_again_under_the_same_key(house: House) -> None:
    async with http_receiver() as receiver:
        version = await house.publish(hook(receiver.url), edges=[["t", "h"]])
        [run_id] = await house.open(version, house.event())
        await died_in_the_middle(house, run_id, "h")
        await house.perform(outbound_allow=(receiver.address,))
        [request] = receiver.received
    assert request.headers["idempotency-key"] == request.headers["webhook-id"] == f"{run_id}:h"
    assert (await house.run(run_id)).state == "succeeded"
    assert [t.outcome for t in (await house.attempts(run_id))["h"]] == ["unknown", "succeeded"]


async def test_a_busy_webhook_is_tried_again_with_the_same_key(house: House) -> None:
    async with http_receiver(Answer(503, b"later"), Answer(200, b'{"ok":true}')) as receiver:
        version = await house.publish(hook(receiver.url), edges=[["t", "h"]])
        [run_id] = await house.open(version, house.event())
        await house.perform(outbound_allow=(receiver.address,))
        assert (await house.run(run_id)).state == "waiting"
        await wake_and_perform(house, outbound_allow=(receiver.address,))
        first, second = receiver.received
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.json() == {"name": "Ann"}
    step = (await house.steps(run_id))["h"]
    assert step.output == {"status": 200, "body": '{"ok":true}'}
    assert step.input["headers"] == {"Authorization": "•••"}
    assert first.headers["authorization"] == "Bearer abc"


async def test_retry_after_is_obeyed(house: House) -> None:
    async with http_receiver(Answer(429, headers={"retry-after": "90"})) as receiver:
        version = await house.publish(hook(receiver.url), edges=[["t", "h"]])
        await house.open(version, house.event())
        await house.perform(outbound_allow=(receiver.address,))
    async with house.engine.connect() as conn:
        wait = await conn.exec_driver_sql("select extract(epoch from wake_at - now()) from app.run")
        assert 60 < wait.scalar_one() <= 90


async def test_on_error_stop_fails_at_the_first_trouble(house: House) -> None:
    async with http_receiver(Answer(503)) as receiver:
        version = await house.publish(hook(receiver.url), edges=[["t", "h"]], policy={"on_error": "stop"})
        [run_id] = await house.open(version, house.event())
        await house.perform(outbound_allow=(receiver.address,))
    assert (await house.run(run_id)).state == "failed"


async def test_a_retry_goes_on_from_the_failed_step(house: House, crm: asyncpg.Connection) -> None:
    create = {
        "id": "a",
        "kind": "action",
        "do": "create_record",
        "fields": {"table": "public.tasks", "set": {"title": "Call"}},
    }
    async with http_receiver(Answer(404, b"gone")) as receiver:
        version = await house.publish(create, hook(receiver.url), edges=[["t", "a"], ["a", "h"]])
        [run_id] = await house.open(version, house.event())
        await house.perform(outbound_allow=(receiver.address,))
        run = await house.run(run_id)
        assert (run.state, run.path) == ("failed", "2")
        assert "404" in run.error
        async with transaction(house.engine) as conn:
            await retry(conn, run_id)
        await house.perform(outbound_allow=(receiver.address,))
    assert (await house.run(run_id)).state == "succeeded"
    assert await crm.fetchval("select count(*) from tasks") == 1
    assert [t.outcome for t in (await house.attempts(run_id))["h"]] == ["failed", "succeeded"]


async def test_a_private_address_is_refused(house: House) -> None:
    async with http_receiver() as receiver:
        version = await house.publish(hook(receiver.url), edges=[["t", "h"]])
        [run_id] = await house.open(version, house.event())
        await house.perform()
        assert receiver.received == []
    assert (await house.steps(run_id))["h"].error.code == "address-not-allowed"
