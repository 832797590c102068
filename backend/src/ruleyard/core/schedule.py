"""Calendar rules: the next moments of a schedule, in words, and what is wrong with one.

Told `after`, reads no clock. Minutes and hours count from 00:00 UTC of 1970, so that they never drift; calendar rules
are local: a time that a clock change skips is moved to the first moment after the gap, a time that comes twice is
taken once, the first.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError
from dateutil.rrule import DAILY, FR, MO, MONTHLY, SA, SU, TH, TU, WE, WEEKLY, rrule

from ruleyard.core.errors import Problem
from ruleyard.core.graph import Schedule
from ruleyard.core.types import JSON
from ruleyard.core.zones import zone_of

_AT: Final = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])", re.ASCII)
_WEEKDAYS: Final = {"mon": MO, "tue": TU, "wed": WE, "thu": TH, "fri": FR, "sat": SA, "sun": SU}
_DAY_NAMES: Final = {
    "mon": "Monday",
    "tue": "Tuesday",
    "wed": "Wednesday",
    "thu": "Thursday",
    "fri": "Friday",
    "sat": "Saturday",
    "sun": "Sunday",
}
_YEARS_AHEAD: Final = 30


def next_ticks(schedule: Schedule, after: datetime, count: int) -> tuple[datetime, ...]:
    """The next `count` moments strictly after `after` (aware): aware, UTC, ascending. Fewer where none come."""
    found: list[datetime] = []
    if count > 0:
        for moment in _moments(schedule, after.astimezone(UTC)):
            if moment > after and (not found or moment > found[-1]):
                found.append(moment)
                if len(found) >= count:
                    break
    return tuple(found)


def _moments(schedule: Schedule, after: datetime) -> Iterator[datetime]:
    zone = zone_of(schedule.zone) or ZoneInfo("UTC")
    if schedule.repeat in ("minutes", "hours"):
        step = timedelta(minutes=(schedule.every or 1) * (60 if schedule.repeat == "hours" else 1))
        epoch = datetime(1970, 1, 1, tzinfo=UTC)
        moment = epoch + ((after - epoch) // step) * step
        while True:
            moment += step
            yield moment
    elif schedule.repeat == "cron":
        yield from _cron_moments(schedule.cron or "", after, zone)
    else:
        hour, minute = (int(part) for part in (schedule.at or "00:00").split(":"))
        for day in _days(schedule, after.astimezone(zone).date() - timedelta(days=1)):
            yield _instant(datetime.combine(day, time(hour, minute)), zone)


def _cron_moments(cron: str, after: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    try:
        for moment in CronSim(cron, after.astimezone(zone)):
            yield moment.astimezone(UTC)
    except (CronSimError, StopIteration):
        return


def _days(schedule: Schedule, first: date) -> Iterator[date]:
    start = datetime.combine(first, time())
    until = start + timedelta(days=366 * _YEARS_AHEAD)
    if schedule.repeat == "day":
        rule = rrule(DAILY, dtstart=start, until=until)
    elif schedule.repeat == "weekday":
        rule = rrule(WEEKLY, dtstart=start, until=until, byweekday=(MO, TU, WE, TH, FR))
    elif schedule.repeat == "week":
        rule = rrule(
            WEEKLY, dtstart=start, until=until, byweekday=tuple(_WEEKDAYS[day] for day in schedule.days)
        )
    else:
        for month in rrule(MONTHLY, dtstart=start.replace(day=1), until=until, bymonthday=1):
            last = monthrange(month.year, month.month)[1]
            wanted = schedule.day or 1
            day = last if wanted == -1 else min(wanted, last)
            if month.date().replace(day=day) >= first:
                yield month.date().replace(day=day)
        return
    for moment in rule:
        yield moment.date()


def _instant(local: datetime, zone: ZoneInfo) -> datetime:
    """The UTC moment of a local time; in a gap, the end of the gap."""
    aware = local.replace(tzinfo=zone)
    moment = aware.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == local:
        return moment
    for minutes in range(1, 24 * 60):
        later = (local + timedelta(minutes=minutes)).replace(tzinfo=zone)
        moment = later.astimezone(UTC)
        if moment.astimezone(zone).replace(tzinfo=None) == later.replace(tzinfo=None):
            return moment
    return moment


def describe(schedule: Schedule) -> str:
    """The schedule as words: `every weekday at 09:00 (Europe/Moscow)`."""
    if schedule.repeat in ("minutes", "hours"):
        every = schedule.every or 1
        one = schedule.repeat.removesuffix("s")
        return f"every {one}" if every == 1 else f"every {every} {schedule.repeat}"
    zone = f" ({schedule.zone})"
    if schedule.repeat == "cron":
        return f"by cron {schedule.cron}{zone}"
    if schedule.repeat == "week":
        names = [_DAY_NAMES[day] for day in _DAY_NAMES if day in schedule.days]
        when = "every " + (", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else "".join(names))
    elif schedule.repeat == "month":
        when = (
            "on the last day of every month"
            if schedule.day == -1
            else f"on day {schedule.day} of every month"
        )
    else:
        when = f"every {schedule.repeat}"
    return f"{when} at {schedule.at}{zone}"


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
    if schedule.repeat in ("minutes", "hours"):
        most = 1_440 if schedule.repeat == "minutes" else 24
        if schedule.every is None or not 1 <= schedule.every <= most:
            add("every", f"Every 1 to {most:,} {schedule.repeat}.")
    elif schedule.repeat == "cron":
        _cron_problem(schedule.cron or "", add)
    elif schedule.at is None or not _AT.fullmatch(schedule.at):
        add("at", 'Say the time of day as "09:00".')
    if schedule.repeat == "week" and not schedule.days:
        add("days", "Choose at least one day of the week.")
    if schedule.repeat == "month" and (
        schedule.day is None or not (schedule.day == -1 or 1 <= schedule.day <= 31)
    ):
        add("day", "The day of the month is 1 to 31, or -1 for the last day.")
    return tuple(found)


def _cron_problem(cron: str, add: Callable[[str, str], None]) -> None:
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
