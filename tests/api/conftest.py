"""An app on real databases, and clients of it with each role."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from litestar import Litestar
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.api.app import create_app
from ruleyard.core.types import Role
from ruleyard.settings import Settings
from ruleyard.stores.accounts import create_api_key, create_setup_token
from ruleyard.stores.connections import Connection
from ruleyard.stores.db import transaction

PASSWORD = "a long enough password"


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[Litestar]:
    """The app, alive in a task of its own: its lifespan must begin and end in one task."""
    app = create_app(settings)
    ready, leave = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        async with app.lifespan():
            ready.set()
            await leave.wait()

    task = asyncio.create_task(live())
    started = asyncio.create_task(ready.wait())
    await asyncio.wait([task, started], return_when=asyncio.FIRST_COMPLETED)
    try:
        yield app
    finally:
        leave.set()
        started.cancel()
        await task


def client_of(app: Litestar, **how: Any) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1/api/v1", **how)


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[Litestar]:
    async with serving(settings) as app:
        yield app


@pytest.fixture
async def visitor(app: Litestar) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who is not signed in."""
    async with client_of(app) as client:
        yield client


async def key_of(engine: AsyncEngine, role: Role) -> str:
    async with transaction(engine) as conn:
        return (await create_api_key(conn, f"the {role}", role))[1]


@pytest.fixture
async def client(app: Litestar, engine: AsyncEngine) -> AsyncIterator[httpx.AsyncClient]:
    """A program with an administrator's API key."""
    key = await key_of(engine, "admin")
    async with client_of(app, headers={"Authorization": f"Bearer {key}"}) as client:
        yield client


@pytest.fixture
async def browser(app: Litestar, engine: AsyncEngine) -> AsyncIterator[httpx.AsyncClient]:
    """The first administrator, signed in by cookie; sends the CSRF token with everything."""
    async with transaction(engine) as conn:
        token = await create_setup_token(conn)
    async with client_of(app) as client:
        answer = await client.post(
            "/setup", json={"token": token, "name": "Ann", "email": "ann@example.com", "password": PASSWORD}
        )
        assert answer.status_code == 200, answer.text
        client.headers["X-CSRF-Token"] = answer.json()["csrf"]
        yield client


def rule_document(**changes: Any) -> dict[str, Any]:
    """A rule on crm's leads that tells everyone when a lead is won."""
    return {
        "dialect": 1,
        "name": "Tell about won leads",
        "nodes": [
            {
                "id": "t",
                "kind": "trigger",
                "on": "change",
                "connection": "crm",
                "table": "public.leads",
                "events": ["update"],
            },
            {"id": "c", "kind": "condition", "logic": {"===": [{"var": "after.status"}, "won"]}},
            {
                "id": "n",
                "kind": "action",
                "do": "notify",
                "fields": {"to": "everyone", "title": {"cat": ["Won: ", {"var": "after.email"}]}},
            },
        ],
        "edges": [["t", "c"], ["c", "n", "yes"]],
    } | changes


def manual_document(**changes: Any) -> dict[str, Any]:
    return {
        "dialect": 1,
        "name": "By hand",
        "nodes": [
            {"id": "t", "kind": "trigger", "on": "manual"},
            {"id": "n", "kind": "action", "do": "notify", "fields": {"to": "everyone", "title": "Hello"}},
        ],
        "edges": [["t", "n"]],
    } | changes


@pytest.fixture
async def watched_leads(client: httpx.AsyncClient, crm_connection: Connection) -> Connection:
    """crm, with public.leads watched."""
    answer = await client.post("/watches", json={"connection_id": crm_connection.id, "table": "public.leads"})
    assert answer.status_code == 201, answer.text
    return crm_connection


async def published(client: httpx.AsyncClient, document: dict[str, Any]) -> dict[str, Any]:
    """A rule that is published and on."""
    made = await client.post("/rules", json={"document": document})
    assert made.status_code == 201, made.text
    rule: dict[str, Any] = made.json()
    answer = await client.post(f"/rules/{rule['id']}/publish", json={"etag": rule["draft"]["etag"]})
    assert answer.status_code == 201, answer.text
    return rule
