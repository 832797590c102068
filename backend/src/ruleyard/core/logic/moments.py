"""Dates and moments as text: reading, writing, moving by months. Years 1 to 9999; a moment without a zone is UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from ruleyard.core.logic.budget import MAX_NUMBER, Broken
from ruleyard.core.logic.values import shown
from ruleyard.core.types import JSON

_ISO: Final = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6})\d*)?)?(Z|[+-]\d\d(?::?\d\d)?)?)?",
    re.ASCII,
)

_FAR: Final = re.compile(r"[+-]?infinity|\d{5,}-\d\d-\d\d.{0,30}|\d{4,}-\d\d-\d\d.{0,30} BC", re.ASCII)
"""What PostgreSQL also calls dates, and no calendar of ours holds."""

OUTSIDE: Final = "The date falls outside the years 1 to 9999."


def read_date(value: JSON, at: str) -> tuple[datetime, bool]:
    """A moment in UTC and whether it was written as a date. Raises Broken(bad-date)."""
    match = _ISO.fullmatch(value) if isinstance(value, str) and len(value) <= MAX_NUMBER else None
    if match:
        year, month, day, hour, minute, second, fraction, zone = match.groups()
        try:
            moment = datetime(
                int(year),
                int(month),
                int(day),
                int(hour or 0),
                int(minute or 0),
                int(second or 0),
                int((fraction or "").ljust(6, "0") or 0),
                UTC,
            )
            if zone and zone != "Z":
                digits = zone[1:].replace(":", "").ljust(4, "0")
                if int(digits[:2]) > 23 or int(digits[2:]) > 59:
                    raise ValueError(zone)
                shift = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
                moment = moment - shift if zone[0] == "+" else moment + shift
            return moment, hour is None
        except (ValueError, OverflowError):
            pass
    if isinstance(value, str) and len(value) <= MAX_NUMBER and _FAR.fullmatch(value):
        raise Broken(at, "bad-date", OUTSIDE)
    raise Broken(at, "bad-date", f"{shown(value)} is not a date.")


def is_date(text: str) -> bool:
    """Can `read_date` read it?"""
    try:
        read_date(text, "")
    except Broken:
        return False
    return True


def moment_text(moment: datetime) -> str:
    """UTC text as PostgreSQL's to_jsonb writes it."""
    fraction = f".{moment.microsecond:06d}".rstrip("0") if moment.microsecond else ""
    return f"{moment.year:04d}-{moment:%m-%dT%H:%M:%S}{fraction}+00:00"


def _last_day(year: int, month: int) -> int:
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 29 if month == 2 and leap else (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]


def add_months(moment: datetime, months: int) -> datetime:
    """Raises ValueError outside the years 1 to 9999."""
    year, month0 = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise ValueError(year)
    return moment.replace(year=year, month=month0 + 1, day=min(moment.day, _last_day(year, month0 + 1)))
