"""JSON as PostgreSQL writes it, read so that one odd number stops nothing. Pure."""

from __future__ import annotations

import json
import re
from typing import Final

import msgspec

from ruleyard.core.types import JSON

MOST_DIGITS: Final = 4_300
"""sys.get_int_max_str_digits() as it is unless somebody changes it; PostgreSQL's numeric holds 131,072."""


def decode(value: str | None) -> JSON:
    """jsonb text as Python; a number that Python has none for stays text, so that one odd row stops nothing."""
    if value is None:
        return None
    try:
        found: JSON = msgspec.json.decode(value)
    except msgspec.DecodeError:
        found = json.loads(value, parse_float=big_number, parse_int=big_integer)
    return found


def big_number(digits: str) -> float | str:
    number = float(digits)
    return digits if number in (float("inf"), float("-inf")) else number


def big_integer(digits: str) -> int | str:
    return int(digits) if len(digits) <= MOST_DIGITS else digits


_NUL: Final = re.compile(rb"(?<!\\)((?:\\\\)*)\\u0000")


def without_nul(encoded: bytes) -> bytes:
    """JSON that jsonb takes: the other side's words may hold NUL, PostgreSQL's text may not."""
    return _NUL.sub(rb"\1\\ufffd", encoded) if b"u0000" in encoded else encoded
