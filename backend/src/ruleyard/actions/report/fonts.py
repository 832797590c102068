"""The letters of a PDF report: fonts that come with Ruleyard, so that a fresh machine writes every language we speak.

Each stretch of a text is set in the first font that has its letters. What none has becomes a box. Their licences:
`fonts/README.md`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

_FOLDER: Final = Path(__file__).parent / "fonts"
_MISSING: Final = "□"


@dataclass(frozen=True)
class Letters:
    """A typeface and, for letters that it has not, the one behind it."""

    fonts: tuple[Any, ...]
    _places: dict[str, int] = field(default_factory=dict)
    _widths: dict[str, float] = field(default_factory=dict)

    def width(self, text: str, size: float) -> float:
        """In points, at a size in points."""
        return size * sum(map(self._width, text))

    def stretches(self, text: str) -> Iterator[tuple[str, str]]:
        """The text cut where the font changes, in order: the font's name and the part."""
        places = [self._place(letter) for letter in text]
        begun = 0
        for index in range(1, len(text) + 1):
            if index == len(text) or max(places[index], 0) != max(places[begun], 0):
                part = "".join(
                    letter if place >= 0 else _MISSING
                    for letter, place in zip(text[begun:index], places[begun:index], strict=True)
                )
                yield self.fonts[max(places[begun], 0)].fontName, part
                begun = index

    def _place(self, letter: str) -> int:
        found = self._places.get(letter)
        if found is None:
            code = ord(letter)
            found = next((i for i, font in enumerate(self.fonts) if code in font.face.charToGlyph), -1)
            self._places[letter] = found
        return found

    def _width(self, letter: str) -> float:
        found = self._widths.get(letter)
        if found is None:
            place = self._place(letter)
            face = self.fonts[max(place, 0)].face
            found = face.getCharWidth(ord(letter if place >= 0 else _MISSING)) / 1000
            self._widths[letter] = found
        return found


@cache
def load_letters() -> tuple[Letters, Letters]:
    """Plain and bold, read once: reportlab knows fonts by name, and keeps what a document uses of them by document."""
    plain, bold, far = (
        TTFont(f"ruleyard-{name}", _FOLDER / f"{name}.ttf") for name in ("plain", "bold", "far-eastern")
    )
    for font in (plain, bold, far):
        pdfmetrics.registerFont(font)
    return Letters((plain, far)), Letters((bold, far))
