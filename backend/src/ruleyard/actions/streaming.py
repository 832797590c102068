"""Records of a search one page after the other, in bounded memory: for whoever writes them down and keeps none.

The same search as in searching.py, read with a cursor in one read-only transaction: what changes meanwhile is not seen.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from typing import Final

import asyncpg

from ruleyard.actions.failure import ActionFailed
from ruleyard.actions.records import ACQUIRE_S, TROUBLE, Database, failed
from ruleyard.actions.search_sql import Condition
from ruleyard.actions.searching import Hidden, Joined, Question, in_order, read_where
from ruleyard.actions.sought_table import SoughtTable, sought_table
from ruleyard.core.json_text import decode
from ruleyard.core.search import sought_in, tests_in
from ruleyard.core.types import JSON

PAGE: Final = 500
PAGE_CHARS: Final = 2_000_000
"""A page of wide records ends early."""
FETCHED: Final = 50
"""Records that are read at once, and so may be in memory beyond that."""
TIMEOUT_MS: Final = 18_000
"""Just below what any action may take."""


async def stream(
    database: Database, question: Question, hidden: Hidden
) -> AsyncGenerator[Sequence[JSON], None]:
    """Pages of records in order, `question.limit` of them at most. ActionFailed where they cannot be read."""
    try:
        sql, values = await _statement(database, question, hidden)
        async with (
            database.pool.acquire(timeout=ACQUIRE_S) as conn,
            conn.transaction(isolation="repeatable_read", readonly=True),
        ):
            await conn.execute(
                "select set_config('statement_timeout', $1, true), set_config('timezone', 'UTC', true)",
                str(TIMEOUT_MS),
            )
            cursor = await conn.cursor(sql, *values)
            page: list[JSON] = []
            chars = 0
            while rows := await cursor.fetch(FETCHED):
                chars += sum(len(row["r"]) for row in rows)
                page += [decode(row["r"]) for row in rows]
                if len(page) >= PAGE or chars >= PAGE_CHARS:
                    yield page
                    page, chars = [], 0
            if page:
                yield page
    except asyncpg.QueryCanceledError as error:
        raise ActionFailed(
            f"The search took longer than {TIMEOUT_MS // 1000} s: ask for fewer records, or let the owner of the "
            "database add an index.",
            str(error),
            retry=True,
            code="search-too-slow",
            args={"seconds": TIMEOUT_MS // 1000},
        ) from error
    except (asyncpg.UndefinedTableError, asyncpg.UndefinedColumnError) as error:
        database.sought.clear()
        raise ActionFailed(
            "The table was changed since it was looked at.", str(error), retry=True, code="database-busy"
        ) from error
    except TROUBLE as error:
        raise failed(error) from error


async def columns_shown(database: Database, question: Question, hidden: Hidden) -> list[str]:
    """The names of the columns that the records will have. ActionFailed where the table is not there."""
    try:
        table = await sought_table(database, question.table, hidden.get(question.table, ()))
    except TROUBLE as error:
        raise failed(error) from error
    return [column.name for column in table.shown()]


async def _statement(database: Database, question: Question, hidden: Hidden) -> tuple[str, list[object]]:
    search = read_where(question.where)
    table = await sought_table(database, question.table, hidden.get(question.table, ()))
    asked = {term.path.partition(".")[0] for test in tests_in(search) for term in sought_in(test)}
    led_to = {column.leads[0] for name in asked if (column := table.columns.get(name)) and column.leads}
    others: dict[str, SoughtTable] = {
        title: await sought_table(database, title, hidden.get(title, ())) for title in sorted(led_to)
    }
    cells = Joined(table, others)
    condition = Condition(cells, table.unicode)
    where = condition.sql(search)
    columns = [table.column(name) for name in question.columns] or list(table.shown())
    named = ", ".join(f"t.{column.sql}" for column in columns)
    given = ", ".join(
        f"${place}::{'text[]' if isinstance(value, list) else 'text'} as p{place}"
        for place, value in enumerate(condition.values, 1)
    )
    begins = f"with given as (select {given}) " if given else ""
    rows = f"select {named} from {cells.source()} where {where}{in_order(question.order, table)}"
    sql = f"{begins}select to_jsonb(p.*)::text as r from ({rows} limit {int(question.limit)}) p"
    return sql, condition.values
