"""Warnings before publishing: shown by every check, never in the way of a publish."""

from __future__ import annotations

from typing import Any

import httpx

from api.conftest import published, rule_document
from ruleyard.stores.connections import Connection

NEVER = {"and": [{"===": [{"var": "after.status"}, "won"]}, {"===": [{"var": "after.status"}, "lost"]}]}


def writing(owner: str, name: str, **trigger: Any) -> dict[str, Any]:
    document = rule_document(name=name)
    document["nodes"][0].update(trigger)
    document["nodes"][2] = {
        "id": "n",
        "kind": "action",
        "do": "update_record",
        "fields": {"set": {"owner": owner}},
    }
    return document


async def test_a_condition_that_never_holds_is_told_and_may_be_published(
    client: httpx.AsyncClient, watched_leads: Connection
) -> None:
    document = rule_document()
    document["nodes"][1]["logic"] = NEVER
    checked = (await client.post("/rules/check", json={"document": document})).json()
    assert [(one["code"], one["severity"]) for one in checked["problems"]] == [
        ("condition-never-true", "warning")
    ]
    made = (await client.post("/rules", json={"document": document})).json()
    assert [one["code"] for one in made["problems"]] == ["condition-never-true"]
    answer = await client.post(f"/rules/{made['id']}/publish", json={"etag": made["draft"]["etag"]})
    assert answer.status_code == 201, answer.text
    assert [one["code"] for one in answer.json()["warnings"]] == ["condition-never-true"]


async def test_what_follows_from_an_error_is_not_told_again(
    client: httpx.AsyncClient, watched_leads: Connection
) -> None:
    document = rule_document()
    document["nodes"][1]["logic"] = {"and": [NEVER, {"===": [{"var": "after.nowhere"}, 1]}]}
    checked = (await client.post("/rules/check", json={"document": document})).json()
    assert [one["code"] for one in checked["problems"]] == ["unknown-column"]


async def test_live_rules_that_write_the_same_column_are_told_of(
    client: httpx.AsyncClient, watched_leads: Connection
) -> None:
    first = await published(client, writing("senior", "First", columns=["status"]))
    second = writing("junior", "Second", columns=["status"])
    checked = (await client.post("/rules/check", json={"document": second})).json()
    (problem,) = checked["problems"]
    assert (problem["code"], problem["args"]["rule_id"]) == ("writes-same-column", first["id"])
    assert 'with status "won"' in problem["message"]
    alone = {"document": second, "rule_id": first["id"]}
    assert (await client.post("/rules/check", json=alone)).json()["problems"] == []
    await client.post(f"/rules/{first['id']}/disable")
    assert (await client.post("/rules/check", json={"document": second})).json()["problems"] == []


async def test_a_rule_that_wakes_itself_is_told(client: httpx.AsyncClient, watched_leads: Connection) -> None:
    made = (await client.post("/rules", json={"document": writing("senior", "Loop")})).json()
    (problem,) = made["problems"]
    assert (problem["code"], problem["args"]["chain"]) == ("rule-wakes-itself", ["Loop", "Loop"])
