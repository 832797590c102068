"""Testing a draft makes its searches, for they only read: what follows goes by what is really there."""

from __future__ import annotations

from typing import Any

import asyncpg
import httpx
import pytest

from ruleyard.stores.connections import Connection

PHONE = {"===": [{"var": "record.email"}, {"var": "after.phone"}]}


def document(shown: str = "first_name", **fields: Any) -> dict[str, Any]:
    """A request comes in, its sender is looked for, and what is told goes by whether there is one."""
    return {
        "dialect": 1,
        "name": "Who calls?",
        "nodes": [
            {"id": "t", "kind": "trigger", "on": "webhook", "sample": {"phone": "x"}},
            {
                "id": "f",
                "kind": "action",
                "do": "find_record",
                "fields": {"connection": "crm", "table": "public.leads", "where": PHONE, **fields},
            },
            {
                "id": "x",
                "kind": "choose",
                "ways": [{"key": "known", "logic": {"var": "steps.f.output.found"}}],
            },
            {
                "id": "n",
                "kind": "action",
                "do": "notify",
                "fields": {"title": {"cat": ["Hello ", {"var": f"steps.f.output.record.{shown}"}]}},
            },
            {"id": "o", "kind": "action", "do": "notify", "fields": {"title": "Who is that?"}},
        ],
        "edges": [["t", "f"], ["f", "x"], ["x", "n", "known"], ["x", "o", "otherwise"]],
    }


async def tried(client: httpx.AsyncClient, sent: dict[str, Any], **fields: Any) -> dict[str, Any]:
    record = {"connection": "", "table": "", "after": sent}
    answer = await client.post("/rules/test", json={"document": document(**fields), "record": record})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_the_way_is_that_of_what_is_there(
    client: httpx.AsyncClient, crm_connection: Connection, crm: asyncpg.Connection
) -> None:
    await crm.execute("insert into public.leads (first_name, email) values ('Ann', '+82 10')")
    known = await tried(client, {"phone": "+82 10"})
    assert known["previews"]["n"]["fields"]["title"] == "Hello Ann"
    assert known["previews"]["f"]["summary"] == 'Find a record of leads where its email is "+82 10"'
    [step] = [one for one in known["trace"]["steps"] if one["node"] == "f"]
    assert step["output"]["record"]["first_name"] == "Ann"
    unknown = await tried(client, {"phone": "+82 11"})
    assert set(unknown["previews"]) == {"f", "o"}


async def test_a_search_that_cannot_be_made_is_told_as_by_a_run(
    client: httpx.AsyncClient, crm_connection: Connection, crm: asyncpg.Connection
) -> None:
    await crm.execute("insert into public.leads (first_name, email) values (repeat('x', 300000), 'a')")
    found = await tried(client, {"phone": "a"})
    assert found["trace"]["outcome"] == "failed"
    [step] = [one for one in found["trace"]["steps"] if one["node"] == "f"]
    assert step["error"]["code"] == "record-too-large"


async def test_a_draft_that_fits_has_no_problem(
    client: httpx.AsyncClient, crm_connection: Connection
) -> None:
    answer = await client.post("/rules/check", json={"document": document()})
    assert answer.json()["problems"] == []
    assert "find a record of leads where its email is phone" in answer.json()["sentence"]


@pytest.mark.parametrize("where", [{"===": [{"var": "record.nothing"}, 1]}, {"var": "after.phone"}])
async def test_a_draft_that_does_not_fit_is_not_tried(
    client: httpx.AsyncClient, crm_connection: Connection, where: Any
) -> None:
    record = {"connection": "", "table": "", "after": {}}
    answer = await client.post("/rules/test", json={"document": document(where=where), "record": record})
    assert answer.status_code == 422
    assert answer.json()["code"] == "rule-has-problems"


async def test_records_are_sought_by_those_that_they_lead_to(
    client: httpx.AsyncClient, crm_connection: Connection, crm: asyncpg.Connection
) -> None:
    lead = await crm.fetchval("insert into public.leads (first_name, email) values ('Ann', 'a') returning id")
    await crm.execute("insert into public.tasks (lead_id, title) values ($1, 'Call')", lead)
    where = {"===": [{"var": "record.lead_id.email"}, {"var": "after.phone"}]}
    found = await tried(
        client, {"phone": "a"}, table="public.tasks", where=where, columns=["title"], shown="title"
    )
    assert found["trace"]["steps"][1]["output"]["record"] == {"title": "Call"}
