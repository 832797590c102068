"""Rules that start others, over the API: who can be started, what a test says, what publish refuses."""

from __future__ import annotations

from typing import Any

import httpx

from api.conftest import manual_document, published
from ruleyard.stores.connections import Connection

LISTENS = {"id": "t", "kind": "trigger", "on": "webhook", "event": "order.paid"}


def listening(name: str) -> dict[str, Any]:
    document = manual_document(name=name)
    return {**document, "nodes": [LISTENS, document["nodes"][1]]}


def starting(do: str, fields: dict[str, Any], name: str = "Starts") -> dict[str, Any]:
    document = manual_document(name=name)
    return {
        **document,
        "nodes": [document["nodes"][0], {"id": "n", "kind": "action", "do": do, "fields": fields}],
    }


async def test_every_rule_says_what_starts_it(client: httpx.AsyncClient, watched_leads: Connection) -> None:
    await published(client, listening("Thank"))
    leads = {"id": "t", "kind": "trigger", "on": "manual", "connection": "crm", "table": "public.leads"}
    await client.post(
        "/rules", json={"document": {**manual_document(name="Call"), "nodes": [leads], "edges": []}}
    )
    found = (await client.get("/rules/startable")).json()["items"]
    assert [(one["name"], one["on"], one["table"], one["event"]) for one in found] == [
        ("Thank", True, None, "order.paid"),
        ("Call", False, "public.leads", ""),
    ]


async def test_a_test_names_the_rules_that_would_start_and_starts_none(client: httpx.AsyncClient) -> None:
    await published(client, listening("Thank"))
    await published(client, listening("Pack"))
    tried = await client.post(
        "/rules/test", json={"document": starting("emit_event", {"type": "order.paid", "data": {"a": 1}})}
    )
    preview = tried.json()["previews"]["n"]
    assert preview["starts"] == ["Thank", "Pack"]
    assert preview["summary"] == 'Tell the event "order.paid", with {"a":1}'
    tried = await client.post(
        "/rules/test", json={"document": starting("run_rule", {"rule": {"name": "Pack"}})}
    )
    assert tried.json()["previews"]["n"]["starts"] == ["Pack"]
    assert (await client.get("/runs")).json()["items"] == []


async def test_a_rule_that_would_only_run_itself_is_not_published(client: httpx.AsyncClient) -> None:
    made = (await client.post("/rules", json={"document": manual_document(name="Again")})).json()
    document = starting("run_rule", {"rule": {"id": made["id"], "name": "Again"}}, "Again")
    at = f"/rules/{made['id']}"
    saved = await client.put(
        f"{at}/draft", json={"document": document}, headers={"If-Match": f'"{made["draft"]["etag"]}"'}
    )
    codes = [one["code"] for one in saved.json()["problems"] if "severity" not in one]
    assert codes == ["rule-runs-itself"]
    refused = await client.post(f"{at}/publish", json={"etag": saved.json()["etag"]})
    assert refused.status_code == 422
    assert "rule-runs-itself" in refused.text


async def test_import_finds_the_rule_by_its_name(client: httpx.AsyncClient) -> None:
    other = await published(client, manual_document(name="Other"))
    pack = await published(client, listening("Pack"))
    document = starting("run_rule", {"rule": {"id": other["id"], "name": "Pack"}})
    (made,) = (await client.post("/import", json=document)).json()["items"]
    assert made["document"]["nodes"][1]["fields"]["rule"] == {"id": pack["id"], "name": "Pack"}
    assert made["problems"] == []
    (lost,) = (
        await client.post("/import", json=starting("run_rule", {"rule": {"id": 1, "name": "Pakc"}}, "Second"))
    ).json()["items"]
    [problem] = lost["problems"]
    assert (problem["code"], problem["args"]["suggestion"]) == ("unknown-rule", "Pack")
