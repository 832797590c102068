"""The one press of the first-rule tour: a real change in the demo's database, and nowhere else."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import files

import asyncpg
import httpx
import pytest
from litestar import Litestar
from sqlalchemy.ext.asyncio import AsyncEngine

from api.conftest import client_of, key_of, serving
from ruleyard.settings import Settings

LEADS = """
    insert into leads (first_name, last_name, email, source, status, attempts, consent) values
      ('Ann', 'Fresh', 'ann@example.com', 'web', 'new', 0, true),
      ('Ben', 'Tried', 'ben@example.com', 'web', 'contacted', 4, true),
      ('Cho', 'Quiet', 'cho@example.com', 'web', 'contacted', 5, false)
"""


@pytest.fixture
async def demo(crm: asyncpg.Connection) -> asyncpg.Connection:
    """The watched database with the demo's own tables."""
    await crm.execute("drop schema public cascade; create schema public")
    await crm.execute(files("ruleyard.demo").joinpath("schema.sql").read_text())
    return crm


async def changed(
    settings: Settings, engine: AsyncEngine, url: str, *whats: str, role: str = "editor"
) -> list[httpx.Response]:
    headers = {"Authorization": f"Bearer {await key_of(engine, role)}"}  # type: ignore[arg-type]
    async with (
        serving(replace(settings, demo_url=url)) as app,
        client_of(app, headers=headers) as client,
    ):
        return [await client.post("/demo/changes", json={"what": what}) for what in whats]


async def test_a_lead_asks_to_be_called_who_was_tried_and_may_be(
    settings: Settings, engine: AsyncEngine, demo: asyncpg.Connection, crm_url: str
) -> None:
    await demo.execute(LEADS)
    first, second, third = await changed(settings, engine, crm_url, "callback", "callback", "callback")
    assert (first.status_code, first.json()["record_label"]) == (200, "Ben Tried")
    assert second.json()["record_label"] == "Ann Fresh"
    assert (third.status_code, third.json()["code"]) == (404, "no-lead-left")
    found = await demo.fetch("select first_name, status from leads order by first_name")
    assert [tuple(row) for row in found] == [("Ann", "callback"), ("Ben", "callback"), ("Cho", "contacted")]


async def test_somebody_writes_to_us(
    settings: Settings, engine: AsyncEngine, demo: asyncpg.Connection, crm_url: str
) -> None:
    (made,) = await changed(settings, engine, crm_url, "new_lead")
    assert made.status_code == 200, made.text
    row = await demo.fetchrow(
        "select source::text, status, consent from leads where id = $1", made.json()["key"]["id"]
    )
    assert tuple(row) == ("web", "new", True)


async def test_viewers_change_nothing(
    settings: Settings, engine: AsyncEngine, demo: asyncpg.Connection, crm_url: str
) -> None:
    (refused,) = await changed(settings, engine, crm_url, "new_lead", role="viewer")
    assert refused.status_code == 403
    assert await demo.fetchval("select count(*) from leads") == 0


async def test_without_a_demo_there_is_nothing_to_change(client: httpx.AsyncClient) -> None:
    refused = await client.post("/demo/changes", json={"what": "callback"})
    assert (refused.status_code, refused.json()["code"]) == (404, "no-demo")
    assert (await client.get("/session")).json()["demo_data"] is False


@pytest.mark.parametrize("body", [{"what": "drop"}, {"table": "public.deals"}])
async def test_nothing_else_can_be_asked_for(
    app: Litestar, client: httpx.AsyncClient, body: dict[str, str]
) -> None:
    assert (await client.post("/demo/changes", json=body)).status_code == 400
