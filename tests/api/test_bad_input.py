"""What people send by mistake or in malice: each gets a clear answer, and nothing is half done."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import httpx
import pytest

from api.conftest import manual_document, rule_document
from ruleyard.api.bodies import depth_of
from ruleyard.api.problems import KINDS
from ruleyard.core.errors import RuleyardError
from ruleyard.stores.connections import Connection
from support.cluster import PASSWORDS


def every_error(root: type[RuleyardError]) -> list[type[RuleyardError]]:
    """Of the classes that a request can meet: those of lanes and runner stay in their processes."""
    kinds = [root, *(kind for child in root.__subclasses__() for kind in every_error(child))]
    return [kind for kind in kinds if not kind.__module__.startswith(("ruleyard.lanes", "ruleyard.runner"))]


def test_every_error_of_ours_has_an_answer() -> None:
    import ruleyard.api.app  # noqa: F401 - so that every class is there

    missing = [kind.__name__ for kind in every_error(RuleyardError) if kind not in KINDS]
    assert missing == []


def test_depth_is_counted_on_bytes_and_not_inside_texts() -> None:
    assert depth_of(b'{"a": [1, {"b": "[[[{{{"}]}') == 3
    assert depth_of(b'"\\"[["') == 0
    assert depth_of(b"[" * 10_000) == 65


async def test_ten_thousand_levels_are_refused_before_parsing(client: httpx.AsyncClient) -> None:
    body = b'{"document": ' + b"[" * 10_000 + b"]" * 10_000 + b"}"
    answer = await client.post("/rules/check", content=body)
    assert (answer.status_code, answer.json()["code"]) == (400, "too-deep")
    assert "32 levels" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("path", "name"),
    [("/runs?from=yesterday", "from"), ("/calls?state=lost", "state"), ("/runs?limit=0", "limit")],
)
async def test_a_wrong_parameter_is_called_as_it_was_sent(
    client: httpx.AsyncClient, path: str, name: str
) -> None:
    answer = await client.get(path)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")
    assert answer.json()["detail"].startswith(f"{name}: ")
    assert answer.json()["problems"][0]["path"] == f"/{name}"


async def test_forty_levels_of_a_document_get_the_documents_own_words(client: httpx.AsyncClient) -> None:
    logic: Any = True
    for _ in range(40):
        logic = {"!": [logic]}
    document = manual_document(nodes=[{"id": "c", "kind": "condition", "logic": logic}])
    answer = await client.post("/rules/check", json={"document": document})
    assert answer.status_code in (400, 422)
    assert "deep" in answer.json()["detail"] or "levels" in answer.json()["detail"]


async def test_a_hundred_megabytes_are_refused_without_being_read(client: httpx.AsyncClient) -> None:
    sent = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(1600):
            sent += 65_536
            yield b" " * 65_536

    answer = await client.post("/import", content=body(), headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")
    assert answer.headers["content-type"].startswith("application/problem+json")


async def test_a_document_over_64_kb_is_not_kept(client: httpx.AsyncClient) -> None:
    answer = await client.post("/rules", json={"document": manual_document(description="x" * 70_000)})
    assert answer.status_code == 422
    assert "64 KB" in answer.json()["detail"]
    assert (await client.get("/rules")).json()["items"] == []


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"",
        b"[]",
        b'{"document": 5}',
        b"\xff\xfe",
        b'{"document": NaN}',
        b'{"document": {"name": "\xff"}}',
    ],
)
async def test_what_is_no_json_of_this_shape_is_a_clear_400(client: httpx.AsyncClient, body: bytes) -> None:
    answer = await client.post("/rules/check", content=body)
    assert answer.status_code == 400, answer.text
    assert answer.json()["detail"]


async def test_a_key_given_twice_is_not_dropped_in_silence(client: httpx.AsyncClient) -> None:
    body = b'{"document": {"name": "one", "name": "two", "nodes": [], "edges": []}}'
    answer = await client.post("/rules", content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")
    assert (
        '"name" comes twice in one object of the body, again at line 1, column 30' in answer.json()["detail"]
    )


async def test_a_text_that_postgres_cannot_hold_is_the_askers_mistake(
    client: httpx.AsyncClient, watched_leads: Connection
) -> None:
    for path in (
        f"/connections/{watched_leads.id}/tables/public.leads/records?search=%00",
        f'/events?connection_id={watched_leads.id}&key={{"id":"\\u0000"}}',
    ):
        answer = await client.get(path)
        assert (answer.status_code, answer.json()["code"]) == (400, "malformed"), answer.text


async def test_an_unknown_column_and_operator_are_named(
    client: httpx.AsyncClient, watched_leads: Connection
) -> None:
    document = rule_document()
    document["nodes"][1]["logic"] = {"===": [{"var": "after.colour"}, "red"]}
    found = (await client.post("/rules/check", json={"document": document})).json()["problems"]
    assert any("colour" in one["message"] for one in found), found
    document["nodes"][1]["logic"] = {"equals_ish": [1, 2]}
    found = (await client.post("/rules/check", json={"document": document})).json()["problems"]
    assert any("equals_ish" in one["message"] for one in found), found


async def test_addresses_that_do_not_exist_are_problems_too(client: httpx.AsyncClient) -> None:
    for path, code in (("/nothing", "not-found"), ("/rules/999999", "not-found"), ("/rules/x", "not-found")):
        answer = await client.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, code), answer.text
    wrong = await client.put("/rules")
    assert (wrong.status_code, wrong.json()["code"]) == (405, "method-not-allowed")


@pytest.mark.parametrize(
    "path",
    [
        "/rules?cursor=nonsense",
        "/runs?cursor=W10",
        "/runs?state=exploded",
        "/runs?limit=100000",
        "/events?connection_id=0&key=7",
        "/runs?rule_id=99999999999999999999999",
        "/runs?table=%00",
    ],
)
async def test_strange_queries_are_refused_with_words(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert answer.status_code in (400, 422), answer.text
    assert answer.json()["detail"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"host": "127.0.0.1", "port": 1, "database": "crm", "user": "me"}, "Nothing listens"),
        ({"host": "no-such-host.invalid", "database": "crm", "user": "me"}, "no host"),
        ({"host": "127.0.0.1", "port": 70_000, "database": "crm", "user": "me"}, "port"),
        ({"host": "127.0.0.1", "user": "me"}, "database"),
    ],
)
async def test_a_wrong_connection_says_why_without_a_long_wait(
    client: httpx.AsyncClient, given: dict[str, Any], words: str
) -> None:
    began = time.monotonic()
    answer = await client.post(
        "/connections/check", json={"name": "x", "kind": "postgres", "settings": given}
    )
    assert time.monotonic() - began < 60
    assert answer.json()["works"] is False
    assert words in answer.json()["reason"], answer.json()


async def test_a_wrong_password_and_database_are_told_apart(
    client: httpx.AsyncClient, crm_connection: Connection
) -> None:
    right = crm_connection.settings
    wrong = await client.post(
        "/connections/check",
        json={"name": "x", "kind": "postgres", "settings": right, "secret": {"password": "wrong"}},
    )
    assert "user or the password" in wrong.json()["reason"]
    nowhere = {**right, "database": "no_such_database"}
    missing = await client.post(
        "/connections/check",
        json={
            "name": "x",
            "kind": "postgres",
            "settings": nowhere,
            "secret": {"password": PASSWORDS.watcher},
        },
    )
    assert "no such database" in missing.json()["reason"]


async def test_a_watched_database_that_is_away_is_named_as_what_does_not_answer(
    client: httpx.AsyncClient,
) -> None:
    gone = {"host": "127.0.0.1", "port": 1, "database": "crm", "user": "me"}
    made = await client.post("/connections", json={"name": "gone", "kind": "postgres", "settings": gone})
    assert (made.status_code, made.json()["state"]) == (201, "failing")
    at = made.json()["id"]
    for path in (
        f"/connections/{at}/tables",
        f"/connections/{at}/tables/public.leads",
        f"/connections/{at}/tables/public.leads/records",
        f"/events?connection_id={at}",
    ):
        answer = await client.get(path)
        assert (answer.status_code, answer.json()["code"]) == (503, "connection-unavailable"), answer.text
    watch = await client.post("/watches", json={"connection_id": at, "table": "public.leads"})
    assert (watch.status_code, watch.json()["code"]) == (503, "connection-unavailable")
    document = rule_document()
    document["nodes"][0]["connection"] = "gone"
    kept = await client.post("/rules", json={"document": document})
    assert kept.status_code == 201


async def test_a_table_without_primary_key_says_what_to_do(
    client: httpx.AsyncClient, crm_connection: Connection
) -> None:
    tables = (await client.get(f"/connections/{crm_connection.id}/tables")).json()["items"]
    no_key = next(one for one in tables if one["name"] == "public.no_key")
    assert no_key["watchable"] is False
    assert "primary key" in no_key["why_not"]
    assert no_key["why_code"] == "no-key"
    answer = await client.post(
        "/watches", json={"connection_id": crm_connection.id, "table": "public.no_key"}
    )
    assert answer.status_code == 422
    assert "primary key" in answer.json()["detail"]


async def test_a_search_cannot_leave_its_quotes(
    client: httpx.AsyncClient, crm_connection: Connection, crm: asyncpg.Connection
) -> None:
    await crm.execute("insert into public.leads (first_name, email) values ('Ann', 'ann@example.com')")
    path = f"/connections/{crm_connection.id}/tables/public.leads/records"
    found = (await client.get(path, params={"search": "ann@"})).json()["items"]
    assert [one["label"] for one in found] == ["Ann"]
    for text in ("'; drop table leads; --", "%", "_", '"', "\\", "$1"):
        answer = await client.get(path, params={"search": text})
        assert answer.status_code == 200, answer.text
        assert answer.json()["items"] == []
    strange = await client.get(f'/connections/{crm_connection.id}/tables/public.leads"; select 1/records')
    assert strange.status_code == 404


async def test_our_database_being_away_is_a_503(settings: Any) -> None:
    import dataclasses

    from api.conftest import client_of, serving

    away = dataclasses.replace(settings, database_url="postgresql://nobody@127.0.0.1:1/x")
    async with serving(away) as app, client_of(app) as client:
        answer = await client.get("/session")
        assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
        ready = await client.get("http://127.0.0.1/health/ready")
        assert ready.status_code == 503
        assert ready.json()["redis"] == "ok"
