"""A pasted list of holidays: one date per line with a name behind it, CSV, or iCalendar. Pure.

What cannot be read is told by its line and never guessed: `03/04/2026` is two days, depending on who wrote it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final, Literal, NamedTuple

import msgspec

from ruleyard.core.calendars import Holiday

MOST_LINES: Final = 5_000
MOST_NAME: Final = 80
LONGEST_EVENT: Final = 31
"""Days of one iCalendar event; a longer one is no holiday."""

FaultCode = Literal["not-a-date", "no-such-day", "ambiguous-date", "too-many-lines", "too-many-days"]
_YEAR_FIRST: Final = re.compile(r"(\d{4})\s*[-./年년]\s*(\d{1,2})\s*[-./月월]\s*(\d{1,2})\s*[日일.]?(?!\d)")
_DAY_FIRST: Final = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?!\d)")
_PLAIN: Final = re.compile(r"(\d{4})(\d{2})(\d{2})(?!\d)")
_BETWEEN: Final = " \t,;:|–—-\"'"


class Fault(msgspec.Struct, frozen=True):
    """A line (from 1) that is no holiday."""

    line: int
    text: str
    code: FaultCode


class ReadList(msgspec.Struct, frozen=True):
    """The holidays in the order of their days, each day once; `years`: of which they are."""

    holidays: tuple[Holiday, ...]
    faults: tuple[Fault, ...]
    years: tuple[int, ...]


def read_list(text: str) -> ReadList:
    """Every holiday of a list, and the lines that are none. Empty lines, a head of columns and `#` are passed over."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("﻿").split("\n")
    faults: list[Fault] = []
    if len(lines) > MOST_LINES:
        faults.append(Fault(MOST_LINES + 1, lines[MOST_LINES][:MOST_NAME], "too-many-lines"))
        lines = lines[:MOST_LINES]
    calendar = any(line.strip().upper() == "BEGIN:VCALENDAR" for line in lines[:5])
    found: dict[date, Holiday] = {}
    for holiday in _of_calendar(lines, faults) if calendar else _of_lines(lines, faults):
        found.setdefault(holiday.on, holiday)
    holidays = tuple(found[day] for day in sorted(found))
    return ReadList(
        holidays, tuple(faults), tuple(sorted({one.on.year for one in holidays if not one.yearly}))
    )


def _of_lines(lines: list[str], faults: list[Fault]) -> Iterator[Holiday]:
    head = True
    for number, line in enumerate(lines, 1):
        plain = line.strip().strip("\"'")
        if not plain or plain.startswith("#"):
            continue
        found = _dated(plain)
        if isinstance(found, str):
            if not (head and found == "not-a-date" and not any(sign.isdigit() for sign in plain)):
                faults.append(Fault(number, plain[:MOST_NAME], found))
        else:
            yield Holiday(found.day, found.rest.strip(_BETWEEN)[:MOST_NAME])
        head = False


class _Dated(NamedTuple):
    day: date
    rest: str


def _dated(line: str) -> _Dated | FaultCode:
    """The first date of a line and what else stands there."""
    for pattern in (_YEAR_FIRST, _PLAIN, _DAY_FIRST):
        mark = pattern.search(line)
        if mark is None:
            continue
        if pattern is _DAY_FIRST:
            first, sign, second, year = mark.groups()
            if sign == "/" and int(first) <= 12 and int(second) <= 12 and first != second:
                return "ambiguous-date"
            day, month = (second, first) if int(second) > 12 else (first, second)
        else:
            year, month, day = mark.groups()
        try:
            on = date(int(year), int(month), int(day))
        except ValueError:
            return "no-such-day"
        before, after = line[: mark.start()].strip(_BETWEEN), line[mark.end() :].strip(_BETWEEN)
        return _Dated(on, after or before)
    return "not-a-date"


def _of_calendar(lines: list[str], faults: list[Fault]) -> Iterator[Holiday]:
    """Whole-day events of RFC 5545; a yearly one stays yearly."""
    event: dict[str, str] = {}
    begun = 0
    for number, line in _unfolded(lines):
        name, _, value = line.partition(":")
        key = name.partition(";")[0].strip().upper()
        if key == "BEGIN" and value.strip().upper() == "VEVENT":
            event, begun = {}, number
        elif key == "END" and value.strip().upper() == "VEVENT":
            yield from _of_event(event, begun, faults)
        elif key in ("DTSTART", "DTEND", "SUMMARY", "RRULE"):
            event[key] = value.strip()


def _of_event(event: dict[str, str], line: int, faults: list[Fault]) -> Iterator[Holiday]:
    name = re.sub(r"\\([,;\\])", r"\1", event.get("SUMMARY", "")).replace("\\n", " ")[:MOST_NAME]
    begins, ends = (_dated(event.get(key, "")[:8]) for key in ("DTSTART", "DTEND"))
    if isinstance(begins, str):
        faults.append(Fault(line, event.get("DTSTART", name)[:MOST_NAME], begins))
        return
    days = 1 if isinstance(ends, str) else max(1, (ends.day - begins.day).days)
    if days > LONGEST_EVENT:
        faults.append(Fault(line, name or f"{begins.day}", "too-many-days"))
        return
    yearly = _is_yearly(event.get("RRULE", ""))
    for count in range(days):
        yield Holiday(begins.day + timedelta(days=count), name, yearly)


def _is_yearly(rule: str) -> bool:
    """On this date of every year, and of each. The fourth Thursday is another date each year: of such a rule only the
    date that is written counts."""
    parts = dict(part.partition("=")[::2] for part in rule.upper().split(";") if part)
    plain = parts.keys() <= {"FREQ", "INTERVAL", "WKST", "BYMONTH", "BYMONTHDAY"}
    return plain and parts.get("FREQ") == "YEARLY" and parts.get("INTERVAL", "1") == "1"


def _unfolded(lines: list[str]) -> Iterator[tuple[int, str]]:
    """A line that begins with a blank goes on with the one before (RFC 5545 §3.1)."""
    number, whole = 0, ""
    for index, line in enumerate(lines, 1):
        if line[:1] in (" ", "\t"):
            whole += line[1:]
            continue
        if whole:
            yield number, whole
        number, whole = index, line
    if whole:
        yield number, whole
