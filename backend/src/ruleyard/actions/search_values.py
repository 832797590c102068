"""What a value of a run is to a column of some kind: the operator and the parameter that PostgreSQL compares it with.

A date or moment written as PostgreSQL writes it is compared as such, so that indexes serve; that is the same order as
that of the texts. Anything else is compared as text. Pure.
"""

from __future__ import annotations

import math
import re
from datetime import date, datetime
from typing import Final, NamedTuple

from ruleyard.actions.failure import ActionFailed
from ruleyard.core.logic.budget import Broken
from ruleyard.core.logic.values import number_of
from ruleyard.core.types import JSON

BIGGEST: Final = 2**63 - 1
_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_LOCAL: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{0,5}[1-9])?", re.ASCII)


class Against(NamedTuple):
    """`relation` of the column to `value`, as PostgreSQL's type `kind` reads it."""

    relation: str
    value: str
    kind: str


def number_against(relation: str, value: JSON, *, what: str) -> float:
    """The number that a value counts as in an order. ActionFailed where it is none."""
    try:
        return number_of(value, "")
    except Broken as error:
        raise ActionFailed(
            f"“{what}” is a number and cannot be put in order with this: {error.error.message}",
            code="not-a-number",
            args={"column": what},
        ) from None


def whole_against(relation: str, value: float) -> Against | bool:
    """Of a column of whole numbers; True or False where every one of them is so."""
    if relation in ("<", ">="):
        bound = math.ceil(value)
    elif relation in ("<=", ">"):
        bound = math.floor(value)
    elif value != math.floor(value):
        return False
    else:
        bound = int(value)
    if abs(bound) > BIGGEST:
        return False if relation == "=" else (bound > 0) is (relation in ("<", "<="))
    return Against(relation, str(bound), "int8")


def moment_against(kind: str, relation: str, text: str) -> Against | bool | None:
    """Of a column of dates (`date`), local times (`timestamp`) or moments; None where the text is no such thing."""
    if _is_day(text):
        if kind == "date":
            return Against(relation, text, "date")
        return _past(relation, text, "timestamptz" if kind == "moment" else "timestamp", before=False)
    local = text.removesuffix("+00:00")
    if not _is_local(local):
        return None
    zoned = local != text
    if kind == "date":
        return _past(relation, local[:10], "date", before=True)
    if zoned == (kind == "moment"):
        return Against(relation, text, "timestamptz" if zoned else "timestamp")
    if kind == "timestamp":
        return _past(relation, local, "timestamp", before=True)
    return _past(relation, f"{local}+00:00", "timestamptz", before=False)


def _past(relation: str, text: str, kind: str, *, before: bool) -> Against | bool:
    """One text begins with the other: they are never alike, and the shorter one comes first.

    `before`: the column's is the shorter one.
    """
    if relation == "=":
        return False
    smaller = relation in ("<", "<=")
    if before:
        return Against("<=" if smaller else ">", text, kind)
    return Against("<" if smaller else ">=", text, kind)


def _is_day(text: str) -> bool:
    if not _DAY.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_local(text: str) -> bool:
    if not _LOCAL.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def is_uuid(text: str) -> bool:
    return _UUID.fullmatch(text) is not None


def fits(text: str) -> bool:
    """Can PostgreSQL hold this text at all?"""
    if "\0" in text:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def writable(value: JSON) -> bool:
    """Does no text in it have what PostgreSQL cannot hold?"""
    if isinstance(value, str):
        return fits(value)
    if isinstance(value, dict):
        return all(fits(key) and writable(one) for key, one in value.items())
    return not isinstance(value, list) or all(map(writable, value))
