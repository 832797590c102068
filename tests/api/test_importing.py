"""Import end to end: good, partly good and bad documents of every kind, matched with real tables."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from litestar import Litestar
from sqlalchemy.ext.asyncio import AsyncEngine

from api.conftest import client_of, key_of, manual_document, rule_document, serving
from ruleyard.settings import Settings
from ruleyard.stores.connections import Connection
from support.servers import Answer, http_receiver


async def told(client: httpx.AsyncClient, text: str, *, dry_run: bool = True, **more: Any) -> dict[str, Any]:
    answer = await client.post("/import/source", params={"dry_run": dry_run}, json={"text": text, **more})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def refused(client: httpx.AsyncClient, text: str) -> dict[str, Any]:
    answer = await client.post("/import/source", params={"dry_run": True}, json={"text": text})
    assert answer.status_code == 422, answer.text
    (problem,) = answer.json()["problems"]
    return {"code": problem["code"], **problem.get("args", {})}


def elsewhere(**changes: Any) -> dict[str, Any]:
    """A rule that was exported where the same things have other names."""
    return {
        "name": "From elsewhere",
        "nodes": [
            {
                "id": "t",
                "kind": "trigger",
                "on": "change",
                "connection": "crm_prod",
                "table": "public.lead",
                "events": ["update"],
                "columns": ["state"],
            },
            {
                "id": "c",
                "kind": "condition",
                "logic": {
                    "and": [{"===": [{"var": "after.status"}, "won"]}, {"in": ["e_mail", {"var": "changed"}]}]
                },
            },
            {
                "id": "u",
                "kind": "action",
                "do": "update_record",
                "fields": {"set": {"e_mail": "x@example.com"}},
            },
        ],
        "edges": [["t", "c"], ["c", "u", "yes"]],
    } | changes


async def test_names_that_are_not_known_here_are_matched_and_rewritten_everywhere(
    client: httpx.AsyncClient, watched_leads: Connection
) -> None:
    seen = await told(client, json.dumps(elsewhere()), suggest=True)
    matched = {one["match"]["name"]: one["match"].get("to") for one in seen["names"]}
    assert matched["crm_prod"] == "crm"
    assert matched["public.lead"] == "public.leads"
    assert matched["e_mail"] == "email"
    assert all(one["suggested"] for one in seen["names"] if one["match"].get("to"))
    chosen = [one["match"] for one in seen["names"]]
    for one in chosen:
        if one["name"] == "state":
            one["to"] = "status"
    (made,) = (await told(client, json.dumps(elsewhere()), dry_run=False, matches=chosen))["items"]
    trigger, condition, action = made["document"]["nodes"]
    assert (trigger["connection"], trigger["table"], trigger["columns"]) == (
        "crm",
        "public.leads",
        ["status"],
    )
    assert condition["logic"]["and"][1] == {"in": ["email", {"var": "changed"}]}
    assert action["fields"] == {"set": {"email": "x@example.com"}}
    assert [one["code"] for one in made["problems"] if one.get("severity", "error") == "error"] == []
    assert (await client.get(f"/rules/{made['rule_id']}")).json()["enabled"] is False


@pytest.mark.parametrize(
    "start",
    [
        {"on": "date", "column": "hired", "amount": 2, "side": "before"},
        {"on": "schedule", "schedule": {"repeat": "day", "at": "09:00", "zone": "UTC"}},
    ],
    ids=lambda start: start["on"],
)
async def test_a_start_by_dates_or_visits_is_matched_as_one_by_changes_is(
    start: dict[str, Any], client: httpx.AsyncClient, watched_leads: Connection
) -> None:
    trigger = {"id": "t", "kind": "trigger", "connection": "crm_prod", "table": "public.lead", **start}
    find = {
        "id": "f",
        "kind": "action",
        "do": "find_record",
        "fields": {
            "table": "public.lead",
            "where": {"===": [{"var": "record.e_mail"}, {"var": "after.e_mail"}]},
        },
    }
    document = {"name": "By dates", "nodes": [trigger, find], "edges": [["t", "f"]]}
    seen = await told(client, json.dumps(document), suggest=True)
    matched = {one["match"]["name"]: one["match"].get("to") for one in seen["names"]}
    assert matched.items() >= {"crm_prod": "crm", "public.lead": "public.leads", "e_mail": "email"}.items()
    assert ("hired" in matched) is ("column" in start)
    chosen = [one["match"] for one in seen["names"]]
    (made,) = (await told(client, json.dumps(document), dry_run=False, matches=chosen))["items"]
    came, found = made["document"]["nodes"]
    assert (came["connection"], came["table"]) == ("crm", "public.leads")
    assert found["fields"] == {
        "table": "public.leads",
        "where": {"===": [{"var": "record.email"}, {"var": "after.email"}]},
    }


async def test_what_is_left_unmatched_stays_a_draft_with_problems(
    client: httpx.AsyncClient, watched_leads: Connection
) -> None:
    left = [{"kind": "connection", "name": "crm_prod", "to": ""}]
    seen = await told(client, json.dumps(elsewhere()), dry_run=False, suggest=True, matches=left)
    assert [one["match"]["name"] for one in seen["names"]] == ["crm_prod"]
    (made,) = seen["items"]
    assert made["document"] == elsewhere()
    assert made["problems"][0]["code"] == "unknown-connection"


async def test_problems_say_their_line_and_column(
    client: httpx.AsyncClient, watched_leads: Connection
) -> None:
    document = rule_document()
    document["nodes"][1]["logic"] = {"===": [{"var": "after.statuss"}, "won"]}
    text = json.dumps(document, indent=2)
    (item,) = (await told(client, text))["items"]
    (problem,) = item["problems"]
    line = text.splitlines()[problem["line"] - 1]
    assert (problem["path"], line[problem["column"] - 1 :]) == ("/nodes/1/logic/===/0", "{")
    assert text.splitlines()[problem["line"]].strip() == '"var": "after.statuss"'


async def test_steps_that_are_not_known_are_kept_as_they_stand(
    client: httpx.AsyncClient, watched_leads: Connection
) -> None:
    document = rule_document()
    strange = {"id": "x", "kind": "spaceship", "to": "the moon"}
    document["nodes"].append(strange)
    document["edges"].append(["n", "x"])
    (made,) = (await told(client, json.dumps(document), dry_run=False))["items"]
    assert made["understood"] == {"steps": 4, "foreign": [3]}
    rule = (await client.get(f"/rules/{made['rule_id']}")).json()
    assert rule["draft"]["document"]["nodes"][3] == strange
    answer = await client.post(f"/rules/{rule['id']}/publish", json={"etag": rule["draft"]["etag"]})
    assert answer.status_code == 422


async def test_a_circle_is_refused_by_the_names_of_its_steps_and_the_others_come_in(
    client: httpx.AsyncClient,
) -> None:
    round_trip = manual_document(name="Round", edges=[["t", "n"], ["n", "m"], ["m", "n"]])
    round_trip["nodes"].append({"id": "m", "kind": "wait", "amount": 1, "unit": "hours"})
    bundle = {"rules": [round_trip, manual_document()]}
    made = await told(client, json.dumps(bundle), dry_run=False)
    assert [one["action"] for one in made["items"]] == ["refuse", "create"]
    (problem,) = made["items"][0]["problems"]
    assert (problem["code"], problem["args"]["nodes"]) == ("cycle", ["n", "m"])
    assert [one["name"] for one in (await client.get("/rules")).json()["items"]] == ["By hand"]
    whole = await client.post("/import", json=round_trip)
    assert (whole.status_code, whole.json()["code"]) == (422, "cycle")


async def test_a_bare_expression_becomes_an_if_whose_start_is_chosen(
    client: httpx.AsyncClient, watched_leads: Connection
) -> None:
    text = json.dumps({"and": [{"==": [{"var": "status"}, "won"]}, {"some": [[1], {">": [{"var": ""}, 0]}]}]})
    seen = await told(client, text, suggest=True)
    (name,) = seen["names"]
    assert (name["match"]["kind"], name["match"]["name"]) == ("table", "")
    start = {"kind": "table", "name": "", "to": "public.leads", "to_connection": "crm"}
    (made,) = (await told(client, text, matches=[start]))["items"]
    assert made["document"]["nodes"][0]["table"] == "public.leads"
    assert made["document"]["nodes"][1]["logic"]["and"][0] == {"==": [{"var": "after.status"}, "won"]}
    assert made["document"]["nodes"][1]["logic"]["and"][1]["some"][1] == {">": [{"var": ""}, 0]}
    assert [one["code"] for one in made["problems"]] == ["nothing-to-do"]


async def test_a_name_that_is_taken_is_replaced_doubled_or_left(client: httpx.AsyncClient) -> None:
    (first,) = (await told(client, json.dumps(manual_document()), dry_run=False))["items"]
    other = json.dumps(manual_document(description="another"))
    (left,) = (await told(client, other, dry_run=False, twins={"By hand": "leave"}))["items"]
    assert (left["action"], left["rule_id"]) == ("leave", first["rule_id"])
    (double,) = (await told(client, other, dry_run=False, twins={"By hand": "another"}))["items"]
    assert (double["action"], double["as_name"], double["twin"]) == (
        "create",
        "By hand (2)",
        first["rule_id"],
    )
    (new,) = (await told(client, other, dry_run=False, twins={"By hand": "replace"}))["items"]
    assert (new["action"], new["rule_id"], new["previous"]) == ("update", first["rule_id"], manual_document())
    back = await client.put(
        f"/rules/{first['rule_id']}/draft",
        json={"document": new["previous"]},
        headers={"If-Match": f'"{new["etag"]}"'},
    )
    assert back.status_code == 200, back.text


async def test_two_rules_of_one_name_in_a_bundle_both_come_in(client: httpx.AsyncClient) -> None:
    bundle = json.dumps([manual_document(), manual_document(description="more")])
    made = (await told(client, bundle, dry_run=False))["items"]
    assert [(one["as_name"], one["action"]) for one in made] == [
        ("By hand", "create"),
        ("By hand (2)", "create"),
    ]
    again = (await told(client, bundle, dry_run=False))["items"]
    assert [one["action"] for one in again] == ["same", "same"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('{\n  "dialect": 1,\n  "name": }', {"code": "broken-json", "line": 3, "column": 11}),
        ('{"name": "x",\n "nodes": [\n  {"id": "t"', {"code": "cut-off", "line": 3, "column": 13}),
        ('{"name": "half a wo', {"code": "cut-off", "line": 1, "column": 10}),
        ('"nodes": [{"id": "t"}]', {"code": "cut-off", "line": 1, "column": 8}),
        ('{"a": 1,\n "a": 2}', {"code": "repeated-key", "key": "a", "line": 2, "column": 2}),
        (
            '{"nodes": [{"type": "n8n-nodes-base.set"}], "connections": {}}',
            {"code": "foreign-export", "product": "n8n"},
        ),
        ('[{"id": "1", "type": "inject", "wires": [[]]}]', {"code": "foreign-export", "product": "Node-RED"}),
        (
            "- alias: Light\n  trigger:\n    platform: sun",
            {"code": "foreign-export", "product": "Home Assistant (YAML)"},
        ),
        ('{"combinator": "and", "rules": []}', {"code": "foreign-export", "product": "React Query Builder"}),
        ("<!DOCTYPE html><html></html>", {"code": "foreign-export", "product": "a web page"}),
        ('{"id": "t", "kind": "trigger", "on": "manual"}', {"code": "part-of-a-rule", "part": "a step"}),
        ('[["t", "n"]]', {"code": "part-of-a-rule", "part": "edges"}),
        ('{"hello": "world"}', {"code": "bad-import"}),
        ("  \n", {"code": "nothing-given"}),
    ],
)
async def test_what_is_no_rule_is_refused_by_what_it_is(
    client: httpx.AsyncClient, text: str, problem: dict[str, Any]
) -> None:
    assert await refused(client, text) == problem


async def test_a_fence_around_the_json_does_not_matter(client: httpx.AsyncClient) -> None:
    text = "```json\n" + json.dumps(manual_document(), indent=1) + "\n```\n"
    (made,) = (await told(client, text))["items"]
    assert (made["action"], made["problems"]) == ("create", [])


@asynccontextmanager
async def reaching(
    settings: Settings, engine: AsyncEngine, *script: Answer
) -> AsyncIterator[tuple[httpx.AsyncClient, str]]:
    """An editor of an installation that may reach a receiver, and an address there."""
    key = await key_of(engine, "editor")
    async with http_receiver(*script) as receiver:
        allowed = dataclasses.replace(settings, outbound_allow=(receiver.address,))
        async with (
            serving(allowed) as app,
            client_of(app, headers={"Authorization": f"Bearer {key}"}) as client,
        ):
            yield client, f"{receiver.url}/rule.json"


async def test_an_address_is_read_by_the_server(settings: Settings, engine: AsyncEngine) -> None:
    body = json.dumps(manual_document()).encode()
    moved = Answer(301, b"", {"location": "/other.json"})
    async with reaching(settings, engine, moved, Answer(200, body)) as (client, url):
        answer = await client.post("/import/source", json={"url": url})
    assert answer.status_code == 200, answer.text
    assert json.loads(answer.json()["text"]) == manual_document()


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Answer(404, b"gone"), "address-without-text"),
        (Answer(200, b"<html>", {"content-type": "text/html; charset=utf-8"}), "address-is-a-page"),
        (Answer(200, b"\xff\xfe"), "address-without-text"),
        (Answer(200, b" " * 1_000_002), "address-too-large"),
        (Answer(302, b"", {"location": "http://169.254.169.254/secrets"}), "address-not-allowed"),
        (Answer(302, b"", {"location": "file:///etc/passwd"}), "bad-url"),
        (Answer(close=True), "unavailable"),
    ],
)
async def test_what_an_address_gives_instead_of_a_rule_is_said(
    settings: Settings, engine: AsyncEngine, answer: Answer, code: str
) -> None:
    async with reaching(settings, engine, answer) as (client, url):
        said = await client.post("/import/source", json={"url": url})
    assert said.json()["code"] == code, said.text


async def test_an_address_that_leads_in_circles_is_given_up(settings: Settings, engine: AsyncEngine) -> None:
    again = Answer(302, b"", {"location": "/rule.json"})
    async with reaching(settings, engine, again, again, again, again) as (client, url):
        said = await client.post("/import/source", json={"url": url})
    assert said.json()["code"] == "address-redirects"


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/x", "http://[::1]/x", "http://10.0.0.7/x", "http://0x7f000001/"]
)
async def test_an_address_inside_is_never_reached(client: httpx.AsyncClient, url: str) -> None:
    answer = await client.post("/import/source", json={"url": url})
    assert (answer.status_code, answer.json()["code"]) == (403, "address-not-allowed")


async def test_a_file_is_no_address(client: httpx.AsyncClient) -> None:
    answer = await client.post("/import/source", json={"url": "file:///etc/passwd"})
    assert answer.json()["code"] == "bad-url"


async def test_a_viewer_imports_nothing(app: Litestar, engine: AsyncEngine) -> None:
    key = await key_of(engine, "viewer")
    async with client_of(app, headers={"Authorization": f"Bearer {key}"}) as client:
        answer = await client.post("/import/source", json={"text": json.dumps(manual_document())})
    assert answer.status_code == 403
