"""PDF: a table over pages, its head on each of them, numbered, in every language that our fonts write. Pure bytes."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any, Final

from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas

from ruleyard.actions.report.cells import YES_NO, Cell, cell_text, without_control
from ruleyard.actions.report.fonts import load_letters
from ruleyard.actions.report.lines import broken, longest_word

ROWS: Final = 10_000
COLUMNS: Final = 20
_MARGIN: Final = 36.0
_SIZE: Final = 8.0
_TITLE: Final = 14.0
_LEADING: Final = 10.0
_PAD: Final = 3.0
_LINES: Final = 6
"""A cell has at most so many lines; a longer text ends in an ellipsis."""
_WIDEST: Final = 220.0
_NARROWEST: Final = 24.0
_WORDS: Final = tuple(range(int(_WIDEST), int(_NARROWEST) - 1, -4))
"""How wide a word may be and stay whole: the widest of these for which there is room."""
_LOOKED_AT: Final = 300
_WIDE_FROM: Final = 6
"""So many columns lay the page on its side."""


class PdfFile:
    """Rows in, bytes out. `made`: when, as it stands below the title. `language`: of its readers."""

    def __init__(self, title: str, labels: Sequence[str], made: str, language: str = "en") -> None:
        self._yes_no = YES_NO.get(language, YES_NO["en"])
        self._plain, self._bold = load_letters()
        self._buffer = io.BytesIO()
        self._page = landscape(A4) if len(labels) >= _WIDE_FROM else A4
        self._canvas: Any = Canvas(self._buffer, pagesize=self._page, pageCompression=1)
        self._canvas.setTitle(title)
        self._canvas.setCreator("Ruleyard")
        self._title = without_control(title)
        self._made = made
        self._labels = [without_control(label) for label in labels]
        self._widths: list[float] = []
        self._right = [False] * len(labels)
        self._pages: list[dict[str, Any]] = []
        self._y = 0.0
        self._drawn = 0

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        ready = [[_shown(cell, self._yes_no) for cell in row] for row in rows]
        if not self._widths:
            seen = ready[:_LOOKED_AT]
            self._right = [_numbers(row[column] for row in seen) for column in range(len(self._labels))]
            self._begin([[text for text, _ in row] for row in seen])
        for row in ready:
            self._draw(row)

    @property
    def size_bytes(self) -> int:
        """So far, unpacked and with the fonts: about."""
        return self._drawn // 3

    def close(self) -> bytes:
        if not self._widths:
            self._begin([])
        self._pages.append(dict(self._canvas.__dict__))
        for number, page in enumerate(self._pages, 1):
            self._canvas.__dict__.update(page)
            self._text(f"{number} / {len(self._pages)}", self._page[0] - _MARGIN, _MARGIN - 16, right=True)
            self._canvas.showPage()
        self._canvas.save()
        return self._buffer.getvalue()

    def discard(self) -> None:
        """Nothing to clear away."""

    def _begin(self, rows: Sequence[Sequence[str]]) -> None:
        self._widths = self._fit(rows)
        self._y = self._page[1] - _MARGIN
        for line in broken(self._bold, self._title, _TITLE, self._page[0] - 2 * _MARGIN, 3):
            self._y -= _TITLE + 2
            self._text(line, _MARGIN, self._y, size=_TITLE, bold=True)
        self._y -= _LEADING + 2
        self._text(self._made, _MARGIN, self._y, grey=0.4)
        self._y -= 10
        self._head()

    def _fit(self, rows: Sequence[Sequence[str]]) -> list[float]:
        """Each column as wide as its longest text of the first rows; all of them together as wide as the page.

        What is over goes to the long texts. Where there is too little, words stay whole as long as that is possible.
        """
        room = self._page[0] - 2 * _MARGIN
        long, words = [], []
        for column, label in enumerate(self._labels):
            texts = [row[column] for row in rows]
            more = [self._plain.width(text, _SIZE) for text in texts]
            long.append(_padded(max([self._bold.width(label, _SIZE), *more])))
            word = max((longest_word(self._plain, text, _SIZE) for text in texts), default=0.0)
            words.append(_padded(max(longest_word(self._bold, label, _SIZE), word)))
        wanted = [min(width, _WIDEST) for width in long]
        if sum(wanted) <= room:
            wanted = _between(wanted, long, room)
            whole = sum(wanted)
            return wanted if whole < room * 0.6 else [width * room / whole for width in wanted]
        for most in _WORDS:
            least = [min(word, width, most) for word, width in zip(words, wanted, strict=True)]
            if sum(least) <= room:
                return _between(least, wanted, room)
        return [room / len(wanted)] * len(wanted)

    def _head(self) -> None:
        cells = [
            broken(self._bold, label, _SIZE, width - 2 * _PAD, 3)
            for label, width in zip(self._labels, self._widths, strict=True)
        ]
        height = max(map(len, cells), default=1) * _LEADING + 2 * _PAD
        canvas = self._canvas
        canvas.setFillGray(0.92)
        canvas.rect(_MARGIN, self._y - height, sum(self._widths), height, stroke=0, fill=1)
        self._row(cells, self._right, height, bold=True)

    def _draw(self, row: Sequence[tuple[str, bool]]) -> None:
        cells = [
            broken(self._plain, text, _SIZE, width - 2 * _PAD, _LINES)
            for (text, _), width in zip(row, self._widths, strict=True)
        ]
        height = max(max(map(len, cells), default=1), 1) * _LEADING + 2 * _PAD
        if self._y - height < _MARGIN:
            self._pages.append(dict(self._canvas.__dict__))
            self._canvas._startPage()
            self._y = self._page[1] - _MARGIN
            self._head()
        self._row(cells, [right for _, right in row], height, bold=False)

    def _row(
        self, cells: Sequence[Sequence[str]], right: Sequence[bool], height: float, *, bold: bool
    ) -> None:
        x = _MARGIN
        for lines, aligned, width in zip(cells, right, self._widths, strict=True):
            y = self._y - _PAD - _SIZE
            for line in lines:
                at = x + width - _PAD if aligned else x + _PAD
                self._text(line, at, y, bold=bold, right=aligned)
                y -= _LEADING
            x += width
        self._y -= height
        self._canvas.setStrokeGray(0.8)
        self._canvas.setLineWidth(0.4)
        self._canvas.line(_MARGIN, self._y, x, self._y)

    def _text(
        self,
        text: str,
        x: float,
        y: float,
        *,
        size: float = _SIZE,
        bold: bool = False,
        right: bool = False,
        grey: float = 0.0,
    ) -> None:
        letters = self._bold if bold else self._plain
        self._drawn += len(text) * 8
        line = self._canvas.beginText(x - letters.width(text, size) if right else x, y)
        line.setFillGray(grey)
        for font, part in letters.stretches(text):
            line.setFont(font, size)
            line.textOut(part)
        self._canvas.drawText(line)


def _numbers(cells: Iterable[tuple[str, bool]]) -> bool:
    """Is there a number, and nothing else?"""
    filled = [right for text, right in cells if text]
    return bool(filled) and all(filled)


def _padded(width: float) -> float:
    return max(width + 2 * _PAD + 1, _NARROWEST)


def _between(least: Sequence[float], most: Sequence[float], room: float) -> list[float]:
    """Widths from `least` towards `most`, all in proportion, as far as there is room."""
    missing = sum(most) - sum(least)
    part = min(1.0, (room - sum(least)) / missing) if missing > 0 else 0.0
    return [low + (high - low) * part for low, high in zip(least, most, strict=True)]


def _shown(cell: Cell, yes_no: tuple[str, str]) -> tuple[str, bool]:
    """The text, and whether it stands on the right as numbers do."""
    number = isinstance(cell, int | float) and not isinstance(cell, bool)
    return without_control(cell_text(cell, yes_no)).replace("\t", " "), number
