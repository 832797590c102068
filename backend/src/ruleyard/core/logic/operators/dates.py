"""Dates: date_add, date_diff, date_part. ISO text in, UTC text out; a moment without a zone is UTC.

Years 1 to 9999. Null in, null out; text that is no date is an error.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from ruleyard.core.logic.budget import Broken, Budget
from ruleyard.core.logic.dialect import DATE_PARTS, DATE_UNITS
from ruleyard.core.logic.moments import OUTSIDE, add_months, moment_text, read_date
from ruleyard.core.logic.operators.base import Pure
from ruleyard.core.logic.tree import Fn, Literal, Wrap
from ruleyard.core.logic.typecheck import Scope, Type
from ruleyard.core.logic.types import of, union
from ruleyard.core.logic.values import number_of, shown
from ruleyard.core.types import JSON
from ruleyard.core.zones import zone_of

_SECONDS: Final = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86_400, "weeks": 604_800}
_PARTS: Final = {"date": of("date"), "time": of("time")}
"""The parts that are no numbers."""


def _word(value: JSON, words: tuple[str, ...], at: str) -> str:
    if isinstance(value, str) and value in words:
        return value
    raise Broken(at, "bad-arguments", f"{shown(value)} is not one of {', '.join(words)}.")


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
                self.fail("bad-date", OUTSIDE)
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


def _zone(value: JSON, at: str) -> ZoneInfo:
    zone = zone_of(value) if isinstance(value, str) else None
    if zone is None:
        raise Broken(at, "bad-arguments", f"{shown(value)} is not a time zone.")
    return zone


def _part(moment: datetime, part: str) -> JSON:
    match part:
        case "weekday":
            return moment.isoweekday()
        case "date":
            return f"{moment.year:04d}-{moment:%m-%d}"
        case "time":
            return f"{moment:%H:%M:%S}"
        case _:
            return int(getattr(moment, part))


class DatePart(Pure):
    """A date without a time has no zone: only a moment is brought into the one that is named."""

    def compile(self, wrap: Wrap) -> Fn:
        date_fn, part_fn, *zone_fns = self.children(wrap)
        at = self.path

        def run(data: JSON, budget: Budget) -> JSON:
            date, part_value = date_fn(data, budget), part_fn(data, budget)
            zone_values = [zone_fn(data, budget) for zone_fn in zone_fns]
            if date is None:
                return None
            moment, whole_day = read_date(date, at)
            part = _word(part_value, DATE_PARTS, at)
            for zone in [_zone(value, at) for value in zone_values]:
                if not whole_day:
                    try:
                        moment = moment.astimezone(zone)
                    except OverflowError:
                        self.fail("bad-date", OUTSIDE)
            return _part(moment, part)

        return run

    def typecheck(self, context: Scope) -> Type:
        super().typecheck(context)
        part = self.args[1]
        found = _PARTS.get(part.value) if isinstance(part, Literal) and isinstance(part.value, str) else None
        made = found or (
            of("number") if isinstance(part, Literal) else union([of("number"), *_PARTS.values()])
        )
        return context.keeps_null(self, context.words(self, 1, DATE_PARTS, made))
