"""The best name of a record for people: "Ann Lee" rather than 41. Pure; guesses from column names only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ruleyard.core.types import JSON

_WHOLE: Final = ("name", "full_name", "display_name", "title", "label", "subject", "company", "company_name")
_FIRST: Final = ("first_name", "firstname", "given_name")
_LAST: Final = ("last_name", "lastname", "surname", "family_name")
_LATE: Final = ("email", "phone", "code", "number", "reference")
_MOST: Final = 120
LABELS: Final = frozenset({*_WHOLE, *_FIRST, *_LAST, *_LATE})
"""The columns that a name may be made of."""


def _text(record: Mapping[str, JSON], names: tuple[str, ...]) -> str:
    for name in names:
        value = record.get(name)
        if isinstance(value, str) and value.strip():
            return value.strip()[:_MOST]
    return ""


def record_label(record: Mapping[str, JSON] | None) -> str:
    """A name, a title, first and last name, or an e-mail address; "" where the record has none of them."""
    if not record:
        return ""
    whole = _text(record, _WHOLE)
    if whole:
        return whole
    person = f"{_text(record, _FIRST)} {_text(record, _LAST)}".strip()
    return person or _text(record, _LATE)


def item_label(item: JSON) -> str:
    """What an item of a list is called: a record by its name, a plain value by itself."""
    if isinstance(item, dict):
        plain = (str(one) for one in item.values() if isinstance(one, str | int | float) and str(one).strip())
        return record_label(item) or next(plain, "")[:_MOST]
    return "" if item is None or isinstance(item, list) else str(item)[:_MOST]
