"""Records of a watched database for people to choose from: searched safely, newest first.

Identifiers come from introspection and are quoted; values are always parameters; every read is read-only, limited
to 3 seconds and 50 rows.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Final

import asyncpg

from ruleyard.api.shapes.connections import RecordInfo
from ruleyard.core.errors import Invalid, NotFound, Unavailable
from ruleyard.core.json_text import decode
from ruleyard.core.labels import record_label
from ruleyard.core.model import TableModel
from ruleyard.core.types import JSON, JSONObject

TIMEOUT_MS: Final = 3000
MOST: Final = 50
SEARCHED: Final = 12
"""Columns that a search looks in, at most."""


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def quoted_table(table: str) -> str:
    """`schema.name` as introspection gave it."""
    schema, _, name = table.partition(".")
    return f"{quoted(schema)}.{quoted(name)}"


def record_key(key: Mapping[str, JSON]) -> str:
    return "/".join("" if value is None else str(value) for value in key.values())


@asynccontextmanager
async def reading(pool: asyncpg.Pool) -> AsyncIterator[asyncpg.Connection]:
    """A read-only transaction of at most 3 s. Unavailable, with words, where it takes longer or breaks."""
    try:
        async with pool.acquire(timeout=5) as conn, conn.transaction(readonly=True):
            await conn.execute(f"set local statement_timeout = {TIMEOUT_MS}")
            await conn.execute("set local timezone = 'UTC'")
            yield conn
    except asyncpg.QueryCanceledError:
        raise Unavailable(
            "The database took longer than 3 seconds. Search for something shorter, or for the key.",
            code="too-slow",
        ) from None
    except asyncpg.InsufficientPrivilegeError as error:
        raise Invalid(
            f"The connection's user may not read this table: {error}", code="may-not-read"
        ) from None
    except (asyncpg.PostgresConnectionError, asyncpg.InterfaceError, OSError, TimeoutError) as error:
        raise Unavailable(f"The watched database does not answer: {error}") from None


async def search_records(pool: asyncpg.Pool, model: TableModel, search: str, limit: int) -> list[RecordInfo]:
    """Newest first by the key. `search` looks in the key and the text columns."""
    limit = max(1, min(limit, MOST))
    order = ", ".join(f"t.{quoted(name)} desc" for name in model.key) or "1"
    arguments: list[object] = []
    where = ""
    if search.strip():
        names = [
            column.name
            for column in model.columns
            if column.name in model.key or column.type in ("text", "uuid", "integer")
        ][:SEARCHED]
        arguments.append(
            "%" + search.strip().replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_") + "%"
        )
        where = "where " + (" or ".join(f"t.{quoted(name)}::text ilike $1" for name in names) or "false")
    async with reading(pool) as conn:
        rows = await conn.fetch(
            f"select to_jsonb(t.*)::text as record from {quoted_table(model.name)} t {where} "
            f"order by {order} limit {limit}",
            *arguments,
        )
    found = [decode(row["record"]) for row in rows]
    return [_info(model, record) for record in found if isinstance(record, dict)]


def _info(model: TableModel, record: JSONObject) -> RecordInfo:
    key: JSONObject = {name: record.get(name) for name in model.key}
    return RecordInfo(key=key, record_key=record_key(key), record=record, label=record_label(record))


async def read_record(pool: asyncpg.Pool, model: TableModel, key: JSONObject) -> JSONObject:
    """One whole record by its primary key. NotFound where it is not there, Invalid where the key does not fit."""
    if not model.key:
        raise Invalid(f"{model.name} has no primary key, so a record of it cannot be named.", code="no-key")
    if set(key) != set(model.key):
        raise Invalid(f"The key of {model.name} is {', '.join(model.key)}.", code="bad-key")
    where = " and ".join(f"t.{quoted(name)}::text = ${place}" for place, name in enumerate(model.key, 1))
    typed = " and ".join(
        f"t.{quoted(name)} = cast(${place}::text as {_cast(model, name)})"
        for place, name in enumerate(model.key, 1)
    )
    values = [_key_text(key[name]) for name in model.key]
    async with reading(pool) as conn:
        try:
            async with conn.transaction():
                row = await conn.fetchrow(
                    f"select to_jsonb(t.*)::text as record from {quoted_table(model.name)} t where {typed}",
                    *values,
                )
        except asyncpg.DataError:
            row = await conn.fetchrow(
                f"select to_jsonb(t.*)::text as record from {quoted_table(model.name)} t where {where} limit 1",
                *values,
            )
    record = None if row is None else decode(row["record"])
    if not isinstance(record, dict):
        raise NotFound(f"{model.name} has no record {record_key(key)}.", code="unknown-record")
    return record


def _cast(model: TableModel, name: str) -> str:
    """The column's type as PostgreSQL printed it (`format_type`), which is safe to write back."""
    column = model.column(name)
    return column.db_type if column is not None and column.db_type else "text"


def _key_text(value: JSON) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
