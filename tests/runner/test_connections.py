"""Connections, their sealed secrets, and notifications, in our own database."""

from __future__ import annotations

from dataclasses import replace

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.core.errors import Conflict, Invalid, NotFound, Unavailable
from ruleyard.core.trouble import Trouble
from ruleyard.core.types import AccountId
from ruleyard.settings import Settings
from ruleyard.stores.connections import (
    Connection,
    Watched,
    connection_named,
    create_connection,
    list_connections,
    remove_connection,
    secret_of,
    set_state,
    update_connection,
)
from ruleyard.stores.db import transaction
from ruleyard.stores.notifications import list_notifications, mark_read, notify, unread_count
from ruleyard.stores.seal import seal, unseal

CRM = {"host": "pooler.example.com", "database": "crm", "user": "u"}
SMTP = {"host": "mail.example.com", "port": 587, "security": "starttls", "user": "u", "from": "u@example.com"}


def test_what_is_sealed_opens_with_the_same_key_only() -> None:
    key, other = "ab" * 32, "cd" * 32
    sealed = seal(key, {"password": "geheim"})
    assert b"geheim" not in sealed
    assert sealed != seal(key, {"password": "geheim"})
    assert unseal(key, sealed) == {"password": "geheim"}
    with pytest.raises(Unavailable, match="RULEYARD_SECRET_KEY"):
        unseal(other, sealed)
    with pytest.raises(Unavailable):
        unseal(key, sealed[:-1] + bytes([sealed[-1] ^ 1]))


async def test_a_connection_is_kept_and_its_secret_never_shown(
    engine: AsyncEngine, settings: Settings
) -> None:
    async with transaction(engine) as conn:
        made = await create_connection(
            conn, settings, name="mail", label="Mail", kind="smtp", public=SMTP, secret={"password": "geheim"}
        )
        assert made.settings == SMTP
        assert "geheim" not in repr(await list_connections(conn))
        assert await secret_of(conn, settings, made.id) == {"password": "geheim"}
        trouble = Trouble("reach-refused", "It answered with an error.", "550 no.", {"where": "mail:25"})
        await set_state(conn, made.id, "failing", trouble)
        found = await connection_named(conn, "mail")
        assert (found.state, found.trouble) == ("failing", trouble)
        assert found.state_reason == "It answered with an error. 550 no."
        changed = await update_connection(conn, settings, made.id, label="Post")
        assert (changed.label, changed.state, changed.trouble) == ("Post", "unchecked", None)
        assert await secret_of(conn, settings, made.id) == {"password": "geheim"}
        await update_connection(conn, settings, made.id, secret={"password": "neu"})
        assert await secret_of(conn, settings, made.id) == {"password": "neu"}
        await remove_connection(conn, made.id)
        with pytest.raises(NotFound):
            await connection_named(conn, "mail")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": "Mail Server"}, "a-z"),
        ({"kind": "fax"}, "fax"),
        ({"public": {**SMTP, "password": "x"}}, "password"),
        ({"public": {"port": 25}}, "host"),
        ({"public": {**SMTP, "port": 0}}, "port"),
        ({"public": {**SMTP, "security": "maybe"}}, "security"),
        ({"public": {**SMTP, "listen_port": 5432}}, "listen_port"),
        ({"kind": "postgres", "public": {**CRM, "listen_port": 0}}, "listen_port"),
        ({"kind": "postgres", "public": {**CRM, "listen_host": 7}}, "listen_host"),
    ],
)
async def test_what_cannot_be_a_connection_is_refused(
    engine: AsyncEngine, settings: Settings, change: dict, words: str
) -> None:
    given = {"name": "mail", "kind": "smtp", "public": SMTP, "secret": {}, **change}
    async with transaction(engine) as conn:
        with pytest.raises(Invalid, match=words):
            await create_connection(conn, settings, **given)
        assert await list_connections(conn) == []


async def test_a_name_is_given_once(engine: AsyncEngine, settings: Settings) -> None:
    async with transaction(engine) as conn:
        await create_connection(conn, settings, name="mail", kind="smtp", public=SMTP, secret={})
        with pytest.raises(Conflict, match="mail"):
            await create_connection(conn, settings, name="mail", kind="smtp", public=SMTP, secret={})


async def test_a_pool_is_opened_once_in_utc(
    engine: AsyncEngine, settings: Settings, crm_connection: Connection
) -> None:
    watched = Watched(engine, settings)
    try:
        pool = await watched.pool(crm_connection.id)
        assert await watched.pool(crm_connection.id) is pool
        assert await pool.fetchval("show timezone") == "UTC"
        assert await pool.fetchval("""select '{"a": 1}'::jsonb""") == {"a": 1}
    finally:
        await watched.close()


async def test_a_lost_key_is_said_when_the_pool_is_asked_for(
    engine: AsyncEngine, settings: Settings, crm_connection: Connection
) -> None:
    watched = Watched(engine, replace(settings, secret_key="00" * 32))
    try:
        with pytest.raises(Unavailable, match="RULEYARD_SECRET_KEY"):
            await watched.pool(crm_connection.id)
    finally:
        await watched.close()


async def test_a_wrong_password_is_the_servers_refusal(
    engine: AsyncEngine, settings: Settings, crm_connection: Connection
) -> None:
    async with transaction(engine) as conn:
        await update_connection(conn, settings, crm_connection.id, secret={"password": "wrong"})
    watched = Watched(engine, settings)
    try:
        pool = await watched.pool(crm_connection.id)
        with pytest.raises(asyncpg.InvalidPasswordError):
            await pool.fetchval("select 1")
    finally:
        await watched.close()


async def test_people_see_what_was_told_to_them_to_their_role_and_to_all(engine: AsyncEngine) -> None:
    async with transaction(engine) as conn:
        made = await conn.execute(
            text("""
                insert into app.account (email, name, password_hash, role)
                values ('a@x.com', 'A', '', 'admin'), ('v@x.com', 'V', '', 'viewer') returning id
            """)
        )
        admin, viewer = (AccountId(row.id) for row in made)

        async def tell(key: str, to: str) -> int:
            return await notify(conn, key=key, to=to, title=to, body="", rule_id=None, run_id=None)

        assert await tell("1:a", "everyone") == 2
        assert await tell("1:a", "everyone") == 2
        assert await tell("2:a", "admin") == 1
        assert await tell("3:a", "V@x.com") == 1
        assert await tell("4:a", "nobody@x.com") == 0
        assert [n.title for n in await list_notifications(conn, admin, "admin")] == ["admin", "everyone"]
        assert [n.title for n in await list_notifications(conn, viewer, "viewer")] == ["V@x.com", "everyone"]
        assert await unread_count(conn, viewer, "viewer") == 2
        await mark_read(conn, viewer, "viewer")
        assert await unread_count(conn, viewer, "viewer") == 0
        assert await unread_count(conn, admin, "admin") == 2
