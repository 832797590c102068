"""http_request from the run to the socket and back: what is sent, what is kept, what a later step sees."""

from __future__ import annotations

import base64
import io
import json
import logging
from collections.abc import Iterator

import pytest

from ruleyard.logs import configure_logs
from ruleyard.stores.connections import connection_named, create_connection, update_connection
from ruleyard.stores.db import transaction
from runner.house import House
from support.canary import dump, found_in
from support.servers import Answer, http_receiver, smtp_receiver

JSON_TYPE = {"content-type": "application/json"}


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What an operator who wants to know everything would read."""
    root = logging.getLogger()
    before = root.handlers, root.level
    stream = io.StringIO()
    configure_logs("debug", stream=stream)
    yield stream
    root.handlers, root.level = before


def ask(**fields: object) -> dict:
    return {"id": "h", "kind": "action", "do": "http_request", "fields": fields}


async def connect(house: House, base_url: str, *, secret: dict | None = None, **public: object) -> None:
    async with transaction(house.engine) as conn:
        await create_connection(
            conn,
            house.settings,
            name="shop",
            kind="http",
            public={"base_url": base_url, **public},
            secret=secret or {},
        )


async def test_a_later_step_reads_the_answer(house: House) -> None:
    answer = Answer(
        200,
        json.dumps({"customer": {"name": "Lee", "orders": [7, 9]}}).encode(),
        headers=JSON_TYPE,
    )
    async with http_receiver(answer) as receiver:
        again = {
            "id": "n",
            "kind": "action",
            "do": "http_request",
            "fields": {
                "method": "POST",
                "url": f"{receiver.url}/next",
                "body": {
                    "who": {
                        "name": {"var": "steps.h.output.body.customer.name"},
                        "vip": True,
                    },
                    "orders": [{"var": "steps.h.output.body.customer.orders.1"}, 3],
                    "status": {"var": "steps.h.output.status"},
                    "kept": {"preserve": {"var": "x"}},
                },
            },
        }
        url = {"cat": [f"{receiver.url}/customers/", {"var": "after.id"}]}
        version = await house.publish(
            ask(url=url, query={"lang": "ko", "tag": ["a", "b"], "none": None}),
            again,
            edges=[["t", "h"], ["h", "n"]],
        )
        [run_id] = await house.open(version, house.event())
        await house.perform(outbound_allow=(receiver.address,))
        first, second = receiver.received
    assert (first.method, first.path, first.body) == (
        "GET",
        "/customers/1?tag=a&tag=b&lang=ko",
        b"",
    )
    assert "idempotency-key" not in first.headers
    assert second.json() == {
        "who": {"name": "Lee", "vip": True},
        "orders": [9, 3],
        "status": 200,
        "kept": {"var": "x"},
    }
    assert second.headers["idempotency-key"] == f"{run_id}:n"
    assert second.headers["content-type"] == "application/json"
    steps = await house.steps(run_id)
    assert steps["h"].output == {
        "status": 200,
        "body": {"customer": {"name": "Lee", "orders": [7, 9]}},
    }
    assert (await house.run(run_id)).state == "succeeded"


@pytest.mark.parametrize(
    ("public", "secret", "name", "value"),
    [
        (
            {"sign_in": "bearer"},
            {"token": "canary-1"},
            "authorization",
            "Bearer canary-1",
        ),
        (
            {"sign_in": "header", "header": "X-Api-Key"},
            {"token": "canary-1"},
            "x-api-key",
            "canary-1",
        ),
        (
            {"sign_in": "basic", "user": "ann"},
            {"password": "canary-1"},
            "authorization",
            "Basic " + base64.b64encode(b"ann:canary-1").decode(),
        ),
    ],
)
async def test_a_connection_signs_in_and_its_secret_is_kept_nowhere(
    house: House, public: dict, secret: dict, name: str, value: str
) -> None:
    async with http_receiver() as receiver:
        echo = {"sent": value, "said": f"you sent {value} and canary-1"}
        receiver.script.append(Answer(200, json.dumps(echo).encode(), headers=JSON_TYPE))
        receiver.script.append(Answer(403, f"no entry with {value}".encode()))
        await connect(house, f"{receiver.url}/v2", secret=secret, **public)
        version = await house.publish(
            ask(url="orders/7", connection="shop"),
            {**ask(url="/orders/8", connection="shop"), "id": "i"},
            edges=[["t", "h"], ["h", "i"]],
        )
        [run_id] = await house.open(version, house.event())
        await house.perform(outbound_allow=(receiver.address,))
        assert [one.path for one in receiver.received] == [
            "/v2/orders/7",
            "/v2/orders/8",
        ]
        assert [one.headers[name] for one in receiver.received] == [value, value]
    kept = repr(
        (
            await house.run(run_id),
            await house.steps(run_id),
            await house.attempts(run_id),
        )
    )
    assert "canary-1" not in kept
    assert value not in kept
    assert "no entry with" in kept


async def test_a_connection_without_its_secret_is_not_asked_through(
    house: House,
) -> None:
    async with http_receiver() as receiver:
        await connect(house, receiver.url, sign_in="bearer")
        version = await house.publish(ask(url="x", connection="shop"), edges=[["t", "h"]])
        [run_id] = await house.open(version, house.event())
        await house.perform(outbound_allow=(receiver.address,))
        assert receiver.received == []
    assert (await house.steps(run_id))["h"].error.code == "connection-not-set-up"


async def test_no_secret_is_in_any_table_or_log_line_after_runs_that_failed_in_every_way(
    house: House, lines: io.StringIO
) -> None:
    """The other sides send back what they were sent, in headers, in bodies, in JSON and as errors."""
    secrets = ("canary-tok/én+1", "canary-sms-2", "canary-pw-3", "canary-user-4")
    basic = base64.b64encode(f"ann:{secrets[3]}".encode()).decode()
    echo = f"{secrets[0]} {basic} {secrets[3]}"
    answers = [
        Answer(200, json.dumps({"you": echo}).encode(), headers=JSON_TYPE),
        Answer(500, echo.encode()),
        Answer(302, echo.encode(), headers={"location": f"http://127.0.0.1:1/?key={secrets[3]}"}),
        Answer(200, f"not JSON: {echo}".encode(), headers=JSON_TYPE),
        Answer(403, json.dumps({"why": f"bad key {secrets[1]}"}).encode(), headers=JSON_TYPE),
        Answer(500, secrets[1].encode()),
    ]
    async with http_receiver(*answers) as receiver, smtp_receiver() as post:
        both = {"password": secrets[3], "token": secrets[0]}
        await connect(house, receiver.url, sign_in="basic", user="ann", secret=both)
        template = {
            "url": f"{receiver.url}/sms",
            "headers": {"X-Key": "{secret}"},
            "body": {"to": "{to}", "text": "{text}", "key": "{secret}"},
            "id_at": "id",
            "said_at": ["why"],
        }
        async with transaction(house.engine) as conn:
            await create_connection(
                conn,
                house.settings,
                name="texts",
                kind="sms",
                public={"provider": "custom", "template": template},
                secret={"token": secrets[1]},
            )
        await house.smtp(post.port, user="ann")
        async with transaction(house.engine) as conn:
            mail = await connection_named(conn, "mail")
            await update_connection(conn, house.settings, mail.id, secret={"password": secrets[2]})
        asks = [{**ask(url=f"a{n}", connection="shop"), "id": f"h{n}"} for n in range(4)]
        text_fields = {"connection": "texts", "to": "+821012345678", "text": "Hi"}
        texts = [{"id": f"s{n}", "kind": "action", "do": "send_sms", "fields": text_fields} for n in range(2)]
        mail_fields = {"to": "ann@example.com", "subject": "Hi", "body": "x", "connection": "mail"}
        steps = [*asks, *texts, {"id": "m", "kind": "action", "do": "send_email", "fields": mail_fields}]
        for step in steps:
            version = await house.publish(step, edges=[["t", step["id"]]], policy={"on_error": "stop"})
            await house.open(version, house.event())
            await house.perform(outbound_allow=(receiver.address,))
        assert len(receiver.received) == 6
    told = await dump(house.engine)
    assert told.count("•••") >= 5
    assert found_in(told, *secrets, basic) == []
    assert found_in(lines.getvalue(), *secrets, basic) == []


async def test_what_no_text_of_a_database_holds_is_not_in_an_answer_either(house: House) -> None:
    """Or what a later step hands on would be refused, for as long as the answer was not read back."""
    answer = Answer(body=b'{"name": "a\\u0000b"}', headers=JSON_TYPE)
    async with http_receiver(answer) as receiver:
        data = {"name": {"var": "steps.h.output.body.name"}}
        tell = {
            "id": "n",
            "kind": "action",
            "do": "emit_event",
            "fields": {"type": "shop.named", "data": data},
        }
        version = await house.publish(ask(url=receiver.url), tell, edges=[["t", "h"], ["h", "n"]])
        [run_id] = await house.open(version, house.event())
        await house.perform(outbound_allow=(receiver.address,))
    run = await house.run(run_id)
    assert (run.state, run.attempt) == ("succeeded", 1)
    assert (await house.steps(run_id))["h"].output["body"] == {"name": "a\ufffdb"}
