"""Text messages from the run to the provider: at most once, and what the rule says where nobody knows."""

from __future__ import annotations

import pytest

from ruleyard.stores.connections import create_connection
from ruleyard.stores.db import transaction
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
        "id": "m1",
        "parts": 1,
        "alphabet": "gsm",
        "status": 200,
    }


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
