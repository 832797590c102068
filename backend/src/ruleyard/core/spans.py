"""Which of many ranges does a point fall in? Ranges of whole numbers, added and taken away one by one.

A range with both ends lies in the cells of a grid as wide as itself, so that a point looks into two cells for each
width there is; a range with one end lies in a sorted list. Knows nothing of rules or values.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from operator import itemgetter
from typing import Generic, TypeVar

Item = TypeVar("Item")
_first = itemgetter(0)


class Spans(Generic[Item]):
    """Ranges with both ends inside; None is open."""

    def __init__(self) -> None:
        self._cells: dict[int, dict[int, list[tuple[int, int, Item]]]] = {}
        self._from: list[tuple[int, Item]] = []
        self._to: list[tuple[int, Item]] = []
        self._everywhere: list[Item] = []
        self.size = 0

    def add(self, low: int | None, high: int | None, item: Item) -> None:
        self.size += 1
        if low is None and high is None:
            self._everywhere.append(item)
        elif high is None:
            assert low is not None  # noqa: S101
            insort(self._from, (low, item), key=_first)
        elif low is None:
            insort(self._to, (high, item), key=_first)
        else:
            level = max(0, high - low).bit_length()
            cell = self._cells.setdefault(level, {}).setdefault(low >> level, [])
            cell.append((low, high, item))

    def remove(self, low: int | None, high: int | None, item: Item) -> None:
        """One that was added with these ends."""
        self.size -= 1
        if low is None and high is None:
            self._everywhere.remove(item)
        elif high is None:
            assert low is not None  # noqa: S101
            _take(self._from, low, item)
        elif low is None:
            _take(self._to, high, item)
        else:
            level = max(0, high - low).bit_length()
            cells = self._cells[level]
            cells[low >> level].remove((low, high, item))
            if not cells[low >> level]:
                del cells[low >> level]
                if not cells:
                    del self._cells[level]

    def at(self, point: int, found: list[Item]) -> None:
        """Adds the items of every range that the point falls in, each as often as it was added."""
        if self._everywhere:
            found += self._everywhere
        if self._from:
            found += [item for _, item in self._from[: bisect_right(self._from, point, key=_first)]]
        if self._to:
            found += [item for _, item in self._to[bisect_left(self._to, point, key=_first) :]]
        for level, cells in self._cells.items():
            here = point >> level
            for cell in (here - 1, here):
                if cell in cells:
                    found += [item for low, high, item in cells[cell] if low <= point <= high]


def _take(ends: list[tuple[int, Item]], end: int, item: Item) -> None:
    at = bisect_left(ends, end, key=_first)
    while ends[at][1] is not item:
        at += 1
    del ends[at]
