"""The live schema of a watched database, read from pg_catalog with parameters.

Knows PostgreSQL's catalogue; knows nothing of rules. `core/model.py` holds what comes out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, Literal

import asyncpg
import msgspec

from ruleyard.core.model import Column, ColumnType, TableModel

NotWatched = Literal["", "no-key", "may-not-trigger", "may-not-create", "key-changed"]
"""Why a table is not captured: it cannot be watched, or its key is not what it was (`key-changed`)."""


class TableSummary(msgspec.Struct, frozen=True):
    """One table that the connection can see. `why_not` says why it cannot be watched, "" when it can."""

    name: str
    label: str
    rows_estimate: int
    key: tuple[str, ...]
    columns_count: int
    watchable: bool
    why_not: str
    why_code: NotWatched
    columns: tuple[str, ...] = ()


TYPES: Final[dict[str, ColumnType]] = {
    **dict.fromkeys(("text", "varchar", "bpchar", "name", "citext", "char"), "text"),
    **dict.fromkeys(("int2", "int4", "int8", "oid"), "integer"),
    **dict.fromkeys(("numeric", "float4", "float8"), "number"),
    **dict.fromkeys(("timestamp", "timestamptz"), "timestamp"),
    **dict.fromkeys(("time", "timetz"), "time"),
    **dict.fromkeys(("json", "jsonb"), "json"),
    "bool": "boolean",
    "date": "date",
    "uuid": "uuid",
}

ONE_TABLE: Final = """
    c.relkind in ('r', 'p') and not c.relispartition
    and n.nspname not in ('pg_catalog', 'information_schema', 'ruleyard') and n.nspname !~ '^pg_'
