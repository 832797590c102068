"""Open or closed, minute by minute, as a model says that knows nothing but the clock on the wall."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ruleyard.core.calendar_check import ends_words, problems, year_warnings
from ruleyard.core.calendars import (
    DAYS,
    NO_CALENDARS,
    Calendar,
    Calendars,
    Holiday,
    MakeUpDay,
    Timetable,
    own_timetable,
    usual_timetable,
)
from ruleyard.core.document import parse
from ruleyard.core.graph import Hours, Schedule
from ruleyard.core.schedule import next_ticks
from ruleyard.core.schedule_check import problems as schedule_problems

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
ZONES = (
    "UTC",
    "Asia/Seoul",
    "Asia/Kolkata",
    "Europe/Berlin",
    "Europe/Dublin",
    "America/New_York",
    "America/St_Johns",
    "America/Santiago",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Antarctica/Troll",
    "Pacific/Chatham",
)
OFFICE = dict.fromkeys(DAYS[:5], (("09:00", "12:30"), ("13:30", "18:00")))
SHIFTS = {
    "mon": (("00:00", "02:30"), ("22:00", "24:00")),
    "sat": (("20:00", "24:00"),),
    "sun": (("00:00", "03:00"), ("12:00", "13:00")),
}
NIGHT_AND_DAY = dict.fromkeys(DAYS, (("00:00", "24:00"),))


def office(**more: object) -> Calendar:
    return Calendar("Office", "Asia/Seoul", OFFICE, **more)  # type: ignore[arg-type]


def on_the_wall(calendar: Calendar, moment: datetime) -> bool:
    """The model: what the local clock shows, compared as text."""
    local = moment.astimezone(ZoneInfo(calendar.zone))
    shown, day = f"{local:%H:%M}", local.date()
    made_up = {one.on: one.like for one in calendar.make_up}
    if day not in made_up and any(
        one.on == day or (one.yearly and (one.on.month, one.on.day) == (day.month, day.day))
        for one in calendar.holidays
    ):
        return False
    name = made_up.get(day, DAYS[day.weekday()])
    return any(opens <= shown < closes for opens, closes in calendar.week.get(name, ()))


def changes_of(zone: str, year: int) -> list[datetime]:
    """The days about which the clock of a zone is set, and the turn of the year."""
    first = datetime(year, 1, 1, tzinfo=UTC)
    hours = [first + timedelta(hours=count) for count in range(366 * 24)]
    offsets = [one.astimezone(ZoneInfo(zone)).utcoffset() for one in hours]
    return [first, *(one for one, a, b in zip(hours, offsets, offsets[1:], strict=False) if a != b)]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("week", [OFFICE, SHIFTS, NIGHT_AND_DAY], ids=["office", "shifts", "always"])
def test_every_minute_about_a_change_of_the_clock_is_as_the_clock_on_the_wall(
    zone: str, week: dict[str, tuple[tuple[str, str], ...]]
) -> None:
    for year in (2025, 2026):
        for around in changes_of(zone, year):
            since, until = around - DAY, around + DAY + timedelta(hours=5)
            holiday = Holiday((around + DAY).date())
            calendar = Calendar("C", zone, week, (holiday,), (MakeUpDay((around - DAY).date()),))  # type: ignore[arg-type]
            table = Timetable(calendar)
            stretches = list(table.stretches(since, until))
            assert all(a.closes < b.opens for a, b in pairwise(stretches))
            for count in range(int((until - since) / MINUTE)):
                moment = since + count * MINUTE
                wanted = on_the_wall(calendar, moment)
                assert any(one.opens <= moment < one.closes for one in stretches) is wanted, moment
                if count % 7 == 0:
                    assert table.is_open(moment) is wanted, moment


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(ZONES),
    st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 1), timezones=st.just(UTC)),
    st.sampled_from([OFFICE, SHIFTS]),
)
def test_the_next_opening_is_the_first_open_minute(
    zone: str, moment: datetime, week: dict[str, tuple[tuple[str, str], ...]]
) -> None:
    moment = moment.replace(second=0, microsecond=0)
    calendar = Calendar("C", zone, week, (Holiday(moment.date() + DAY, yearly=True),))  # type: ignore[arg-type]
    table = Timetable(calendar)
    found = table.next_open(moment)
    assert found is not None
    assert on_the_wall(calendar, found)
    minutes = int((found - moment) / MINUTE)
    assert not any(on_the_wall(calendar, moment + count * MINUTE) for count in range(minutes))
    closes = table.closes_at(found)
    assert closes is not None
    assert not on_the_wall(calendar, closes)
    assert on_the_wall(calendar, closes - MINUTE)


def test_it_stays_open_until_before_its_end_and_over_midnight() -> None:
    table = Timetable(Calendar("C", "UTC", SHIFTS))  # type: ignore[arg-type]
    saturday = datetime(2026, 11, 28, 20, tzinfo=UTC)
    assert table.is_open(saturday)
    assert not table.is_open(saturday - timedelta(microseconds=1))
    assert table.closes_at(saturday) == datetime(2026, 11, 29, 3, tzinfo=UTC)
    assert not table.is_open(datetime(2026, 11, 29, 3, tzinfo=UTC))
    assert Timetable(Calendar("C", "UTC", NIGHT_AND_DAY)).closes_at(saturday) is None  # type: ignore[arg-type]


def test_working_days_pass_over_holidays_and_count_make_up_days() -> None:
    calendar = office(
        holidays=(
            Holiday(date(2026, 9, 24)),
            Holiday(date(2026, 9, 25)),
            Holiday(date(2020, 10, 3), yearly=True),
        ),
        make_up=(MakeUpDay(date(2026, 9, 26), like="fri"),),
    )
    table = Timetable(calendar)
    assert table.shift(date(2026, 9, 23), 1) == date(2026, 9, 26)
    assert table.shift(date(2026, 9, 28), -2) == date(2026, 9, 23)
    assert table.on_or_after(date(2026, 9, 24)) == date(2026, 9, 26)
    assert table.on_or_before(date(2026, 9, 25)) == date(2026, 9, 23)
    assert not table.is_working(date(2028, 10, 3))
    assert table.is_open(datetime(2026, 9, 26, 1, tzinfo=UTC))


def test_working_days_are_the_rules_else_the_workspaces_else_monday_to_friday() -> None:
    sunday = Calendar("Shop", "UTC", {"sun": (("10:00", "14:00"),)})
    every = Calendars({"Shop": sunday, "Office": office()}, default="Shop")
    day = date(2026, 11, 29)
    assert every.counting(None, "UTC").is_working(day)
    assert not every.counting(Hours("Office"), "UTC").is_working(day)
    assert every.counting(Hours(None, "UTC", ("sat",)), "UTC").is_working(day - DAY)
    assert every.counting(Hours("Gone"), "UTC").is_working(day)
    assert not NO_CALENDARS.counting(None, "UTC").is_working(day)
    assert every.hours_of(Hours("Gone")) is None
    assert own_timetable(Hours(None, "UTC", (), ("09:00", "18:00"))).is_open(
        datetime(2026, 11, 27, 9, tzinfo=UTC)
    )


@pytest.mark.parametrize(
    ("days_off", "wanted"),
    [
        ("run", [date(2026, 11, 15), date(2026, 12, 15), date(2027, 1, 15)]),
        ("skip", [date(2027, 1, 15), date(2027, 2, 15), date(2027, 3, 15)]),
        ("before", [date(2026, 11, 13), date(2026, 12, 14), date(2027, 1, 15)]),
        ("after", [date(2026, 11, 16), date(2026, 12, 16), date(2027, 1, 15)]),
    ],
)
def test_a_schedule_keeps_off_days_off(days_off: str, wanted: list[date]) -> None:
    """November 15, 2026 is a Sunday, December 15 a Tuesday that is a holiday here, January 15 a Friday."""
    table = Timetable(office(holidays=(Holiday(date(2026, 12, 15)),)))
    schedule = Schedule("month", "UTC", at="09:00", day=15, days_off=days_off)  # type: ignore[arg-type]
    found = next_ticks(schedule, datetime(2026, 11, 1, tzinfo=UTC), 3, table)
    assert [tick.date() for tick in found] == wanted
    for tick, following in pairwise(found):
        assert next_ticks(schedule, tick - timedelta(hours=9), 1, table) == (tick,)
        assert next_ticks(schedule, tick, 1, table) == (following,)


def test_what_comes_by_the_minute_is_skipped_on_days_off_and_never_moved() -> None:
    hourly = Schedule("hours", "UTC", 6, days_off="skip")
    after = datetime(2026, 11, 27, 17, tzinfo=UTC)
    found = next_ticks(hourly, after, 2, usual_timetable("UTC"))
    assert found == (datetime(2026, 11, 27, 18, tzinfo=UTC), datetime(2026, 11, 30, tzinfo=UTC))
    never = Schedule("cron", "UTC", cron="0 9 * * 0", days_off="skip")
    assert next_ticks(never, after, 1, usual_timetable("UTC")) == ()
    [problem] = schedule_problems(Schedule("minutes", "UTC", 5, days_off="after"), "/schedule")
    assert problem.path == "/schedule/days_off"


@pytest.mark.parametrize(
    ("changes", "code", "path"),
    [
        ({"name": " "}, "missing-text", "/name"),
        ({"name": "x" * 81}, "text-too-long", "/name"),
        ({"zone": "Asia/Soul"}, "unknown-zone", "/zone"),
        ({"week": {"mon": (("25:00", "26:00"),)}}, "bad-time", "/week/mon/0/0"),
        ({"week": {"mon": (("09:00", "24:01"),)}}, "bad-time", "/week/mon/0/1"),
        ({"week": {"mon": (("22:00", "06:00"),)}}, "span-backwards", "/week/mon/0"),
        ({"week": {"mon": (("09:00", "13:00"), ("12:00", "18:00"))}}, "spans-overlap", "/week/mon/1"),
        (
            {"week": {"mon": tuple((f"{n:02}:00", f"{n:02}:30") for n in range(13))}},
            "too-many-spans",
            "/week/mon",
        ),
        ({"week": {}}, "never-open", "/week"),
        ({"holidays": (Holiday(date(1990, 1, 1)),)}, "year-out-of-range", "/holidays/0/on"),
        ({"holidays": (Holiday(date(2026, 1, 1)),) * 2}, "holiday-twice", "/holidays/1"),
        (
            {"holidays": (Holiday(date(2026, 1, 1)),), "make_up": (MakeUpDay(date(2026, 1, 1)),)},
            "holiday-and-working",
            "/make_up/0",
        ),
        ({"make_up": (MakeUpDay(date(2026, 1, 3), like="sun"),)}, "make-up-closed", "/make_up/0/like"),
        (
            {"holidays": tuple(Holiday(date(2000, 1, 1) + DAY * count) for count in range(2_001))},
            "too-many-holidays",
            "/holidays",
        ),
    ],
)
def test_what_is_wrong_with_a_calendar_is_said_at_its_place(
    changes: dict[str, object], code: str, path: str
) -> None:
    values = {"name": "Office", "zone": "Asia/Seoul", "week": OFFICE} | changes
    found = problems(Calendar(**values))  # type: ignore[arg-type]
    assert (code, path) in [(one.code, one.path) for one in found]


def test_a_sound_calendar_has_no_problem() -> None:
    assert problems(office(holidays=(Holiday(date(2026, 1, 1)),))) == ()
    assert problems(Calendar("Shifts", "UTC", SHIFTS)) == ()  # type: ignore[arg-type]


def test_a_list_of_another_year_and_one_that_ends_soon_are_said() -> None:
    listed = office(holidays=(Holiday(date(2025, 1, 1)),))
    [another] = year_warnings(listed, date(2026, 3, 1))
    assert (another.code, another.severity, another.args["year"]) == (
        "holidays-of-another-year",
        "warning",
        2026,
    )
    assert year_warnings(listed, date(2025, 3, 1)) == ()
    [ends] = year_warnings(listed, date(2025, 11, 10))
    assert (ends.code, ends.args["date"]) == ("holidays-end", "2025-12-31")
    assert year_warnings(office(holidays=(Holiday(date(2020, 1, 1), yearly=True),)), date(2026, 1, 1)) == ()
    known = Timetable(office(years=(2025, 2026, 2028)))
    assert known.known_until(date(2025, 3, 1)) == date(2026, 12, 31)
    told = ends_words("Office", date(2026, 12, 31), [date(2026, 12, 31), date(2027, 1, 4), date(2027, 1, 5)])
    assert told is not None
    assert told.message.startswith('The holidays of "Office" are known only to 2026-12-31; 2 days')


def test_a_gap_in_the_past_does_not_end_a_list_of_holidays() -> None:
    """One day of 2020 was left in it, or 2024 was never filled in: this year and the next are known all the same."""
    listed = office(holidays=(Holiday(date(2020, 5, 5)),), years=(2023, 2025, 2026, 2027))
    table = Timetable(listed)
    assert table.known_until(date(2026, 3, 1)) == date(2027, 12, 31)
    assert year_warnings(listed, date(2026, 11, 20)) == ()
    assert table.known_until(date(2024, 3, 1)) == date(2023, 12, 31)
    assert Timetable(office(years=(2027,))).known_until(date(2026, 11, 20)) == date(2025, 12, 31)


def rule(hours: object) -> dict[str, object]:
    return {
        "name": "R",
        "nodes": [{"id": "t", "kind": "trigger", "on": "manual"}],
        "edges": [],
        "policy": {"hours": hours},
    }


@pytest.mark.parametrize(
    ("hours", "code", "path"),
    [
        ([], "not-an-object", "/policy/hours"),
        ({"calendar": ""}, "missing-text", "/policy/hours/calendar"),
        ({"calendar": "Office", "zone": "UTC"}, "hours-of-both", "/policy/hours/zone"),
        ({"zone": "Mars"}, "unknown-zone", "/policy/hours/zone"),
        ({}, "missing-text", "/policy/hours/zone"),
        ({"zone": "UTC", "days": ["monday"]}, "unknown-word", "/policy/hours/days/0"),
        ({"zone": "UTC", "between": ["9", "18:00"]}, "bad-time", "/policy/hours/between/0"),
        ({"zone": "UTC", "between": ["18:00", "09:00"]}, "span-backwards", "/policy/hours/between"),
        ({"zone": "UTC", "between": "09:00"}, "bad-time", "/policy/hours/between"),
        ({"calendar": "Office", "outside": "sleep"}, "unknown-word", "/policy/hours/outside"),
        ({"calendar": "Office", "when": 1}, "unknown-key", "/policy/hours/when"),
    ],
)
def test_what_is_wrong_with_the_hours_of_a_rule_is_said_at_its_place(
    hours: object, code: str, path: str
) -> None:
    found = parse(rule(hours))  # type: ignore[arg-type]
    assert isinstance(found, tuple)
    assert (code, path) in [(one.code, one.path) for one in found]
