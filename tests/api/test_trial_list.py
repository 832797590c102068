"""Testing a draft asks the do-not-call list, for that only reads: who is on it is said to get nothing."""

from __future__ import annotations

from typing import Any

import httpx

from api.test_do_not_call import LIST
from api.test_http_and_sms import admin, receiver  # noqa: F401 (fixtures)

PHONE = {"var": "after.phone"}


async def texts(admin: httpx.AsyncClient) -> None:  # noqa: F811
    template = {"url": "http://127.0.0.1:9/send", "body": {"to": "{to}", "text": "{text}"}}
    settings = {"provider": "custom", "template": template, "country": "82"}
    connection = {"name": "texts", "kind": "sms", "settings": settings, "secret": {"token": "x"}}
    made = await admin.post("/connections", json=connection)
    assert made.status_code == 201, made.text


async def tried(client: httpx.AsyncClient, do: str, **fields: Any) -> dict[str, Any]:
    document = {
        "dialect": 1,
        "name": "r",
        "nodes": [
            {"id": "t", "kind": "trigger", "on": "webhook", "sample": {"phone": "x"}},
            {"id": "s", "kind": "action", "do": do, "fields": fields},
            {"id": "n", "kind": "action", "do": "notify", "fields": {"title": "After it"}},
        ],
        "edges": [["t", "s"], ["s", "n"]],
    }
    record = {"connection": "", "table": "", "after": {"phone": "010-1234-5678"}}
    answer = await client.post("/rules/test", json={"document": document, "record": record})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def on_list(client: httpx.AsyncClient) -> str:
    assert (await client.post(LIST, json={"text": "+821012345678"})).json()["added"] == 1
    [one] = (await client.get(LIST)).json()["items"]
    return str(one["at"])


async def test_a_text_message_to_who_is_listed_is_said_not_to_go(
    admin: httpx.AsyncClient,  # noqa: F811
) -> None:
    await texts(admin)
    free = await tried(admin, "send_sms", to=PHONE, text="Hi", unless_listed=True)
    assert free["previews"]["s"]["listed_at"] is None
    at = await on_list(admin)
    held = await tried(admin, "send_sms", to=PHONE, text="Hi", unless_listed=True)
    told, step = held["previews"]["s"], held["trace"]["steps"][1]
    assert told["listed_at"] == at
    assert (
        told["summary"] == f"Nothing would be sent: +821012345678 is on the do-not-call list since {at[:10]}"
    )
    assert (step["state"], step["output"]["sent"], step["output"]["reason"]) == (
        "succeeded",
        False,
        "do-not-call",
    )
    assert "n" in held["previews"]


async def test_one_that_does_not_ask_goes_all_the_same(admin: httpx.AsyncClient) -> None:  # noqa: F811
    await texts(admin)
    await on_list(admin)
    told = await tried(admin, "send_sms", to=PHONE, text="Hi")
    assert told["previews"]["s"]["listed_at"] is None
    assert told["previews"]["s"]["summary"].startswith("Send a text message to")


async def test_a_call_to_who_is_listed_is_said_to_fail(client: httpx.AsyncClient) -> None:
    at = await on_list(client)
    told = await tried(client, "queue_call", list="Callbacks", phone=PHONE, country="82")
    assert told["previews"]["s"]["listed_at"] == at
    assert told["trace"]["steps"][1]["error"]["code"] == "do-not-call"
    assert "n" not in told["previews"]
