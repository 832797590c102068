"""Working calendars: when people are at work, and which days are working days. Pure.

A calendar is told by its days of the week with their hours, its holidays and its make-up days, all local to a time
zone. A local time that a clock change skips never comes; one that comes twice is inside its hours both times. Told
every moment; reads no clock. What is wrong with one: core/calendar_check.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final, NamedTuple, TypeAlias
from zoneinfo import ZoneInfo

import msgspec

from ruleyard.core.graph import Day, Hours
from ruleyard.core.zones import zone_of

DAYS: Final[tuple[Day, ...]] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WORKING: Final[tuple[Day, ...]] = DAYS[:5]
DAY_MINUTES: Final = 24 * 60
LOOK_AHEAD: Final = timedelta(days=2 * 366)
"""A calendar that does not open within this time does not open at all."""

_DAY: Final = timedelta(days=1)
_CHUNK: Final = timedelta(hours=12)

Span: TypeAlias = tuple[str, str]
"""From and until, local `HH:MM`; until is outside and may be `24:00`."""


class Holiday(msgspec.Struct, frozen=True, omit_defaults=True):
    """Closed the whole day; `yearly`: on this day of every year."""

    on: date
    name: str = ""
    yearly: bool = False


class MakeUpDay(msgspec.Struct, frozen=True, omit_defaults=True):
    """A day that is worked although it would be free: it has the hours of the weekday `like`."""

    on: date
    name: str = ""
    like: Day = "mon"


class Calendar(msgspec.Struct, frozen=True, omit_defaults=True):
    """`week`: the hours of each day; a day that is not there is free. `years`: those whose holidays are all known."""

    name: str
    zone: str
    week: dict[Day, tuple[Span, ...]]
    holidays: tuple[Holiday, ...] = ()
    make_up: tuple[MakeUpDay, ...] = ()
    years: tuple[int, ...] = ()


class Stretch(NamedTuple):
    """Open from `opens` until before `closes`: aware, UTC."""

    opens: datetime
    closes: datetime


def minutes_of(clock: str) -> int:
    """`09:30` as minutes from midnight; `24:00` is the end of the day."""
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


class Timetable:
    """A calendar, ready to be asked. Holds no state; its calendar has no problem."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        self._zone = zone_of(calendar.zone) or ZoneInfo("UTC")
        self._week = tuple(
            tuple(sorted((minutes_of(a), minutes_of(b)) for a, b in calendar.week.get(day, ())))
            for day in DAYS
        )
        self._holidays = {one.on: one for one in calendar.holidays if not one.yearly}
        self._yearly = {(one.on.month, one.on.day): one for one in calendar.holidays if one.yearly}
        self._make_up = {one.on: one for one in calendar.make_up}

    def holiday_on(self, day: date) -> Holiday | None:
        """The holiday of that day, whether it would have been worked or not."""
        return self._holidays.get(day) or self._yearly.get((day.month, day.day))

    def spans_on(self, day: date) -> tuple[tuple[int, int], ...]:
        """The hours of a local day in minutes, ascending; none where it is free."""
        made_up = self._make_up.get(day)
        if made_up is not None:
            return self._week[DAYS.index(made_up.like)]
        return () if self.holiday_on(day) is not None else self._week[day.weekday()]

    def is_working(self, day: date) -> bool:
        return bool(self.spans_on(day))

    def is_open(self, moment: datetime) -> bool:
        """At this aware moment. The end of a span is outside."""
        local = moment.astimezone(self._zone)
        minute = local.hour * 60 + local.minute
        return any(opens <= minute < closes for opens, closes in self.spans_on(local.date()))

    def next_open(self, moment: datetime) -> datetime | None:
        """The moment itself where it is open, else the next at which it opens (UTC); None where it never does."""
        if self.is_open(moment):
            return moment.astimezone(UTC)
        found = next(self.stretches(moment, moment + LOOK_AHEAD), None)
        return None if found is None else found.opens

    def closes_at(self, moment: datetime) -> datetime | None:
        """Until when it stays open from here on; None where it is closed now, or stays open for two years."""
        found = next(self.stretches(moment, moment + LOOK_AHEAD), None)
        if found is None or found.opens > moment or found.closes >= moment + LOOK_AHEAD:
            return None
        return found.closes

    def stretches(self, since: datetime, until: datetime) -> Iterator[Stretch]:
        """When it is open within these moments, ascending; what meets is one."""
        last: Stretch | None = None
        for one in self._pieces(since.astimezone(UTC), until.astimezone(UTC)):
            if last is not None and one.opens <= last.closes:
                last = Stretch(last.opens, one.closes)
                continue
            if last is not None:
                yield last
            last = one
        if last is not None:
            yield last

    def _pieces(self, since: datetime, until: datetime) -> Iterator[Stretch]:
        """Cut at midnights and at changes of the clock: between those, local time is UTC and an offset."""
        begin = since
        while begin < until:
            end = min(begin + _CHUNK, until)
            offset = self._offset(begin)
            if self._offset(end - timedelta.resolution) != offset:
                end = self._change(begin, end)
            here, there = (one.replace(tzinfo=None) + offset for one in (begin, end))
            day = here.date()
            while datetime.combine(day, time()) < there:
                midnight = datetime.combine(day, time())
                for opens, closes in self.spans_on(day):
                    low = max(here, midnight + timedelta(minutes=opens))
                    high = min(there, midnight + timedelta(minutes=closes))
                    if low < high:
                        yield Stretch((low - offset).replace(tzinfo=UTC), (high - offset).replace(tzinfo=UTC))
                day += _DAY
            begin = end

    def _offset(self, moment: datetime) -> timedelta:
        return moment.astimezone(self._zone).utcoffset() or timedelta()

    def _change(self, low: datetime, high: datetime) -> datetime:
        """The first moment with another offset than at `low`; clocks change at full seconds."""
        offset = self._offset(low)
        while high - low > timedelta.resolution:
            middle = low + (high - low) / 2
            low, high = (middle, high) if self._offset(middle) == offset else (low, middle)
        return high

    def shift(self, day: date, count: int) -> date:
        """So many working days on (below 0: back) from a day, which itself is not counted."""
        step = _DAY if count > 0 else -_DAY
        for _ in range(abs(count)):
            day = self._beyond(day + step, step)
        return day

    def on_or_after(self, day: date) -> date:
        """The day itself where it is worked, else the next working day."""
        return self._beyond(day, _DAY)

    def on_or_before(self, day: date) -> date:
        return self._beyond(day, -_DAY)

    def _beyond(self, day: date, step: timedelta) -> date:
        for _ in range(LOOK_AHEAD.days):
            if self.is_working(day):
                break
            day += step
        return day

    def known_until(self, today: date) -> date | None:
        """The last day from today on of which the holidays are known, one that has passed where this year's are not;
        None where there is no list that could end. Gaps in the past are none of it."""
        years = years_of(self.calendar)
        if not years:
            return None
        last = max((year for year in years if year <= today.year), default=today.year - 1)
        while last + 1 in years:
            last += 1
        return date(last, 12, 31)


