"""Looks for records of a watched database: one statement, read-only, short, and bounded.

Used by find_record and find_records, and by whatever takes a list of records in the same shape. Identifiers come from
the catalogue, values are parameters. Columns that a watch leaves out are neither read nor asked about.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

import asyncpg
import msgspec

from ruleyard.actions.failure import ActionFailed
from ruleyard.actions.records import ACQUIRE_S, TROUBLE, Database, failed
from ruleyard.actions.search_cells import Cell, made_cell
from ruleyard.actions.search_sql import Condition
from ruleyard.actions.sought_table import SoughtColumn, SoughtTable, sought_table
from ruleyard.core.check_find import USUALLY_FOUND
from ruleyard.core.json_text import decode
from ruleyard.core.logic.compile import evaluate
from ruleyard.core.logic.problems import at, root_of
from ruleyard.core.logic.tree import Node
from ruleyard.core.search import Fixed, Search, sought_in, tests_in
from ruleyard.core.searchable import SearchReader
from ruleyard.core.types import JSON, JSONObject

TIMEOUT_MS: Final = 10_000
MOST_BYTES: Final = 256_000
"""Of records as JSON: what is found is kept with its run."""

Hidden = Mapping[str, frozenset[str]]
"""By table: the columns that its watch leaves out."""

Total = Literal["sum", "average", "min", "max", "count"]
_TOTALS: Final[dict[str, str]] = {
    "sum": "sum",
    "average": "avg",
    "min": "min",
    "max": "max",
    "count": "count",
}

_ENDLESS: Final = ("NaN", "Infinity", "-Infinity", "infinity", "-infinity")


class Order(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    column: str
    direction: Literal["asc", "desc"] = "asc"


class Question(msgspec.Struct, frozen=True):
    """What is sought. `where`: an expression over `record.…` in which all else has its value; True: every record.

    `columns`: what of each record is given; empty: all that may be read.
    """

    table: str
    where: JSON
    order: Order | None = None
    columns: tuple[str, ...] = ()
    limit: int = USUALLY_FOUND
    totals: dict[str, dict[Total, str]] = {}


class Found(msgspec.Struct, frozen=True):
    """`records`: the first of them, whole; `count`: how many there are in all, None where nobody asked."""

    records: tuple[JSONObject, ...]
    count: int | None = None
    totals: dict[str, JSON] = {}


async def first_of(database: Database, question: Question, hidden: Hidden) -> JSONObject | None:
    """The first record, None where there is none. ActionFailed where it cannot be looked for."""
    found = await _ask(database, question, hidden, counts=False)
    return found.records[0] if found.records else None


async def look_for(database: Database, question: Question, hidden: Hidden) -> Found:
    """The first records, how many there are, and the totals of all of them. ActionFailed as above."""
    return await _ask(database, question, hidden, counts=True)


def read_where(where: JSON) -> Search:
    """ActionFailed (permanent) where it is no search."""
    if where is True or where is False:
        return Fixed(where)
    root = root_of(where)
    if root is None:
        raise ActionFailed(
            "The condition with its values is too large to be searched by: 2,000 values, 32 levels.",
            code="too-big",
        )
    reader = SearchReader(lambda node: _value(where, node))
    search = reader.read(root)
    if reader.wrong:
        raise ActionFailed(reader.wrong[0].message, code="cannot-search")
    return search


def _value(where: JSON, node: Node) -> JSON:
    outcome = evaluate(at(where, node.path), None)
    if outcome.error is not None:
        raise ActionFailed(outcome.error.message, code=outcome.error.reason)
    return outcome.value


@dataclass
class Joined:
    """The table as `t`, and the tables that its foreign keys lead to as `r1`, `r2` …, one row each at most."""

    table: SoughtTable
    others: Mapping[str, SoughtTable]
    joins: dict[str, tuple[str, str]] = field(default_factory=dict)

    def of(self, path: str) -> tuple[Cell, str]:
        name, _, deeper = path.partition(".")
        if not deeper or path in self.table.columns:
            return made_cell(self.table.column(path), "t"), ""
        column = self.table.column(name)
        return self._beyond(column, deeper) if column.leads else (made_cell(column, "t"), deeper)

    def _beyond(self, column: SoughtColumn, path: str) -> tuple[Cell, str]:
        title, key = column.leads or ("", "")
        other = self.others[title]
        alias = self.joins.get(column.name, (f"r{len(self.joins) + 1}", ""))[0]
        self.joins[column.name] = (
            alias,
            f" left join {other.sql} {alias} on {alias}.{key} = t.{column.sql}",
        )
        name, _, deeper = path.partition(".")
        if not deeper or path in other.columns:
            return made_cell(other.column(path), alias), ""
        return made_cell(other.column(name), alias), deeper

    def source(self) -> str:
        return f"{self.table.sql} t{''.join(join for _, join in self.joins.values())}"


async def _ask(database: Database, question: Question, hidden: Hidden, *, counts: bool) -> Found:
    try:
        return await _once(database, question, hidden, counts=counts)
    except (asyncpg.UndefinedTableError, asyncpg.UndefinedColumnError):  # changed since we looked
        database.sought.clear()
    try:
        return await _once(database, question, hidden, counts=counts)
    except TROUBLE as error:
        raise failed(error) from error


async def _once(database: Database, question: Question, hidden: Hidden, *, counts: bool) -> Found:
    search = read_where(question.where)
    table = await sought_table(database, question.table, hidden.get(question.table, ()))
    asked = {term.path.partition(".")[0] for test in tests_in(search) for term in sought_in(test)}
    led_to = {column.leads[0] for name in asked if (column := table.columns.get(name)) and column.leads}
    others = {title: await sought_table(database, title, hidden.get(title, ())) for title in sorted(led_to)}
    cells = Joined(table, others)
    condition = Condition(cells, table.unicode)
    where = condition.sql(search)
    columns = [table.column(name) for name in question.columns] or list(table.shown())
    if not columns:
        raise ActionFailed(
            f"The connection's user may read no column of {table.name}.",
            code="column-unreadable",
            args={"table": table.name, "column": "*"},
        )
    of_all = _of_all(question, table, cells.source(), where) if counts else "null::text"
    page = _page(question, table, columns, cells.source(), where, 1 if not counts else question.limit)
    given = ", ".join(
        f"${place}::{'text[]' if isinstance(value, list) else 'text'} as p{place}"
        for place, value in enumerate(condition.values, 1)
    )
    begins = f"with given as (select {given}) " if given else ""
    sql = f"{begins}select ({of_all}) as of_all, array({page}) as records"
    row = await _fetch(database, sql, condition.values)
    return _found(row, table, asked=counts)


def _of_all(question: Question, table: SoughtTable, source: str, where: str) -> str:
    made = ["'count', count(*)"]
    for place, total in enumerate(question.totals.values()):
        for kind, name in total.items():
            cell = made_cell(table.column(name), "t")
            made.append(f"'{place}', {_TOTALS[kind]}({cell.sql})")
    return f"select jsonb_build_object({', '.join(made)})::text from {source} where {where}"


def _page(
    question: Question, table: SoughtTable, columns: list[SoughtColumn], source: str, where: str, limit: int
) -> str:
    """The records as text, in order, as many as there is room for: the last one too many says that there are more."""
    named = ", ".join(f"t.{column.sql}" for column in columns)
    order = in_order(question.order, table)
    rows = f"select {named} from {source} where {where}{order} limit {int(limit)}"
    texts = f"select row_number() over () as n, to_jsonb(p.*)::text as r from ({rows}) p"
    sized = f"select n, r, sum(octet_length(r)) over (order by n) as size from ({texts}) q"
    room = f"size - octet_length(r) <= {MOST_BYTES}"
    return f"select case when size <= {MOST_BYTES} then r end from ({sized}) s where {room} order by n"


def in_order(order: Order | None, table: SoughtTable) -> str:
    """By the column, empty ones last, then by the primary key: the same each time."""
    parts = []
    if order is not None:
        column = table.column(order.column)
        if column.made:
            raise ActionFailed(
                f"“{column.name}” has no order: choose another column.",
                code="cannot-compare",
                args={"column": column.name},
            )
        collated = ' collate "C"' if column.kind == "text" and table.unicode else ""
        parts.append(f"t.{column.sql}{collated} {'desc' if order.direction == 'desc' else 'asc'} nulls last")
    parts += [f"t.{table.columns[name].sql}" for name in table.key]
    return f" order by {', '.join(parts)}" if parts else ""


async def _fetch(database: Database, sql: str, values: list[object]) -> asyncpg.Record:
    try:
        async with database.pool.acquire(timeout=ACQUIRE_S) as conn, conn.transaction(readonly=True):
            await conn.execute(
                "select set_config('statement_timeout', $1, true), set_config('timezone', 'UTC', true)",
                str(TIMEOUT_MS),
            )
            return await conn.fetchrow(sql, *values, timeout=TIMEOUT_MS / 1000 + 2)
    except (asyncpg.UndefinedTableError, asyncpg.UndefinedColumnError):
        raise
    except asyncpg.QueryCanceledError as error:
        raise ActionFailed(
            f"The search took longer than {TIMEOUT_MS // 1000} s: ask for fewer records, or let the owner of the "
            "database add an index.",
            str(error),
            retry=True,
            code="search-too-slow",
            args={"seconds": TIMEOUT_MS // 1000},
        ) from error
    except TROUBLE as error:
        raise failed(error) from error


def _found(row: asyncpg.Record, table: SoughtTable, *, asked: bool) -> Found:
    texts: list[str | None] = row["records"]
    if texts and texts[0] is None:
        raise ActionFailed(
            f"One record of {table.name} holds more than {MOST_BYTES // 1000} kB: name the columns that are wanted.",
            code="record-too-large",
            args={"table": table.name, "most": MOST_BYTES // 1000},
        )
    records = tuple(record for text in texts if isinstance(record := decode(text), dict))
    if not asked:
        return Found(records)
    of_all = decode(row["of_all"])
    assert isinstance(of_all, dict)  # noqa: S101 - we made it
    count = of_all.pop("count")
    assert isinstance(count, int)  # noqa: S101 - as above
    return Found(records, count, {name: _finite(value) for name, value in of_all.items()})


def _finite(value: JSON) -> JSON:
    """A total with NaN or infinity in it is no number, and none that is for ever is a date."""
    return value if isinstance(value, (int, float, str)) and value not in _ENDLESS else None
