"""Records of a watched table, streamed by key in pages, with the changes of them that no lane has read yet.

Identifiers come from the catalogue, values are parameters, every read is read-only and short. Columns that are not
captured are left out, as from events. Knows nothing of rules and runs.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import date
from typing import Final

import asyncpg
import msgspec

from ruleyard.core.event import Event
from ruleyard.core.json_text import decode
from ruleyard.core.types import JSONObject, LogId
from ruleyard.stores.cursors import Cursor
from ruleyard.stores.events import EVENT_COLUMNS, event_of
from ruleyard.stores.related import MOST_BYTES, quoted

TIMEOUT_MS: Final = 3_000
ACQUIRE_S: Final = 5.0


SPARE: Final = 48
"""No column needs more than its name and so many bytes besides its value."""
TIMES: Final = 8
"""No value that is not text is longer as JSON than so many times its own length."""


class Source(msgspec.Struct, frozen=True):
    """A table as it is streamed. `key`: its columns and their types, as PostgreSQL prints them.

    `columns`: those that are captured; `texts`: those of them whose length is known without reading them.
    """

    log: LogId
    table: str
    key: tuple[tuple[str, str], ...]
    excluded: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    texts: frozenset[str] = frozenset()


class TableRow(msgspec.Struct, frozen=True):
    """One record. `record` is None where it is larger than what is kept of a changed one; `place`: its key as text.

    `more`: a column that was not asked for has a value.
    """

    key: JSONObject
    lane: int
    record: JSONObject | None
    place: tuple[str, ...]
    more: bool = False


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


COLUMNS: Final = """
select a.attname::text as name, a.atttypid in ('text'::regtype, 'varchar'::regtype, 'bpchar'::regtype)
  as text
