"""What is wrong with a calendar, or with the hours of a rule, in words. Pure; told which day it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from ruleyard.core.calendars import Calendar, Holiday, MakeUpDay, Span, Timetable, minutes_of
from ruleyard.core.errors import Problem
from ruleyard.core.types import JSON
from ruleyard.core.zones import zone_like, zone_of

MOST_HOLIDAYS: Final = 2_000
MOST_SPANS: Final = 12
"""Spans of a day."""
MOST_NAME: Final = 80
FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2100
ENDS_SOON: Final = timedelta(days=60)
"""People are told so long before a list of holidays ends."""

_CLOCK: Final = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00", re.ASCII)
_Tell = Callable[..., None]


def problems(calendar: Calendar) -> tuple[Problem, ...]:
    """What keeps it from being used; paths are JSON Pointers into the calendar."""
    found: list[Problem] = []

    def tell(code: str, path: str, message: str, **args: JSON) -> None:
        found.append(Problem(code, path, message, args=args))

    if not calendar.name.strip() or calendar.name != calendar.name.strip():
        tell("missing-text", "/name", "A calendar needs a name, without blanks around it.", key="name")
    elif len(calendar.name) > MOST_NAME:
        tell(
            "text-too-long",
            "/name",
            f"The name has at most {MOST_NAME} characters.",
            key="name",
            most=MOST_NAME,
        )
    found.extend(zone_problems(calendar.zone, "/zone"))
    for day, spans in calendar.week.items():
        _span_problems(spans, f"/week/{day}", tell)
    if not found and not any(calendar.week.values()):
        tell("never-open", "/week", "This calendar is never open: give at least one day its hours.")
    _holiday_problems(calendar, tell)
    return tuple(found)


def zone_problems(zone: str, path: str) -> tuple[Problem, ...]:
    if zone_of(zone) is not None:
        return ()
    like = zone_like(zone)
    words = f'There is no time zone "{zone}" (they look like Europe/Moscow).'
    args: dict[str, JSON] = {"zone": zone}
    if like:
        args["suggestion"] = like
    return (Problem("unknown-zone", path, words, args=args),)


def _span_problems(spans: Sequence[Span], path: str, tell: _Tell) -> None:
    if len(spans) > MOST_SPANS:
        tell("too-many-spans", path, f"A day has at most {MOST_SPANS} spans of hours.", most=MOST_SPANS)
        return
    whole: list[tuple[int, int, int]] = []
    for index, span in enumerate(spans):
        at = f"{path}/{index}"
        if found := span_problem(span, at):
            tell(found.code, found.path, found.message, **found.args)
        else:
            whole.append((minutes_of(span[0]), minutes_of(span[1]), index))
    whole.sort()
    for (_, ends, _), (begins, _, index) in pairwise(whole):
        if begins < ends:
            span = spans[index]
            words = f"{span[0]}–{span[1]} overlaps another span of the same day."
            tell("spans-overlap", f"{path}/{index}", words, opens=span[0], closes=span[1])


def span_problem(span: Span, path: str) -> Problem | None:
    """Of one span: its clocks, and that it ends after it begins."""
    for index, clock in enumerate(span):
        if not _CLOCK.fullmatch(clock):
            words = f'"{clock}" is no time of day: write 09:00, or 24:00 for the end of the day.'
            return Problem("bad-time", f"{path}/{index}", words, args={"time": clock})
    if minutes_of(span[0]) >= minutes_of(span[1]):
        words = (
            f"{span[0]}–{span[1]} ends before it begins. Write a night as two: 22:00–24:00, and 00:00–06:00 of the "
            "next day."
        )
        return Problem("span-backwards", path, words, args={"opens": span[0], "closes": span[1]})
    return None


def _holiday_problems(calendar: Calendar, tell: _Tell) -> None:
    lists: tuple[tuple[str, Sequence[Holiday | MakeUpDay]], ...] = (
        ("holidays", calendar.holidays),
        ("make_up", calendar.make_up),
    )
    for key, dated in lists:
        if len(dated) > MOST_HOLIDAYS:
            words = f"A calendar has at most {MOST_HOLIDAYS:,} of these, this one has {len(dated):,}."
            tell("too-many-holidays", f"/{key}", words, most=MOST_HOLIDAYS, count=len(dated))
            return
    seen: dict[date, str] = {}
    for key, dated in lists:
        for index, one in enumerate(dated):
            at = f"/{key}/{index}"
            if not FIRST_YEAR <= one.on.year < LAST_YEAR:
                words = f"{one.on} is not between {FIRST_YEAR} and {LAST_YEAR - 1}."
                tell(
                    "year-out-of-range",
                    f"{at}/on",
                    words,
                    date=f"{one.on}",
                    low=FIRST_YEAR,
                    high=LAST_YEAR - 1,
                )
            if len(one.name) > MOST_NAME:
                tell(
                    "text-too-long",
                    f"{at}/name",
                    f"A name has at most {MOST_NAME} characters.",
                    key="name",
                    most=MOST_NAME,
                )
            if one.on in seen:
                same = seen[one.on] == key
                code = "holiday-twice" if same else "holiday-and-working"
                words = (
                    f"{one.on} stands there twice." if same else f"{one.on} is a holiday and a make-up day."
                )
                tell(code, at, words, date=f"{one.on}")
            seen[one.on] = key
    for index, made in enumerate(calendar.make_up):
        if not calendar.week.get(made.like):
            words = f"{made.on} has the hours of {made.like}, which has none."
            tell("make-up-closed", f"/make_up/{index}/like", words, date=f"{made.on}", day=made.like)


def year_warnings(calendar: Calendar, today: date) -> tuple[Problem, ...]:
    """A list of another year, or one that ends soon: allowed, and said before it is saved."""
    if not any(not one.yearly for one in calendar.holidays) and not calendar.years:
        return ()
    until = Timetable(calendar).known_until(today)
    years = sorted({one.on.year for one in calendar.holidays if not one.yearly} | set(calendar.years))
    said = ", ".join(map(str, years))
    if today.year not in years:
        words = f"The holidays are of {said}; none is of {today.year}, so every weekday of this year counts as worked."
        args: dict[str, JSON] = {"years": said, "year": today.year}
        return (Problem("holidays-of-another-year", "/holidays", words, "warning", args=args),)
    if until is not None and until < today + ENDS_SOON:
        words = f"The holidays are known only to {until}: add those of {until.year + 1}."
        return (
            Problem(
                "holidays-end",
                "/holidays",
                words,
                "warning",
                args={"date": f"{until}", "year": until.year + 1},
            ),
        )
    return ()


def ends_words(name: str, until: date, days: Iterable[date]) -> Problem | None:
    """The warning that days of a rule fall after the known holidays of its calendar; None where none does."""
    after = sum(day > until for day in days)
    if not after:
        return None
    words = (
        f'The holidays of "{name}" are known only to {until}; {after} days of this rule fall after. '
        f"Fill in {until.year + 1} in Settings → Calendars."
    )
    args: dict[str, JSON] = {"calendar": name, "date": f"{until}", "count": after, "year": until.year + 1}
    return Problem("calendar-ends", "/policy/hours/calendar", words, "warning", args=args)
