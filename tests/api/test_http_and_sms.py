"""Connections to systems that speak HTTP and to SMS providers: made, checked, proved, their secrets never shown."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from api.conftest import PASSWORD, client_of, manual_document, serving
from ruleyard.settings import Settings
from ruleyard.stores.accounts import create_setup_token
from ruleyard.stores.db import transaction
from support.canary import dump, found_in
from support.servers import Answer, HttpReceiver, http_receiver

CANARY = "canary-5e1f"


@pytest.fixture
async def receiver() -> AsyncIterator[HttpReceiver]:
    async with http_receiver() as receiver:
        yield receiver


@pytest.fixture
async def admin(
    settings: Settings, engine: AsyncEngine, receiver: HttpReceiver
) -> AsyncIterator[httpx.AsyncClient]:
    """The first administrator, in a house that lets requests out to the receiver."""
    async with transaction(engine) as conn:
        token = await create_setup_token(conn)
    allowed = dataclasses.replace(settings, outbound_allow=(receiver.address,))
    async with serving(allowed) as app, client_of(app) as client:
        answer = await client.post(
            "/setup",
            json={
                "token": token,
                "name": "Ann",
                "email": "ann@example.com",
                "password": PASSWORD,
            },
        )
        client.headers["X-CSRF-Token"] = answer.json()["csrf"]
        yield client


def shop(receiver: HttpReceiver, **changes: Any) -> dict[str, Any]:
    return {
        "name": "shop",
        "kind": "http",
        "settings": {"base_url": f"{receiver.url}/v2", "sign_in": "bearer"},
        "secret": {"token": CANARY, "signing_secret": "whsec_" + "QUJD" * 8},
    } | changes


def texts(receiver: HttpReceiver, **changes: Any) -> dict[str, Any]:
    template = {
        "url": f"{receiver.url}/send",
        "headers": {"X-Key": "{secret}"},
        "body": {"to": "{to}", "text": "{text}"},
        "id_at": "id",
        "said_at": ["why"],
    }
    settings = {"provider": "custom", "template": template, "country": "82"}
    return {
        "name": "texts",
        "kind": "sms",
        "settings": settings,
        "secret": {"token": CANARY},
    } | changes


async def test_a_system_is_connected_and_its_secrets_are_known_by_name_only(
    admin: httpx.AsyncClient, receiver: HttpReceiver
) -> None:
    made = await admin.post("/connections", json=shop(receiver))
    assert made.status_code == 201, made.text
    assert (made.json()["state"], made.json()["secrets"], made.json()["missing"]) == (
        "works",
        ["signing_secret", "token"],
        [],
    )
    (request,) = receiver.received
    assert (request.method, request.path, request.headers["authorization"]) == (
        "GET",
        "/v2",
        f"Bearer {CANARY}",
    )
    every = await admin.get("/connections")
    assert CANARY not in made.text + every.text
    assert "whsec_" not in made.text + every.text


async def test_a_sign_in_that_is_refused_and_one_that_is_missing_are_said(
    admin: httpx.AsyncClient, receiver: HttpReceiver
) -> None:
    receiver.script.append(Answer(401))
    refused = (await admin.post("/connections", json=shop(receiver))).json()
    assert (refused["state"], "refused" in refused["state_reason"]) == ("failing", True)
    bare = (await admin.post("/connections", json=shop(receiver, name="bare", secret={}))).json()
    assert (bare["state"], bare["missing"]) == ("failing", ["token"])
    assert len(receiver.received) == 1


async def test_a_kept_secret_is_never_sent_to_another_place(
    admin: httpx.AsyncClient, receiver: HttpReceiver
) -> None:
    at = (await admin.post("/connections", json=shop(receiver))).json()["id"]
    elsewhere = {"settings": {"base_url": "https://evil.example", "sign_in": "bearer"}}
    for secret in ({}, {"token": "new"}, {"signing_secret": "whsec_x"}):
        answer = await admin.patch(f"/connections/{at}", json=elsewhere | {"secret": secret})
        assert (answer.status_code, answer.json()["code"]) == (409, "password-needed")
    both = {"token": "new", "signing_secret": ""}
    changed = await admin.patch(f"/connections/{at}", json=elsewhere | {"secret": both})
    assert (changed.status_code, changed.json()["secrets"]) == (200, ["token"])
    same = await admin.patch(
        f"/connections/{at}", json={"label": "Shop", "secret": {"signing_secret": "whsec_" + "QUJD" * 8}}
    )
    assert same.json()["secrets"] == ["signing_secret", "token"]


async def test_a_test_message_proves_a_provider(
    admin: httpx.AsyncClient, receiver: HttpReceiver, engine: AsyncEngine
) -> None:
    made = (await admin.post("/connections", json=texts(receiver))).json()
    assert (made["state"], receiver.received[0].method) == ("unchecked", "GET")
    assert "x-key" not in receiver.received[0].headers
    path = f"/connections/{made['id']}/prove"
    wrong = await admin.post(path, json={"to": "call me"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "bad-phone")
    receiver.script.append(Answer(403, json.dumps({"why": f"wrong key {CANARY}"}).encode()))
    refused = await admin.post(path, json={"to": "010-1234-5678"})
    assert "wrong key •••" in refused.json()["detail"]
    assert (await admin.get(f"/connections/{made['id']}")).json()["state"] == "failing"
    receiver.script.append(Answer(200, b'{"id": "m1"}'))
    sent = await admin.post(path, json={"to": "010-1234-5678"})
    assert (sent.status_code, sent.json()) == (
        200,
        {"to": "+821012345678", "answer": "m1"},
    )
    assert receiver.received[-1].headers["x-key"] == CANARY
    assert (await admin.get(f"/connections/{made['id']}")).json()["state"] == "works"
    async with transaction(engine) as conn:
        told = await conn.scalars(text("select detail from app.audit where action = 'send test message'"))
        assert list(told) == [{"to": "+821012345678"}] * 2


async def test_tests_are_bounded_and_not_for_programs(
    admin: httpx.AsyncClient, client: httpx.AsyncClient, receiver: HttpReceiver
) -> None:
    made = (await admin.post("/connections", json=texts(receiver))).json()
    path = f"/connections/{made['id']}/prove"
    receiver.script.extend([Answer(200, b'{"id": "m"}')] * 10)
    for _ in range(10):
        assert (await admin.post(path, json={"to": "+821012345678"})).status_code == 200
    assert (await admin.post(path, json={"to": "+821012345678"})).status_code == 429
    assert (await client.post(path, json={"to": "+821012345678"})).json()["code"] == "no-account"
    web = (await admin.post("/connections", json=shop(receiver))).json()
    assert (await admin.post(f"/connections/{web['id']}/prove", json={})).json()["code"] == "nothing-to-send"


async def test_ready_made_providers_say_what_they_need(
    client: httpx.AsyncClient,
) -> None:
    found = {one["id"]: one for one in (await client.get("/connections/sms-providers")).json()["items"]}
    assert found["twilio"]["needs"] == ["secret", "user"]
    assert found["yunpian"]["needs"] == ["secret"]
    answer = await client.post(
        "/connections",
        json={
            "name": "x",
            "kind": "sms",
            "settings": {"provider": "twilio", "user": "AC1"},
        },
    )
    assert "sender" in answer.json()["detail"]


async def test_rules_that_use_a_connection_are_listed(
    admin: httpx.AsyncClient, receiver: HttpReceiver
) -> None:
    made = (await admin.post("/connections", json=shop(receiver))).json()
    fields = {"connection": "shop", "url": "orders"}
    document = manual_document(
        nodes=[
            {"id": "t", "kind": "trigger", "on": "manual"},
            {"id": "h", "kind": "action", "do": "http_request", "fields": fields},
        ],
        edges=[["t", "h"]],
    )
    rule = (await admin.post("/rules", json={"document": document})).json()
    using = (await admin.get(f"/connections/{made['id']}/rules")).json()["items"]
    assert using == [{"id": rule["id"], "name": "By hand"}]
    assert (await admin.get(f"/connections/{made['id']}")).json()["used_by"] == 1
    assert (await admin.delete(f"/connections/{made['id']}")).status_code == 409


async def test_no_answer_tells_a_secret_nor_does_any_table(
    admin: httpx.AsyncClient, receiver: HttpReceiver, engine: AsyncEngine
) -> None:
    receiver.script.extend(
        [Answer(500, CANARY.encode()), Answer(401, headers={"www-authenticate": CANARY}), Answer(500)]
    )
    told = []
    for body in (
        shop(receiver),
        shop(receiver, name="Bad Name"),
        shop(receiver, name="other", settings={"base_url": "ftp://x", "sign_in": CANARY[:3]}),
        shop(receiver, name="signed", secret={"signing_secret": f"whsec_{CANARY}"}),
        texts(receiver),
    ):
        told.append((await admin.post("/connections", json=body)).text)
        told.append((await admin.post("/connections/check", json=body)).text)
    for one in (await admin.get("/connections")).json()["items"]:
        path = f"/connections/{one['id']}"
        told.append((await admin.get(path)).text)
        told.append((await admin.post(f"{path}/check")).text)
        told.append((await admin.post(f"{path}/prove", json={"to": "+821012345678"})).text)
        told.append((await admin.patch(path, json={"settings": {}, "secret": {"token": CANARY}})).text)
        told.append((await admin.get(f"{path}/tables")).text)
    fields = {"connection": "shop", "url": "orders"}
    nodes = [
        {"id": "t", "kind": "trigger", "on": "manual"},
        {"id": "h", "kind": "action", "do": "http_request", "fields": fields},
    ]
    document = manual_document(nodes=nodes, edges=[["t", "h"]])
    rule = (await admin.post("/rules", json={"document": document})).json()
    for path in (
        f"/rules/{rule['id']}",
        f"/rules/{rule['id']}/export",
        "/audit",
        "/health",
        "/notifications",
    ):
        told.append((await admin.get(path)).text)
    told.append((await admin.post("/rules/test", json={"document": document})).text)
    assert found_in("\n".join(told), CANARY) == []
    assert found_in(await dump(engine), CANARY) == []
