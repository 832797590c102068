"""Check the hours of a rule: is its calendar there, and how far are its holidays known? Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from ruleyard.core.calendar_check import ENDS_SOON, ends_words
from ruleyard.core.calendars import DAYS, Timetable
from ruleyard.core.errors import Fix, Problem
from ruleyard.core.graph import DateTrigger, Graph, Schedule, ScheduleTrigger
from ruleyard.core.model import Known
from ruleyard.core.near import nearest
from ruleyard.core.schedule import next_ticks
from ruleyard.core.types import JSON
from ruleyard.core.zones import zone_of

_DAY = timedelta(days=1)
_MOST_TICKS = 200


def check_hours(graph: Graph, known: Known) -> Iterator[Problem]:
    """An unknown calendar, or one whose list of holidays ends while the rule goes on."""
    hours = graph.policy.hours
    if known.calendars is None:
        return
    name = None if hours is None else hours.calendar
    if name is not None and known.calendars.named(name) is None:
        yield unknown_calendar(name, known.calendars.names)
        return
    if known.today is None or not (hours is not None or counts_working_days(graph)):
        return
    trigger = graph.trigger
    zone = trigger.zone if isinstance(trigger, DateTrigger) else "UTC"
    working = known.calendars.counting(hours, zone)
    until = working.known_until(known.today)
    if until is None or until >= known.today + ENDS_SOON:
        return
    problem = ends_words(working.calendar.name, until, _days(graph, known.today, working))
    if problem is not None:
        yield problem


def counts_working_days(graph: Graph) -> bool:
    """Does the trigger ask which days are worked?"""
    trigger = graph.trigger
    if isinstance(trigger, DateTrigger):
        return trigger.unit == "working_days" and trigger.amount > 0
    return isinstance(trigger, ScheduleTrigger) and trigger.schedule.days_off != "run"


def unknown_calendar(name: str, names: tuple[str, ...]) -> Problem:
    """The problem of a calendar that is not there, with what there is to choose from."""
    better = nearest(name, names) or (names[0] if len(names) == 1 else None)
    path = "/policy/hours/calendar"
    args: dict[str, JSON] = {"calendar": name, "choices": [*names]}
    if better:
        args["suggestion"] = better
    hint = f' Did you mean "{better}"?' if better else " Make it in Settings → Calendars."
    return Problem(
        "unknown-calendar",
        path,
        f'There is no calendar "{name}".{hint}',
        args=args,
        fix=Fix(f'Use "{better}"', path, better) if better else None,
    )


def _may_come(schedule: Schedule, day: date, working: Timetable) -> bool:
    named = not schedule.days or DAYS[day.weekday()] in schedule.days
    return named and (schedule.days_off == "run" or working.is_working(day))


def _days(graph: Graph, today: date, working: Timetable) -> list[date]:
    """The days of the next weeks on which the rule looks at the calendar."""
    last = today + ENDS_SOON
    trigger = graph.trigger
    if isinstance(trigger, ScheduleTrigger):
        zone = zone_of(trigger.schedule.zone) or UTC
        ticks = next_ticks(trigger.schedule, datetime.combine(today, time(), UTC), _MOST_TICKS, working)
        days = {tick.astimezone(zone).date() for tick in ticks}
        if (
            len(ticks) == _MOST_TICKS
        ):  # it comes several times a day: from then on, on each that it may come on
            later = (max(days) + _DAY * count for count in range(ENDS_SOON.days + 1))
            days |= {day for day in later if _may_come(trigger.schedule, day, working)}
        return sorted(day for day in days if day <= last)
    return [today + _DAY * count for count in range(ENDS_SOON.days + 1)]
