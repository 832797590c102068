"""Connections: address and sealed secret of outside systems, and the pools to watched databases.

Secrets go in and never come out of here except to sign in (`secret_of`). Knows nothing of what the pools are
used for.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import asyncpg
import msgspec
from sqlalchemy import Row, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from ruleyard.core.connection_settings import refuse_unfit
from ruleyard.core.errors import Conflict, Invalid, NotFound, Unavailable
from ruleyard.core.trouble import Trouble
from ruleyard.core.types import ConnectionId, JSONObject
from ruleyard.settings import Settings
from ruleyard.stores.db import set_json_codecs
from ruleyard.stores.lines import UNPREPARED, line_class, shared_line_class
from ruleyard.stores.seal import seal, unseal

ConnectionKind = Literal["postgres", "smtp", "http", "sms"]
ConnectionState = Literal["unchecked", "works", "failing"]


class Connection(msgspec.Struct, frozen=True):
    """What may be shown of a connection: never its secrets. `checked_at` is UTC ISO text."""

    id: ConnectionId
    name: str
    label: str
    kind: ConnectionKind
    settings: JSONObject
    state: ConnectionState = "unchecked"
    state_reason: str = ""
    trouble: Trouble | None = None
    checked_at: str | None = None


_COLUMNS: Final = """
    id, name, label, kind, settings::text as settings, state, state_reason, trouble::text as trouble,
    to_char(checked_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"') as checked_at
"""


def _connection(row: Row[Any]) -> Connection:
    values = dict(row._mapping)
    values["settings"] = msgspec.json.decode(values["settings"])
    values["trouble"] = None if values["trouble"] is None else msgspec.json.decode(values["trouble"])
    return msgspec.convert(values, Connection)


async def list_connections(conn: AsyncConnection) -> list[Connection]:
    """Every connection, by name."""
    rows = await conn.execute(text(f"select {_COLUMNS} from app.connection order by name"))
    return [_connection(row) for row in rows]


async def connection(conn: AsyncConnection, connection_id: ConnectionId) -> Connection:
    """NotFound where there is none."""
    row = (
        await conn.execute(
            text(f"select {_COLUMNS} from app.connection where id = :id"), {"id": connection_id}
        )
    ).one_or_none()
    if row is None:
        raise NotFound(f"There is no connection {connection_id}.")
    return _connection(row)


async def connection_named(conn: AsyncConnection, name: str) -> Connection:
    """NotFound where there is none."""
    row = (
        await conn.execute(text(f"select {_COLUMNS} from app.connection where name = :name"), {"name": name})
    ).one_or_none()
    if row is None:
        raise NotFound(f"There is no connection named {name!r}. See Connections for the names there are.")
    return _connection(row)


async def first_of_kind(conn: AsyncConnection, kind: ConnectionKind) -> Connection | None:
    """The oldest connection of this kind: what an action means that names none."""
    row = (
        await conn.execute(
            text(f"select {_COLUMNS} from app.connection where kind = :kind order by id limit 1"),
            {"kind": kind},
        )
    ).one_or_none()
    return None if row is None else _connection(row)


async def create_connection(
    conn: AsyncConnection,
    settings: Settings,
    *,
    name: str,
    label: str = "",
    kind: str,
    public: JSONObject,
    secret: JSONObject,
) -> Connection:
    """A new connection, its secret sealed. Conflict: the name is taken. Invalid: a setting does not hold."""
    refuse_unfit(kind, public)
    try:
        async with conn.begin_nested():
            row = (
                await conn.execute(
                    text(f"""
                        insert into app.connection (name, label, kind, settings, sealed)
                        values (:name, :label, :kind, cast(cast(:settings as text) as jsonb), :sealed)
                        returning {_COLUMNS}
                    """),
                    {
                        "name": name,
                        "label": label,
                        "kind": kind,
                        "settings": msgspec.json.encode(public).decode(),
                        "sealed": seal(settings.secret_key, secret) if secret else None,
                    },
                )
            ).one()
    except IntegrityError as error:
        if "connection_name_check" in str(error):
            raise Invalid(
                f"A connection's name is a-z, 0-9 and _, starts with a letter, at most 40 long, not {name!r}."
            ) from None
        raise Conflict(f"A connection named {name!r} exists already.") from None
    await _bump(conn)
    return _connection(row)


async def update_connection(
    conn: AsyncConnection,
    settings: Settings,
    connection_id: ConnectionId,
    *,
    label: str | None = None,
    public: JSONObject | None = None,
    secret: JSONObject | None = None,
) -> Connection:
    """Changes what is given; None leaves as it is. The name stays: rules call it by that."""
    before = await connection(conn, connection_id)
    if public is not None:
        refuse_unfit(before.kind, public)
    row = (
        await conn.execute(
            text(f"""
                update app.connection set
                  label = :label,
                  settings = cast(cast(:settings as text) as jsonb),
                  sealed = case when cast(:reseal as boolean) then cast(:sealed as bytea) else sealed end,
                  state = 'unchecked', state_reason = '', trouble = null, updated_at = now()
                where id = :id returning {_COLUMNS}
            """),
            {
                "id": connection_id,
                "label": before.label if label is None else label,
                "settings": msgspec.json.encode(before.settings if public is None else public).decode(),
                "reseal": secret is not None,
                "sealed": seal(settings.secret_key, secret) if secret else None,
            },
        )
    ).one()
    await _bump(conn)
    return _connection(row)


async def remove_connection(conn: AsyncConnection, connection_id: ConnectionId) -> None:
    """Removes it and its watches' rows (unwatch first: triggers live over there). NotFound if gone."""
    gone = await conn.execute(text("delete from app.connection where id = :id"), {"id": connection_id})
    if gone.rowcount == 0:
        raise NotFound(f"There is no connection {connection_id}.")
    await _bump(conn)


async def set_state(
    conn: AsyncConnection, connection_id: ConnectionId, state: ConnectionState, trouble: Trouble | None = None
) -> None:
    """What the last try to reach it came to."""
    await conn.execute(
        text("""
            update app.connection set state = :state, state_reason = :reason, checked_at = now(),
              trouble = cast(cast(:trouble as text) as jsonb)
            where id = :id
        """),
        {
            "id": connection_id,
            "state": state,
            "reason": "" if trouble is None else trouble.words[:500],
            "trouble": None if trouble is None else msgspec.json.encode(trouble).decode(),
        },
    )


async def secret_of(conn: AsyncConnection, settings: Settings, connection_id: ConnectionId) -> JSONObject:
    """The opened secret, to sign in with and for nothing else. Empty when it has none."""
    sealed = (
        await conn.execute(text("select sealed from app.connection where id = :id"), {"id": connection_id})
    ).scalar_one_or_none()
    return {} if sealed is None else unseal(settings.secret_key, bytes(sealed), settings.old_secret_key)


async def secrets_of(
    conn: AsyncConnection, settings: Settings, every: Sequence[ConnectionId]
) -> dict[ConnectionId, JSONObject]:
    """The opened secret of each, to say which parts it has; empty where there is none, or no key of ours opens it."""
    found = await conn.execute(
        text("select id, sealed from app.connection where id = any(cast(:ids as bigint[]))"),
        {"ids": [*every]},
    )
    opened: dict[ConnectionId, JSONObject] = {one: {} for one in every}
    for row in found:
        if row.sealed is not None:
            with suppress(Unavailable):
                opened[ConnectionId(row.id)] = unseal(
                    settings.secret_key, bytes(row.sealed), settings.old_secret_key
                )
    return opened


async def _bump(conn: AsyncConnection) -> None:
    await conn.execute(text("update app.generation set number = number + 1"))


def connect_options(public: JSONObject, secret: JSONObject) -> dict[str, Any]:
    """asyncpg's keyword arguments for a postgres connection's settings."""
    return {
        "host": str(public["host"]),
        "port": int(str(public.get("port") or 5432)),
        "database": str(public["database"]),
        "user": str(public["user"]),
        "password": str(secret["password"]) if secret.get("password") else None,
        "ssl": str(public.get("sslmode") or "prefer"),
    }


def leads_through_a_pooler(public: JSONObject) -> bool:
    """A direct address is given, so the other one is that of a pooler."""
    return bool(public.get("listen_host") or public.get("listen_port"))


def direct_address(public: JSONObject) -> JSONObject:
    """The same settings with the address past the pooler: another host, another port, or both."""
    if not leads_through_a_pooler(public):
        return public
    host, port = public.get("listen_host") or public["host"], public.get("listen_port") or 5432
    return {**public, "host": host, "port": port}


COMMAND_S: Final = 20.0
"""For one statement in a watched database: a lock that somebody holds longer is waited for by trying again."""
_FRESH_S: Final = 5.0
"""A pool is checked against the stored connection at most this often."""


@dataclass(frozen=True)
class _Opened:
    """`direct` is `usual` where no pooler is in between. `stamp`: of the stored connection that they lead to."""

    usual: asyncpg.Pool
    direct: asyncpg.Pool
    stamp: str
    seen_at: float


class Watched:
    """Pools to the watched databases, one per connection, opened when first asked for."""

    def __init__(
        self, engine: AsyncEngine, settings: Settings, *, application_name: str = "ruleyard"
    ) -> None:
        self._engine = engine
        self._settings = settings
        self._application_name = application_name
        self._pools: dict[ConnectionId, _Opened] = {}
        self._closing: set[asyncio.Task[None]] = set()
        self._lock = asyncio.Lock()

    async def pool(self, connection_id: ConnectionId) -> asyncpg.Pool:
        """The pool of a postgres connection. NotFound, or Unavailable with the server's words."""
        return (await self._opened(connection_id)).usual

    async def direct_pool(self, connection_id: ConnectionId) -> asyncpg.Pool:
        """The same past a pooler: sessions that may listen and keep locks."""
        return (await self._opened(connection_id)).direct

    async def _opened(self, connection_id: ConnectionId) -> _Opened:
        known = self._pools.get(connection_id)
        if known is not None and time.monotonic() - known.seen_at < _FRESH_S:
            return known
        async with self._lock:
            return await self._open(connection_id)

    async def _open(self, connection_id: ConnectionId) -> _Opened:
        async with self._engine.connect() as conn:
            found = await connection(conn, connection_id)
            if found.kind != "postgres":
                raise Invalid(f"The connection {found.name!r} is not a PostgreSQL database.")
            changed = await conn.execute(
                text("select cast(updated_at as text) from app.connection where id = :id"),
                {"id": connection_id},
            )
            stamp = str(changed.scalar_one())
            secret = await secret_of(conn, self._settings, connection_id)
        known = self._pools.get(connection_id)
        if known is not None and known.stamp == stamp:
            self._pools[connection_id] = replace(known, seen_at=time.monotonic())
            return known
        shared = leads_through_a_pooler(found.settings)
        kind: dict[str, Any] = {"connection_class": line_class()}
        if shared:
            kind = {"connection_class": shared_line_class({"timezone": "UTC"}), **UNPREPARED}
        try:
            usual = await self._pool(connect_options(found.settings, secret), kind)
            direct = usual
            if shared:
                there = connect_options(direct_address(found.settings), secret)
                direct = await self._pool(there, {"connection_class": line_class()})
        except (OSError, TimeoutError, asyncpg.PostgresError) as error:
            raise Unavailable(f"The database {found.name!r} does not answer: {error}") from error
        opened = self._pools[connection_id] = _Opened(usual, direct, stamp, time.monotonic())
        for old in () if known is None else {known.usual, known.direct}:
            closing = asyncio.create_task(_close(old))
            self._closing.add(closing)
            closing.add_done_callback(self._closing.discard)
        return opened

    async def _pool(self, address: dict[str, Any], kind: dict[str, Any]) -> asyncpg.Pool:
        return await asyncpg.create_pool(
            **address,
            **kind,
            min_size=0,
            max_size=8,
            timeout=10,
            command_timeout=COMMAND_S,
            server_settings={"application_name": self._application_name, "TimeZone": "UTC"},
            init=set_json_codecs,
        )

    async def close(self) -> None:
        """Closes every pool; connections in use get 5 s."""
        opened, self._pools = self._pools, {}
        pools = {pool for one in opened.values() for pool in (one.usual, one.direct)}
        await asyncio.gather(*self._closing, *(_close(pool) for pool in pools))


async def _close(pool: asyncpg.Pool) -> None:
    try:
        await asyncio.wait_for(pool.close(), 5)
    except TimeoutError:
        pool.terminate()
