"""The fields of a table as people know them, on a real database."""

from __future__ import annotations

from typing import Any

import asyncpg
import httpx
import pytest

from api.conftest import published, rule_document
from ruleyard.stores.connections import Connection


@pytest.fixture
def leads(watched_leads: Connection) -> str:
    return f"/connections/{watched_leads.id}/tables/public.leads"


async def columns(client: httpx.AsyncClient, leads: str) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in (await client.get(leads)).json()["columns"]}


async def test_a_field_is_called_what_somebody_says_until_he_takes_it_back(
    client: httpx.AsyncClient, leads: str
) -> None:
    put = await client.put(f"{leads}/columns/email/label", json={"label": "  Contact   address "})
    assert put.status_code == 204, put.text
    assert (await columns(client, leads))["email"]["label"] == "Contact address"
    assert (await columns(client, leads))["email"]["named"] is True
    await client.put(f"{leads}/columns/email/label", json={"label": ""})
    assert (await columns(client, leads))["email"]["label"] == "Email"
    unknown = await client.put(f"{leads}/columns/shoe_size/label", json={"label": "x"})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown-column")


async def test_a_field_that_came_is_new_until_somebody_saw_it(
    client: httpx.AsyncClient, leads: str, crm: asyncpg.Connection, watched_leads: Connection
) -> None:
    assert not any(one["new"] for one in (await columns(client, leads)).values())
    await crm.execute("alter table leads add column shoe_size int, add column hat text")
    assert [name for name, one in (await columns(client, leads)).items() if one["new"]] == [
        "shoe_size",
        "hat",
    ]
    tables = (await client.get(f"/connections/{watched_leads.id}/tables")).json()["items"]
    assert {one["name"]: one["new_fields"] for one in tables if one["new_fields"]} == {"public.leads": 2}
    assert (await client.post(f"{leads}/fields-seen")).status_code == 204
    assert not any(one["new"] for one in (await columns(client, leads)).values())


async def test_the_rules_that_use_a_field_are_named(client: httpx.AsyncClient, leads: str) -> None:
    rule = await published(client, rule_document())
    other = rule_document(name="A draft")
    other["nodes"][1]["logic"] = {"in": ["email", {"var": "changed"}]}
    await client.post("/rules", json={"document": other})
    uses = {one["column"]: one["rules"] for one in (await client.get(f"{leads}/uses")).json()["items"]}
    assert uses["status"] == [{"id": rule["id"], "name": "Tell about won leads"}]
    assert [one["name"] for one in uses["email"]] == ["A draft", "Tell about won leads"]
    assert set(uses) == {"status", "email"}


async def test_changes_are_told_as_they_come(
    client: httpx.AsyncClient, leads: str, crm: asyncpg.Connection
) -> None:
    assert (await client.get(leads)).json()["last_change_at"] is None
    await crm.execute("insert into leads (first_name) values ('Ann'), ('Bob')")
    first = (await client.get(leads)).json()
    assert first["events_24h"] == 2
    await crm.execute("update leads set first_name = 'Cy' where first_name = 'Ann'")
    second = (await client.get(leads)).json()
    assert second["events_24h"] == 3
    assert second["last_change_at"] > first["last_change_at"]


async def test_a_column_that_is_left_out_says_so(
    client: httpx.AsyncClient, watched_leads: Connection
) -> None:
    body = {"connection_id": watched_leads.id, "table": "public.leads", "excluded": ["email"]}
    assert (await client.post("/watches", json=body)).status_code == 201
    found = await columns(client, f"/connections/{watched_leads.id}/tables/public.leads")
    assert [name for name, one in found.items() if one["left_out"]] == ["email"]
