"""A `date` trigger: which values of a date column fall due in a span of days. Pure.

A record is due `amount` days (or working days, Monday to Friday) before or after the date in its column, at a time of
day in a zone; with `yearly`, at every anniversary of that date.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import msgspec

from ruleyard.core.errors import Problem
from ruleyard.core.graph import DateTrigger, Schedule
from ruleyard.core.schedule_check import problems as schedule_problems

MOST_DAYS: Final = 366
_DAY: Final = timedelta(days=1)


class Due(msgspec.Struct, frozen=True):
    """Values of the column. `yearly`: only their month and day count, as (month, day)."""

    dates: tuple[date, ...] = ()
    yearly: tuple[tuple[int, int], ...] = ()


def schedule_of(trigger: DateTrigger) -> Schedule:
    """The moments at which it looks: once a day. Days that were missed are looked at with the next one."""
    return Schedule("day", trigger.zone, at=trigger.at)


def due_day(trigger: DateTrigger, day: date) -> date:
    """On which day a record with this date is due."""
    step = -_DAY if trigger.side == "before" else _DAY
    if trigger.unit == "days":
        return day + step * trigger.amount
    for _ in range(trigger.amount):
        day += step
        while day.weekday() > 4:
            day += step
    return day


def due_between(trigger: DateTrigger, since: date, until: date) -> Due:
    """The values that are due after the day `since`, up to and with `until`."""
    reach = timedelta(days=trigger.amount * 7 // 5 + 7)
    day, last = since - reach, until + reach
    found: list[date] = []
    while day <= last:
        if since < due_day(trigger, day) <= until:
            found.append(day)
        day += _DAY
    if not trigger.yearly:
        return Due(tuple(found))
    days = {(one.month, one.day) for one in found}
    if any((one.month, one.day) == (2, 28) and (one + _DAY).day == 1 for one in found):
        days.add((2, 29))
    return Due(yearly=tuple(sorted(days)))


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
