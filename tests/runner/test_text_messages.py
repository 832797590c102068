"""Text messages from the run to the provider: at most once, and what the rule says where nobody knows."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text

from ruleyard.core.types import JSONObject
from ruleyard.stores.connections import create_connection
from ruleyard.stores.db import create_engine, transaction
from runner.house import House
from runner.test_retries import died_in_the_middle
from support.servers import Answer, HttpReceiver, http_receiver

TEXT = {
    "id": "s",
    "kind": "action",
    "do": "send_sms",
    "fields": {"to": {"var": "after.phone"}, "text": {"cat": ["Hello ", {"var": "after.first_name"}]}},
}


async def provider(house: House, receiver: HttpReceiver) -> None:
    template = {
        "url": f"{receiver.url}/send",
        "body": {"to": "{to}", "text": "{text}"},
        "format": "json",
        "id_at": "id",
    }
    async with transaction(house.engine) as conn:
        await create_connection(
            conn,
            house.settings,
            name="texts",
            kind="sms",
            public={"provider": "custom", "template": template, "country": "82"},
            secret={},
        )


async def test_a_text_message_goes_out_and_the_run_says_what_became_of_it(house: House) -> None:
    async with http_receiver(Answer(200, b'{"id": "m1"}')) as receiver:
        await provider(house, receiver)
        version = await house.publish(TEXT, edges=[["t", "s"]])
        [run_id] = await house.open(version, house.event(phone="010-1234-5678"))
        await house.perform(outbound_allow=(receiver.address,))
        (request,) = receiver.received
    assert request.json() == {"to": "+821012345678", "text": "Hello Ann"}
    assert (await house.steps(run_id))["s"].output == {
        "to": "+821012345678",
        "sent": True,
        "id": "m1",
        "parts": 1,
        "alphabet": "gsm",
        "status": 200,
    }


def listed_text(unless_listed: bool | None) -> JSONObject:
    given = {} if unless_listed is None else {"unless_listed": unless_listed}
    return {**TEXT, "fields": {**TEXT["fields"], **given}}


async def test_no_text_message_goes_to_who_asked_not_to_be_called(house: House) -> None:
    """However the record writes the number: it is compared as the lists of calls compare it."""
    await house.execute("insert into app.do_not_call (phone, by) values ('+821012345678', 'Ann')")
    async with http_receiver(Answer(200, b'{"id": "m1"}')) as receiver:
        await provider(house, receiver)
        version = await house.publish(listed_text(True), edges=[["t", "s"]])
        phones = ["+821012345678", "010-1234-5678", "0082 10 1234 5678"]
        runs = await house.open(
            version, *[house.event(id=n, phone=phone) for n, phone in enumerate(phones, 1)]
        )
        await house.perform(outbound_allow=(receiver.address,))
        assert receiver.received == []
    for run_id in runs:
        assert (await house.run(run_id)).state == "succeeded"
        assert (await house.steps(run_id))["s"].output == {
            "to": "+821012345678",
            "sent": False,
            "reason": "do-not-call",
            "id": None,
            "parts": 0,
            "alphabet": "gsm",
            "status": None,
        }


@pytest.mark.parametrize(
    ("unless_listed", "listed"),
    [(None, "+821012345678"), (False, "+821012345678"), (True, "+821012345679"), (True, None)],
)
async def test_every_other_text_message_goes(
    house: House, unless_listed: bool | None, listed: str | None
) -> None:
    """A rule that says nothing of the list goes on as ever."""
    if listed is not None:
        await house.execute("insert into app.do_not_call (phone, by) values (:phone, 'Ann')", phone=listed)
    async with http_receiver(Answer(200, b'{"id": "m1"}')) as receiver:
        await provider(house, receiver)
        version = await house.publish(listed_text(unless_listed), edges=[["t", "s"]])
        [run_id] = await house.open(version, house.event(phone="010-1234-5678"))
        await house.perform(outbound_allow=(receiver.address,))
        assert len(receiver.received) == 1
    assert (await house.steps(run_id))["s"].output["sent"] is True


async def test_who_is_listed_before_the_next_try_gets_none(house: House) -> None:
    async with http_receiver(Answer(503), Answer(200, b'{"id": "m1"}')) as receiver:
        await provider(house, receiver)
        version = await house.publish(listed_text(True), edges=[["t", "s"]])
        [run_id] = await house.open(version, house.event(phone="010-1234-5678"))
        await house.perform(outbound_allow=(receiver.address,))
        assert (await house.run(run_id)).state == "waiting"
        await house.execute("insert into app.do_not_call (phone, by) values ('+821012345678', 'Ann')")
        await house.execute("update app.run set wake_at = clock_timestamp() where state = 'waiting'")
        await house.wake()
        await house.perform(outbound_allow=(receiver.address,))
        assert len(receiver.received) == 1
    assert (await house.steps(run_id))["s"].output["sent"] is False


async def test_a_list_that_cannot_be_asked_leaves_nobody_wondering_whether_it_went(house: House) -> None:
    """Nothing was given to the provider yet: the message goes once the list is there again."""
    engine = create_engine(house.settings, patience_s=0.1)
    async with http_receiver(Answer(200, b'{"id": "m1"}')) as receiver:
        await provider(house, receiver)
        version = await house.publish(listed_text(True), edges=[["t", "s"]])
        [run_id] = await house.open(version, house.event(phone="010-1234-5678"))
        async with transaction(house.engine) as conn:
            await conn.execute(text("lock table app.do_not_call in access exclusive mode"))
            await replace(house, engine=engine).perform(outbound_allow=(receiver.address,))
            assert receiver.received == []
        await engine.dispose()
        await house.execute("update app.run set wake_at = clock_timestamp() where state = 'waiting'")
        await house.wake()
        await house.perform(outbound_allow=(receiver.address,))
        assert len(receiver.received) == 1
    step = (await house.steps(run_id))["s"]
    assert ((await house.run(run_id)).state, step.state, step.attempts) == ("succeeded", "succeeded", 2)


@pytest.mark.parametrize("how", ["the worker dies", "the provider breaks"])
@pytest.mark.parametrize(("unknown", "state", "more"), [("ask", "failed", 0), ("resend", "succeeded", 1)])
async def test_where_nobody_knows_the_rule_says_whether_it_goes_again(
    house: House, how: str, unknown: str, state: str, more: int
) -> None:
    dies = how == "the worker dies"
    script = [Answer(200, b'{"id": "m1"}')] if dies else [Answer(500), Answer(200, b'{"id": "m1"}')]
    async with http_receiver(*script) as receiver:
        await provider(house, receiver)
        version = await house.publish(TEXT, edges=[["t", "s"]], policy={"unknown": unknown})
        [run_id] = await house.open(version, house.event(phone="+821012345678"))
        if dies:
            await died_in_the_middle(house, run_id, "s")
        for _ in range(2):
            await house.perform(outbound_allow=(receiver.address,))
            await house.execute("update app.run set wake_at = clock_timestamp() where state = 'waiting'")
            await house.wake()
        assert len(receiver.received) == more + (0 if dies else 1)
    assert (await house.run(run_id)).state == state
    assert next(t.outcome for t in (await house.attempts(run_id))["s"]) == "unknown"


async def test_no_number_and_no_provider_are_said(house: House) -> None:
    version = await house.publish(TEXT, edges=[["t", "s"]])
    [run_id] = await house.open(version, house.event(phone="+821012345678"))
    await house.perform()
    assert (await house.steps(run_id))["s"].error.code == "no-sms-provider"
    async with http_receiver() as receiver:
        await provider(house, receiver)
        [other] = await house.open(version, house.event(id=2, phone=None))
        await house.perform(outbound_allow=(receiver.address,))
        assert receiver.received == []
    assert (await house.steps(other))["s"].error.code == "empty-field"
