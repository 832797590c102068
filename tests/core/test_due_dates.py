"""Dates that fall due: each day's are found on that day, none twice, none lost, whatever was missed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ruleyard.core.calendars import DAYS as WEEKDAYS
from ruleyard.core.calendars import Calendar, Holiday, MakeUpDay, Timetable
from ruleyard.core.due_dates import Due, due_between, due_day, words_of
from ruleyard.core.graph import DateTrigger
from ruleyard.core.types import NodeId

MON, FRI, SAT, SUN = date(2026, 11, 23), date(2026, 11, 27), date(2026, 11, 28), date(2026, 11, 29)
DAY = timedelta(days=1)


def trigger(
    amount: int = 0, unit: str = "days", side: str = "before", *, yearly: bool = False
) -> DateTrigger:
    return DateTrigger(
        NodeId("t"),
        "crm",
        "public.deals",
        "renewal_on",
        amount,
        unit,
        side,
        yearly=yearly,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("one", "day", "due"),
    [
        (trigger(), SUN, SUN),
        (trigger(3), MON, date(2026, 11, 20)),
        (trigger(3, side="after"), MON, date(2026, 11, 26)),
        (trigger(1, "working_days"), MON, date(2026, 11, 20)),
        (trigger(1, "working_days"), SUN, FRI),
        (trigger(1, "working_days", "after"), FRI, date(2026, 11, 30)),
        (trigger(5, "working_days", "after"), SAT, date(2026, 12, 4)),
        (trigger(0, "working_days"), SAT, SAT),
    ],
)
def test_the_day_on_which_a_date_is_due(one: DateTrigger, day: date, due: date) -> None:
    assert due_day(one, day) == due


TRIGGERS = st.builds(
    trigger,
    st.integers(0, 40),
    st.sampled_from(["days", "working_days"]),
    st.sampled_from(["before", "after"]),
)
DAYS = st.dates(date(2024, 1, 1), date(2030, 1, 1))


@given(TRIGGERS, DAYS, st.lists(st.integers(1, 9), min_size=1, max_size=6))
@settings(max_examples=150, deadline=None)
def test_every_date_is_due_once_however_days_are_missed(
    one: DateTrigger, since: date, gaps: list[int]
) -> None:
    found: list[date] = []
    at = since
    for gap in gaps:
        found += due_between(one, at, at + DAY * gap).dates
        at += DAY * gap
    asked = [since - DAY * 80 + DAY * n for n in range(240)]
    assert sorted(found) == [day for day in asked if since < due_day(one, day) <= at]


def test_an_anniversary_is_due_in_every_year_and_february_29_in_each() -> None:
    one = trigger(2, yearly=True)
    assert due_between(one, date(2026, 11, 20), date(2026, 11, 21)) == Due(yearly=((11, 23),))
    born = trigger(yearly=True)
    assert due_between(born, date(2027, 2, 27), date(2027, 2, 28)).yearly == ((2, 28), (2, 29))
    assert due_between(born, date(2028, 2, 27), date(2028, 2, 28)).yearly == ((2, 28),)
    assert due_between(born, date(2028, 2, 28), date(2028, 2, 29)).yearly == ((2, 29),)
    assert due_between(born, date(2026, 12, 30), date(2027, 1, 2)).yearly == ((1, 1), (1, 2), (12, 31))


def test_it_is_told_in_words() -> None:
    assert words_of(trigger(1, "working_days")) == "1 working day before renewal on, at 09:00 (UTC)"
    assert words_of(trigger(yearly=True)) == "on renewal on, every year, at 09:00 (UTC)"


CALENDARS = st.builds(
    lambda days, holidays, made_up: Timetable(
        Calendar(
            "C",
            "UTC",
            dict.fromkeys(days, (("09:00", "18:00"),)),
            tuple(Holiday(day) for day in sorted(holidays)),
            tuple(MakeUpDay(day, like=min(days)) for day in sorted(made_up - holidays)),
        )
    ),
    st.sets(st.sampled_from(WEEKDAYS), min_size=1),
    st.sets(st.dates(date(2026, 1, 1), date(2026, 3, 1)), max_size=20),
    st.sets(st.dates(date(2026, 1, 1), date(2026, 3, 1)), max_size=5),
)


@given(TRIGGERS, CALENDARS, st.dates(date(2025, 12, 1), date(2026, 3, 20)), st.integers(1, 12))
@settings(deadline=None)
def test_working_days_of_any_calendar_bring_up_exactly_the_dates_that_are_due(
    one: DateTrigger, working: Timetable, since: date, days: int
) -> None:
    until = since + DAY * days
    reach = [since + DAY * count for count in range(-420, 420)]
    wanted = tuple(day for day in reach if since < due_day(one, day, working) <= until)
    assert due_between(one, since, until, working) == Due(wanted)
