"""Calendars as the API shows them: what is open now, when they open next, what is worth a warning."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import islice
from typing import Final

import msgspec

from ruleyard.api.lists import shaped
from ruleyard.api.problems import author
from ruleyard.api.shapes.calendars import (
    CalendarDetail,
    CalendarIn,
    CalendarPreview,
    CalendarSummary,
    HoursNow,
    HoursPreview,
    Opening,
    WeekHours,
)
from ruleyard.core.calendar_check import problems, year_warnings
from ruleyard.core.calendars import DAYS, LOOK_AHEAD, Calendar, Calendars, Timetable, years_of
from ruleyard.core.check_hours import unknown_calendar
from ruleyard.core.hours_shape import read_hours
from ruleyard.core.shape_reader import Reader
from ruleyard.core.types import JSONObject
from ruleyard.core.zones import zone_of
from ruleyard.stores.calendars import CalendarRow

OPENINGS: Final = 5
_YEAR: Final = timedelta(days=365)
_CLOSED: Final = WeekHours()


def calendar_of(given: CalendarIn) -> Calendar:
    """Days in order, each year once; a make-up day without hours of its own weekday takes the first that has some."""
    week = {day: spans for day in DAYS if (spans := tuple(sorted(getattr(given.week, day))))}
    usual = next(iter(week), "mon")
    make_up = tuple(
        one if one.like in week else msgspec.structs.replace(one, like=usual) for one in given.make_up
    )
    return Calendar(
        given.name.strip(),
        given.zone,
        week,
        tuple(sorted(given.holidays, key=lambda one: (one.on, one.name))),
        tuple(sorted(make_up, key=lambda one: one.on)),
        tuple(sorted({year for year in given.years if 2000 <= year < 2100})),
    )


def now_of(table: Timetable, now: datetime) -> HoursNow:
    if table.is_open(now):
        return HoursNow(True, table.closes_at(now), None)
    return HoursNow(False, None, table.next_open(now))


def openings_of(table: Timetable, now: datetime) -> tuple[Opening, ...]:
    found = islice(table.stretches(now, now + LOOK_AHEAD), OPENINGS)
    return tuple(Opening(one.opens, one.closes) for one in found)


def summary(row: CalendarRow, used_by: int, now: datetime) -> CalendarSummary:
    calendar = row.calendar
    return CalendarSummary(
        id=row.id,
        name=calendar.name,
        zone=calendar.zone,
        week=_week(calendar),
        holidays=len(calendar.holidays),
        years=tuple(sorted(years_of(calendar))),
        default=row.is_default,
        used_by=used_by,
        now=now_of(Timetable(calendar), now),
        problems=year_warnings(calendar, now.date()),
    )


def detail(row: CalendarRow, now: datetime) -> CalendarDetail:
    calendar = row.calendar
    table = Timetable(calendar)
    return CalendarDetail(
        id=row.id,
        name=calendar.name,
        zone=calendar.zone,
        week=_week(calendar),
        holidays=calendar.holidays,
        make_up=calendar.make_up,
        years=tuple(sorted(years_of(calendar))),
        default=row.is_default,
        etag=str(row.etag),
        changed_at=row.changed_at,
        changed_by=author(row.changed_by_id, row.changed_by_name),
        now=now_of(table, now),
        openings=openings_of(table, now),
        problems=year_warnings(calendar, now.date()),
    )


def preview(calendar: Calendar, now: datetime) -> CalendarPreview:
    found = problems(calendar)
    if found:
        return CalendarPreview(None, (), found)
    table = Timetable(calendar)
    return CalendarPreview(now_of(table, now), openings_of(table, now), year_warnings(calendar, now.date()))


def hours_preview(raw: JSONObject, calendars: Calendars, now: datetime) -> HoursPreview:
    read = Reader()
    hours = read_hours(read, raw, "/policy/hours")
    table = None if hours is None else calendars.hours_of(hours)
    if hours is None or table is None:
        wrong = tuple(read.problems)
        if hours is not None and hours.calendar is not None:
            wrong = (unknown_calendar(hours.calendar, calendars.names),)
        return HoursPreview(None, (), "UTC", _CLOSED, 0, wrong)
    calendar = table.calendar
    today = now.astimezone(zone_of(calendar.zone)).date()
    return HoursPreview(
        now_of(table, now),
        openings_of(table, now),
        calendar.zone,
        _week(calendar),
        _holidays_until(calendar, today, today + _YEAR),
        year_warnings(calendar, today),
    )


def _holidays_until(calendar: Calendar, first: date, last: date) -> int:
    """Holidays of these days that would be worked otherwise."""
    table = Timetable(calendar)
    days = ((first + timedelta(days=count)) for count in range((last - first).days))
    return sum(
        table.holiday_on(day) is not None and bool(calendar.week.get(DAYS[day.weekday()])) for day in days
    )


def _week(calendar: Calendar) -> WeekHours:
    return shaped({day: calendar.week.get(day, ()) for day in DAYS}, WeekHours)