from pg_attribute a
where a.attrelid = to_regclass($1) and a.attnum > 0 and not a.attisdropped and a.attname <> all($2::text[])
order by a.attnum
"""


async def source_of(
    conn: asyncpg.Connection, log: LogId, table: str, key: Sequence[str], excluded: Sequence[str]
) -> Source | None:
    """How a watched table is streamed. None where the table, or a column of its key, is gone."""
    rows = await conn.fetch(KEY_TYPES, _quoted_table(table), list(key), timeout=ACQUIRE_S)
    if not rows or len(rows) != len(key):
        return None
    columns = await conn.fetch(COLUMNS, _quoted_table(table), list(excluded), timeout=ACQUIRE_S)
    return Source(
        log,
        table,
        tuple((row["name"], row["kind"]) for row in rows),
        tuple(excluded),
        tuple(row["name"] for row in columns),
        frozenset(row["name"] for row in columns if row["text"]),
    )


async def read_page(
    conn: asyncpg.Connection,
    source: Source,
    after: Sequence[str],
    limit: int,
    only: Collection[str] | None = None,
) -> list[TableRow]:
    """The next records by the key; `after` is the last one's place, empty at the beginning.

    `only`: of each record these columns and no other; which records are too large stays the same.
    """
    names = [f"t.{quoted(name)}" for name, _ in source.key]
    past = _cast(source, 5)
    rest = _not_asked(source, only)
    more = " or ".join(f"t.{quoted(name)} is distinct from null" for name in rest) or "false"
    rows = await conn.fetch(
        f"""
        select r.key::text as key, ruleyard.lane_of($1, r.key) as lane, r.place, r.record::text as record, r.more
        from (
          select {_key(source)} as key, {_record(source, rest)} as record, {more} as more,
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
    return [_row(row) for row in rows]


def _key(source: Source) -> str:
    return f"jsonb_build_object({', '.join(f'{literal(name)}, t.{quoted(name)}' for name, _ in source.key)})"


def _cast(source: Source, first: int) -> str:
    """The parameters of a place, from the `first` on, as the key's types."""
    return ", ".join(f"cast(${n}::text as {kind})" for n, (_, kind) in enumerate(source.key, first))


def _row(row: asyncpg.Record) -> TableRow:
    return TableRow(
        _object(row["key"]) or {}, row["lane"], _object(row["record"]), tuple(row["place"]), row["more"]
    )


class Dated(msgspec.Struct, frozen=True):
    """Records whose `column` holds one of these days, by the clock of `zone` where it holds moments.

    `yearly`: one of these months and days instead, in any year.
    """

    column: str
    zone: str
    days: tuple[date, ...] = ()
    yearly: tuple[tuple[int, int], ...] = ()


WINDOW: Final = 5_000
"""Records that one page of dated ones is looked for among: it ends in time in a table of any size."""


async def read_dated(
    conn: asyncpg.Connection, source: Source, after: Sequence[str], dated: Dated
) -> tuple[list[TableRow], tuple[str, ...] | None]:
    """The dated ones of the next `WINDOW` records by the key, and the place reached; None where that is the end."""
    kinds = await conn.fetch(KEY_TYPES, _quoted_table(source.table), [dated.column], timeout=ACQUIRE_S)
    if not kinds:
        raise asyncpg.UndefinedColumnError(f"There is no column {dated.column} in {source.table} any more.")
    names = [f"t.{quoted(name)}" for name, _ in source.key]
    texts = f"array[{', '.join(f'{name}::text' for name in names)}]"
    past = f"where ({', '.join(names)}) > ({_cast(source, 1)})" if after else ""
    end = await conn.fetchval(
        f"select {texts} from {_quoted_table(source.table)} t {past} "
        f"order by {', '.join(names)} offset {WINDOW - 1} limit 1",
        *after,
        timeout=ACQUIRE_S,
    )
    column = f"t.{quoted(dated.column)}"
    if kinds[0]["kind"].endswith("with time zone"):
        column = f"({column} at time zone {literal(dated.zone)})"
    where, wanted = f"{column}::date = any($1::date[])", list[object](dated.days)
    if dated.yearly:
        where = f"to_char({column}, 'MM-DD') = any($1::text[])"
        wanted = [f"{month:02}-{day:02}" for month, day in dated.yearly]
    values: list[object] = [wanted, list(source.excluded), MOST_BYTES]
    for place, sign in ((after, ">"), (end, "<=")):
        if place:
            where += f" and ({', '.join(names)}) {sign} ({_cast(source, len(values) + 1)})"
            values += place
    rows = await conn.fetch(
        f"""
        select r.key::text as key, ruleyard.lane_of({literal(source.table)}, r.key) as lane, r.place,
          r.record::text as record, false as more
        from (
          select {_key(source)} as key, {_record(source, ())} as record, {texts} as place
          from {_quoted_table(source.table)} t where {where} order by {", ".join(names)} offset 0
        ) r
        """,
        *values,
        timeout=ACQUIRE_S,
    )
    return [_row(row) for row in rows], None if end is None else tuple(end)


def _not_asked(source: Source, only: Collection[str] | None) -> list[str]:
    return [] if only is None else [name for name in source.columns if name not in only]


def _record(source: Source, rest: Sequence[str]) -> str:
    """In SQL: the record of row t without the columns of `rest`; null where the whole is larger than $3.

    PostgreSQL knows how long a text is without reading it, and other values unless they are packed. Where that leaves a
    doubt, the whole is read.
    """
    whole = "to_jsonb(t.*) - $2::text[]"
    if not rest:
        return f"(select w.r from (select {whole} as r offset 0) w where pg_column_size(w.r) <= $3)"
    asked = [name for name in source.columns if name not in rest]
    part = f"(select to_jsonb(p.*) from (select {', '.join(f't.{quoted(name)}' for name in asked)}) p)"
    others = [f"t.{quoted(name)}" for name in rest if name not in source.texts]
    texts = _total(f"octet_length(t.{quoted(name)})" for name in rest if name in source.texts)
    sizes = _total(f"pg_column_size({name})" for name in others)
    packed = " or ".join(f"pg_column_compression({name}) is not null" for name in others) or "false"
    spare = sum(SPARE + len(name.encode()) for name in rest)
    return f"""(
        select case
          when m.part + m.texts > $3 then null
          when not ({packed}) and m.part + m.texts + {TIMES} * ({sizes}) + {spare} <= $3 then m.record
          when pg_column_size({whole}) <= $3 then m.record end
        from (select w.record, pg_column_size(w.record) as part, {texts} as texts
          from (select {part} as record offset 0) w) m)"""


def _total(sizes: Iterable[str]) -> str:
    return " + ".join(("0", *(f"coalesce({size}, 0)" for size in sizes)))


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
