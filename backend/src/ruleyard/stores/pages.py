"""Keyset pages: a cursor is where the last page ended, opaque to clients. Never an offset.

Knows nothing of what is listed.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

import msgspec

from ruleyard.core.errors import Invalid

T = TypeVar("T")
U = TypeVar("U")
MOST: Final = 100


@dataclass(frozen=True)
class Page(Generic[T]):
    """`next` is the cursor of the following page, None on the last one."""

    items: tuple[T, ...]
    next: str | None

    def map(self, change: Callable[[T], U]) -> Page[U]:
        return Page(tuple(change(item) for item in self.items), self.next)


def limited(limit: int) -> int:
    """Between 1 and 100."""
    return max(1, min(limit, MOST))


def page(rows: Sequence[T], limit: int, place: Callable[[T], Sequence[object]]) -> Page[T]:
    """A page of at most `limit` of `rows`, which were read with `limit + 1`; `place` is a row's sort key."""
    kept = tuple(rows[:limit])
    more = len(rows) > limit and bool(kept)
    return Page(kept, encode(place(kept[-1])) if more else None)


def encode(place: Sequence[object]) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(list(place))).rstrip(b"=").decode()


def decode(cursor: str | None, shape: type[T]) -> T | None:
    """The place of a cursor as `shape` (a tuple type). Invalid where it is not one of this list's cursors."""
    if not cursor:
        return None
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        return msgspec.json.decode(raw, type=shape)
    except (msgspec.MsgspecError, binascii.Error, ValueError):
        raise Invalid(
            "This cursor is not one of this list. Start again without `cursor`.", code="bad-cursor"
        ) from None
