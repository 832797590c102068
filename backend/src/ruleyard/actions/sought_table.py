"""A table as a search sees it: which columns our role may read and no watch leaves out, of what kind, leading where.

Everything comes from the catalogue; names are quoted by PostgreSQL. Knows nothing of our tables.
"""

from __future__ import annotations

import time
from collections.abc import Container
from dataclasses import dataclass, field
from typing import Final, Literal

import asyncpg

from ruleyard.actions.failure import ActionFailed
from ruleyard.actions.records import FRESH_S, TROUBLE, Database, failed

Kind = Literal[
    "text", "textual", "integer", "number", "float", "boolean", "date", "timestamp", "moment", "uuid", "mixed"
]
"""How values are compared. text: as it stands. textual: by the text that it is as JSON. number: numeric. float: of both
widths. moment: a timestamp with its zone. mixed: by its JSON."""

_KINDS: Final[dict[str, Kind]] = {
    **dict.fromkeys(("text", "varchar"), "text"),
    **dict.fromkeys(("bpchar", "citext", "name", "char", "time", "timetz"), "textual"),
    **dict.fromkeys(("int2", "int4", "int8"), "integer"),
    "numeric": "number",
    **dict.fromkeys(("float4", "float8"), "float"),
    "bool": "boolean",
    "date": "date",
    "timestamp": "timestamp",
    "timestamptz": "moment",
    "uuid": "uuid",
}


@dataclass(frozen=True)
class SoughtColumn:
    """`sql` is its quoted name, `narrow`: a float of four bytes. `leads`: table and quoted key that a foreign key of
    this column alone leads to. `made`: it is made of several values (JSON, lists), which have no order."""

    name: str
    sql: str
    kind: Kind
    readable: bool
    left_out: bool
    narrow: bool = False
    made: bool = False
    leads: tuple[str, str] | None = None


@dataclass(frozen=True)
class SoughtTable:
    """`sql`: quoted. `key`: the primary key's columns in order. `unicode`: the database's text is UTF-8."""

    name: str
    sql: str
    columns: dict[str, SoughtColumn]
    key: tuple[str, ...]
    unicode: bool
    hidden: frozenset[str] = field(default=frozenset())

    def column(self, name: str) -> SoughtColumn:
        """ActionFailed (permanent) where there is none that may be read."""
        column = self.columns.get(name)
        if column is None:
            raise ActionFailed(
                f"{self.name} has no column “{name}”.",
                code="no-column",
                args={"table": self.name, "column": name},
            )
        if column.left_out or name in self.hidden:
            raise ActionFailed(
                f"“{name}” is left out of what is captured from {self.name}, so no rule reads it.",
                code="column-not-captured",
                args={"table": self.name, "column": name},
            )
        if not column.readable:
            raise ActionFailed(
                f"The connection's user may not read “{name}” of {self.name}: grant it SELECT.",
                code="column-unreadable",
                args={"table": self.name, "column": name},
            )
        return column

    def shown(self) -> tuple[SoughtColumn, ...]:
        """Every column that may be read."""
        return tuple(
            column
            for column in self.columns.values()
            if column.readable and not column.left_out and column.name not in self.hidden
        )


_COLUMNS: Final = """
    select format('%I.%I', n.nspname, c.relname) as sql, a.attname::text as name, quote_ident(a.attname) as quoted,
      coalesce(bt.typname, t.typname)::text as type, coalesce(bt.typtype, t.typtype) = 'e' as listed,
      t.typcategory = 'A' or coalesce(bt.typname, t.typname) in ('json', 'jsonb') as made,
      coalesce(co.collisdeterministic, true) as plain,
      has_schema_privilege(n.oid, 'usage') and has_column_privilege(c.oid, a.attnum, 'select') as readable,
      exists (select from pg_trigger g join pg_proc p on p.oid = g.tgfoid
                and p.pronamespace = to_regnamespace('ruleyard')
              cross join regexp_match(obj_description(p.oid, 'pg_proc'), 'table (\\d+) without columns ([0-9,]+)') m
              where g.tgrelid = c.oid and m[1] = c.oid::text
                and a.attnum = any(string_to_array(m[2], ',')::smallint[])) as left_out,
      array_position(i.indkey::int2[], a.attnum) as key_place, f.target, f.target_key,
      pg_encoding_to_char(d.encoding) = 'UTF8' as unicode
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    join pg_database d on d.datname = current_database()
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    join pg_type t on t.oid = a.atttypid
    left join pg_type bt on bt.oid = nullif(t.typbasetype, 0)
    left join pg_collation co on co.oid = nullif(a.attcollation, 0)
    left join pg_index i on i.indrelid = c.oid and i.indisprimary
    left join lateral (
      select rn.nspname || '.' || rc.relname as target, quote_ident(ra.attname) as target_key
      from pg_constraint k join pg_class rc on rc.oid = k.confrelid
      join pg_namespace rn on rn.oid = rc.relnamespace
      join pg_attribute ra on ra.attrelid = rc.oid and ra.attnum = k.confkey[1]
      where k.conrelid = c.oid and k.contype = 'f' and cardinality(k.conkey) = 1 and a.attnum = k.conkey[1]
      order by k.oid limit 1) f on true
    where n.nspname || '.' || c.relname = $1 and c.relkind in ('r', 'p')
    order by a.attnum
"""


async def sought_table(database: Database, name: str, hidden: Container[str]) -> SoughtTable:
    """The table `schema.name`; `hidden`: what its watch leaves out. ActionFailed where the database has none."""
    kept = database.sought.get(name)
    if kept is None or time.monotonic() - kept[0] > FRESH_S:
        kept = database.sought[name] = (time.monotonic(), await _read(database, name))
    rows = kept[1]
    key = sorted((row["key_place"], row["name"]) for row in rows if row["key_place"] is not None)
    return SoughtTable(
        name,
        rows[0]["sql"],
        {row["name"]: _column(row) for row in rows},
        tuple(column for _, column in key),
        rows[0]["unicode"],
        frozenset(row["name"] for row in rows if row["name"] in hidden),
    )


async def _read(database: Database, name: str) -> list[asyncpg.Record]:
    try:
        rows: list[asyncpg.Record] = await database.pool.fetch(_COLUMNS, name) if "\0" not in name else []
    except TROUBLE as error:
        raise failed(error) from error
    if not rows:
        raise ActionFailed(
            f"There is no table {name} in this database.", code="no-table", args={"table": name}
        )
    return rows


def _column(row: asyncpg.Record) -> SoughtColumn:
    kind: Kind = "textual" if row["listed"] else _KINDS.get(row["type"], "mixed")
    if row["made"]:
        kind = "mixed"
    elif kind == "text" and not row["plain"]:
        kind = "textual"
    return SoughtColumn(
        row["name"],
        row["quoted"],
        kind,
        row["readable"],
        row["left_out"],
        row["type"] == "float4",
        row["made"],
        (row["target"], row["target_key"]) if row["target"] else None,
    )
