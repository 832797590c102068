"""Pasted lists of holidays, as people have them; and the ready ones."""

from __future__ import annotations

from datetime import date

import pytest

from ruleyard.core.calendars import Holiday
from ruleyard.core.errors import NotFound
from ruleyard.core.holiday_lists import MOST_LINES, read_list
from ruleyard.core.ready_holidays import countries, country, ready_list


@pytest.mark.parametrize(
    ("line", "on", "name"),
    [
        ("2026-01-01", date(2026, 1, 1), ""),
        ("2026-01-01 New Year", date(2026, 1, 1), "New Year"),
        ("2026-5-5,어린이날", date(2026, 5, 5), "어린이날"),
        ('"2026/12/25";"Xmas, all day"', date(2026, 12, 25), "Xmas, all day"),
        ("20261009\tHangul Day", date(2026, 10, 9), "Hangul Day"),
        ("09.05.2026 День Победы", date(2026, 5, 9), "День Победы"),
        ("2026년 3월 1일 삼일절", date(2026, 3, 1), "삼일절"),
        ("2026年10月1日 国庆节", date(2026, 10, 1), "国庆节"),
        ("Boxing Day - 2026-12-26", date(2026, 12, 26), "Boxing Day"),
        ("25/12/2026 Christmas", date(2026, 12, 25), "Christmas"),
        ("12/25/2026 Christmas", date(2026, 12, 25), "Christmas"),
        ("05/05/2026 Kids", date(2026, 5, 5), "Kids"),
    ],
)
def test_a_date_is_read_as_people_write_it(line: str, on: date, name: str) -> None:
    found = read_list(line)
    assert found.holidays == (Holiday(on, name),)
    assert found.faults == ()
    assert found.years == (on.year,)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("tomorrow 1", "not-a-date"),
        ("2026-02-30 Nothing", "no-such-day"),
        ("03/04/2026 Which?", "ambiguous-date"),
        ("2026", "not-a-date"),
    ],
)
def test_what_is_no_date_is_told_by_its_line(line: str, code: str) -> None:
    found = read_list(f"2026-01-01\n\n# a note\n{line}\n2026-01-02")
    assert [(one.line, one.code) for one in found.faults] == [(4, code)]
    assert len(found.holidays) == 2


def test_a_head_of_columns_is_passed_over_and_a_day_stands_once() -> None:
    found = read_list("﻿Date;Name\r\n2026-01-02;Second\r\n2026-01-01;First\r\n2026-01-01;Again\r\n")
    assert [one.name for one in found.holidays] == ["First", "Second"]
    assert found.faults == ()


def test_a_list_that_is_too_long_is_cut_and_said() -> None:
    found = read_list("2026-01-01\n" * (MOST_LINES + 5))
    assert [(one.line, one.code) for one in found.faults] == [(MOST_LINES + 1, "too-many-lines")]


def test_a_calendar_file_gives_its_whole_days() -> None:
    text = """BEGIN:VCALENDAR
BEGIN:VEVENT
DTSTART;VALUE=DATE:20260216
DTEND;VALUE=DATE:20260219
SUMMARY:Lunar New
  Year\\, Seoul
END:VEVENT
BEGIN:VEVENT
DTSTART;VALUE=DATE:20201225
SUMMARY:Christmas
RRULE:FREQ=YEARLY
END:VEVENT
BEGIN:VEVENT
SUMMARY:No day at all
END:VEVENT
BEGIN:VEVENT
DTSTART;VALUE=DATE:20260601
DTEND;VALUE=DATE:20260801
SUMMARY:Summer
END:VEVENT
END:VCALENDAR"""
    found = read_list(text)
    assert [(one.on.isoformat(), one.name, one.yearly) for one in found.holidays] == [
        ("2020-12-25", "Christmas", True),
        ("2026-02-16", "Lunar New Year, Seoul", False),
        ("2026-02-17", "Lunar New Year, Seoul", False),
        ("2026-02-18", "Lunar New Year, Seoul", False),
    ]
    assert [(one.line, one.code) for one in found.faults] == [(13, "not-a-date"), (16, "too-many-days")]
    assert found.years == (2026,)


def test_a_year_of_which_not_all_days_are_known_is_not_called_known() -> None:
    india = ready_list("IN", None, (2035, 2036), "en")
    assert india.years == (2035,)
    assert Holiday(date(2036, 1, 26), "Republic Day") in india.holidays


def test_ready_lists_have_make_up_days_and_names_in_the_readers_language() -> None:
    china = ready_list("CN", None, (2026,), "zh")
    assert Holiday(date(2026, 10, 1), "国庆节") in china.holidays
    assert date(2026, 2, 14) in [one.on for one in china.make_up]
    korea = ready_list("KR", None, (2026, 2027), "ko")
    assert Holiday(date(2026, 9, 25), "추석") in korea.holidays
    assert {one.on.year for one in korea.holidays} == {2026, 2027} == {*korea.years}
    assert Holiday(date(2026, 5, 9), "День Победы") in ready_list("RU", None, (2026,), "ru").holidays
    assert all(one.name.isascii() for one in ready_list("KR", None, (2026,), "ru").holidays)


def test_a_part_of_a_country_has_holidays_of_its_own() -> None:
    assert {"KR", "CN", "RU", "US", "GB", "DE"} <= {*countries()}
    assert "Scotland" in [one.name for one in country("GB").parts]
    scotland = ready_list("GB", "SCT", (2026,), "en")
    assert date(2026, 11, 30) in [one.on for one in scotland.holidays]
    with pytest.raises(NotFound):
        ready_list("GB", "XX", (2026,), "en")
    with pytest.raises(NotFound):
        country("XX")


@pytest.mark.parametrize(
    ("rule", "yearly"),
    [
        ("FREQ=YEARLY", True),
        ("FREQ=YEARLY;INTERVAL=1;BYMONTH=11;BYMONTHDAY=26;WKST=MO", True),
        ("FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", False),
        ("FREQ=YEARLY;INTERVAL=4", False),
        ("FREQ=YEARLY;COUNT=3", False),
        ("FREQ=YEARLY;UNTIL=20301231", False),
        ("FREQ=MONTHLY", False),
    ],
)
def test_a_rule_that_comes_on_another_date_each_year_is_taken_for_the_date_that_is_written(
    rule: str, yearly: bool
) -> None:
    event = f"BEGIN:VEVENT\nDTSTART;VALUE=DATE:20261126\nSUMMARY:Thanks\nRRULE:{rule}\nEND:VEVENT"
    found = read_list(f"BEGIN:VCALENDAR\n{event}\nEND:VCALENDAR")
    assert [(one.on.isoformat(), one.yearly) for one in found.holidays] == [("2026-11-26", yearly)]
