"""What people call the columns of watched tables, and which they have been shown. Knows nothing of a catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.types import ConnectionId


async def labels_of(conn: AsyncConnection, at: ConnectionId, table: str) -> dict[str, str]:
    """By column; those without a label of their own are left out."""
    rows = await conn.execute(
        text(
            "select column_name, label from app.field_label where connection_id = :at and table_name = :table"
        ),
        {"at": at, "table": table},
    )
    return {row.column_name: row.label for row in rows}


async def set_label(conn: AsyncConnection, at: ConnectionId, table: str, column: str, label: str) -> None:
    """ "" takes the label away."""
    place = {"at": at, "table": table, "column": column}
    if not label:
        await conn.execute(
            text(
                "delete from app.field_label"
                " where connection_id = :at and table_name = :table and column_name = :column"
            ),
            place,
        )
        return
    await conn.execute(
        text("""
            insert into app.field_label (connection_id, table_name, column_name, label)
            values (:at, :table, :column, :label)
            on conflict (connection_id, table_name, column_name) do update set label = excluded.label
        """),
        place | {"label": label},
    )


async def seen_fields(conn: AsyncConnection, at: ConnectionId) -> dict[str, frozenset[str]]:
    """By table: the columns that somebody has been shown; tables that nobody has looked at are left out."""
    rows = await conn.execute(
        text("select table_name, columns from app.seen_fields where connection_id = :at"), {"at": at}
    )
    return {row.table_name: frozenset(row.columns) for row in rows}


async def note_seen(
    conn: AsyncConnection, at: ConnectionId, tables: Mapping[str, Iterable[str]], *, again: bool
) -> None:
    """These are known from now on. Without `again`, only of tables that nobody has looked at before."""
    change = "update set columns = excluded.columns" if again else "nothing"
    for table, columns in sorted(tables.items()):
        await conn.execute(
            text(f"""
                insert into app.seen_fields (connection_id, table_name, columns) values (:at, :table, :columns)
                on conflict (connection_id, table_name) do {change}
            """),
            {"at": at, "table": table, "columns": sorted(columns)},
        )
