"""Requests by the address of a rule, and CloudEvents: each starts its rule once, nonsense starts nothing."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from litestar import Litestar
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from api.conftest import published
from ruleyard.bells import Bells
from ruleyard.core.types import OWN_LOG
from ruleyard.lanes.evaluate_lane import Lanes
from ruleyard.lanes.look import ensure_own_cursors
from ruleyard.settings import Settings
from ruleyard.stores.connections import Watched
from ruleyard.stores.events import LogPools

ORDER = {"order": {"number": "A-7", "total": 120.5, "lines": [{"sku": "x", "count": 2}]}, "vip": True}


def hooked(*, event: str = "", logic: object = True, **trigger: Any) -> dict[str, Any]:
    """When a request comes: if `logic`, tell everyone its number."""
    more = {"event": event} if event else {}
    title = {"cat": ["Order ", {"var": "after.order.number"}]}
    return {
        "dialect": 1,
        "name": f"Orders {event}",
        "nodes": [
            {"id": "t", "kind": "trigger", "on": "webhook", "sample": ORDER, **more, **trigger},
            {"id": "c", "kind": "condition", "logic": logic},
            {"id": "n", "kind": "action", "do": "notify", "fields": {"title": title}},
        ],
        "edges": [["t", "c"], ["c", "n", "yes"]],
    }


@pytest.fixture
async def sender(app: Litestar) -> AsyncIterator[httpx.AsyncClient]:
    """Another system: it knows an address and nothing else."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport) as client:
        yield client


@pytest.fixture
async def own_lanes(engine: AsyncEngine, settings: Settings, bells: Bells) -> AsyncIterator[Lanes]:
    watched = Watched(engine, settings)
    pools = LogPools(settings, watched)
    await ensure_own_cursors(engine, pools)
    yield Lanes(engine, pools, bells, batch=100)
    await pools.close()
    await watched.close()


async def runs(engine: AsyncEngine, lanes: Lanes) -> list[Any]:
    """All runs, once everything that came is read."""
    for lane in range(16):
        await lanes.drain(OWN_LOG, lane)
    async with engine.connect() as conn:
        found = await conn.execute(
            text("select rule_id, state, event, record_key from app.run order by event_id")
        )
        return list(found.all())


async def address(client: httpx.AsyncClient, rule: dict[str, Any]) -> str:
    answer = await client.get(f"/rules/{rule['id']}/hook")
    assert answer.status_code == 200, answer.text
    return str(answer.json()["url"])


async def test_a_request_starts_the_rule_and_is_what_its_expressions_see(
    client: httpx.AsyncClient, sender: httpx.AsyncClient, engine: AsyncEngine, own_lanes: Lanes
) -> None:
    big = {">": [{"var": "after.order.total"}, 100]}
    rule = await published(
        client, hooked(logic={"and": [{"!==": [{"var": "after.order.total"}, None]}, big]})
    )
    url = await address(client, rule)
    assert url == await address(client, rule), "asking again shows the same"
    for body in (ORDER, {**ORDER, "order": {**ORDER["order"], "total": 5}}):  # type: ignore[dict-item]
        answer = await sender.post(url, json=body)
        assert answer.status_code == 202, answer.text
    (run,) = await runs(engine, own_lanes)
    assert (run.rule_id, run.event["after"], run.event["op"]) == (rule["id"], ORDER, "webhook")
    told = (await client.get(f"/rules/{rule['id']}/hook")).json()
    assert told["last"]["order"]["total"] == 5
    listed = (await client.get("/rules")).json()["items"][0]
    assert listed["trigger"]["on"] == "webhook"
    assert listed["sentence"].startswith("When another system calls its address, if order.total is not empty")


@pytest.mark.parametrize("header", ["Idempotency-Key", "webhook-id", "X-GitHub-Delivery"])
async def test_a_request_that_comes_again_starts_nothing(
    client: httpx.AsyncClient, sender: httpx.AsyncClient, engine: AsyncEngine, own_lanes: Lanes, header: str
) -> None:
    url = await address(client, await published(client, hooked()))
    asked = [sender.post(url, json={"n": n % 2}, headers={header: f"k{n % 2}"}) for n in range(10)]
    answers = [(await one) for one in asyncio.as_completed(asked)]
    assert {answer.status_code for answer in answers} == {202}
    assert sorted(answer.json()["repeated"] for answer in answers) == [False] * 2 + [True] * 8
    assert len({answer.json()["event_id"] for answer in answers}) == 2
    assert len(await runs(engine, own_lanes)) == 2


