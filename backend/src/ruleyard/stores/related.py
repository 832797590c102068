"""Related records, read from watched databases: what foreign keys of changed records lead to, as they are now.

One query for each table that is led to, however many events and rules ask. Identifiers come from the catalogue, values
are parameters, every read is read-only and short. Knows where foreign keys lead; knows nothing of rules and runs.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Final, TypeAlias

import asyncpg
import msgspec

from ruleyard.clock import utc_now, utc_text
from ruleyard.core.json_text import decode
from ruleyard.core.related import Leads, Related
from ruleyard.core.types import JSON, JSONObject, LogId

TIMEOUT_MS: Final = 2_000
ACQUIRE_S: Final = 5.0
KEPT_S: Final = 30.0
MOST_BYTES: Final = 65_536
"""As much as is kept of a changed record (intake/capture.sql)."""

FOREIGN_KEYS: Final = """
select distinct on (a.attnum) a.attname::text as name,
       quote_ident(rn.nspname) || '.' || quote_ident(rc.relname) as target, rn.nspname || '.' || rc.relname as title,
       quote_ident(ra.attname) as key, format_type(ra.atttypid, null) as key_type,
       array(select t.attname::text from pg_attribute t
             where t.attrelid = rc.oid and t.attnum > 0 and not t.attisdropped
               and has_schema_privilege(rn.oid, 'usage') and has_column_privilege(rc.oid, t.attnum, 'select')
               and has_column_privilege(rc.oid, ra.attnum, 'select')) as columns,
       array(select t.attname::text
             from pg_trigger g join pg_proc f on f.oid = g.tgfoid and f.pronamespace = to_regnamespace('ruleyard')
             cross join regexp_match(obj_description(f.oid, 'pg_proc'), 'table (\\d+) without columns ([0-9,]+)') m
             join pg_attribute t on t.attrelid = rc.oid and t.attnum = any(string_to_array(m[2], ',')::smallint[])
             where g.tgrelid = rc.oid and m[1] = rc.oid::text) as left_out
from pg_constraint k
join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
join pg_attribute a on a.attrelid = c.oid and a.attnum = k.conkey[1]
join pg_class rc on rc.oid = k.confrelid join pg_namespace rn on rn.oid = rc.relnamespace
join pg_attribute ra on ra.attrelid = rc.oid and ra.attnum = k.confkey[1]
where k.contype = 'f' and cardinality(k.conkey) = 1 and n.nspname || '.' || c.relname = $1
order by a.attnum, k.oid
"""
"""`left_out`: what capture leaves out, by the names that columns have now (intake/capture.sql keeps their numbers)."""

DEFINITE: Final = (asyncpg.InsufficientPrivilegeError, asyncpg.DataError)
"""Answers that asking again later would not change. Everything else is raised: the batch is read again."""

Home: TypeAlias = tuple[LogId, str]
"""The log of a watched database and the table (`schema.name`) whose foreign keys lead on."""
LeftOut: TypeAlias = Mapping[tuple[LogId, str], frozenset[str]]
"""The columns that the watch of a table leaves out: they are neither read nor kept."""


class ForeignKey(msgspec.Struct, frozen=True):
    """Where one column leads. `target`, `key` and `key_type` are quoted, as the catalogue gave them.

    `columns`: those that our role may read. `left_out`: those that are not captured, which nobody is to read.
    """

    target: str
    title: str
    key: str
    key_type: str
    columns: frozenset[str]
    left_out: frozenset[str] = frozenset()


class Wish(msgspec.Struct):
    """What is to be read through one foreign key: which columns, for which values of the key."""

    columns: set[str] = msgspec.field(default_factory=set)
    keys: set[str] = msgspec.field(default_factory=set)


Wishes: TypeAlias = dict[Home, dict[str, Wish]]
Records: TypeAlias = dict[str, JSONObject | None]


def key_text(value: JSON) -> str | None:
    """A key's value as PostgreSQL reads it; None where it is empty."""
    if value is None or isinstance(value, (list, dict)):
        return None
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def wish(wishes: Wishes, home: Home, leads: Leads, record: Mapping[str, JSON]) -> None:
    """Adds what `leads` reads of the records that this one's foreign keys lead to."""
    at = wishes.setdefault(home, {})
    for name, columns in leads.items():
        mine = at.setdefault(name, Wish())
        mine.columns |= columns
        key = key_text(record.get(name))
        if key is not None:
            mine.keys.add(key)


class Fetched:
    """What was read. `found`: by home and foreign key the records by key, or why there are none."""

    def __init__(
        self,
        at: str,
        keys: Mapping[Home, Mapping[str, ForeignKey]],
        found: Mapping[Home, Mapping[str, Records | str]],
        failed: str = "",
    ) -> None:
        self._at, self._keys, self._found, self._failed = at, keys, found, failed

    def of(self, home: Home, leads: Leads, record: Mapping[str, JSON]) -> Related:
        """What one rule reads around one record, and no more."""
        seen: dict[str, JSONObject | None] = {}
        keys, found = self._keys.get(home, {}), self._found.get(home, {})
        for name, columns in leads.items():
            if error := self._failed or _lost(keys.get(name), name, columns):
                return Related(at=self._at, error=error)
            records = found.get(name, {})
            if isinstance(records, str):
                return Related(at=self._at, error=records)
            key = key_text(record.get(name))
            if key is None or key not in records:
                seen[name] = None
                continue
            whole = records[key]
            if whole is None:
                return Related(at=self._at, error=f'The related record of "{name}" is larger than 64 KB.')
            seen[name] = {column: whole.get(column) for column in sorted(columns)}
        return Related(seen, self._at)


