"""Watches: which tables of which connection are captured. Knows nothing of triggers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.errors import NotFound
from ruleyard.core.types import AccountId, ConnectionId, LogId
from ruleyard.stores.generation import bump_generation


class Watch(msgspec.Struct, frozen=True):
    """One captured table. `table` is `schema.name`; `created_at` is UTC ISO text."""

    id: int
    connection_id: ConnectionId
    connection: str
    table: str
    key: tuple[str, ...]
    excluded: tuple[str, ...]
    created_at: str


_SELECT: Final = """
    select w.id, w.connection_id, c.name as connection, w.table_name as table, w.key_columns as key,
      w.excluded,
      to_char(w.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"') as created_at
    from app.watch w join app.connection c on c.id = w.connection_id
"""


async def list_watches(conn: AsyncConnection, connection_id: ConnectionId | None = None) -> list[Watch]:
    """By connection and table."""
    rows = await conn.execute(
        text(
            f"{_SELECT} where cast(:connection as bigint) is null or w.connection_id = :connection"
            " order by 3, 4"
        ),
        {"connection": connection_id},
    )
    return [msgspec.convert(dict(row._mapping), Watch) for row in rows]


async def get_watch(conn: AsyncConnection, watch_id: int) -> Watch:
    """NotFound where there is none."""
    row = (await conn.execute(text(f"{_SELECT} where w.id = :id"), {"id": watch_id})).one_or_none()
    if row is None:
        raise NotFound(f"There is no watch {watch_id}.", code="unknown-watch")
    return msgspec.convert(dict(row._mapping), Watch)


async def watch_of(conn: AsyncConnection, connection_id: ConnectionId, table: str) -> Watch | None:
    """None where the table is not watched."""
    row = (
        await conn.execute(
            text(f"{_SELECT} where w.connection_id = :connection and w.table_name = :table"),
            {"connection": connection_id, "table": table},
        )
    ).one_or_none()
    return None if row is None else msgspec.convert(dict(row._mapping), Watch)


async def left_out(conn: AsyncConnection) -> dict[tuple[LogId, str], frozenset[str]]:
    """By log and table the columns that are never captured; nothing for a table that leaves none out."""
    rows = await conn.execute(
        text("select connection_id, table_name, excluded from app.watch where cardinality(excluded) > 0")
    )
    return {(LogId(int(row.connection_id)), row.table_name): frozenset(row.excluded) for row in rows}


async def keep_watch(
    conn: AsyncConnection,
    *,
    connection_id: ConnectionId,
    table: str,
    key: Sequence[str],
    excluded: Sequence[str] = (),
    created_by: AccountId | None = None,
) -> Watch:
    """Note the watch, or renew the one there is."""
    made = await conn.execute(
        text("""
            insert into app.watch (connection_id, table_name, key_columns, excluded, created_by)
            values (:connection, :table, :key, :excluded, :created_by)
            on conflict (connection_id, table_name) do update set
              key_columns = excluded.key_columns, excluded = excluded.excluded
            returning id
        """),
        {
            "connection": connection_id,
            "table": table,
            "key": list(key),
            "excluded": list(excluded),
            "created_by": created_by,
        },
    )
    await bump_generation(conn)
    return await get_watch(conn, made.scalar_one())


async def forget_watch(conn: AsyncConnection, watch_id: int) -> None:
    await conn.execute(text("delete from app.watch where id = :id"), {"id": watch_id})
    await bump_generation(conn)