def years_of(calendar: Calendar) -> frozenset[int]:
    """The years whose holidays the calendar knows: those it says, and those that it has holidays of."""
    return frozenset(calendar.years) | {one.on.year for one in calendar.holidays if not one.yearly}


@lru_cache(maxsize=256)
def _own(zone: str, days: tuple[Day, ...], between: Span | None) -> Timetable:
    hours = between or ("00:00", "24:00")
    return Timetable(Calendar("", zone, dict.fromkeys(days or WORKING, (hours,))))


def own_timetable(hours: Hours) -> Timetable:
    """Of hours that a rule says itself: these hours, on these days (Monday to Friday), without holidays."""
    return _own(hours.zone or "UTC", hours.days, hours.between)


def usual_timetable(zone: str) -> Timetable:
    """Monday to Friday, around the clock: what counts where nobody said anything."""
    return _own(zone, (), None)


class Calendars:
    """Every calendar that there is, by name, and which of them counts where a rule names none."""

    def __init__(self, by_name: Mapping[str, Calendar], default: str | None = None) -> None:
        self._tables = {name: Timetable(one) for name, one in by_name.items()}
        self.default = default

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._tables)

    def named(self, name: str) -> Timetable | None:
        return self._tables.get(name)

    def hours_of(self, hours: Hours) -> Timetable | None:
        """The timetable that a rule keeps; None where its calendar is gone."""
        return own_timetable(hours) if hours.calendar is None else self.named(hours.calendar)

    def counting(self, hours: Hours | None, zone: str) -> Timetable:
        """By which working days are counted: the rule's, else the workspace's, else Monday to Friday."""
        found = self.hours_of(hours) if hours is not None else None
        if found is None and self.default is not None:
            found = self.named(self.default)
        return found or usual_timetable(zone)


NO_CALENDARS: Final = Calendars({})
