"""The SPA, health, the live stream, connections and watches, the demo's inbox, the description of it all."""

from __future__ import annotations

import asyncio
import dataclasses
import json
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from litestar import Litestar
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from api.conftest import client_of, published, rule_document, serving
from ruleyard.api.stream import Live
from ruleyard.bells import RESET, Bells
from ruleyard.core.types import JSONObject
from ruleyard.settings import Settings
from ruleyard.stores.connections import Connection, secret_of
from ruleyard.stores.db import transaction
from support.waiting import until

ROOT = "http://127.0.0.1"


@pytest.fixture
def built(tmp_path: Path) -> Path:
    folder = tmp_path / "dist"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>SPA</title>")
    (folder / "assets" / "main-abc123.js").write_text("export {}")
    (folder / "favicon.svg").write_text("<svg/>")
    (tmp_path / "secret.txt").write_text("top words")
    return folder


async def test_the_spa_is_served_for_every_screen(settings: Settings, built: Path) -> None:
    async with serving(dataclasses.replace(settings, spa_dir=built)) as app, client_of(app) as client:
        for path in ("/", "/rules/7", "/runs", "/data/public.leads"):
            answer = await client.get(ROOT + path)
            assert answer.status_code == 200
            assert "SPA" in answer.text
            assert answer.headers["cache-control"] == "no-cache"
            assert answer.headers["content-type"].startswith("text/html")
        script = await client.get(ROOT + "/assets/main-abc123.js")
        assert script.headers["content-type"].startswith("text/javascript")
        assert "immutable" in script.headers["cache-control"]
        assert (await client.get(ROOT + "/favicon.svg")).headers["content-type"].startswith("image/svg+xml")
        assert (await client.get(ROOT + "/assets/gone.js")).status_code == 404
        for path in ("/api/v1/nothing", "/api", "/health/nothing"):
            answer = await client.get(ROOT + path)
            assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


async def test_no_address_leads_out_of_the_spas_folder(settings: Settings, built: Path) -> None:
    async with serving(dataclasses.replace(settings, spa_dir=built)) as app, client_of(app) as client:
        for path in (
            "/../secret.txt",
            "/%2e%2e/secret.txt",
            "/assets/..%2f..%2f..%2fsecret.txt",
            "//etc/passwd",
        ):
            assert "top words" not in (await client.get(ROOT + path)).text


