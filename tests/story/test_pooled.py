"""PgBouncer in transaction mode before both databases: all goes through it but the lines that listen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from api.conftest import client_of, key_of, serving
from ruleyard.core.types import OWN_LOG, LogId, RuleId
from ruleyard.settings import Settings
from ruleyard.stores.connections import Watched, create_connection
from ruleyard.stores.db import create_engine, open_pool, transaction
from ruleyard.stores.events import LogPools
from story.asking import ended
from support.cluster import PASSWORDS, Cluster
from support.house import running
from support.pgbouncer import pgbouncer
from support.servers import http_receiver
from support.waiting import until

LEADS = 40


@pytest.fixture
def port(cluster: Cluster) -> Iterator[int]:
    with pgbouncer(cluster) as port:
        yield port


@pytest.fixture
def pooled(settings: Settings, port: int) -> Settings:
    """Our database through the pooler, and its own address for listening."""
    direct = urlsplit(settings.database_url)
    through = direct._replace(netloc=f"{direct.netloc.rpartition(':')[0]}:{port}")
    return replace(settings, database_url=through.geturl(), listen_url=settings.database_url)


@pytest.fixture
async def through(pooled: Settings) -> AsyncIterator[AsyncEngine]:
    """Our database as the processes reach it."""
    engine = create_engine(pooled)
    yield engine
    await engine.dispose()


def crm_settings(cluster: Cluster, database: str, port: int, **more: object) -> dict[str, Any]:
    public = {"host": "127.0.0.1", "port": port, "database": database, "user": "ruleyard_crm"} | more
    return {
        "name": "crm",
        "kind": "postgres",
        "settings": public,
        "secret": {"password": PASSWORDS.watcher},
    }


@pytest.fixture
async def superuser(cluster: Cluster) -> AsyncIterator[asyncpg.Connection]:
    """Who sees every session of the server."""
    connection = await asyncpg.connect(cluster.postgres.url())
    yield connection
    await connection.close()


async def made(answer: httpx.Response, status: int = 201) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    body: dict[str, Any] = answer.json()
    return body


def rule(hook: str) -> dict[str, Any]:
    """For every new lead: a task in the same database, and a webhook."""
    start = {"id": "t", "kind": "trigger", "on": "change", "connection": "crm", "table": "public.leads"}
    task = {"title": {"var": "after.first_name"}, "lead_id": {"var": "after.id"}}
    return {
        "dialect": 1,
        "name": "A task and a call for every lead",
        "nodes": [
            {**start, "events": ["insert"]},
            {
                "id": "w",
                "kind": "action",
                "do": "create_record",
                "fields": {"connection": "crm", "table": "public.tasks", "set": task},
            },
            {"id": "h", "kind": "action", "do": "call_webhook", "fields": {"url": hook}},
        ],
        "edges": [["t", "w"], ["w", "h"]],
    }


async def test_the_whole_story_goes_through_a_pooler(
    pooled: Settings,
    through: AsyncEngine,
    cluster: Cluster,
    crm_database: str,
    port: int,
    superuser: asyncpg.Connection,
) -> None:
    app = urlsplit(cluster.app_url(crm_database))
    company = await asyncpg.create_pool(
        app._replace(netloc=f"{app.netloc.rpartition(':')[0]}:{port}").geturl(), statement_cache_size=0
    )
    async with http_receiver() as receiver:
        allowed = replace(pooled, outbound_allow=(receiver.address,))
        async with serving(allowed) as site, running(allowed, workers=2):
            key = await key_of(through, "admin")
            async with client_of(site, headers={"Authorization": f"Bearer {key}"}) as client:
                crm = crm_settings(cluster, crm_database, port, listen_port=cluster.postgres.port)
                connection = await made(await client.post("/connections", json=crm))
                assert (connection["state"], connection["state_reason"]) == ("works", "")
                watch = {"connection_id": connection["id"], "table": "public.leads"}
                await made(await client.post("/watches", json=watch))
                draft = await made(await client.post("/rules", json={"document": rule(receiver.url)}))
                publish = {"etag": draft["draft"]["etag"], "enable": True}
                await made(await client.post(f"/rules/{draft['id']}/publish", json=publish))

                insert = "insert into leads (first_name) values ($1)"
                await asyncio.gather(*(company.execute(insert, f"lead {n}") for n in range(LEADS)))
                runs = await ended(through, RuleId(draft["id"]), LEADS)
                shown = await made(await client.get("/runs", params={"limit": 100}), 200)
                calls = await receiver.wait_for(LEADS)

                async def keepers() -> set[tuple[str, str]]:
                    """Who keeps locks when all is quiet: the leader of each log, past the pooler."""
                    rows = await superuser.fetch(
                        """select distinct a.datname, a.application_name from pg_locks l
                        join pg_stat_activity a using (pid) where l.locktype = 'advisory'"""
                    )
                    return {(row["datname"], row["application_name"]) for row in rows}

                own = urlsplit(pooled.listen_url).path[1:]
                leaders = {(own, "ruleyard listen"), (crm_database, "ruleyard listen")}

                async def only_leaders() -> bool:
                    return await keepers() == leaders

                await until(only_leaders, what="leaders past the pooler, and no other lock in any session")
    assert {run.state for run in runs} == {"succeeded"}
    assert [one["state"] for one in shown["items"]] == ["succeeded"] * LEADS
    assert len({one.headers["webhook-id"] for one in calls}) == len(receiver.received) == LEADS
    assert sorted(await company.fetch("select title from tasks")) == sorted(
        (f"lead {n}",) for n in range(LEADS)
    )
    await company.close()


async def test_what_is_written_through_the_pooler_is_heard_past_it(
    pooled: Settings, through: AsyncEngine, cluster: Cluster, crm_database: str, port: int
) -> None:
    watched = Watched(through, pooled)
    pools = LogPools(pooled, watched)
    more = {"listen_port": cluster.postgres.port}
    crm = crm_settings(cluster, crm_database, port, **more)
    async with transaction(through) as conn:
        made = await create_connection(
            conn, pooled, name="crm", kind="postgres", public=crm["settings"], secret=crm["secret"]
        )
    for log in (OWN_LOG, LogId(made.id)):
        heard = asyncio.Event()

        def hear(*_: object, heard: asyncio.Event = heard) -> None:
            heard.set()

        async with (await pools.direct_pool(log)).acquire() as ear, (await pools.pool(log)).acquire() as line:
            assert await line.fetchval("select pg_backend_pid()") != line.get_server_pid(), "a shared session"
            assert await ear.fetchval("select pg_backend_pid()") == ear.get_server_pid(), "one of its own"
            await ear.add_listener("ruleyard", hear)
            await line.execute("select pg_notify('ruleyard', '')")
            async with asyncio.timeout(30):
                await heard.wait()
            await ear.remove_listener("ruleyard", hear)
    await pools.close()
    await watched.close()


async def test_the_check_names_a_pooler_where_the_direct_address_should_be(
    pooled: Settings, through: AsyncEngine, cluster: Cluster, crm_database: str, port: int
) -> None:
    async with serving(pooled) as site:
        key = await key_of(through, "admin")
        async with client_of(site, headers={"Authorization": f"Bearer {key}"}) as client:

            async def check(**more: object) -> tuple[bool, str]:
                body = crm_settings(cluster, crm_database, port, **more)
                answer = await made(await client.post("/connections/check", json=body), 200)
                return answer["works"], answer["reason"]

            for works, reason in (await check(), await check(listen_port=port)):
                assert not works
                assert f"127.0.0.1:{port} leads through a pooler that shares sessions" in reason
            works, reason = await check(listen_port=1)
            assert not works
            assert "Nothing listens at 127.0.0.1:1." in reason
            assert await check(listen_port=cluster.postgres.port) == (True, "")


async def test_without_the_direct_address_our_database_says_what_is_missing(pooled: Settings) -> None:
    engine = create_engine(replace(pooled, listen_url=""))
    with pytest.raises(DBAPIError, match="set RULEYARD_LISTEN_URL"):
        async with transaction(engine):
            pass
    await engine.dispose()


async def test_a_shared_session_keeps_timeouts_and_zone_in_the_transaction(pooled: Settings) -> None:
    ask = """select current_setting('statement_timeout'), current_setting('timezone'),
      current_setting('idle_in_transaction_session_timeout')"""
    engine = create_engine(pooled, patience_s=8)
    async with transaction(engine) as conn:
        assert tuple((await conn.execute(text(ask))).one()) == ("8s", "UTC", "15s")
    await engine.dispose()
    pool = await open_pool(pooled.database_url, pooled=True)
    async with pool.acquire() as line, line.transaction():
        assert tuple(await line.fetchrow(ask)) == ("30s", "UTC", "15s")
    bystander = await asyncpg.connect(pooled.database_url, statement_cache_size=0)
    assert await bystander.fetchval("select current_setting('statement_timeout')") == "0"
    await bystander.close()
    await pool.close()
