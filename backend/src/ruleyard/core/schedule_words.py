"""A schedule as English words: `every weekday at 09:00 (Europe/Moscow)`. Pure."""

from __future__ import annotations

from typing import Final

from ruleyard.core.graph import Schedule

_DAY_NAMES: Final = {
    "mon": "Monday",
    "tue": "Tuesday",
    "wed": "Wednesday",
    "thu": "Thursday",
    "fri": "Friday",
    "sat": "Saturday",
    "sun": "Sunday",
}
_DAYS_OFF: Final = {
    "run": "",
    "skip": ", on working days only",
    "before": ", or the working day before it",
    "after": ", or the working day after it",
}
_NTH: Final = {1: "first", 2: "second", 3: "third", 4: "fourth", -1: "last"}


def describe(schedule: Schedule) -> str:
    """The schedule as words, with its zone, and what happens on days off."""
    return _alone(schedule) + _DAYS_OFF[schedule.days_off]


def _alone(schedule: Schedule) -> str:
    zone = f" ({schedule.zone})"
    if schedule.repeat in ("minutes", "hours"):
        hours = f" from {schedule.between[0]} to {schedule.between[1]}" if schedule.between else ""
        days = f" on {_list(_names(schedule))}" if schedule.days else ""
        return f"{_every(schedule, schedule.repeat.removesuffix('s'))}{hours}{days}{zone if hours or days else ''}"
    if schedule.repeat == "cron":
        return f"by cron {schedule.cron}{zone}"
    since = f", from {schedule.start} on" if schedule.start else ""
    return f"{_when(schedule)} at {schedule.at}{since}{zone}"


def _when(schedule: Schedule) -> str:
    match schedule.repeat:
        case "rrule":
            return f"by {schedule.rrule}"
        case "week":
            days = _list(_names(schedule))
            return f"every {days}" if (schedule.every or 1) == 1 else f"{_every(schedule, 'week')} on {days}"
        case "month":
            return f"on {_day_of_month(schedule)} of {_every(schedule, 'month')}"
        case repeat:
            return _every(schedule, repeat)


def _every(schedule: Schedule, one: str) -> str:
    every = schedule.every or 1
    return f"every {one}" if every == 1 else f"every {every} {one}s"


def _day_of_month(schedule: Schedule) -> str:
    if schedule.nth is not None:
        return f"the {_NTH[schedule.nth]} {_list(_names(schedule), 'or')}"
    return "the last day" if schedule.day == -1 else f"day {schedule.day}"


def _names(schedule: Schedule) -> list[str]:
    return [_DAY_NAMES[day] for day in _DAY_NAMES if day in schedule.days]


def _list(names: list[str], join: str = "and") -> str:
    return f"{', '.join(names[:-1])} {join} {names[-1]}" if len(names) > 1 else "".join(names)
