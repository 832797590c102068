"""Making the file of a report: rows in pages, written beside the event loop, within limits that are said in words.

Must not know where rows come from, nor where the file is kept.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime, tzinfo
from typing import Final, Literal, Protocol, TypeAlias

from ruleyard.actions.failure import ActionFailed
from ruleyard.actions.report.cells import MOST_COLUMNS, Cell, ReportColumn, row_cells
from ruleyard.core.types import JSON

Format: TypeAlias = Literal["csv", "xlsx", "pdf"]
ROWS: Final = {"csv": 100_000, "xlsx": 100_000, "pdf": 10_000}
COLUMNS: Final = {"csv": MOST_COLUMNS, "xlsx": MOST_COLUMNS, "pdf": 20}
MOST_BYTES: Final = 20 * 1024 * 1024
AT_ONCE: Final = 500
MEDIA_TYPES: Final = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}


class Writer(Protocol):
    """Rows in, bytes out. `discard` clears away what it needed, whatever happened."""

    @property
    def size_bytes(self) -> int: ...
    def add(self, rows: Iterable[Sequence[Cell]]) -> None: ...
    def close(self) -> bytes: ...
    def discard(self) -> None: ...


async def make(
    fmt: Format,
    title: str,
    columns: Sequence[ReportColumn],
    pages: AsyncIterator[Sequence[JSON]],
    *,
    zone: tzinfo,
    made: datetime,
    language: str = "en",
) -> tuple[bytes, int]:
    """The file and how many rows it has. `language`: of those who read it. ActionFailed where it would be larger than
    its format may be."""
    if len(columns) > COLUMNS[fmt]:
        raise ActionFailed(
            f"A {fmt.upper()} report has at most {COLUMNS[fmt]} columns, this would have {len(columns)}.",
            code="report-too-wide",
            args={"format": fmt.upper(), "most": COLUMNS[fmt], "count": len(columns)},
        )
    writer = await asyncio.to_thread(_writer, fmt, title, columns, zone, made, language)
    count = 0
    try:
        async for page in pages:
            count += len(page)
            if count > ROWS[fmt]:
                raise too_many_rows(fmt)
            for begun in range(0, len(page), AT_ONCE):
                part = page[begun : begun + AT_ONCE]
                await asyncio.to_thread(_add, writer, part, columns, zone)
                _refuse_large(writer.size_bytes)
        content = await asyncio.to_thread(writer.close)
    finally:
        await asyncio.to_thread(writer.discard)
    _refuse_large(len(content))
    return content, count


def too_many_rows(fmt: Format) -> ActionFailed:
    return ActionFailed(
        f"A {fmt.upper()} report has at most {ROWS[fmt]:,} rows, and there are more. Narrow the rows down"
        + (", or choose CSV or XLSX." if fmt == "pdf" else "."),
        code="report-too-long",
        args={"format": fmt.upper(), "most": ROWS[fmt]},
    )


def _refuse_large(size_bytes: int) -> None:
    if size_bytes > MOST_BYTES:
        most = MOST_BYTES // 1024 // 1024
        raise ActionFailed(
            f"The file would be larger than {most} MB. Choose fewer rows or columns.",
            code="report-too-large",
            args={"most": most},
        )


def _add(writer: Writer, rows: Sequence[JSON], columns: Sequence[ReportColumn], zone: tzinfo) -> None:
    writer.add(row_cells(row, columns, zone) for row in rows)


def _writer(
    fmt: Format, title: str, columns: Sequence[ReportColumn], zone: tzinfo, made: datetime, language: str
) -> Writer:
    """What a format needs is loaded when the first report of it is made."""
    labels = [column.label or column.key for column in columns]
    if fmt == "csv":
        from ruleyard.actions.report.csv_file import CsvFile

        return CsvFile(title, labels)
    if fmt == "xlsx":
        from ruleyard.actions.report.xlsx_file import XlsxFile

        return XlsxFile(title, labels)
    from ruleyard.actions.report.pdf_file import PdfFile

    when = made.astimezone(zone).strftime("%Y-%m-%d %H:%M ") + str(zone)
    return PdfFile(title, labels, when, language)