NOTHING: Final = Fetched("", {}, {})


def failed(reason: str) -> Fetched:
    """Nothing could be read, for one reason."""
    return Fetched(utc_text(utc_now()), {}, {}, reason)


class RelatedReader:
    """Reads related records for one process; keeps for a while where foreign keys lead."""

    def __init__(self, pool: Callable[[LogId], Awaitable[asyncpg.Pool]]) -> None:
        self._pool = pool
        self._kept: dict[Home, tuple[float, dict[str, ForeignKey]]] = {}

    async def fetch(self, wishes: Wishes, left_out: LeftOut) -> Fetched:
        """Raises what a database raises that does not answer, or not in time."""
        at = utc_text(utc_now())
        keys: dict[Home, dict[str, ForeignKey]] = {}
        found: dict[Home, dict[str, Records | str]] = {}
        for home, wanted in wishes.items():
            pool = await self._pool(home[0])
            async with pool.acquire(timeout=ACQUIRE_S) as conn:
                keys[home] = await self._foreign_keys(conn, home, wanted, left_out)
                try:
                    found[home] = await self._records(conn, keys[home], wanted)
                except (asyncpg.UndefinedTableError, asyncpg.UndefinedColumnError):  # renamed since we looked
                    del self._kept[home]
                    keys[home] = await self._foreign_keys(conn, home, wanted, left_out)
                    found[home] = await self._records(conn, keys[home], wanted)
        return Fetched(at, keys, found)

    async def around(
        self, home: Home, leads: Leads, records: Sequence[Mapping[str, JSON]], left_out: LeftOut
    ) -> list[Related]:
        """What one rule reads around each of these records."""
        wishes: Wishes = {}
        for record in records:
            wish(wishes, home, leads, record)
        fetched = await self.fetch(wishes, left_out)
        return [fetched.of(home, leads, record) for record in records]

    async def _records(
        self, conn: asyncpg.Connection, keys: dict[str, ForeignKey], wanted: dict[str, Wish]
    ) -> dict[str, Records | str]:
        """One query for each table that is led to."""
        groups: dict[tuple[str, str], list[str]] = {}
        for name in wanted:
            if name in keys:
                groups.setdefault((keys[name].target, keys[name].key), []).append(name)
        found: dict[str, Records | str] = {}
        for names in groups.values():
            records = await self._read(conn, keys[names[0]], [wanted[name] for name in names])
            found |= dict.fromkeys(names, records)
        return found

    async def _foreign_keys(
        self, conn: asyncpg.Connection, home: Home, wanted: dict[str, Wish], left_out: LeftOut
    ) -> dict[str, ForeignKey]:
        """Where they lead, with what the watches leave out at this moment."""
        known = await self._known(conn, home, wanted)
        return {
            name: msgspec.structs.replace(key, left_out=key.left_out | more)
            if (more := left_out.get((home[0], key.title)))
            else key
            for name, key in known.items()
        }

    async def _known(
        self, conn: asyncpg.Connection, home: Home, wanted: dict[str, Wish]
    ) -> dict[str, ForeignKey]:
        """As kept, unless that is old or does not know what is wanted."""
        kept = self._kept.get(home)
        if (
            kept is not None
            and time.monotonic() - kept[0] < KEPT_S
            and all(name in kept[1] and one.columns <= kept[1][name].columns for name, one in wanted.items())
        ):
            return kept[1]
        rows = await conn.fetch(FOREIGN_KEYS, home[1], timeout=ACQUIRE_S)
        known = {
            row["name"]: ForeignKey(
                row["target"],
                row["title"],
                row["key"],
                row["key_type"],
                frozenset(row["columns"]),
                frozenset(row["left_out"]),
            )
            for row in rows
        }
        self._kept[home] = (time.monotonic(), known)
        return known

    async def _read(self, conn: asyncpg.Connection, key: ForeignKey, wanted: Iterable[Wish]) -> Records | str:
        columns = sorted((key.columns - key.left_out) & set[str]().union(*(one.columns for one in wanted)))
        keys = sorted(set[str]().union(*(one.keys for one in wanted)))
        if not keys or not columns:
            return {}
        named = ", ".join(f"t.{quoted(column)}" for column in columns)
        try:
            async with conn.transaction(readonly=True):
                await conn.execute(
                    "select set_config('statement_timeout', $1, true), set_config('timezone', 'UTC', true)",
                    str(TIMEOUT_MS),
                )
                rows = await conn.fetch(
                    f"select k.key, to_jsonb(r.*)::text as record from unnest($1::text[]) as k(key) "
                    f"join {key.target} t on t.{key.key} = cast(k.key as {key.key_type}) "
                    f"cross join lateral (select {named}) r",
                    keys,
                    timeout=ACQUIRE_S,
                )
        except DEFINITE as error:
            return f"Related records of {key.title} cannot be read: {error}."
        return {row["key"]: _record(row["record"]) for row in rows}


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _lost(key: ForeignKey | None, name: str, columns: Iterable[str]) -> str:
    """Why these columns cannot be read through it (any more), "" where they can."""
    if key is None:
        return f'"{name}" is no foreign key of one column (any more).'
    if gone := sorted(set(columns) - key.columns):
        return f"{key.title} has no column {', '.join(gone)} that may be read."
    hidden = ", ".join(sorted(key.left_out & set(columns)))
    return f"{hidden} of {key.title} is left out of what is captured, so no rule reads it." if hidden else ""


def _record(text: str) -> JSONObject | None:
    """None where it is too large to be kept."""
    record = decode(text) if len(text.encode()) <= MOST_BYTES else None
    return record if isinstance(record, dict) else None
