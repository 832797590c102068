"""XLSX: written row by row through a temporary file, so memory does not grow with the rows. Text is never a formula.

Numbers are numbers, dates dates; the head row stays in sight. Pure bytes out.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Final

import xlsxwriter

from ruleyard.actions.report.cells import Cell, cell_text

CELL_CHARS: Final = 32_767
"""What a cell of Excel holds; a longer text ends in an ellipsis."""
_EXACT: Final = 2**53
_FIRST_DAY: Final = date(1900, 3, 1)
"""Excel counts a February 29, 1900; days before it are written as text."""
_WIDTH: Final = (8, 60)
_LOOKED_AT: Final = 500


class XlsxFile:
    """Rows in, bytes out."""

    def __init__(self, title: str, labels: Sequence[str]) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="ruleyard-report-")
        self._path = Path(self._folder.name) / "report.xlsx"
        self._book = xlsxwriter.Workbook(
            str(self._path),
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "tmpdir": self._folder.name,
            },
        )
        self._book.set_properties({"title": title[:255]})
        self._sheet = self._book.add_worksheet("Report")
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._moment = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._head = self._book.add_format({"bold": True, "bottom": 1})
        self._labels = labels
        self._row = 0
        self._begun = False

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        ready = list(rows)
        if not self._begun:
            self._begin(ready)
        for row in ready:
            self._row += 1
            for column, cell in enumerate(row):
                self._write(column, cell)

    @property
    def size_bytes(self) -> int:
        """So far, unpacked: the finished file is about a tenth of it."""
        return sum(file.stat().st_size for file in Path(self._folder.name).iterdir()) // 10

    def close(self) -> bytes:
        if not self._begun:
            self._begin([])
        if self._labels:
            self._sheet.autofilter(0, 0, self._row, len(self._labels) - 1)
        self._book.close()
        return self._path.read_bytes()

    def discard(self) -> None:
        """The temporary files go, whether or not the book was finished."""
        if self._sheet.row_data_fh is not None:
            self._sheet.row_data_fh.close()
        self._folder.cleanup()

    def _begin(self, first: Sequence[Sequence[Cell]]) -> None:
        """Widths come before the first row: by the head and the first rows."""
        self._begun = True
        for column, label in enumerate(self._labels):
            longest = max([_width(label) + 3, *(_width(_line(row[column])) for row in first[:_LOOKED_AT])])
            self._sheet.set_column(column, column, min(max(longest + 1, _WIDTH[0]), _WIDTH[1]))
        self._sheet.freeze_panes(1, 0)
        self._sheet.repeat_rows(0)
        for column, label in enumerate(self._labels):
            self._sheet.write_string(0, column, label[:CELL_CHARS], self._head)

    def _write(self, column: int, cell: Cell) -> None:
        sheet, row = self._sheet, self._row
        match cell:
            case None:
                return
            case bool():
                sheet.write_boolean(row, column, cell)
            case int() if abs(cell) > _EXACT:
                sheet.write_string(row, column, str(cell))
            case int() | float():
                sheet.write_number(row, column, cell)
            case datetime() if cell.date() >= _FIRST_DAY:
                sheet.write_datetime(row, column, cell, self._moment)
            case date() if not isinstance(cell, datetime) and cell >= _FIRST_DAY:
                sheet.write_datetime(row, column, cell, self._day)
            case _:
                text = cell_text(cell)
                cut = text if len(text) <= CELL_CHARS else f"{text[: CELL_CHARS - 1]}…"
                sheet.write_string(row, column, cut)


def _line(cell: Cell) -> str:
    return cell_text(cell).partition("\n")[0]


def _width(text: str) -> int:
    """In columns of a spreadsheet: Korean and Chinese letters take two."""
    return sum(2 if letter > "ᄀ" else 1 for letter in text[: _WIDTH[1]])