async def test_requests_without_a_name_each_start_it_and_wait_for_no_other(
    client: httpx.AsyncClient, sender: httpx.AsyncClient, engine: AsyncEngine, own_lanes: Lanes
) -> None:
    url = await address(client, await published(client, hooked()))
    for _ in range(3):
        await sender.post(url, json=[1, 2])
    await sender.post(url, data={"name": "Ann", "city": "서울"})
    await sender.post(url)
    opened = await runs(engine, own_lanes)
    assert [run.event["after"] for run in opened] == [
        *[{"body": [1, 2]}] * 3,
        {"name": "Ann", "city": "서울"},
        {"body": None},
    ]
    assert len({run.record_key for run in opened}) == 5


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "malformed"),
        (b"\xff\xfe", 400, "malformed"),
        (b'{"a": "\\u0000"}', 400, "malformed"),
        (b"[" * 50_000 + b"]" * 50_000, 400, "too-deep"),
        (b'"' + b"x" * 300_000 + b'"', 413, "too-large"),
        (b" " * 2_000_000, 413, "too-large"),
    ],
    ids=["half", "no UTF-8", "zero", "50,000 levels", "300 kB", "2 MB"],
)
async def test_nonsense_is_refused_in_words_and_starts_nothing(
    client: httpx.AsyncClient,
    sender: httpx.AsyncClient,
    engine: AsyncEngine,
    own_lanes: Lanes,
    body: bytes,
    status: int,
    code: str,
) -> None:
    url = await address(client, await published(client, hooked()))
    answer = await sender.post(url, content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert await runs(engine, own_lanes) == []


@pytest.mark.parametrize("chunked", [False, True], ids=["length told", "chunked"])
@pytest.mark.parametrize("size", [256_001, 2_000_000])
async def test_what_is_too_large_is_told_the_limit_of_the_address(
    client: httpx.AsyncClient, sender: httpx.AsyncClient, size: int, chunked: bool
) -> None:
    url = await address(client, await published(client, hooked()))

    async def body() -> AsyncIterator[bytes]:
        for start in range(0, size, 64_000):
            yield b" " * min(64_000, size - start)

    length = {} if chunked else {"Content-Length": str(size)}
    answer = await sender.post(url, content=body(), headers={"Content-Type": "application/json", **length})
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")
    assert answer.json()["detail"] == "A request to this address has at most 256,000 bytes: send less."
    full = b'"' + b"x" * 255_998 + b'"'
    assert (await sender.post(url, content=full)).status_code == 202


async def test_a_list_of_events_that_is_too_large_is_told_the_limit_of_all_of_it(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.post("/events", content=b" " * 1_000_001)
    assert answer.status_code == 413
    assert answer.json()["detail"] == "A request to this address has at most 1,000,000 bytes: send less."


@pytest.mark.parametrize(
    ("body", "kind", "words"),
    [
        ("&".join(f"a{n}=1" for n in range(1_001)), "application/x-www-form-urlencoded", "1,000 fields"),
        ("--x\r\n\r\n--x--", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded"),
    ],
    ids=["1,001 fields", "parts"],
)
async def test_a_form_that_is_not_read_says_what_to_send(
    client: httpx.AsyncClient, sender: httpx.AsyncClient, body: str, kind: str, words: str
) -> None:
    url = await address(client, await published(client, hooked()))
    answer = await sender.post(url, content=body, headers={"Content-Type": kind})
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed"), answer.text
    assert words in answer.json()["detail"]


async def test_a_written_backslash_is_no_character_0(
    client: httpx.AsyncClient, sender: httpx.AsyncClient, engine: AsyncEngine, own_lanes: Lanes
) -> None:
    url = await address(client, await published(client, hooked()))
    path = r"C:\u0000\x"
    assert (await sender.post(url, json={"path": path})).status_code == 202
    (run,) = await runs(engine, own_lanes)
    assert run.event["after"] == {"path": path}
    assert (await sender.post(url, json={"path": "\\\0"})).status_code == 400


async def test_a_rule_that_is_off_and_an_address_that_is_gone_say_so(
    client: httpx.AsyncClient, sender: httpx.AsyncClient, engine: AsyncEngine, own_lanes: Lanes
) -> None:
    rule = await published(client, hooked())
    old = await address(client, rule)
    await client.post(f"/rules/{rule['id']}/disable")
    off = await sender.post(old, json={})
    assert (off.status_code, off.json()["code"]) == (409, "rule-off")
    await client.post(f"/rules/{rule['id']}/enable")
    new = (await client.post(f"/rules/{rule['id']}/hook/renew")).json()["url"]
    gone = await sender.post(old, json={})
    assert (gone.status_code, gone.json()["code"]) == (404, "no-such-hook")
    assert (await sender.post(new, json={})).status_code == 202
    assert len(await runs(engine, own_lanes)) == 1
    assert (await sender.get(new)).status_code in (404, 405)


async def test_the_address_is_kept_sealed(client: httpx.AsyncClient, engine: AsyncEngine) -> None:
    url = await address(client, await published(client, hooked()))
    token = url.rpartition("/")[2]
    async with engine.connect() as conn:
        row = (await conn.execute(text("select cast(h as text) as kept from app.hook h"))).one()
    assert token not in row.kept
    assert token.encode().hex() not in row.kept


async def test_a_cloud_event_starts_every_rule_that_waits_for_its_type_once(
    client: httpx.AsyncClient, engine: AsyncEngine, own_lanes: Lanes
) -> None:
    one = await published(client, hooked(event="order.created"))
    two = await published(client, hooked(event="order.created", logic={"===": [{"var": "after.vip"}, False]}))
    await published(client, hooked(event="order.gone"))
    event = {"specversion": "1.0", "id": "7", "source": "/shop", "type": "order.created", "data": ORDER}
    first = await client.post("/events", json=event)
    assert first.status_code == 202, first.text
    assert [item["rule_id"] for item in first.json()["items"]] == [one["id"], two["id"]]
    again = await client.post("/events", json=event)
    assert [item["repeated"] for item in again.json()["items"]] == [True, True]
    assert (await client.post("/events", json={**event, "type": "other"})).json()["items"] == []
    assert (await client.post("/events", json={"type": "order.created"})).status_code == 400
    (run,) = await runs(engine, own_lanes)
    assert (run.rule_id, run.event["after"]) == (one["id"], ORDER)


async def test_spaces_around_the_type_of_an_event_make_no_other(
    client: httpx.AsyncClient, engine: AsyncEngine, own_lanes: Lanes
) -> None:
    await published(client, hooked(event=" order.created"))
    event = {"specversion": "1.0", "id": "1", "source": "/shop", "type": "order.created ", "data": ORDER}
    answer = await client.post("/events", json=event)
    assert (answer.status_code, len(answer.json()["items"])) == (202, 1), answer.text
    assert len(await runs(engine, own_lanes)) == 1
    empty = await client.post("/events", json={**event, "id": "2", "type": " "})
    assert (empty.status_code, empty.json()["code"]) == (400, "malformed")


async def test_cloud_events_come_in_lists_and_in_base64_and_none_is_lost(
    client: httpx.AsyncClient, engine: AsyncEngine, own_lanes: Lanes
) -> None:
    await published(client, hooked(event="order.created"))
    event = {"specversion": "1.0", "id": "1", "source": "/shop", "type": "order.created"}
    coded = base64.b64encode(json.dumps(ORDER).encode()).decode()
    many = [{**event, "data": {"n": 1}}, {**event, "id": "2", "data_base64": coded}]
    kind = {"Content-Type": "application/cloudevents-batch+json"}
    answer = await client.post("/events", content=json.dumps(many), headers=kind)
    assert (answer.status_code, len(answer.json()["items"])) == (202, 2), answer.text
    assert [run.event["after"] for run in await runs(engine, own_lanes)] == [{"n": 1}, ORDER]
    half = [{**event, "id": "3"}, {**event, "id": "4", "data_base64": "/w=="}]
    refused = await client.post("/events", content=json.dumps(half), headers=kind)
    assert (refused.status_code, refused.json()["code"]) == (400, "malformed")
    assert "neither JSON nor text" in refused.json()["detail"]
    assert len(await runs(engine, own_lanes)) == 2


@pytest.mark.parametrize(
    ("more", "headers", "status", "words"),
    [
        ({}, {"ce-id": "7", "ce-specversion": "1.0"}, 400, "structured mode"),
        ({"data": 1, "data_base64": "MQ=="}, {}, 400, "send one of them"),
        ({"data_base64": "W" * 3}, {}, 400, "neither JSON nor text"),
        ({"data": "\0"}, {}, 400, "character 0"),
        ({"data": "x" * 300_000}, {}, 413, "256,000 bytes"),
        ({"specversion": "0.3"}, {}, 400, "specversion"),
    ],
    ids=["binary", "both", "no base64", "zero", "300 kB", "0.3"],
)
async def test_a_cloud_event_that_cannot_be_taken_in_is_refused_in_words(
    client: httpx.AsyncClient, more: dict[str, Any], headers: dict[str, str], status: int, words: str
) -> None:
    event = {"specversion": "1.0", "id": "1", "source": "/shop", "type": "order.created", **more}
    answer = await client.post("/events", json=event, headers=headers)
    assert answer.status_code == status, answer.text
    assert words in answer.json()["detail"]


async def test_the_sample_teaches_the_types(client: httpx.AsyncClient) -> None:
    document = hooked(logic={">": [{"var": "after.order.totl"}, 1]})
    checked = await client.post("/rules/check", json={"document": document})
    (problem,) = checked.json()["problems"]
    assert (problem["code"], problem["fix"]["value"]) == ("not-in-sample", {"var": "after.order.total"})
    tried = await client.post("/rules/test", json={"document": hooked()})
    assert tried.status_code == 200, tried.text
    assert "Order A-7" in tried.text