"""

LIST_TABLES: Final = f"""
select n.nspname || '.' || c.relname as name, c.relname::text as short,
       greatest(c.reltuples, 0)::bigint as rows_estimate,
       coalesce((select array_agg(a.attname::text order by k.i)
                 from pg_index x cross join unnest(x.indkey::int2[]) with ordinality as k(attnum, i)
                 join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum
                 where x.indrelid = c.oid and x.indisprimary), '{{}}') as key,
       (select count(*) from pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns_count,
       coalesce((select array_agg(a.attname::text order by a.attnum) from pg_attribute a
                 where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped), '{{}}') as columns,
       pg_has_role(c.relowner, 'usage') as owned,
       has_table_privilege(c.oid, 'trigger') as may_trigger,
       has_schema_privilege(n.oid, 'usage') as may_see,
       has_database_privilege(current_database(), 'create')
         or to_regnamespace('ruleyard') is not null as may_install
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where {ONE_TABLE} and ($1::text is null or n.nspname || '.' || c.relname = $1)
order by 1
"""

COLUMNS: Final = f"""
select a.attname::text as name, t.typname::text as type_name, bt.typname::text as base_name,
       format_type(a.atttypid, a.atttypmod) as db_type, a.attnotnull or t.typnotnull as not_null,
       a.attgenerated <> '' or a.attidentity = 'a' as generated,
       a.atthasdef or a.attidentity <> '' as has_default,
       case when coalesce(bt.typname, t.typname) in ('varchar', 'bpchar') and a.atttypmod > 4
         then a.atttypmod - 4 end as max_length,
       t.typcategory = 'A' as is_array,
       coalesce((select array_agg(e.enumlabel::text order by e.enumsortorder) from pg_enum e
                 where e.enumtypid = coalesce(bt.oid, t.oid)), '{{}}') as labels,
       coalesce((select array_agg(pg_get_constraintdef(k.oid)) from pg_constraint k
                 where (k.conrelid = c.oid and k.contype = 'c' and k.conkey = array[a.attnum])
                    or k.contypid = t.oid), '{{}}') as checks,
       f.target, f.target_column, f.alone,
       has_schema_privilege(n.oid, 'usage') and has_column_privilege(c.oid, a.attnum, 'select') as readable
from pg_class c join pg_namespace n on n.oid = c.relnamespace
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
join pg_type t on t.oid = a.atttypid
left join pg_type bt on bt.oid = nullif(t.typbasetype, 0)
left join lateral (
  select rn.nspname || '.' || rc.relname as target, ra.attname::text as target_column,
         cardinality(k.conkey) = 1 as alone
  from pg_constraint k join pg_class rc on rc.oid = k.confrelid join pg_namespace rn on rn.oid = rc.relnamespace
  join pg_attribute ra on ra.attrelid = rc.oid and ra.attnum = k.confkey[1]
  where k.conrelid = c.oid and k.contype = 'f' and a.attnum = any(k.conkey)
  order by cardinality(k.conkey), k.oid limit 1) f on true
where {ONE_TABLE} and n.nspname || '.' || c.relname = $1
order by a.attnum
"""

_TEXT: Final = r"'(?:[^']|'')*'::(?:text|character varying)"
LISTED: Final = re.compile(
    r'CHECK \(\(+(?:\w+|"(?:[^"]|"")+")\)?(?:::text)? = ANY \(\(?'
    rf"ARRAY\[({_TEXT}(?:, {_TEXT})*)\]\)?(?:::text\[\])?\)\)+(?: NO INHERIT)?"
)
"""A plain column that must be one of some texts, as PostgreSQL writes such a check. No function around the column, no
other type than text (citext means more values than it lists)."""
QUOTED: Final = re.compile(r"'((?:[^']|'')*)'::")


def label_of(name: str) -> str:
    """A name as people read it: `first_name` → `First name`, `public.bankCalls` → `Bank calls`."""
    short = name.rsplit(".", 1)[-1]
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", short).replace("_", " ").replace("-", " ").split()
    text = " ".join(word if word.isupper() and len(word) > 1 else word.lower() for word in words)
    return text[:1].upper() + text[1:]


def choices_of(checks: list[str]) -> tuple[str, ...]:
    """The texts of a check such as `status in ('new', 'won')`, () when the checks say something else."""
    for check in checks:
        listed = LISTED.fullmatch(check)
        if listed:
            return tuple(text.replace("''", "'") for text in QUOTED.findall(listed[1]))
    return ()


def why_not_watchable(row: asyncpg.Record) -> tuple[NotWatched, str]:
    """A code, and a sentence with what to do; both "" when the table can be watched."""
    if not row["key"]:
        return (
            "no-key",
            f"{row['name']} has no primary key, so its records cannot be told apart. "
            f"Add one: alter table {row['name']} add primary key (…).",
        )
    if not row["may_see"] or not (row["owned"] or row["may_trigger"]):
        return (
            "may-not-trigger",
            f"The connection's user may not put triggers on {row['name']}. "
            "Grant it TRIGGER, or connect as the owner.",
        )
    if not row["may_install"]:
        return (
            "may-not-create",
            "The connection's user may not create a schema in this database. Grant it CREATE on the database.",
        )
    return "", ""


def summary_of(row: asyncpg.Record) -> TableSummary:
    why_code, why_not = why_not_watchable(row)
    return TableSummary(
        name=row["name"],
        label=label_of(row["short"]),
        rows_estimate=row["rows_estimate"],
        key=tuple(row["key"]),
        columns_count=row["columns_count"],
        watchable=not why_not,
        why_not=why_not,
        why_code=why_code,
        columns=tuple(row["columns"]),
    )


async def list_tables(pool: asyncpg.Pool) -> list[TableSummary]:
    """Every ordinary or partitioned table that is not the system's and not ours, by name."""
    return [summary_of(row) for row in await pool.fetch(LIST_TABLES, None)]


async def table_summary(pool: asyncpg.Pool, table: str) -> TableSummary | None:
    """One table (`schema.name`), None where it does not exist."""
    if "\0" in table:  # no name in PostgreSQL holds it, and it cannot even be asked for
        return None
    row = await pool.fetchrow(LIST_TABLES, table)
    return None if row is None else summary_of(row)


def column_of(row: asyncpg.Record, key: tuple[str, ...]) -> Column:
    base = row["base_name"] or row["type_name"]
    kind: ColumnType = "array" if row["is_array"] else TYPES.get(base, "text" if row["labels"] else "other")
    return Column(
        name=row["name"],
        type=kind,
        nullable=not row["not_null"],
        choices=tuple(row["labels"])
        or (choices_of(row["checks"]) if kind == "text" and base != "bpchar" else ()),
        primary_key=row["name"] in key,
        generated=row["generated"],
        max_length=row["max_length"],
        db_type=row["db_type"],
        references=row["target"] if row["alone"] else None,
        has_default=row["has_default"],
        references_column=row["target_column"] if row["alone"] else None,
        composite_reference=row["target"] if row["alone"] is False else None,
        readable=row["readable"],
    )


async def table_model(pool: asyncpg.Pool, connection_name: str, table: str) -> TableModel | None:
    """The columns of one table (`schema.name`), None where it does not exist."""
    summary = await table_summary(pool, table)
    if summary is None:
        return None
    rows = await pool.fetch(COLUMNS, table)
    return TableModel(
        connection=connection_name,
        name=table,
        columns=tuple(column_of(row, summary.key) for row in rows),
        key=summary.key,
    )


SHAPES: Final = """
select n.nspname || '.' || c.relname as name,
       md5(string_agg(concat_ws('|', a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attgenerated,
         a.attidentity, a.atthasdef,
         (select string_agg(e.enumlabel, ',' order by e.enumsortorder) from pg_enum e
          where e.enumtypid = coalesce(nullif(t.typbasetype, 0), t.oid)),
         (select string_agg(pg_get_constraintdef(k.oid), ',' order by k.oid) from pg_constraint k
          where (k.conrelid = c.oid and k.contype in ('c', 'p', 'f') and a.attnum = any(k.conkey))
             or k.contypid = t.oid)), E'\n' order by a.attnum)) as shape
from pg_class c join pg_namespace n on n.oid = c.relnamespace
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
join pg_type t on t.oid = a.atttypid
where c.relkind in ('r', 'p') and n.nspname || '.' || c.relname = any($1::text[])
group by 1
"""


async def fingerprints(pool: asyncpg.Pool, tables: Sequence[str]) -> dict[str, str]:
    """A text per table (`schema.name`) that changes when its columns, types, enums or checks do.

    Tables that do not exist are left out.
    """
    return {row["name"]: row["shape"] for row in await pool.fetch(SHAPES, list(tables))}
