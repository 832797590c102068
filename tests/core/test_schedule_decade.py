"""Ten years of ticks in twenty time zones, against a model that asks every day by itself."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import pytest

from ruleyard.core.graph import Schedule
from ruleyard.core.schedule import next_ticks
from ruleyard.core.schedule_check import problems

BEGIN: Final = datetime(2020, 1, 1, 12, tzinfo=UTC)
END: Final = datetime(2030, 1, 1, 12, tzinfo=UTC)

ZONES: Final = (
    *("UTC", "Europe/London", "Europe/Moscow", "Europe/Berlin", "Asia/Seoul", "Asia/Shanghai"),
    *("Asia/Kolkata", "Asia/Kathmandu", "Asia/Tehran", "Africa/Cairo", "Africa/Casablanca"),
    *("America/New_York", "Asia/Gaza"),
    *("America/Sao_Paulo", "America/St_Johns", "America/Santiago", "Australia/Lord_Howe", "Pacific/Chatham"),
    *("Pacific/Apia", "Antarctica/Troll"),
)
"""With half hours, with a clock change of half an hour or of two hours, with changes at midnight and in Ramadan."""

_NAMES: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _last(day: date) -> int:
    return monthrange(day.year, day.month)[1]


def _nth(day: date, names: tuple[str, ...], nth: int) -> bool:
    days = [day.replace(day=one) for one in range(1, _last(day) + 1)]
    fitting = [one for one in days if _NAMES[one.weekday()] in names]
    return day == fitting[nth if nth < 0 else nth - 1]


def _weeks(day: date, start: date) -> int:
    return ((day - timedelta(days=day.weekday())) - (start - timedelta(days=start.weekday()))).days // 7


START: Final = date(2021, 3, 10)

RULES: Final[tuple[tuple[Schedule, Callable[[date], bool]], ...]] = (
    (Schedule("day", at="02:30"), lambda day: True),
    (Schedule("day", at="00:00", every=3, start=str(START)), lambda day: (day - START).days % 3 == 0),
    (Schedule("weekday", at="01:30"), lambda day: day.weekday() < 5),
    (Schedule("week", at="23:59", days=("sun", "wed")), lambda day: day.weekday() in (2, 6)),
    (
        Schedule("week", at="02:00", days=("mon", "sun"), every=2, start=str(START)),
        lambda day: day.weekday() in (0, 6) and _weeks(day, START) % 2 == 0,
    ),
    (Schedule("month", at="03:00", day=31), lambda day: day.day == _last(day)),
    (Schedule("month", at="00:30", day=30), lambda day: day.day == min(30, _last(day))),
    (Schedule("month", at="09:00", nth=-1, days=("fri",)), lambda day: _nth(day, ("fri",), -1)),
    (
        Schedule("month", at="02:15", nth=-1, days=("mon", "tue", "wed", "thu", "fri")),
        lambda day: _nth(day, _NAMES[:5], -1),
    ),
    (
        Schedule("month", at="12:00", nth=2, days=("tue",), every=3, start=str(START)),
        lambda day: _nth(day, ("tue",), 2) and (day.year * 12 + day.month - 2021 * 12 - 3) % 3 == 0,
    ),
    (
        Schedule("rrule", at="02:45", rrule="FREQ=YEARLY;BYMONTH=3,11;BYDAY=SU"),
        lambda day: day.month in (3, 11) and day.weekday() == 6,
    ),
    (
        Schedule("rrule", at="08:00", rrule="FREQ=DAILY;INTERVAL=10;COUNT=50", start=str(START)),
        lambda day: (day - START).days % 10 == 0 and (day - START).days < 500,
    ),
)


def expected(schedule: Schedule, comes: Callable[[date], bool], zone: ZoneInfo) -> Iterator[datetime]:
    """Each day is asked; its moment is the first whose clock shows the time, or what comes after a gap."""
    hour, minute = map(int, (schedule.at or "").split(":"))
    start = None if schedule.start is None else date.fromisoformat(schedule.start)
    day = BEGIN.date() - timedelta(days=2)
    while day < END.date() + timedelta(days=3):
        if comes(day) and (start is None or day >= start):
            yield _moment(datetime.combine(day, time(hour, minute)), zone)
        day += timedelta(days=1)


def _shown(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)


def _moment(wanted: datetime, zone: ZoneInfo) -> datetime:
    near = wanted.replace(tzinfo=UTC)
    offsets = {
        _shown(near + side, zone) - (wanted + side) for side in (timedelta(days=-2), timedelta(days=2))
    }
    exact = sorted(near - offset for offset in offsets if _shown(near - offset, zone) == wanted)
    if exact:
        return exact[0]
    before, behind = near - timedelta(days=1), near + timedelta(days=1)
    while behind - before > timedelta(minutes=1):  # the border of the gap, by halves
        middle = before + timedelta(minutes=(behind - before) // timedelta(minutes=2))
        before, behind = (middle, behind) if _shown(middle, zone) < wanted else (before, middle)
    return behind


@pytest.mark.parametrize(("nth", "name"), [*enumerate(ZONES)])
def test_ten_years_of_ticks_are_those_of_the_model(nth: int, name: str) -> None:
    """A third of the rules in each zone, every rule in six zones or more."""
    zone = ZoneInfo(name)
    for rule, comes in RULES[nth % 3 :: 3]:
        schedule = Schedule(**{key: getattr(rule, key) for key in rule.__struct_fields__} | {"zone": name})
        assert not problems(schedule, "")
        ticks = [at for at in next_ticks(schedule, BEGIN, 4_000) if at <= END]
        model = sorted({at for at in expected(schedule, comes, zone) if BEGIN < at <= END})
        assert ticks == model, (name, schedule)
