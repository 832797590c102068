"""Calendar rules: the next moments of a schedule.

Told `after`, reads no clock. Minutes and hours count from 00:00 UTC of 1970, so that they never drift; calendar rules
are local: a time that a clock change skips is moved to the first moment after the gap, a time that comes twice is
taken once, the first. What is wrong with one: core/schedule_check.py; in words: core/schedule_words.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError
from dateutil.rrule import DAILY, FR, MO, MONTHLY, SA, SU, TH, TU, WE, WEEKLY, rrule, rrulestr

from ruleyard.core.calendars import Timetable, usual_timetable
from ruleyard.core.graph import Schedule
from ruleyard.core.zones import zone_of

_WEEKDAYS: Final = {"mon": MO, "tue": TU, "wed": WE, "thu": TH, "fri": FR, "sat": SA, "sun": SU}
_ORDER: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WORKING: Final = ("mon", "tue", "wed", "thu", "fri")
_YEARS_AHEAD: Final = 30
_LONGEST_REST: Final = timedelta(days=5 * 366)
"""What comes only on days off is not looked for any further."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def next_ticks(
    schedule: Schedule, after: datetime, count: int, working: Timetable | None = None
) -> tuple[datetime, ...]:
    """The next `count` moments strictly after `after` (aware): aware, UTC, ascending. Fewer where none come.

    `working`: the calendar that `days_off` goes by; else Monday to Friday.
    """
    found: list[datetime] = []
    if count > 0:
        for moment in _moments(schedule, after.astimezone(UTC), working or usual_timetable(schedule.zone)):
            if moment > after and (not found or moment > found[-1]):
                found.append(moment)
                if len(found) >= count:
                    break
    return tuple(found)


def _moments(schedule: Schedule, after: datetime, working: Timetable) -> Iterator[datetime]:
    zone = zone_of(schedule.zone) or ZoneInfo("UTC")
    if schedule.repeat in ("minutes", "hours", "cron"):
        moments = (
            _cron_moments(schedule.cron or "", after, zone)
            if schedule.repeat == "cron"
            else _steps(schedule, after, zone)
        )
        if schedule.days_off == "run":
            yield from moments
            return
        for moment in moments:
            if moment > after + _LONGEST_REST:
                return
            if working.is_working(moment.astimezone(zone).date()):
                yield moment
        return
    at = clock_of(schedule.at or "00:00")
    first = after.astimezone(zone).date() - timedelta(days=1)
    if schedule.days_off == "after":
        first = working.on_or_before(first - timedelta(days=1))
    for day in _days(schedule, first):
        if day >= first and (moved := _worked(day, schedule, working)) is not None:
            yield instant_of(datetime.combine(moved, at), zone)


def _worked(day: date, schedule: Schedule, working: Timetable) -> date | None:
    """The day on which it comes; None where it does not."""
    match schedule.days_off:
        case "run":
            return day
        case "skip":
            return day if working.is_working(day) else None
        case "before":
            return working.on_or_before(day)
        case "after":
            return working.on_or_after(day)


def clock_of(words: str) -> time:
    """`09:30` as a time of day."""
    hour, minute = words.split(":")
    return time(int(hour), int(minute))


def _steps(schedule: Schedule, after: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """Every step of a fixed grid, only those within the hours and days that are given."""
    step = timedelta(minutes=(schedule.every or 1) * (60 if schedule.repeat == "hours" else 1))
    moment = _EPOCH + ((after - _EPOCH) // step) * step
    if schedule.between is None and not schedule.days:
        while True:
            moment += step
            yield moment
    opens, closes = (
        (time(), None) if schedule.between is None else (clock_of(one) for one in schedule.between)
    )
    days = frozenset(_ORDER.index(day) for day in schedule.days or _ORDER)
    until = after + timedelta(days=366)
    while (moment := moment + step) < until:
        local = moment.astimezone(zone)
        if local.weekday() in days and opens <= local.time() and (closes is None or local.time() <= closes):
            yield moment


def _cron_moments(cron: str, after: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    try:
        for moment in CronSim(cron, after.astimezone(zone)):
            yield moment.astimezone(UTC)
    except (CronSimError, StopIteration):
        return


def _days(schedule: Schedule, first: date) -> Iterator[date]:
    """The local days it comes on, ascending, from `first` or a little before it."""
    start = None if schedule.start is None else date.fromisoformat(schedule.start)
    begin = first if start is None else start if counts_from_start(schedule) else max(first, start)
    until = datetime.combine(max(first, begin), time()) + timedelta(days=366 * _YEARS_AHEAD)
    return _of_rule(schedule, datetime.combine(begin, time()), until)


def counts_from_start(schedule: Schedule) -> bool:
    """Do its days depend on where it began: every second week, ten times?"""
    if schedule.repeat == "rrule":
        parts = (schedule.rrule or "").upper()
        return "INTERVAL=" in parts or "COUNT=" in parts
    return (schedule.every or 1) > 1


def _of_rule(schedule: Schedule, begin: datetime, until: datetime) -> Iterator[date]:
    every = schedule.every or 1
    match schedule.repeat:
        case "rrule":
            rule = rrulestr(f"RRULE:{schedule.rrule}", dtstart=begin)
            moments: Iterator[datetime] = rule.xafter(begin, inc=True)
        case "month" if schedule.nth is None:
            moments = _month_days(schedule.day or 1, begin, until, every)
        case "month":
            # From the first of the month on: the last of its Fridays is counted within the whole month.
            whole = begin.replace(day=1)
            days = [_WEEKDAYS[day] for day in schedule.days]
            moments = iter(
                rrule(
                    MONTHLY, dtstart=whole, until=until, interval=every, byweekday=days, bysetpos=schedule.nth
                )
            )
        case "day":
            moments = iter(rrule(DAILY, dtstart=begin, until=until, interval=every))
        case _:
            days = [_WEEKDAYS[day] for day in (_WORKING if schedule.repeat == "weekday" else schedule.days)]
            moments = iter(rrule(WEEKLY, dtstart=begin, until=until, interval=every, byweekday=days, wkst=MO))
    for moment in moments:
        if moment > until:
            return
        if moment >= begin:
            yield moment.date()


def _month_days(wanted: int, begin: datetime, until: datetime, every: int) -> Iterator[datetime]:
    """Day 31 is the last day of a shorter month."""
    for month in rrule(MONTHLY, dtstart=begin.replace(day=1), until=until, interval=every, bymonthday=1):
        last = (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        yield last if wanted == -1 else month.replace(day=min(wanted, last.day))


def instant_of(local: datetime, zone: ZoneInfo) -> datetime:
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
