"""The way of a rule through the API: draft, check, publish, on and off, versions, archive."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from api.conftest import manual_document, published, rule_document
from ruleyard.core.errors import Problem
from ruleyard.stores.connections import Connection
from ruleyard.stores.db import transaction
from ruleyard.stores.drift import Drift, note_drift


async def test_a_rule_starts_as_a_draft_that_is_off(
    client: httpx.AsyncClient, watched_leads: Connection
) -> None:
    made = await client.post("/rules", json={"document": rule_document()})
    assert made.status_code == 201
    rule = made.json()
    assert (rule["name"], rule["enabled"], rule["live_version"], rule["has_draft"]) == (
        "Tell about won leads",
        False,
        None,
        True,
    )
    assert rule["problems"] == []
    assert rule["trigger"] == {"on": "change", "connection": "crm", "table": "public.leads"}
    assert rule["sentence"]


async def test_publishing_makes_an_immutable_version_and_switches_on(
    client: httpx.AsyncClient, watched_leads: Connection
) -> None:
    rule = await published(client, rule_document())
    after = (await client.get(f"/rules/{rule['id']}")).json()
    assert (after["enabled"], after["live_version"], after["has_draft"]) == (True, 1, False)
    assert after["live"]["document"] == rule_document()
    versions = (await client.get(f"/rules/{rule['id']}/versions")).json()
    assert [(one["number"], one["live"]) for one in versions["items"]] == [(1, True)]


async def test_the_running_version_stays_while_the_draft_changes(
    client: httpx.AsyncClient, watched_leads: Connection
) -> None:
    rule = await published(client, rule_document())
    changed = rule_document(description="Another text")
    saved = await client.put(
        f"/rules/{rule['id']}/draft", json={"document": changed}, headers={"If-Match": '"1"'}
    )
    assert saved.status_code == 200, saved.text
    after = (await client.get(f"/rules/{rule['id']}")).json()
    assert after["has_draft"] is True
    assert after["live"]["document"] == rule_document()
    assert after["draft"]["document"] == changed


async def test_two_browsers_saving_one_draft_lose_nothing(client: httpx.AsyncClient) -> None:
    rule = (await client.post("/rules", json={"document": manual_document()})).json()
    mine, theirs = manual_document(description="mine"), manual_document(description="theirs")
    path = f"/rules/{rule['id']}/draft"
    first = await client.put(path, json={"document": theirs}, headers={"If-Match": '"1"'})
    assert first.headers["etag"] == '"2"'
    second = await client.put(path, json={"document": mine}, headers={"If-Match": '"1"'})
    assert second.status_code == 412
    problem = second.json()
    assert problem["code"] == "draft-changed"
    assert problem["current"]["document"] == theirs
    assert problem["current"]["etag"] == "2"
    assert problem["saved_at"]


async def test_saving_without_an_etag_is_refused(client: httpx.AsyncClient) -> None:
    rule = (await client.post("/rules", json={"name": "Empty"})).json()
    answer = await client.put(f"/rules/{rule['id']}/draft", json={"document": manual_document()})
    assert (answer.status_code, answer.json()["code"]) == (428, "etag-needed")


async def test_publishing_a_draft_that_changed_unseen_is_refused(client: httpx.AsyncClient) -> None:
    rule = (await client.post("/rules", json={"document": manual_document()})).json()
    await client.put(
        f"/rules/{rule['id']}/draft",
        json={"document": manual_document(description="x")},
        headers={"If-Match": "*"},
    )
    answer = await client.post(f"/rules/{rule['id']}/publish", json={"etag": "1"})
    assert (answer.status_code, answer.json()["code"]) == (412, "draft-changed")


async def test_a_rule_with_problems_is_kept_but_not_published(client: httpx.AsyncClient) -> None:
    broken = manual_document(edges=[["t", "nowhere"]])
    rule = (await client.post("/rules", json={"document": broken})).json()
    assert rule["problems_count"] >= 1
    answer = await client.post(f"/rules/{rule['id']}/publish", json={"etag": "1"})
    assert (answer.status_code, answer.json()["code"]) == (422, "rule-has-problems")
    assert answer.json()["problems"]
    assert (await client.get(f"/rules/{rule['id']}")).json()["versions_count"] == 0


async def test_a_change_rule_is_not_switched_on_while_its_table_is_not_watched(
    client: httpx.AsyncClient, crm_connection: Connection
) -> None:
    rule = (await client.post("/rules", json={"document": rule_document()})).json()
    answer = await client.post(f"/rules/{rule['id']}/publish", json={"etag": "1"})
    assert (answer.status_code, answer.json()["code"]) == (409, "table-not-watched")
    assert answer.json()["fix"]["value"] == {"connection": "crm", "table": "public.leads"}
    assert (await client.get(f"/rules/{rule['id']}")).json()["versions_count"] == 0


async def test_on_and_off(client: httpx.AsyncClient) -> None:
    rule = await published(client, manual_document())
    off = await client.post(f"/rules/{rule['id']}/disable")
    assert off.json()["enabled"] is False
    on = await client.post(f"/rules/{rule['id']}/enable")
    assert on.json()["enabled"] is True
    never = (await client.post("/rules", json={"name": "Never published"})).json()
    refused = await client.post(f"/rules/{never['id']}/enable")
    assert (refused.status_code, refused.json()["code"]) == (409, "rule-not-published")


async def test_a_scheduled_rule_gets_its_next_moment_and_loses_it_when_off(
    client: httpx.AsyncClient, engine: Any
) -> None:
    from sqlalchemy import text

    document = manual_document(
        nodes=[
            {"id": "t", "kind": "trigger", "on": "schedule", "schedule": {"repeat": "minutes", "every": 5}},
            {"id": "n", "kind": "action", "do": "notify", "fields": {"to": "everyone", "title": "Tick"}},
        ]
    )
    rule = await published(client, document)

    async def scheduled() -> int:
        async with engine.connect() as conn:
            return int((await conn.execute(text("select count(*) from app.schedule"))).scalar_one())

    assert await scheduled() == 1
    await client.post(f"/rules/{rule['id']}/disable")
    assert await scheduled() == 0


async def test_an_old_version_becomes_the_draft_again(client: httpx.AsyncClient) -> None:
    rule = await published(client, manual_document())
    await client.put(
        f"/rules/{rule['id']}/draft",
        json={"document": manual_document(description="2")},
        headers={"If-Match": "*"},
    )
    await client.post(f"/rules/{rule['id']}/publish", json={"etag": "2", "note": "second"})
    restored = await client.post(f"/rules/{rule['id']}/versions/1/restore")
    assert restored.json()["draft"]["document"] == manual_document()
    assert restored.json()["live_version"] == 2
    second = (await client.get(f"/rules/{rule['id']}/versions/2")).json()
    assert (second["note"], second["live"]) == ("second", True)


async def test_an_archived_rule_is_off_and_comes_back(client: httpx.AsyncClient) -> None:
    rule = await published(client, manual_document())
    assert (await client.delete(f"/rules/{rule['id']}")).status_code == 204
    listed = (await client.get("/rules")).json()
    assert listed["items"] == []
    archived = (await client.get("/rules", params={"archived": True})).json()
    assert [one["enabled"] for one in archived["items"]] == [False]
    back = await client.post(f"/rules/{rule['id']}/restore")
    assert back.json()["archived"] is False


async def test_the_list_is_paged_by_cursor_in_every_order(client: httpx.AsyncClient) -> None:
    for number in range(5):
        await client.post("/rules", json={"document": manual_document(name=f"Rule {number % 2} {number}")})
    for sort in ("name", "-last_run", "-runs", "-failures"):
        seen: list[int] = []
        cursor: str | None = None
        while True:
            params = {"sort": sort, "limit": 2} | ({"cursor": cursor} if cursor else {})
            answer = await client.get("/rules", params=params)
            seen += [one["id"] for one in answer.json()["items"]]
            cursor = answer.json()["next"]
            if cursor is None:
                assert "link" not in answer.headers
                break
            assert 'rel="next"' in answer.headers["link"]
        assert len(seen) == len(set(seen)) == 5, sort


async def test_search_takes_percent_signs_literally(client: httpx.AsyncClient) -> None:
    await client.post("/rules", json={"document": manual_document(name="100% of leads")})
    await client.post("/rules", json={"document": manual_document(name="1000 leads")})
    found = (await client.get("/rules", params={"search": "100%"})).json()
    assert [one["name"] for one in found["items"]] == ["100% of leads"]


async def test_counts_say_how_many_rules_there_are_of_each_kind(client: httpx.AsyncClient) -> None:
    await published(client, manual_document(name="On"))
    await client.post("/rules", json={"document": manual_document(name="Draft")})
    counts = (await client.get("/rules", params={"status": "draft"})).json()
    assert [one["name"] for one in counts["items"]] == ["Draft"]
    assert counts["counts"] == {"all": 2, "on": 1, "draft": 1, "attention": 0, "runs_7d": 0}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"edges": [["t", "n"], ["n", "t"]]}, None),
        ({"edges": [["t", "n"], ["n", "gone"]]}, None),
        (
            {
                "nodes": [
                    {"id": "t", "kind": "trigger", "on": "manual"},
                    {"id": "u", "kind": "trigger", "on": "manual"},
                ],
                "edges": [],
            },
            None,
        ),
    ],
    ids=["cycle", "dangling edge", "two triggers"],
)
async def test_a_graph_that_does_not_hold_says_why(
    client: httpx.AsyncClient, changes: dict[str, Any], code: str | None
) -> None:
    answer = await client.post("/rules/check", json={"document": manual_document(**changes)})
    assert answer.status_code == 200
    problems = answer.json()["problems"]
    assert problems
    assert all(one["message"] and one["code"] for one in problems)


async def test_the_check_gives_back_the_document_with_all_fixes(client: httpx.AsyncClient) -> None:
    node = {"id": "n", "kind": "action", "do": "notifi", "fields": {"title": {"var": "nwo"}}}
    document = manual_document(nodes=[{"id": "t", "kind": "trigger", "on": "manual"}, node])
    answer = (await client.post("/rules/check", json={"document": document})).json()
    assert [one["code"] for one in answer["problems"]] == ["unknown-action"]
    mended = {"id": "n", "kind": "action", "do": "notify", "fields": {"title": {"var": "now"}}}
    assert answer["fixed"] == {**document, "nodes": [document["nodes"][0], mended]}
    again = (await client.post("/rules/check", json={"document": answer["fixed"]})).json()
    assert (again["problems"], again.get("fixed")) == ([], None)


async def test_a_rule_whose_table_changed_needs_attention(
    client: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    rule = await published(client, manual_document())
    gone = Problem(
        "unknown-column", "/nodes/1/logic", "The table public.leads has no column.", args={"column": "x"}
    )
    async with transaction(engine) as conn:
        version = await conn.execute(
            text("select live_version_id from app.rule where id = :id"), {"id": rule["id"]}
        )
        drift = Drift(rule["id"], version.scalar_one(), (gone,), "A table changed.", blocks=True)
        assert await note_drift(conn, drift)
        assert not await note_drift(conn, drift)
    found = (await client.get("/rules", params={"status": "attention"})).json()
    assert found["counts"]["attention"] == 1
    assert [one["code"] for one in found["items"][0]["drift"]] == ["unknown-column"]
    assert found["items"][0]["drift"][0]["args"] == {"column": "x"}
    whole = (await client.get(f"/rules/{rule['id']}")).json()
    assert [one["code"] for one in whole["drift"]] == ["unknown-column"]


async def test_duplicating_copies_the_draft(client: httpx.AsyncClient) -> None:
    rule = await published(client, manual_document())
    copy = (await client.post(f"/rules/{rule['id']}/duplicate")).json()
    assert (copy["name"], copy["enabled"], copy["versions_count"]) == ("By hand (copy)", False, 0)
    assert copy["draft"]["document"]["nodes"] == manual_document()["nodes"]


async def test_an_imported_expression_is_given_back_as_it_was_written(client: httpx.AsyncClient) -> None:
    logic = (
        b'{"and":[{"==":[{"var":"z"},1.0,{"zz":1,"aa":{"y":-0.0,"x":2.5}}]},'
        b'{"<":[12345678901234567890123,1e-7,{"__proto__":[],"constructor":0}]},{"==":[1,"1"]}]}'
    )
    trigger = b'{"id":"t","kind":"trigger","on":"manual"}'
    body = b'{"name":"as written","logic":' + logic + b',"trigger":' + trigger + b"}"
    made = await client.post("/import", content=body, headers={"content-type": "application/json"})
    assert made.status_code == 200, made.text
    rule_id = made.json()["items"][0]["rule_id"]
    exported = await client.get(f"/rules/{rule_id}/export")
    assert b'"logic":' + logic in exported.content
    assert (await client.get(f"/rules/{rule_id}")).json()["draft"]["document"]["name"] == "as written"


async def test_the_list_goes_up_and_down_and_brings_drafts_when_asked(client: httpx.AsyncClient) -> None:
    for name in ("Oak", "elm", "Ash"):
        await client.post("/rules", json={"name": name})

    async def names(**query: Any) -> list[str]:
        found: list[str] = []
        cursor: str | None = ""
        while cursor is not None:
            page = (await client.get("/rules", params={"limit": 2, "cursor": cursor, **query})).json()
            found += [one["name"] for one in page["items"]]
            cursor = page["next"]
        return found

    assert await names() == ["Ash", "elm", "Oak"]
    assert await names(sort="-name") == ["Oak", "elm", "Ash"]
    assert await names(sort="runs") == await names(sort="last_run") == ["Oak", "elm", "Ash"]
    assert await names(sort="-failures") == ["Ash", "elm", "Oak"]
    plain, full = [
        (await client.get("/rules", params={"documents": asked})).json() for asked in ("false", "true")
    ]
    assert [one["document"] for one in plain["items"]] == [None, None, None]
    assert [one["document"]["name"] for one in full["items"]] == ["Ash", "elm", "Oak"]
