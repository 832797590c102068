"""A `date` trigger: which values of a date column fall due in a span of days. Pure.

A record is due `amount` days (or working days of a calendar) before or after the date in its column, at a time of day
in a zone; with `yearly`, at every anniversary of that date.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

import msgspec

from ruleyard.core.calendars import Timetable, usual_timetable
from ruleyard.core.errors import Problem
from ruleyard.core.graph import DateTrigger, Schedule
from ruleyard.core.schedule_check import problems as schedule_problems

MOST_DAYS: Final = 366
_DAY: Final = timedelta(days=1)
LATELY: Final = timedelta(days=30)


class Due(msgspec.Struct, frozen=True):
    """Values of the column. `yearly`: only their month and day count, as (month, day)."""

    dates: tuple[date, ...] = ()
    yearly: tuple[tuple[int, int], ...] = ()


class Span(msgspec.Struct, frozen=True):
    """Days after `since`, up to and with `until`."""

    since: date
    until: date


def schedule_of(trigger: DateTrigger) -> Schedule:
    """The moments at which it looks: once a day. Days that were missed are looked at with the next one."""
    return Schedule("day", trigger.zone, at=trigger.at)


def due_day(trigger: DateTrigger, day: date, working: Timetable | None = None) -> date:
    """On which day a record with this date is due. `working`: whose days count; else Monday to Friday."""
    back = trigger.side == "before"
    count = -trigger.amount if back else trigger.amount
    if trigger.unit == "days":
        return day + _DAY * count
    return (working or usual_timetable(trigger.zone)).shift(day, count)


def passed_span(trigger: DateTrigger, today: date, next_day: date, working: Timetable | None = None) -> Span:
    """The days on which records fell due that nobody looks at from now on, but that a person may still want a run for.

    `today`: by its zone; `next_day`: the first day that will be looked at. Before a date: those whose date has not
    passed. After it: those of the last `LATELY` days. Empty where `since` is not before `until`.
    """
    until = next_day - _DAY
    if trigger.side == "before" or trigger.amount == 0:
        return Span(due_day(trigger, today, working) - _DAY, until)
    return Span(until - LATELY, until)


def due_between(trigger: DateTrigger, since: date, until: date, working: Timetable | None = None) -> Due:
    """The values that are due after the day `since`, up to and with `until`."""
    found = sorted(_dates(trigger, since, until, working or usual_timetable(trigger.zone)))
    if not trigger.yearly:
        return Due(tuple(found))
    days = {(one.month, one.day) for one in found}
    if any((one.month, one.day) == (2, 28) and (one + _DAY).day == 1 for one in found):
        days.add((2, 29))
    return Due(yearly=tuple(sorted(days)))


def _dates(trigger: DateTrigger, since: date, until: date, working: Timetable) -> Iterator[date]:
    """Working days: all dates from one working day up to the next fall due on the same one."""
    amount, back = trigger.amount, trigger.side == "before"
    due = since + _DAY
    while due <= until:
        if trigger.unit == "days" or amount == 0:
            yield due + _DAY * (amount if back else -amount)
        elif working.is_working(due):
            near = working.shift(due, amount - 1 if back else 1 - amount)
            far = working.shift(near, 1 if back else -1)
            yield from _days(near + _DAY, far) if back else _days(far, near - _DAY)
        due += _DAY


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += _DAY


def problems(trigger: DateTrigger, path: str) -> tuple[Problem, ...]:
    """What is wrong with it; `path` is that of the node."""
    found = [*schedule_problems(schedule_of(trigger), path)]
    if not 0 <= trigger.amount <= MOST_DAYS:
        words = f"0 to {MOST_DAYS} days."
        found.append(Problem("bad-schedule", f"{path}/amount", words, args={"part": "every"}))
    return tuple(found)


def words_of(trigger: DateTrigger) -> str:
    """`3 working days before renewal on, at 09:00 (Asia/Seoul)`."""
    column = trigger.column.replace("_", " ")
    unit = trigger.unit.replace("_", " ")
    unit = unit.removesuffix("s") if trigger.amount == 1 else unit
    when = f"on {column}" if trigger.amount == 0 else f"{trigger.amount} {unit} {trigger.side} {column}"
    every = ", every year" if trigger.yearly else ""
    return f"{when}{every}, at {trigger.at} ({trigger.zone})"
