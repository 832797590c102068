"""Our own database: one engine, one kind of transaction, JSON columns as Python values.

Knows how to connect, not what is stored. Store functions take an `AsyncConnection` and never commit: the
caller's `transaction(engine)` does, once, and bells ring after it.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import asyncpg
import msgspec
from sqlalchemy import event
from sqlalchemy.exc import (
    DBAPIError,
    DisconnectionError,
    InterfaceError,
    InvalidatePoolError,
    PendingRollbackError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from ruleyard.settings import Settings
from ruleyard.stores.lines import UNPREPARED, line_class, shared_line_class

POOL_SIZE: Final = 10
CONNECT_TIMEOUT_S: Final = 10
STATEMENT_TIMEOUT_S: Final = 30
BACKGROUND_S: Final = 8.0
"""Of a statement of `work` or `listen`: theirs are small, and what does not answer is asked again elsewhere."""
TRUSTED_S: Final = 1.0
"""A line that was used within this time is not asked whether it still stands."""
GHOST_S: Final = 15
"""The server ends a session that is silent in the middle of a transaction (its worker is frozen, its line is dead)
and gives its locks to others: a lane whose reader was cut off is read on after so long."""
POOLER: Final = (
    "If RULEYARD_DATABASE_URL leads through a pooler such as PgBouncer, "
    "set RULEYARD_LISTEN_URL to the database's own address."
)
CANNOT_REACH: Final = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # a session that the server ended a moment ago, asked once more
)
AWAY: Final = (SQLAlchemyError, asyncpg.PostgresError, *CANNOT_REACH)
"""All that our own database can raise. SQLAlchemy passes on as they are: what connecting raises, and timeouts."""
_PASSING: Final = ("08", "28", "3D", "40", "53", "55", "57", "58")
"""Classes of SQLSTATE: connection, signing in and the database's name (both while somebody changes them),
serialisation, resources, locks, operator (restart, cancel), system."""
_PASSING_TOO: Final = ("25006", "25P03")
"""A standby that is not the first one yet, a session that was silent for too long."""


def passing(error: BaseException) -> bool:
    """May the same succeed in a moment? False where our database understood, and refused."""
    if isinstance(error, DBAPIError):
        if error.connection_invalidated or isinstance(error, InterfaceError):
            return True
        return _may_pass(getattr(error.orig, "sqlstate", None))
    if isinstance(error, asyncpg.PostgresError):
        return _may_pass(error.sqlstate)
    return isinstance(error, (*CANNOT_REACH, PoolTimeout, DisconnectionError, PendingRollbackError))


def _may_pass(state: str | None) -> bool:
    return (state or "")[:2] in _PASSING or state in _PASSING_TOO


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


def line_options(*, pooled: bool, patience_s: float, application_name: str = "ruleyard") -> dict[str, Any]:
    """asyncpg's arguments for lines to our own database, made once for all that are given up together.

    `pooled`: through a pooler, which takes no timeouts when a session begins: each transaction brings them.
    """
    session = {"application_name": application_name, "TimeZone": "UTC"}
    limits = {
        "statement_timeout": f"{patience_s:g}s",
        "idle_in_transaction_session_timeout": f"{GHOST_S}s",
    }
    if pooled:
        lines = shared_line_class({"timezone": "UTC"} | limits)
        return {"connection_class": lines, "server_settings": session, **UNPREPARED}
    return {"connection_class": line_class(), "server_settings": session | limits}


async def open_pool(
    url: str, *, pooled: bool = False, max_size: int = 4, application_name: str = "ruleyard"
) -> asyncpg.Pool:
    """A plain asyncpg pool on our own database, for reading our own event log."""
    return await asyncpg.create_pool(
        dsn(url),
        min_size=0,
        max_size=max_size,
        timeout=CONNECT_TIMEOUT_S,
        command_timeout=STATEMENT_TIMEOUT_S + 5,
        init=set_json_codecs,
        **line_options(pooled=pooled, patience_s=STATEMENT_TIMEOUT_S, application_name=application_name),
    )


def create_engine(
    settings: Settings, *, pool_size: int = POOL_SIZE, patience_s: float = STATEMENT_TIMEOUT_S
) -> AsyncEngine:
    """The engine on our own database. Connects lazily; the caller disposes of it.

    A statement has `patience_s`; processes that nobody waits for at a screen choose BACKGROUND_S.
    """
    pooled = bool(settings.listen_url)
    options = line_options(pooled=pooled, patience_s=patience_s)
    # What SQLAlchemy prepares has no name either: it is used at once, in its transaction.
    unnamed = {"prepared_statement_cache_size": 0, "prepared_statement_name_func": str} if pooled else {}

    async def line() -> asyncpg.Connection:
        try:
            return await asyncpg.connect(
                dsn(settings.database_url),
                timeout=CONNECT_TIMEOUT_S,
                command_timeout=patience_s + 2,
                **options,
            )
        except asyncpg.ProtocolViolationError as error:  # PgBouncer: unsupported startup parameter
            raise asyncpg.ProtocolViolationError(f"{error}. {POOLER}") from error

    def creator() -> Any:
        return engine.dialect.dbapi.connect(async_creator_fn=line, **unnamed)  # type: ignore[union-attr]

    engine = create_async_engine(
        "postgresql+asyncpg://",
        creator=creator,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=STATEMENT_TIMEOUT_S,
        pool_use_lifo=True,
        json_serializer=encode_json,
        hide_parameters=True,  # what records hold stands in no log line
    )

    @event.listens_for(engine.sync_engine, "connect")
    def on_connect(dbapi_connection: Any, _record: Any) -> None:
        dbapi_connection.run_async(set_json_codecs)

    @event.listens_for(engine.sync_engine, "checkin")
    def on_checkin(_connection: Any, record: Any) -> None:
        record.info["used_at"] = time.monotonic()

    @event.listens_for(engine.sync_engine, "checkout")
    def on_checkout(dbapi_connection: Any, record: Any, _proxy: Any) -> None:
        used_at = record.info.get("used_at")
        if used_at is not None and not _answers(dbapi_connection, time.monotonic() - used_at):
            record.info.clear()
            raise InvalidatePoolError("the other end is gone")

    return engine


def _answers(dbapi_connection: Any, idle_s: float) -> bool:
    """What was used a moment ago is believed: a question before each transaction would be three round trips more."""
    if dbapi_connection.driver_connection.is_closed():
        return False
    if idle_s < TRUSTED_S:
        return True
    try:
        dbapi_connection.ping()
    except Exception:  # noqa: BLE001 (whatever it is, the pool opens another line)
        return False
    return True


@asynccontextmanager
async def transaction(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """One transaction: committed at the end of the block, rolled back by any exception."""
    async with engine.begin() as conn:
        yield conn


def stopped(error: DBAPIError) -> bool:
    """Did the database end the statement, and answer? It took longer than it may, or somebody cancelled it."""
    return bool(getattr(error.orig, "sqlstate", None) == asyncpg.QueryCanceledError.sqlstate)


_DATA: Final = ("22", "54")
"""Classes of SQLSTATE: data that does not fit, a limit of the server (a key too long for its index)."""


def of_the_data(error: BaseException) -> bool:
    """Would the same values fail again, whoever brings them? So says the SQLSTATE; SQLAlchemy's own classes do not."""
    if isinstance(error, DBAPIError):
        return str(getattr(error.orig, "sqlstate", None) or "")[:2] in _DATA
    return True
