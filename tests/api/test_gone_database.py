"""A watched database that is gone for good, or changed under us: it can be let go, and what is wrong is said."""

from __future__ import annotations

import asyncpg
import httpx
import pytest

from ruleyard.stores.connections import Connection
from support.cluster import PASSWORDS


@pytest.fixture
async def lost(client: httpx.AsyncClient, watched_leads: Connection) -> int:
    """crm with a watched table, moved to where nothing listens: the id of the connection."""
    answer = await client.patch(
        f"/connections/{watched_leads.id}",
        json={"settings": {**watched_leads.settings, "port": 1}, "secret": {"password": PASSWORDS.watcher}},
    )
    assert answer.status_code == 200, answer.text
    # What reads pools hold them for some seconds; asking for a fresh one is what a later request does.
    house = client._transport.app.state.house  # type: ignore[attr-defined]
    await house.watched.close()
    return int(watched_leads.id)


async def test_a_watch_of_a_lost_database_is_kept_until_one_says_forget(
    client: httpx.AsyncClient, lost: int
) -> None:
    (watch,) = (await client.get("/watches")).json()["items"]
    refused = await client.delete(f"/watches/{watch['id']}")
    assert (refused.status_code, refused.json()["code"]) == (503, "connection-unavailable")
    assert "forget=true" in refused.json()["detail"]
    assert "stays behind" in refused.json()["detail"]
    assert len((await client.get("/watches")).json()["items"]) == 1
    assert (await client.delete(f"/watches/{watch['id']}?forget=true")).status_code == 204
    assert (await client.get("/watches")).json()["items"] == []
    lag = (await client.get("http://127.0.0.1/health/lag")).json()
    assert [one["name"] for one in lag["logs"] if one["name"] != "own"] == []


async def test_forgetting_a_watch_of_a_database_that_answers_still_leaves_no_trace(
    client: httpx.AsyncClient, watched_leads: Connection, crm: asyncpg.Connection
) -> None:
    (watch,) = (await client.get("/watches")).json()["items"]
    assert (await client.delete(f"/watches/{watch['id']}?forget=true")).status_code == 204
    assert await crm.fetchval("select to_regnamespace('ruleyard') is null")


async def test_a_connection_to_a_lost_database_can_be_removed(client: httpx.AsyncClient, lost: int) -> None:
    answer = await client.delete(f"/connections/{lost}")
    assert answer.status_code == 204, answer.text
    assert (await client.get("/watches")).json()["items"] == []


async def test_a_watched_table_whose_key_was_renamed_says_that_nothing_is_captured(
    client: httpx.AsyncClient, watched_leads: Connection, crm: asyncpg.Connection
) -> None:
    await crm.execute("alter table public.leads rename column id to lead_id")
    tables = (await client.get(f"/connections/{watched_leads.id}/tables")).json()["items"]
    leads = next(one for one in tables if one["name"] == "public.leads")
    assert leads["watched"] is True
    assert "Watch it again" in leads["why_not"]
    assert leads["why_code"] == "key-changed"
    again = await client.post("/watches", json={"connection_id": watched_leads.id, "table": "public.leads"})
    assert again.status_code == 201
    await crm.execute("insert into leads (first_name) values ('Ann')")
    tables = (await client.get(f"/connections/{watched_leads.id}/tables")).json()["items"]
    leads = next(one for one in tables if one["name"] == "public.leads")
    assert (leads["why_not"], leads["events_24h"]) == ("", 1)


async def test_a_table_name_that_cannot_be_one_is_not_found(
    client: httpx.AsyncClient, crm_connection: Connection
) -> None:
    answer = await client.post(
        "/watches", json={"connection_id": crm_connection.id, "table": "public.le\0ads"}
    )
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown-table")
