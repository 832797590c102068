"""Records of a watched table, streamed by key in pages, with the changes of them that no lane has read yet.

Identifiers come from the catalogue, values are parameters, every read is read-only and short. Columns that are not
captured are left out, as from events. Knows nothing of rules and runs.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

import asyncpg
import msgspec

from ruleyard.core.event import Event
from ruleyard.core.types import JSONObject, LogId
from ruleyard.stores.cursors import Cursor
from ruleyard.stores.events import EVENT_COLUMNS, decode, event_of
from ruleyard.stores.related import MOST_BYTES, quoted

TIMEOUT_MS: Final = 3_000
ACQUIRE_S: Final = 5.0


class Source(msgspec.Struct, frozen=True):
    """A table as it is streamed. `key`: its columns and their types, as PostgreSQL prints them."""

    log: LogId
    table: str
    key: tuple[tuple[str, str], ...]
    excluded: tuple[str, ...] = ()


class TableRow(msgspec.Struct, frozen=True):
    """One record. `record` is None where it is larger than what is kept of a changed one; `place`: its key as text."""

    key: JSONObject
    lane: int
    record: JSONObject | None
    place: tuple[str, ...]


@asynccontextmanager
async def looking(pool: asyncpg.Pool) -> AsyncIterator[asyncpg.Connection]:
    """One moment of the watched database: whatever is read inside belongs together."""
    async with (
        pool.acquire(timeout=ACQUIRE_S) as conn,
        conn.transaction(isolation="repeatable_read", readonly=True),
    ):
        await conn.execute(
            "select set_config('statement_timeout', $1, true), set_config('timezone', 'UTC', true)",
            str(TIMEOUT_MS),
        )
        yield conn


KEY_TYPES: Final = """
select a.attname::text as name, format_type(a.atttypid, a.atttypmod) as kind
from unnest($2::text[]) with ordinality as k(name, i)
join pg_attribute a on a.attrelid = to_regclass($1) and a.attname = k.name and not a.attisdropped
order by k.i
"""


async def source_of(
    conn: asyncpg.Connection, log: LogId, table: str, key: Sequence[str], excluded: Sequence[str]
) -> Source | None:
    """How a watched table is streamed. None where the table, or a column of its key, is gone."""
    rows = await conn.fetch(KEY_TYPES, _quoted_table(table), list(key), timeout=ACQUIRE_S)
    if not rows or len(rows) != len(key):
        return None
    return Source(log, table, tuple((row["name"], row["kind"]) for row in rows), tuple(excluded))


async def read_page(
    conn: asyncpg.Connection, source: Source, after: Sequence[str], limit: int
) -> list[TableRow]:
    """The next records by the key; `after` is the last one's place, empty at the beginning."""
    names = [f"t.{quoted(name)}" for name, _ in source.key]
    key = f"jsonb_build_object({', '.join(f'{literal(name)}, t.{quoted(name)}' for name, _ in source.key)})"
    past = ", ".join(f"cast(${n}::text as {kind})" for n, (_, kind) in enumerate(source.key, 5))
    rows = await conn.fetch(
        f"""
        select r.key::text as key, ruleyard.lane_of($1, r.key) as lane, r.place,
          case when pg_column_size(r.record) <= $3 then r.record::text end as record
        from (
          select {key} as key, to_jsonb(t) - $2::text[] as record,
            array[{", ".join(f"{name}::text" for name in names)}] as place
          from {_quoted_table(source.table)} t
          {f"where ({', '.join(names)}) > ({past})" if after else ""}
          order by {", ".join(names)} limit $4 offset 0
        ) r
        """,
        source.table,
        list(source.excluded),
        MOST_BYTES,
        limit,
        *after,
        timeout=ACQUIRE_S,
    )
    return [
        TableRow(_object(row["key"]) or {}, row["lane"], _object(row["record"]), tuple(row["place"]))
        for row in rows
    ]


async def about(conn: asyncpg.Connection, table: str) -> int | None:
    """How many records PostgreSQL believes there are; None where it never counted."""
    found = await conn.fetchval(
        "select reltuples::bigint from pg_class where oid = to_regclass($1)", _quoted_table(table)
    )
    return None if found is None or found < 0 else int(found)


UNREAD: Final = f"""
with c as (
  select * from unnest($1::smallint[], $2::text[], $3::text[], $4::bigint[], $5::text[])
    as c(lane, since, upto, last_id, apart)
)
select {EVENT_COLUMNS} from c join ruleyard.event e on e.lane = c.lane
  and e.xid >= pg_snapshot_xmin(c.since::pg_snapshot) and not pg_visible_in_snapshot(e.xid, c.since::pg_snapshot)
  and not coalesce(pg_visible_in_snapshot(e.xid, c.upto::pg_snapshot) and e.id <= c.last_id, false)
  and case when c.apart <> '' then e.table_name = c.apart
    else not exists (select from c other where other.lane = c.lane and other.apart = e.table_name) end
where e.table_name = $6 and e.key in (select k::jsonb from unnest($7::text[]) k)
"""


async def unread_changes(
    conn: asyncpg.Connection, source: Source, cursors: Sequence[Cursor], rows: Sequence[TableRow]
) -> list[Event]:
    """Changes of these records that the lanes had not read when their cursors stood like this."""
    found = await conn.fetch(
        UNREAD,
        [one.lane for one in cursors],
        [one.from_snapshot for one in cursors],
        [one.to_snapshot for one in cursors],
        [one.last_id for one in cursors],
        [one.apart for one in cursors],
        source.table,
        [msgspec.json.encode(row.key).decode() for row in rows],
        timeout=ACQUIRE_S,
    )
    return [event_of(source.log, row) for row in found]


def literal(text: str) -> str:
    """As a constant of SQL."""
    return "'" + text.replace("'", "''") + "'"


def _quoted_table(table: str) -> str:
    schema, _, name = table.partition(".")
    return f"{quoted(schema)}.{quoted(name)}"


def _object(text: str | None) -> JSONObject | None:
    found = decode(text)
    return found if isinstance(found, dict) else None
