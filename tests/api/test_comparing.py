"""Two versions of a rule compared, and tried side by side on the history."""

from __future__ import annotations

from typing import Any

import asyncpg
import httpx
import pytest

from api.conftest import published, rule_document
from ruleyard.stores.connections import Connection


async def test_versions_are_compared_in_words_with_a_record_that_separates_them(
    client: httpx.AsyncClient, watched_leads: Connection
) -> None:
    rule = await published(client, rule_document())
    at = f"/rules/{rule['id']}"
    second = rule_document()
    second["nodes"][1]["logic"] = {"===": [{"var": "after.status"}, "lost"]}
    draft = (await client.get(at)).json()["draft"]
    headers = {"If-Match": f'"{draft["etag"]}"'}
    saved = await client.put(f"{at}/draft", json={"document": second}, headers=headers)
    assert saved.status_code == 200, saved.text
    draft = saved.json()
    assert (await client.post(f"{at}/publish", json={"etag": draft["etag"]})).status_code == 201
    found = (await client.get(f"{at}/versions/1/diff/2")).json()
    assert [one["words"] for one in found["changes"]] == [
        'The condition is now: status is "lost" (it was: status is "won").'
    ]
    assert found["verdict"]["outcome"] == "different"
    assert found["verdict"]["after"]["status"] in ("won", "lost")
    assert (await client.get(f"{at}/versions/1/diff/3")).status_code == 404
    side_by_side = {"rule_id": rule["id"], "version": 2, "against": 1}
    assert (await client.post("/backtests", json=side_by_side)).status_code == 202


def asking_for(status: str) -> dict[str, Any]:
    document = rule_document()
    document["nodes"][1]["logic"] = {"===": [{"var": "after.status"}, status]}
    return document


async def save(client: httpx.AsyncClient, rule: dict[str, Any], document: dict[str, Any]) -> None:
    draft = (await client.get(f"/rules/{rule['id']}")).json()["draft"]
    headers = {"If-Match": f'"{draft["etag"]}"'}
    saved = await client.put(f"/rules/{rule['id']}/draft", json={"document": document}, headers=headers)
    assert saved.status_code == 200, saved.text


async def test_the_draft_is_compared_on_stored_changes_page_by_page(
    client: httpx.AsyncClient, watched_leads: Connection, crm: asyncpg.Connection
) -> None:
    rule = await published(client, rule_document())
    at = f"/rules/{rule['id']}/versions/1/diff/draft"
    await save(client, rule, asking_for("lost"))
    (change,) = (await client.get(at)).json()["conditions"]
    assert (change["node"], change["outcome"], {change["old"], change["new"]}) == (
        "c",
        "different",
        {"yes", "no"},
    )
    nothing = (await client.get(f"{at}/events")).json()
    assert (nothing["items"], nothing["next"], nothing["read"], nothing["history_since"]) == (
        [],
        None,
        0,
        None,
    )
    await crm.execute(
        "insert into leads (email, status) select n || '@example.com', 'new' from generate_series(1, 9) n"
    )
    await crm.execute("update leads set status = (array['won', 'lost', 'callback'])[id % 3 + 1]")
    first = (await client.get(f"{at}/events", params={"limit": 4})).json()
    rest = (await client.get(f"{at}/events", params={"limit": 4, "cursor": first["next"]})).json()
    assert (len(first["items"]), len(rest["items"]), rest["next"]) == (4, 2, None)
    assert first["read"] + rest["read"] == 9
    for one in (*first["items"], *rest["items"]):
        was, now = (["n"], []) if one["after"]["status"] == "won" else ([], ["n"])
        assert (one["old"]["steps"], one["new"]["steps"]) == (was, now)
    assert (await client.get(f"{at}/events", params={"cursor": "nonsense"})).status_code == 422


@pytest.mark.parametrize("which", ["latest", "0", "-1", "99999999999", "²"])
async def test_what_is_no_version_is_refused(
    client: httpx.AsyncClient, watched_leads: Connection, which: str
) -> None:
    rule = await published(client, rule_document())
    for tail in ("", "/events"):
        answer = await client.get(f"/rules/{rule['id']}/versions/{which}/diff/draft{tail}")
        assert answer.status_code in (404, 422), answer.text


async def test_a_draft_that_is_not_whole_is_refused_with_its_problems(
    client: httpx.AsyncClient, watched_leads: Connection
) -> None:
    rule = await published(client, rule_document())
    await save(client, rule, rule_document(edges=[["t", "nowhere"]]))
    answer = await client.get(f"/rules/{rule['id']}/versions/1/diff/draft")
    assert (answer.status_code, answer.json()["code"]) == (422, "rule-has-problems")
    assert answer.json()["problems"]


async def test_the_list_of_versions_says_when_each_was_on(
    client: httpx.AsyncClient, watched_leads: Connection
) -> None:
    rule = await published(client, rule_document())
    at = f"/rules/{rule['id']}"
    await save(client, rule, asking_for("lost"))
    etag = (await client.get(at)).json()["draft"]["etag"]
    body = {"etag": etag, "note": "Lost, not won", "enable": True}
    assert (await client.post(f"{at}/publish", json=body)).status_code == 201
    second, first = (await client.get(f"{at}/versions")).json()["items"]
    assert (second["number"], second["note"], second["live"]) == (2, "Lost, not won", True)
    assert second["on_since"] is not None
    assert second["on_until"] is None
    assert first["on_since"] < first["on_until"] <= second["on_since"]


async def test_related_records_that_are_not_stored_are_said_to_be_read_now(
    client: httpx.AsyncClient, watched_leads: Connection
) -> None:
    rule = await published(client, rule_document())
    document = rule_document()
    document["nodes"][1]["logic"] = {"===": [{"var": "related.owner_id.email"}, "ann@example.com"]}
    await save(client, rule, document)
    at = f"/rules/{rule['id']}/versions/1/diff/draft"
    assert (await client.get(at)).json()["verdict"]["outcome"] == "unknown"
    assert (await client.get(f"{at}/events")).json()["related_now"] is True
    assert (await client.get(f"/rules/{rule['id']}/versions/1/diff/1/events")).json()["related_now"] is False
