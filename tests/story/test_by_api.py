"""A program's way: import a rule as JSON by the API, publish it, and it fires as one drawn by hand does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import httpx
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.api.app import create_app
from ruleyard.core.types import RuleId
from ruleyard.demo.rulebook import crm_rules
from ruleyard.settings import Settings
from ruleyard.stores.accounts import create_api_key
from ruleyard.stores.db import transaction
from story.asking import ended, judged, runs_of
from story.conftest import Demo
from support.house import running
from support.servers import smtp_receiver
from support.waiting import until

RULE = next(one for one in crm_rules("http://127.0.0.1:9") if one["name"] == "Welcome new web leads")
LEAD = """
    insert into public.leads (first_name, last_name, email, source)
    values ($1, 'Petrova', $2, 'web') returning id
"""


@asynccontextmanager
async def api(settings: Settings, engine: AsyncEngine) -> AsyncIterator[httpx.AsyncClient]:
    """A client with an administrator's API key. The app's life begins and ends in one task."""
    app = create_app(settings)
    ready, leave = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        async with app.lifespan():
            ready.set()
            await leave.wait()

    living = asyncio.create_task(live())
    async with transaction(engine) as conn:
        _, key = await create_api_key(conn, "a script", "admin")
    await ready.wait()
    client = httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app),
        base_url="http://127.0.0.1/api/v1",
        headers={"Authorization": f"Bearer {key}"},
    )
    try:
        async with client:
            yield client
    finally:
        leave.set()
        await living


async def made(answer: httpx.Response, status: int = 201) -> dict[str, object]:
    assert answer.status_code == status, answer.text
    body: dict[str, object] = answer.json()
    return body


async def nothing_unread(client: httpx.AsyncClient) -> bool:
    lag = await made(await client.get("http://127.0.0.1/health/lag"), 200)
    return not any(log["unread"] for log in lag["logs"])  # type: ignore[attr-defined]


async def connect(client: httpx.AsyncClient, demo: Demo, smtp_port: int) -> None:
    """Connections and the watch, as somebody does it who has only the API."""
    url = httpx.URL(demo.watcher_url)
    crm = await made(
        await client.post(
            "/connections",
            json={
                "name": "crm",
                "kind": "postgres",
                "settings": {
                    "host": url.host,
                    "port": url.port,
                    "database": url.path.lstrip("/"),
                    "user": url.username,
                },
                "secret": {"password": url.password},
            },
        )
    )
    mail = {"host": "127.0.0.1", "port": smtp_port, "security": "none", "from": "crm@example.com"}
    await made(
        await client.post(
            "/connections", json={"name": "mail", "kind": "smtp", "settings": mail, "secret": {}}
        )
    )
    await made(await client.post("/watches", json={"connection_id": crm["id"], "table": "public.leads"}))


async def test_a_rule_imported_by_the_api_fires_like_any_other(
    settings: Settings, engine: AsyncEngine, demo: Demo, app: asyncpg.Connection
) -> None:
    async with smtp_receiver() as inbox, running(settings), api(settings, engine) as client:
        await connect(client, demo, inbox.port)
        imported = (await made(await client.post("/import", json=RULE), 200))["items"]
        assert isinstance(imported, list)
        rule_id = RuleId(imported[0]["rule_id"])
        assert imported[0]["problems"] == []

        await app.fetchval(LEAD, "Olga", "olga@example.com")
        await until(lambda: nothing_unread(client), what="the lead before publishing to be read")
        draft = await made(await client.get(f"/rules/{rule_id}"), 200)
        assert draft["enabled"] is False
        etag = draft["draft"]["etag"]  # type: ignore[index]
        await made(await client.post(f"/rules/{rule_id}/publish", json={"etag": etag, "enable": True}))

        lead = await app.fetchval(LEAD, "Anna", "anna@example.com")
        (mail,) = await inbox.wait_for(1)
        (run,) = await ended(engine, rule_id)
        shown = await made(await client.get(f"/runs/{run.id}"), 200)
        exported = await made(await client.get(f"/rules/{rule_id}/export"), 200)
    assert mail.to == ["anna@example.com"]
    assert (shown["state"], shown["record_key"]) == ("succeeded", str(lead))
    assert exported == RULE


async def test_the_api_says_why_a_rule_did_not_fire(
    settings: Settings, engine: AsyncEngine, demo: Demo, app: asyncpg.Connection
) -> None:
    async with smtp_receiver() as inbox, running(settings), api(settings, engine) as client:
        await connect(client, demo, inbox.port)
        imported = (await made(await client.post("/import", json=RULE), 200))["items"]
        assert isinstance(imported, list)
        rule_id = RuleId(imported[0]["rule_id"])
        draft = await made(await client.get(f"/rules/{rule_id}"), 200)
        etag = draft["draft"]["etag"]  # type: ignore[index]
        await made(await client.post(f"/rules/{rule_id}/publish", json={"etag": etag, "enable": True}))
        lead = await app.fetchval(LEAD, "Anna", None)

        async def was_judged() -> bool:
            return await judged(engine, rule_id) == (0, 1)

        await until(was_judged, what="the lead without an address to be judged")
        assert await runs_of(engine, rule_id) == []
        (crm,) = [
            one
            for one in (await made(await client.get("/connections"), 200))["items"]  # type: ignore[attr-defined]
            if one["name"] == "crm"
        ]
        events = await made(
            await client.get("/events", params={"connection_id": crm["id"], "table": "public.leads"}), 200
        )
        event = events["items"][0]  # type: ignore[index]
        assert event["key"] == {"id": lead}
        why = await made(
            await client.get(
                f"/rules/{rule_id}/explain", params={"log": event["log"], "event_id": event["id"]}
            ),
            200,
        )
    assert (why["fired"], why["reason_code"], why["run_id"]) == (False, "condition-false", None)
