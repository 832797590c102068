"""Schedules in words, and what is wrong with one."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from ruleyard.core.graph import Schedule
from ruleyard.core.schedule import next_ticks
from ruleyard.core.schedule_check import problems
from ruleyard.core.schedule_words import describe

WORKING = ("mon", "tue", "wed", "thu", "fri")


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        (Schedule("minutes", every=1), "every minute"),
        (
            Schedule("minutes", every=30, between=("09:00", "18:00"), days=("mon", "fri")),
            "every 30 minutes from 09:00 to 18:00 on Monday and Friday (UTC)",
        ),
        (Schedule("weekday", at="09:00", zone="Asia/Seoul"), "every weekday at 09:00 (Asia/Seoul)"),
        (
            Schedule("week", at="09:00", days=("mon",), every=2, start="2026-11-23"),
            "every 2 weeks on Monday at 09:00, from 2026-11-23 on (UTC)",
        ),
        (Schedule("month", at="09:00", day=-1), "on the last day of every month at 09:00 (UTC)"),
        (
            Schedule("month", at="09:00", nth=-1, days=("fri",), every=3, start="2026-11-23"),
            "on the last Friday of every 3 months at 09:00, from 2026-11-23 on (UTC)",
        ),
        (Schedule("rrule", at="09:00", rrule="FREQ=YEARLY"), "by FREQ=YEARLY at 09:00 (UTC)"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_schedule_is_told_in_words(schedule: Schedule, words: str) -> None:
    assert not problems(schedule, "")
    assert describe(schedule) == words


@pytest.mark.parametrize(
    ("schedule", "part"),
    [
        (Schedule("minutes", every=30, between=("18:00", "09:00")), "between"),
        (Schedule("minutes", every=30, between=("9", "18:00")), "between"),
        (Schedule("hours", every=25), "every"),
        (Schedule("day", at="09:00", every=2), "start"),
        (Schedule("day", at="09:00", every=366, start="2026-11-23"), "every"),
        (Schedule("day", at="09:00", start="23.11.2026"), "start"),
        (Schedule("day", at="09:00", start="1999-01-01"), "start"),
        (Schedule("month", at="09:00", nth=1), "days"),
        (Schedule("month", at="09:00", nth=0, days=WORKING), "nth"),
        (Schedule("rrule", at="09:00"), "rrule"),
        (Schedule("rrule", at="09:00", rrule="FREQ=MINUTELY"), "rrule"),
        (Schedule("rrule", at="09:00", rrule="FREQ=DAILY;BYHOUR=3"), "rrule"),
        (Schedule("rrule", at="09:00", rrule="FREQ=DAILY;FREQ=DAILY"), "rrule"),
        (Schedule("rrule", at="09:00", rrule="FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"), "rrule"),
        (Schedule("rrule", at="09:00", rrule="FREQ=DAILY;UNTIL=soon"), "rrule"),
        (Schedule("rrule", at="09:00", rrule="FREQ=DAILY;UNTIL=20301231T000000Z"), "rrule"),
        (Schedule("rrule", at="09:00", rrule="FREQ=DAILY;BYDAY=" + "MO," * 200), "rrule"),
        (Schedule("rrule", at="09:00", rrule="FREQ=DAILY;INTERVAL=0", start="2026-11-23"), "rrule"),
        (Schedule("rrule", at="09:00", rrule="FREQ=DAILY;INTERVAL=2"), "start"),
        (Schedule("rrule", at="09:00", rrule="FREQ=DAILY\nDTSTART:20200101"), "rrule"),
        (Schedule("rrule", at="09:00", rrule="FREQ=DAILY;INTERVAL=7;BYDAY=MO", start="2026-11-24"), "rrule"),
    ],
)
def test_what_is_wrong_is_said_at_its_part(schedule: Schedule, part: str) -> None:
    assert [problem.path for problem in problems(schedule, "/s")] == [f"/s/{part}"]


@pytest.mark.parametrize(
    "rrule",
    [
        "FREQ=DAILY;INTERVAL=7;BYDAY=MO",
        "FREQ=YEARLY;INTERVAL=4;BYMONTH=2;BYMONTHDAY=29",
        "FREQ=MONTHLY;BYMONTHDAY=31;UNTIL=20240131",
        "FREQ=DAILY;INTERVAL=1000;COUNT=10000",
    ],
)
def test_what_comes_from_the_day_that_it_counts_from_is_fine(rrule: str) -> None:
    start = "2024-02-26" if "BYDAY" in rrule else "2024-01-01"
    assert not problems(Schedule("rrule", at="09:00", rrule=rrule, start=start), "/s")


@pytest.mark.parametrize(
    "rrule",
    [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;UNTIL=99991231",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=3",
    ],
)
def test_what_never_comes_holds_nobody_up(rrule: str) -> None:
    schedule = Schedule("rrule", at="09:00", rrule=rrule, start="2026-01-01")
    began = time.process_time()
    assert [problem.path for problem in problems(schedule, "/s")] == ["/s/rrule"]
    assert time.process_time() - began < 1.5


def test_a_count_ends_where_it_did() -> None:
    schedule = Schedule("rrule", at="09:00", rrule="FREQ=DAILY;INTERVAL=2;COUNT=3", start="2026-01-01")
    found = next_ticks(schedule, datetime(2026, 1, 1, tzinfo=UTC), 9)
    assert [moment.day for moment in found] == [1, 3, 5]
