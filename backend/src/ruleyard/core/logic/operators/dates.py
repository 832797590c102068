"""Dates: date_add, date_diff, date_part. Data are ISO text; a moment without a zone is UTC; results are UTC text.

Years 1 to 9999. Null in, null out; text that is no date is an error.
"""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, timedelta
from typing import Final

from ruleyard.core.logic.budget import MAX_NUMBER, Broken, Budget
from ruleyard.core.logic.dialect import DATE_PARTS, DATE_UNITS
from ruleyard.core.logic.operators.base import Pure
from ruleyard.core.logic.tree import Fn, Wrap
from ruleyard.core.logic.typecheck import Scope, Type
from ruleyard.core.logic.values import number_of, shown
from ruleyard.core.types import JSON

_ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6})\d*)?)?(Z|[+-]\d\d(?::?\d\d)?)?)?",
    re.ASCII,
)

_SECONDS: Final = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86_400, "weeks": 604_800}


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
    raise Broken(at, "bad-date", f"{shown(value)} is not a date.")


def moment_text(moment: datetime) -> str:
    """UTC text as PostgreSQL's to_jsonb writes it."""
    fraction = f".{moment.microsecond:06d}".rstrip("0") if moment.microsecond else ""
    return f"{moment.year:04d}-{moment:%m-%dT%H:%M:%S}{fraction}+00:00"


def _word(value: JSON, words: tuple[str, ...], at: str) -> str:
    if isinstance(value, str) and value in words:
        return value
    raise Broken(at, "bad-arguments", f"{shown(value)} is not one of {', '.join(words)}.")


def _last_day(year: int, month: int) -> int:
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 29 if month == 2 and leap else (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]


def add_months(moment: datetime, months: int) -> datetime:
    """Raises ValueError outside the years 1 to 9999."""
    year, month0 = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise ValueError(year)
    return moment.replace(year=year, month=month0 + 1, day=min(moment.day, _last_day(year, month0 + 1)))


class DateAdd(Pure):
    def compile(self, wrap: Wrap) -> Fn:
        date_fn, amount_fn, unit_fn = self.children(wrap)
        at = self.path

        def run(data: JSON, budget: Budget) -> JSON:
            date, amount, unit_value = date_fn(data, budget), amount_fn(data, budget), unit_fn(data, budget)
            if date is None or amount is None:
                return None
            moment, whole_day = read_date(date, at)
            count, unit = math.trunc(number_of(amount, at)), _word(unit_value, DATE_UNITS, at)
            try:
                if unit in _SECONDS:
                    moment += timedelta(seconds=count * _SECONDS[unit])
                else:
                    moment = add_months(moment, count * (12 if unit == "years" else 1))
            except (ValueError, OverflowError):
                self.fail("bad-date", "The date falls outside the years 1 to 9999.")
            text = moment_text(moment)
            return text[:10] if whole_day and unit in ("days", "weeks", "months", "years") else text

        return run

    def typecheck(self, context: Scope) -> Type:
        return context.keeps_null(self, context.words(self, 2, DATE_UNITS, super().typecheck(context)))


class DateDiff(Pure):
    def compile(self, wrap: Wrap) -> Fn:
        to_fn, from_fn, unit_fn = self.children(wrap)
        at = self.path

        def run(data: JSON, budget: Budget) -> JSON:
            to, since, unit_value = to_fn(data, budget), from_fn(data, budget), unit_fn(data, budget)
            if to is None or since is None:
                return None
            end, start = read_date(to, at)[0], read_date(since, at)[0]
            unit = _word(unit_value, DATE_UNITS, at)
            if unit in _SECONDS:
                micros = (end - start) // timedelta(microseconds=1)
                whole = abs(micros) // (_SECONDS[unit] * 1_000_000)
                return -whole if micros < 0 else whole
            early, late, sign = (start, end, 1) if end >= start else (end, start, -1)
            months = (late.year - early.year) * 12 + late.month - early.month
            if (late.day, late.time()) < (early.day, early.time()):
                months -= 1
            return sign * (months // 12 if unit == "years" else months)

        return run

    def typecheck(self, context: Scope) -> Type:
        return context.keeps_null(self, context.words(self, 2, DATE_UNITS, super().typecheck(context)))


class DatePart(Pure):
    def compile(self, wrap: Wrap) -> Fn:
        date_fn, part_fn = self.children(wrap)
        at = self.path

        def run(data: JSON, budget: Budget) -> JSON:
            date, part_value = date_fn(data, budget), part_fn(data, budget)
            if date is None:
                return None
            moment = read_date(date, at)[0]
            part = _word(part_value, DATE_PARTS, at)
            return moment.isoweekday() if part == "weekday" else int(getattr(moment, part))

        return run

    def typecheck(self, context: Scope) -> Type:
        return context.keeps_null(self, context.words(self, 1, DATE_PARTS, super().typecheck(context)))
