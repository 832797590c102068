"""make_report: rows as a file (CSV, XLSX, PDF) that is kept, downloaded and mailed. Made once per run and node."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator, Sequence
from datetime import UTC, datetime
from typing import Annotated, Final
from zoneinfo import ZoneInfo

import msgspec

from ruleyard.actions.failure import ActionFailed
from ruleyard.actions.kind import ActionContext, Promise, Tools, as_text
from ruleyard.actions.mail import one_line
from ruleyard.actions.report.cells import ReportColumn, columns_of, humanised
from ruleyard.actions.report.make import ROWS, Format, make
from ruleyard.actions.report.names import file_name
from ruleyard.actions.search_places import place_of_search, where_words
from ruleyard.actions.searching import Order, Question
from ruleyard.actions.streaming import columns_shown, stream
from ruleyard.core.check_report import MOST_ROWS
from ruleyard.core.event import Event
from ruleyard.core.types import JSON
from ruleyard.core.zones import zone_of

TITLE_CHARS: Final = 200


class MakeReportFields(msgspec.Struct, frozen=True):
    """`rows`: a list of records, of any JSON; or a search: `connection`, `table`, `where`, `order`, `limit`."""

    title: JSON = None
    format: Format = "xlsx"
    rows: JSON | msgspec.UnsetType = msgspec.UNSET
    connection: str | None = None
    table: str | None = None
    where: JSON | msgspec.UnsetType = msgspec.UNSET
    order: Order | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=MOST_ROWS)] = MOST_ROWS
    columns: tuple[ReportColumn, ...] = ()
    zone: str = "UTC"


class MakeReport:
    name: Final = "make_report"
    promise: Final[Promise] = "exactly-once"
    fields: Final = MakeReportFields

    def preview(self, fields: MakeReportFields, event: Event) -> str:
        what = ""
        if isinstance(fields.rows, list):
            what = f" of {len(fields.rows)} rows"
        elif fields.where is not msgspec.UNSET:
            what = f" of {where_words(fields.table, fields.where, fields.order, event)}"
        return f"Make a report{what}: {file_name(title_of(fields), fields.format)}"

    async def target(self, fields: MakeReportFields, tools: Tools) -> str | None:
        return None

    async def perform(self, fields: MakeReportFields, context: ActionContext) -> JSON:
        title = title_of(fields)
        if not title:
            raise ActionFailed(
                "“title” is empty: a report needs a name.", code="empty-field", args={"field": "title"}
            )
        kept = await context.tools.kept_report(context.key)
        if kept is None:
            zone = _zone(fields.zone)
            language = await context.tools.language(context.run_id)
            columns, pages = await _rows(fields, context)
            async with contextlib.aclosing(pages):
                content, count = await make(
                    fields.format,
                    title,
                    columns,
                    pages,
                    zone=zone,
                    made=datetime.now(UTC),
                    language=language,
                )
            kept = await context.tools.keep_report(
                key=context.key,
                rule_id=context.rule_id,
                run_id=context.run_id,
                node=context.node_id,
                title=title,
                file=file_name(title, fields.format),
                fmt=fields.format,
                rows=count,
                content=content,
            )
        return {
            "report": kept.id,
            "title": kept.title,
            "file": kept.file,
            "format": kept.format,
            "rows": kept.rows,
            "size": kept.size_bytes,
        }


def title_of(fields: MakeReportFields) -> str:
    return one_line(as_text(fields.title))[:TITLE_CHARS]


def rows_of(rows: JSON) -> Sequence[JSON]:
    if isinstance(rows, list):
        return rows
    raise ActionFailed(
        "“rows” is not a list: there is nothing to make a report of."
        if rows is not None
        else "“rows” is empty: the step that finds the records was not come by.",
        code="no-rows",
    )


def named(columns: Sequence[ReportColumn]) -> tuple[ReportColumn, ...]:
    return tuple(ReportColumn(one.key, one.label.strip() or humanised(one.key)) for one in columns)


def _zone(name: str) -> ZoneInfo:
    zone = zone_of(name)
    if zone is None:
        raise ActionFailed(f"There is no time zone {name!r}.", code="unknown-zone", args={"zone": name})
    return zone


async def _rows(
    fields: MakeReportFields, context: ActionContext
) -> tuple[Sequence[ReportColumn], AsyncGenerator[Sequence[JSON], None]]:
    """The columns, and the rows in pages: of the list, or of the search."""
    if fields.where is msgspec.UNSET:
        rows = rows_of(None if fields.rows is msgspec.UNSET else fields.rows)
        return named(fields.columns) or columns_of(rows), _one_page(rows)
    connection, table = place_of_search(fields.connection, fields.table, context.connection, context.table)
    database, hidden = await context.tools.database(connection), await context.tools.left_out(connection)
    # One more than fits says that there are more.
    most = min(fields.limit, ROWS[fields.format] + 1)
    asked = tuple(dict.fromkeys(one.key for one in fields.columns))
    question = Question(table, fields.where, fields.order, asked, most)
    columns = named(fields.columns) or tuple(
        ReportColumn(name, humanised(name)) for name in await columns_shown(database, question, hidden)
    )
    return columns, stream(database, question, hidden)


async def _one_page(rows: Sequence[JSON]) -> AsyncGenerator[Sequence[JSON], None]:
    yield rows