async def test_without_a_build_a_page_says_how_to_make_one(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.get(ROOT + "/")
    assert "npm run build" in answer.text


async def test_health_says_alive_ready_and_how_far_behind(
    client: httpx.AsyncClient, watched_leads: Connection, crm: asyncpg.Connection
) -> None:
    assert (await client.get(ROOT + "/health/live")).json() == {"status": "alive"}
    assert (await client.get(ROOT + "/health/ready")).json() == {
        "ready": True,
        "database": "ok",
        "redis": "ok",
    }
    await crm.execute("insert into public.leads (first_name) values ('Ann')")
    lag = (await client.get(ROOT + "/health/lag")).json()
    assert [(one["name"], one["unread"]) for one in lag["logs"] if one["name"] == "crm"] == [("crm", 1)]
    assert lag["runs"]["queued"] == 0


async def test_redis_being_away_is_seen_and_stops_nothing(settings: Settings) -> None:
    away = dataclasses.replace(settings, redis_url="redis://127.0.0.1:1/0")
    async with serving(away) as app, client_of(app) as client:
        ready = await client.get(ROOT + "/health/ready")
        assert ready.status_code == 503
        assert (ready.json()["database"], ready.json()["redis"]) == ("ok", "does not answer")
        assert (await client.get("/session")).status_code == 200


async def heard(live: Live, chunks: list[bytes]) -> None:
    async for chunk in live.listen():
        chunks.append(chunk)


async def test_what_one_process_publishes_every_browser_hears(app: Litestar, bells: Bells) -> None:
    live: Live = app.state.house.live
    chunks: list[list[bytes]] = [[], []]
    tasks = [asyncio.create_task(heard(live, one)) for one in chunks]
    await until(lambda: live.listeners == 2, what="two browsers to listen")

    async def rung() -> bool:
        await bells.publish_live("run", {"run_id": 7})
        return all(b'event: run\ndata: {"run_id":7}\n\n' in one for one in chunks)

    await until(rung, what="both browsers to hear of run 7")
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert live.listeners == 0


async def test_a_stream_beats_while_nothing_happens_and_ends_with_the_app(bells: Bells) -> None:
    live = Live(bells, heartbeat_s=0.01)
    live.start()
    chunks: list[bytes] = []
    task = asyncio.create_task(heard(live, chunks))
    await until(lambda: b": still here\n\n" in chunks, what="a heartbeat")
    await live.stop()
    await asyncio.wait_for(task, 30)


async def test_browsers_hear_how_far_the_run_for_what_matched_already_has_come(bells: Bells) -> None:
    live = Live(bells)
    listening = live.listen()
    await anext(listening)
    live.tell({"kind": "catch_up", "data": {"id": 3}})
    assert await anext(listening) == b'event: catch_up\ndata: {"id":3}\n\n'
    await listening.aclose()  # type: ignore[attr-defined]


async def test_browsers_are_told_to_look_again_after_the_server_itself_heard_nothing(bells: Bells) -> None:
    live = Live(bells)
    listening = live.listen()
    await anext(listening)
    live.tell(RESET)
    assert await anext(listening) == b"event: reset\ndata: {}\n\n"
    await listening.aclose()  # type: ignore[attr-defined]


async def test_a_slow_browser_is_told_to_look_again(bells: Bells) -> None:
    live = Live(bells)
    listening = live.listen()
    await anext(listening)
    for number in range(1000):
        message: JSONObject = {"kind": "run", "data": {"run_id": number}}
        live.tell(message)
    assert await anext(listening) == b"event: reset\ndata: {}\n\n"
    await listening.aclose()  # type: ignore[attr-defined]


async def test_watching_and_unwatching_a_table(
    client: httpx.AsyncClient, crm_connection: Connection, crm: asyncpg.Connection
) -> None:
    made = await client.post("/watches", json={"connection_id": crm_connection.id, "table": "public.leads"})
    assert made.status_code == 201
    await crm.execute("insert into public.leads (first_name) values ('Ann')")
    tables = (await client.get(f"/connections/{crm_connection.id}/tables")).json()["items"]
    leads = next(one for one in tables if one["name"] == "public.leads")
    assert (leads["watched"], leads["events_24h"], leads["watch_id"]) == (True, 1, made.json()["id"])
    assert leads["last_change_at"]
    assert len((await client.get("/watches")).json()["items"]) == 1
    assert (await client.delete(f"/watches/{made.json()['id']}")).status_code == 204
    assert await crm.fetchval("select count(*) from pg_namespace where nspname = 'ruleyard'") == 0


async def test_changes_that_stand_aside_are_shown_and_read_again(
    client: httpx.AsyncClient, engine: AsyncEngine, crm_connection: Connection, crm: asyncpg.Connection
) -> None:
    await client.post("/watches", json={"connection_id": crm_connection.id, "table": "public.leads"})
    async with engine.begin() as conn:
        await conn.execute(
            text("""insert into app.unreadable_event (log, event_id, lane, table_name, error)
                values (:log, 7, 0, 'public.leads', 'RecursionError: too deep')"""),
            {"log": crm_connection.id},
        )
    at = f"/connections/{crm_connection.id}/tables/public.leads"
    table = (await client.get(at)).json()
    assert (table["aside"], table["aside_reason"]) == (1, "RecursionError: too deep")
    again = await client.post(f"{at}/read-again")
    assert (again.status_code, again.json()) == (200, {"read": 0, "aside": 0, "gone": 1, "runs": 0})
    assert (await client.get(at)).json()["aside"] == 0


async def test_a_table_shows_its_columns(client: httpx.AsyncClient, crm_connection: Connection) -> None:
    table = (await client.get(f"/connections/{crm_connection.id}/tables/public.leads")).json()
    columns = {one["name"]: one for one in table["columns"]}
    assert columns["status"]["choices"] == ["new", "callback", "won", "lost"]
    assert columns["id"]["primary_key"] is True
    assert columns["first_name"]["label"] == "First name"


async def test_a_connections_secret_never_comes_back(
    client: httpx.AsyncClient, crm_connection: Connection, engine: AsyncEngine, settings: Settings
) -> None:
    async with transaction(engine) as conn:
        secret = await secret_of(conn, settings, crm_connection.id)
    one = await client.get(f"/connections/{crm_connection.id}")
    assert one.json()["secrets"] == ["password"]
    assert str(secret["password"]) not in one.text
    works = (await client.post(f"/connections/{crm_connection.id}/check")).json()
    assert works["works"] is True
    assert (await client.get(f"/connections/{crm_connection.id}")).json()["state"] == "works"


@pytest.mark.parametrize("name", ["host", "listen_host"])
async def test_a_kept_secret_is_never_sent_to_a_new_host(
    client: httpx.AsyncClient, crm_connection: Connection, name: str
) -> None:
    moved: dict[str, Any] = {**crm_connection.settings, name: "203.0.113.9"}
    answer = await client.patch(f"/connections/{crm_connection.id}", json={"settings": moved})
    assert (answer.status_code, answer.json()["code"]) == (409, "password-needed")
    renamed = await client.patch(f"/connections/{crm_connection.id}", json={"label": "Sales"})
    assert renamed.json()["label"] == "Sales"


async def test_a_connection_in_use_is_not_removed(
    client: httpx.AsyncClient, watched_leads: Connection
) -> None:
    await published(client, rule_document())
    assert (await client.get(f"/connections/{watched_leads.id}")).json()["used_by"] == 1
    answer = await client.delete(f"/connections/{watched_leads.id}")
    assert (answer.status_code, answer.json()["code"]) == (409, "in-use")


async def test_a_removed_connection_leaves_no_trace_in_its_database(
    client: httpx.AsyncClient, watched_leads: Connection, crm: asyncpg.Connection
) -> None:
    assert await crm.fetchval("select to_regnamespace('ruleyard') is not null")
    answer = await client.delete(f"/connections/{watched_leads.id}")
    assert answer.status_code == 204, answer.text
    assert await crm.fetchval("select to_regnamespace('ruleyard') is null")


async def test_the_demos_inbox_is_newest_first_and_paged(
    client: httpx.AsyncClient, settings: Settings
) -> None:
    folder = settings.catcher_dir
    assert folder is not None
    folder.mkdir(exist_ok=True)
    for number, kind in ((1, "mail"), (2, "hook"), (10, "mail")):
        message = {
            "id": str(number),
            "kind": kind,
            "at": "2026-11-22T09:00:00Z",
            "from": "crm@example.com",
            "to": ["ann@example.com"],
            "subject": f"Subject {number}",
            "text": "",
            "json": None,
            "headers": {},
        }
        (folder / f"1700000000000-{number}.json").write_text(json.dumps(message))
    (folder / "1700000000000-3.json").write_text("{half")
    first = (await client.get("/demo/messages", params={"limit": 2})).json()
    assert [one["id"] for one in first["items"]] == ["10", "2"]
    rest = (await client.get("/demo/messages", params={"limit": 2, "cursor": first["next"]})).json()
    assert [one["id"] for one in rest["items"]] == ["1"]
    mails = (await client.get("/demo/messages", params={"kind": "mail"})).json()["items"]
    assert [one["from"] for one in mails] == ["crm@example.com"] * 2


async def test_the_api_describes_itself(client: httpx.AsyncClient) -> None:
    for path in ("/schema", "/schema/openapi.json"):
        found = (await client.get(path)).json()
        assert found["openapi"].startswith("3.1")
        assert "/api/v1/rules/{rule_id}/publish" in found["paths"]
