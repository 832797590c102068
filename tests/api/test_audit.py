"""What people do is written down, each act by its own name, with what it was done to."""

from __future__ import annotations

from typing import Any

import asyncpg
import httpx
import pytest
from litestar import Litestar
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from api.conftest import PASSWORD, client_of, manual_document, published, rule_document
from api.test_runs import opened, set_state
from ruleyard.stores.connections import Connection
from ruleyard.stores.db import transaction
from ruleyard.stores.run_care import UNKNOWN


async def done(answer: httpx.Response) -> Any:
    assert answer.is_success, answer.text
    return answer.json() if answer.content else None


async def acts(client: httpx.AsyncClient) -> list[str]:
    """Everything that was written down, oldest first, as `act subject`."""
    lines = (await done(await client.get("/audit", params={"limit": 100})))["items"]
    return [f"{one['action']} {one['subject']}" for one in reversed(lines)]


async def test_the_life_of_a_rule(client: httpx.AsyncClient) -> None:
    rule = (await published(client, manual_document()))["id"]
    at = f"/rules/{rule}"
    draft = {"document": manual_document(description="2")}
    await done(await client.put(f"{at}/draft", json=draft, headers={"If-Match": "*"}))
    await done(await client.post(f"{at}/versions/1/restore"))
    await done(await client.post(f"{at}/fire", json={}))
    await done(await client.post(f"{at}/disable"))
    await done(await client.post(f"{at}/enable"))
    copy = (await done(await client.post(f"{at}/duplicate")))["id"]
    await done(await client.delete(at))
    await done(await client.post(f"{at}/restore"))
    (brought,) = (await done(await client.post("/import", json=manual_document(name="From elsewhere"))))[
        "items"
    ]
    (again,) = (await done(await client.post("/import", json=manual_document(name="From elsewhere"))))[
        "items"
    ]
    assert again["action"] == "same"
    assert await acts(client) == [
        f"create rule rule:{rule}",
        f"publish rule rule:{rule}",
        f"save draft rule:{rule}",
        f"restore version rule:{rule}",
        f"fire rule rule:{rule}",
        f"disable rule rule:{rule}",
        f"enable rule rule:{rule}",
        f"duplicate rule rule:{copy}",
        f"disable rule rule:{rule}",
        f"archive rule rule:{rule}",
        f"restore rule rule:{rule}",
        f"import rule rule:{brought['rule_id']}",
    ]


async def test_people_and_keys(browser: httpx.AsyncClient, app: Litestar) -> None:
    person = {"email": "bo@example.com", "name": "Bo", "role": "editor", "password": PASSWORD}
    bo = (await done(await browser.post("/accounts", json=person)))["id"]
    await done(await browser.patch(f"/accounts/{bo}", json={"role": "viewer"}))
    async with client_of(app) as other:
        told = await done(await other.post("/session", json={"email": person["email"], "password": PASSWORD}))
        other.headers["X-CSRF-Token"] = told["csrf"]
        await done(await other.patch("/session/account", json={"name": "Bob"}))
        await done(await other.delete("/session"))
    key = (await done(await browser.post("/keys", json={"name": "CI", "role": "viewer"})))["id"]
    await done(await browser.delete(f"/keys/{key}"))
    first = (await done(await browser.get("/session")))["account"]["id"]
    assert await acts(browser) == [
        f"set up account:{first}",
        f"create account account:{bo}",
        f"change account account:{bo}",
        f"sign in account:{bo}",
        f"change account account:{bo}",
        f"sign out account:{bo}",
        f"create key key:{key}",
        f"revoke key key:{key}",
    ]


async def test_connections_and_their_tables(client: httpx.AsyncClient, crm_connection: Connection) -> None:
    at = f"/connections/{crm_connection.id}"
    watch = (
        await done(
            await client.post("/watches", json={"connection_id": crm_connection.id, "table": "public.leads"})
        )
    )["id"]
    await done(await client.post(f"/watches/{watch}/again"))
    await done(await client.put(f"{at}/tables/public.leads/columns/status/label", json={"label": "How far"}))
    await done(await client.post(f"{at}/tables/public.leads/read-again"))
    await done(await client.patch(at, json={"label": "Sales"}))
    await done(await client.delete(f"/watches/{watch}"))
    mail = {
        "name": "mail",
        "kind": "smtp",
        "settings": {"host": "127.0.0.1", "port": 1, "from": "a@example.com"},
    }
    made = (await done(await client.post("/connections", json=mail)))["id"]
    await done(await client.delete(f"/connections/{made}"))
    assert await acts(client) == [
        f"watch table watch:{watch}",
        f"watch table again watch:{watch}",
        "name column table:public.leads",
        "read again table:public.leads",
        f"change connection connection:{crm_connection.id}",
        f"unwatch table watch:{watch}",
        f"create connection connection:{made}",
        f"remove connection connection:{made}",
    ]


async def test_what_is_done_with_runs(client: httpx.AsyncClient, engine: AsyncEngine) -> None:
    rule = (await published(client, manual_document()))["id"]
    before = len(await acts(client))
    ids = await opened(engine, rule, range(1, 6))
    for run in ids[:4]:
        await set_state(engine, run, "failed", "no")
    async with transaction(engine) as conn:
        await conn.execute(
            text("""update app.run set fault = jsonb_build_object('code', cast(:code as text), 'message', '')
                    where id = :id"""),
            {"id": ids[3], "code": UNKNOWN},
        )
        await conn.execute(
            text("""insert into app.step (run_id, event_on, shelf, seq, node_id, kind, state, attempts)
                    select id, event_on, shelf, 0, 'n', 'action', 'failed', 1 from app.run where id = :id"""),
            {"id": ids[3]},
        )
    await done(await client.post(f"/runs/{ids[0]}/retry"))
    await done(await client.post("/runs/retry", json={"ids": [ids[1]]}))
    seen = await done(await client.post("/runs/retries/preview", json={"rule_id": rule}))
    begin = {"filter": {"rule_id": rule}, "upto_id": seen["upto_id"], "count": seen["count"]}
    work = (await done(await client.post("/runs/retries", json=begin)))["id"]
    await done(await client.post(f"/runs/retries/{work}/stop"))
    await done(await client.post(f"/runs/{ids[3]}/settle", json={"choice": "arrived"}))
    await done(await client.post(f"/runs/{ids[4]}/cancel"))
    await done(await client.post(f"/rules/{rule}/disable", params={"going_on": "stop"}))
    assert (await acts(client))[before:] == [
        f"retry run run:{ids[0]}",
        "retry runs run:many",
        f"retry runs retry:{work}",
        f"stop retry retry:{work}",
        f"settle run run:{ids[3]}",
        f"cancel run run:{ids[4]}",
        f"disable rule rule:{rule}",
        f"stop runs rule:{rule}",
    ]


@pytest.mark.usefixtures("watched_leads")
async def test_runs_for_records_that_match_already(
    client: httpx.AsyncClient, crm: asyncpg.Connection
) -> None:
    await crm.execute("insert into leads (first_name, status) values ('Ann', 'won')")
    rule = await done(await client.post("/rules", json={"document": rule_document()}))
    body = {"etag": rule["draft"]["etag"], "already": "run"}
    await done(await client.post(f"/rules/{rule['id']}/publish", json=body))
    (begun,) = (await done(await client.get("/catch-ups")))["items"]
    await done(await client.post(f"/catch-ups/{begun['id']}/stop"))
    assert (await acts(client))[-3:] == [
        f"publish rule rule:{rule['id']}",
        f"run for records that match rule:{rule['id']}",
        f"stop runs for records that match rule:{rule['id']}",
    ]
