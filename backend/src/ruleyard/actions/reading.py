"""Reading one record of a watched database by its primary key, as it is now. Names come from the catalogue."""

from __future__ import annotations

import asyncpg

from ruleyard.actions.records import ACQUIRE_S, Database, Table, dumped, failed
from ruleyard.core.json_text import decode
from ruleyard.core.types import JSONObject


async def read_by_key(database: Database, table: Table, key: JSONObject) -> JSONObject | None:
    """The whole record, instants in UTC; None where there is none. ActionFailed where the database refuses."""
    same = " and ".join(f"t.{table.columns[name]} = k.{table.columns[name]}" for name in table.key)
    sql = f"""
        select to_jsonb(t.*)::text from {table.sql} t, jsonb_populate_record(null::{table.sql}, $1::text::jsonb) k
        where {same}
    """
    try:
        async with (
            database.pool.acquire(timeout=ACQUIRE_S) as connection,
            connection.transaction(readonly=True),
        ):
            await connection.execute("set local timezone = 'UTC'")
            found = await connection.fetchval(sql, dumped(key))
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError) as error:
        raise failed(error) from error
    record = decode(found)
    return record if isinstance(record, dict) else None
