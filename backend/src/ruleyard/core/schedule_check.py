"""What is wrong with a schedule, in words. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Final

from cronsim import CronSim, CronSimError
from dateutil.rrule import rrulestr

from ruleyard.core.errors import Problem
from ruleyard.core.graph import Schedule
from ruleyard.core.schedule import clock_of, counts_from_start
from ruleyard.core.types import JSON
from ruleyard.core.zones import zone_of

_AT: Final = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])", re.ASCII)
_RRULE_PARTS: Final = frozenset(
    {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", "BYMONTHDAY"}
    | {"BYMONTH", "BYSETPOS", "BYYEARDAY", "BYWEEKNO"}
)
_FREQUENCIES: Final = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_EARLIEST: Final = date(2000, 1, 1)
_LATEST: Final = date(2100, 1, 1)
_SAMPLE: Final = date(2024, 1, 1)
_CYCLES: Final = 19 * 400
"""Years: days, weeks and leap years are the same again every 400. Three hundred are left then to look through."""
_MOST: Final = {"minutes": 1_440, "hours": 24, "day": 365, "week": 52, "month": 24}

_Add = Callable[[str, str], None]


def problems(schedule: Schedule, path: str) -> tuple[Problem, ...]:
    """What is wrong with it; `path` is the JSON Pointer of the schedule in the document."""
    found: list[Problem] = []

    def add(key: str, message: str, code: str = "bad-schedule") -> None:
        args: dict[str, JSON] = {"zone": schedule.zone} if code == "unknown-zone" else {"part": key}
        found.append(Problem(code, f"{path}/{key}", message, args=args))

    if zone_of(schedule.zone) is None:
        add(
            "zone", f'There is no time zone "{schedule.zone}" (they look like Europe/Moscow).', "unknown-zone"
        )
    _start_problem(schedule, add)
    if schedule.days_off in ("before", "after") and schedule.repeat in ("minutes", "hours", "cron"):
        add(
            "days_off",
            "What comes by the minute, the hour or a cron line cannot be moved to another day: skip it.",
        )
    if schedule.repeat in ("minutes", "hours"):
        _step_problem(schedule, add)
    elif schedule.repeat == "cron":
        _cron_problem(schedule.cron or "", add)
    else:
        if schedule.at is None or not _AT.fullmatch(schedule.at):
            add("at", 'Say the time of day as "09:00".')
        _day_problem(schedule, add)
    return tuple(found)


def _step_problem(schedule: Schedule, add: _Add) -> None:
    most = _MOST[schedule.repeat]
    if schedule.every is None or not 1 <= schedule.every <= most:
        add("every", f"Every 1 to {most:,} {schedule.repeat}.")
    if schedule.between is None:
        return
    if not all(_AT.fullmatch(one) for one in schedule.between):
        add("between", 'Say the hours as "09:00" and "18:00".')
    elif clock_of(schedule.between[0]) >= clock_of(schedule.between[1]):
        add("between", "The hours end later than they begin.")


def _day_problem(schedule: Schedule, add: _Add) -> None:
    most = _MOST.get(schedule.repeat)
    if most is not None and schedule.every is not None and not 1 <= schedule.every <= most:
        add("every", f"Every 1 to {most:,} {schedule.repeat}s.")
    if schedule.repeat == "week" and not schedule.days:
        add("days", "Choose at least one day of the week.")
    if schedule.repeat == "month":
        if schedule.nth is not None:
            if schedule.nth not in (1, 2, 3, 4, -1):
                add("nth", "The first to the fourth, or -1 for the last.")
            if not schedule.days:
                add("days", "Choose at least one day of the week.")
        elif schedule.day is None or not (schedule.day == -1 or 1 <= schedule.day <= 31):
            add("day", "The day of the month is 1 to 31, or -1 for the last day.")
    if schedule.repeat == "rrule":
        _rrule_problem(schedule, add)


def _start_problem(schedule: Schedule, add: _Add) -> None:
    if schedule.repeat in ("minutes", "hours", "cron"):
        return
    if schedule.start is None:
        if counts_from_start(schedule):
            add("start", "Say from which date it counts.")
        return
    try:
        day = date.fromisoformat(schedule.start)
    except ValueError:
        add("start", 'Say the date as "2026-11-22".')
        return
    if not _EARLIEST <= day < _LATEST:
        add("start", f"The date is between {_EARLIEST} and {_LATEST}.")


def _cron_problem(cron: str, add: _Add) -> None:
    if len(cron.split()) != 5:
        add(
            "cron",
            "A cron line has five fields: minute hour day month weekday. The shortest step is one minute.",
        )
        return
    try:
        next(CronSim(cron, datetime(2026, 1, 1, tzinfo=UTC)))
    except (CronSimError, StopIteration) as error:
        add("cron", f"This cron line does not hold: {error or 'it never comes'}.")


def _first_day(schedule: Schedule) -> date:
    """The day that it counts from, where that matters: every seventh day from a Tuesday on is never a Monday."""
    try:
        day = date.fromisoformat(schedule.start or "") if counts_from_start(schedule) else _SAMPLE
    except ValueError:
        return _SAMPLE
    return day if _EARLIEST <= day < _LATEST else _SAMPLE


def _comes(words: str, begin: date) -> bool:
    """Whether a RRULE comes at all from this day on. ValueError and the like where it does not hold.

    It is looked for as the calendar ends, where it is the same: the library goes on to the year 9999, day by day.
    """
    own = rrulestr(f"RRULE:{words}", dtstart=datetime.combine(begin, time()))
    ends: datetime | None = getattr(own, "_until", None)
    parts = [part for part in words.split(";") if not part.upper().startswith(("COUNT=", "UNTIL="))]
    late = datetime.combine(begin.replace(year=begin.year + _CYCLES), time())
    first = rrulestr(f"RRULE:{';'.join(parts)}", dtstart=late).after(late, inc=True)
    return first is not None and (ends is None or first.replace(year=first.year - _CYCLES) <= ends)


def _rrule_problem(schedule: Schedule, add: _Add) -> None:
    """A recurrence of whole days (RFC 5545 §3.3.10): the time of day and the zone are the schedule's own."""
    words = schedule.rrule or ""
    parts = [part.partition("=") for part in words.upper().split(";")]
    names = [name for name, _, _ in parts]
    strangers = [name for name in names if name not in _RRULE_PARTS]
    if not words or len(words) > 300 or strangers or len(set(names)) < len(names):
        add("rrule", f"It is made of: {', '.join(sorted(_RRULE_PARTS))}, each once, with ; in between.")
        return
    values = {name: value for name, _, value in parts}
    if values.get("FREQ") not in _FREQUENCIES:
        add("rrule", f"FREQ is one of {', '.join(_FREQUENCIES)}; minutes and hours are kinds of their own.")
        return
    if not values.get("INTERVAL", "1").isdecimal() or not 1 <= int(values.get("INTERVAL", "1")) <= 1_000:
        add("rrule", "INTERVAL is 1 to 1,000.")
        return
    if not values.get("COUNT", "1").isdecimal() or not 1 <= int(values.get("COUNT", "1")) <= 10_000:
        add("rrule", "COUNT is 1 to 10,000.")
        return
    try:
        comes = _comes(words, _first_day(schedule))
    except (ValueError, TypeError, KeyError, IndexError) as error:
        add("rrule", f"This rule does not hold: {error}.")
        return
    if not comes:
        add("rrule", "This rule does not hold: it never comes.")
