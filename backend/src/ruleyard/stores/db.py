"""Our own database: one engine, one kind of transaction, JSON columns as Python values.

Knows how to connect, not what is stored. Store functions take an `AsyncConnection` and never commit: the
caller's `transaction(engine)` does, once, and bells ring after it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import asyncpg
import msgspec
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from ruleyard.core.errors import Unavailable
from ruleyard.settings import Settings

POOL_SIZE: Final = 10
CONNECT_TIMEOUT_S: Final = 10
STATEMENT_TIMEOUT_S: Final = 30
SERVER_SETTINGS: Final = {
    "application_name": "ruleyard",
    "TimeZone": "UTC",
    "statement_timeout": f"{STATEMENT_TIMEOUT_S}s",
    "idle_in_transaction_session_timeout": "60s",
}
CANNOT_REACH: Final = (OSError, TimeoutError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError)


def dsn(url: str) -> str:
    """A libpq address from `postgresql+asyncpg://` or `postgres://` forms."""
    scheme, _, rest = url.partition("://")
    return f"postgresql://{rest}" if scheme.startswith("postgres") else url


AS_WRITTEN: Final = """case when cast(cast(:document as text) as jsonb) is not null
  then cast(cast(:document as text) as json) end"""
"""A document for a column of type json, which keeps order and numbers; as jsonb first: that refuses bad text."""


def encode_json(value: object) -> str:
    return msgspec.json.encode(value).decode()


async def set_json_codecs(connection: asyncpg.Connection) -> None:
    """json and jsonb as Python values, both ways. A str becomes a JSON string: never pass dumped text."""
    for name in ("json", "jsonb"):
        await connection.set_type_codec(
            name, encoder=encode_json, decoder=msgspec.json.decode, schema="pg_catalog", format="text"
        )


async def connect(url: str, *, application_name: str = "ruleyard") -> asyncpg.Connection:
    """One connection of its own (the caller closes it). Raises Unavailable with the server's words."""
    try:
        connection = await asyncpg.connect(
            dsn(url),
            timeout=CONNECT_TIMEOUT_S,
            command_timeout=STATEMENT_TIMEOUT_S + 5,
            server_settings={**SERVER_SETTINGS, "application_name": application_name},
        )
    except (*CANNOT_REACH, asyncpg.PostgresError) as error:
        raise Unavailable(f"Our database does not answer: {error}", code="database-unavailable") from error
    await set_json_codecs(connection)
    return connection


async def open_pool(url: str, *, max_size: int = 4, application_name: str = "ruleyard") -> asyncpg.Pool:
    """A plain asyncpg pool on our own database, for reading our own event log."""
    return await asyncpg.create_pool(
        dsn(url),
        min_size=0,
        max_size=max_size,
        timeout=CONNECT_TIMEOUT_S,
        command_timeout=STATEMENT_TIMEOUT_S + 5,
        server_settings={**SERVER_SETTINGS, "application_name": application_name},
        init=set_json_codecs,
    )


def create_engine(settings: Settings, *, pool_size: int = POOL_SIZE) -> AsyncEngine:
    """The engine on our own database. Connects lazily; the caller disposes of it."""

    async def creator() -> asyncpg.Connection:
        return await asyncpg.connect(
            dsn(settings.database_url),
            timeout=CONNECT_TIMEOUT_S,
            command_timeout=STATEMENT_TIMEOUT_S + 5,
            server_settings=SERVER_SETTINGS,
        )

    engine = create_async_engine(
        "postgresql+asyncpg://",
        async_creator=creator,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=STATEMENT_TIMEOUT_S,
        pool_pre_ping=True,
        json_serializer=encode_json,
    )

    @event.listens_for(engine.sync_engine, "connect")
    def on_connect(dbapi_connection: Any, _record: Any) -> None:
        dbapi_connection.run_async(set_json_codecs)

    return engine


@asynccontextmanager
async def transaction(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """One transaction: committed at the end of the block, rolled back by any exception."""
    async with engine.begin() as conn:
        yield conn
