"""CSV: RFC 4180, with a byte order mark so that spreadsheets take it for UTF-8. No cell is a formula. Pure bytes."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Final

from ruleyard.actions.report.cells import Cell, cell_text

BOM: Final = b"\xef\xbb\xbf"
_LIVE: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?")


def safe(text: str) -> str:
    """Text that a spreadsheet would take for a formula gets an apostrophe before it; a plain number stays one."""
    text = text.replace("\x00", "")
    return f"'{text}" if text.startswith(_LIVE) and not _NUMBER.fullmatch(text) else text


class CsvFile:
    """Rows in, bytes out. Grows with what it holds; ask `size_bytes`."""

    def __init__(self, title: str, labels: Sequence[str]) -> None:
        self._text = io.StringIO(newline="")
        self._writer = csv.writer(self._text, lineterminator="\r\n")
        self._bytes = io.BytesIO(BOM)
        self._bytes.seek(0, io.SEEK_END)
        self._writer.writerow([safe(label) for label in labels])

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        self._writer.writerows([_written(cell) for cell in row] for row in rows)
        self._flush()

    @property
    def size_bytes(self) -> int:
        return self._bytes.tell()

    def close(self) -> bytes:
        self._flush()
        return self._bytes.getvalue()

    def discard(self) -> None:
        """Nothing to clear away."""

    def _flush(self) -> None:
        self._bytes.write(self._text.getvalue().encode())
        self._text.seek(0)
        self._text.truncate()


def _written(cell: Cell) -> str:
    if isinstance(cell, str):
        return safe(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ")
    if isinstance(cell, date):
        return cell.isoformat()
    return cell_text(cell)
