"""Shapes of working calendars, of lists of holidays, and of the hours of a rule as they stand now."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from ruleyard.api.shapes.people import Author, Language
from ruleyard.core.calendars import Holiday, MakeUpDay
from ruleyard.core.errors import Problem
from ruleyard.core.types import JSONObject

Clock = Annotated[str, msgspec.Meta(max_length=5)]
CountryCode = Annotated[str, msgspec.Meta(pattern="^[A-Z]{2}$")]


class WeekHours(msgspec.Struct, frozen=True):
    """By day its hours, each `[from, until]` in local time; a day without any is free."""

    mon: tuple[tuple[Clock, Clock], ...] = ()
    tue: tuple[tuple[Clock, Clock], ...] = ()
    wed: tuple[tuple[Clock, Clock], ...] = ()
    thu: tuple[tuple[Clock, Clock], ...] = ()
    fri: tuple[tuple[Clock, Clock], ...] = ()
    sat: tuple[tuple[Clock, Clock], ...] = ()
    sun: tuple[tuple[Clock, Clock], ...] = ()


class CalendarIn(msgspec.Struct, frozen=True):
    """A calendar as somebody writes it. `years`: those whose holidays are all there; `default`: the workspace's."""

    name: Annotated[str, msgspec.Meta(max_length=200)]
    zone: Annotated[str, msgspec.Meta(max_length=100)]
    week: WeekHours
    holidays: tuple[Holiday, ...] = ()
    make_up: tuple[MakeUpDay, ...] = ()
    years: tuple[int, ...] = ()
    default: bool = False


class HoursNow(msgspec.Struct, frozen=True):
    """Open or closed at this moment. `closes_at`: null where it stays open; `opens_at`: null while it is open."""

    open: bool
    closes_at: datetime | None
    opens_at: datetime | None


class Opening(msgspec.Struct, frozen=True):
    opens_at: datetime
    closes_at: datetime


class CalendarSummary(msgspec.Struct, frozen=True):
    """One line of the list. `used_by`: so many rules keep it, or count working days by it."""

    id: int
    name: str
    zone: str
    week: WeekHours
    holidays: int
    years: tuple[int, ...]
    default: bool
    used_by: int
    now: HoursNow
    problems: tuple[Problem, ...]


class CalendarPage(msgspec.Struct, frozen=True):
    items: tuple[CalendarSummary, ...]
    next: str | None


class CalendarDetail(msgspec.Struct, frozen=True):
    """The whole of it. `openings`: the next times it is open; `problems`: warnings, such as a list that ends soon."""

    id: int
    name: str
    zone: str
    week: WeekHours
    holidays: tuple[Holiday, ...]
    make_up: tuple[MakeUpDay, ...]
    years: tuple[int, ...]
    default: bool
    etag: str
    changed_at: datetime
    changed_by: Author | None
    now: HoursNow
    openings: tuple[Opening, ...]
    problems: tuple[Problem, ...]


class CalendarPreview(msgspec.Struct, frozen=True):
    """What a calendar that is not saved would do. Without `now` where it has an error."""

    now: HoursNow | None
    openings: tuple[Opening, ...]
    problems: tuple[Problem, ...]


class CountryPage(msgspec.Struct, frozen=True):
    """ISO codes of the countries that there are ready lists of holidays for."""

    items: tuple[str, ...]
    next: str | None


class CountryPart(msgspec.Struct, frozen=True):
    code: str
    name: str


class CountryInfo(msgspec.Struct, frozen=True):
    """`parts`: states, provinces or regions with holidays of their own."""

    code: str
    parts: tuple[CountryPart, ...]


class ReadyIn(msgspec.Struct, frozen=True):
    """Which list. `language`: of the names, where it is spoken there."""

    country: CountryCode
    years: Annotated[
        tuple[Annotated[int, msgspec.Meta(ge=2000, le=2099)], ...], msgspec.Meta(min_length=1, max_length=10)
    ]
    part: Annotated[str, msgspec.Meta(max_length=20)] | None = None
    language: Language = "en"


class ReadyHolidays(msgspec.Struct, frozen=True):
    holidays: tuple[Holiday, ...]
    make_up: tuple[MakeUpDay, ...]
    years: tuple[int, ...]


class PastedIn(msgspec.Struct, frozen=True):
    """One date per line with a name behind it, CSV or iCalendar."""

    text: Annotated[str, msgspec.Meta(max_length=400_000)]


class PastedFault(msgspec.Struct, frozen=True):
    line: int
    text: str
    code: Literal["not-a-date", "no-such-day", "ambiguous-date", "too-many-lines", "too-many-days"]


class PastedHolidays(msgspec.Struct, frozen=True):
    """What could be read, of which years it is, and the lines that could not."""

    holidays: tuple[Holiday, ...]
    faults: tuple[PastedFault, ...]
    years: tuple[int, ...]
    problems: tuple[Problem, ...]
    """A list of another year."""


class HoursIn(msgspec.Struct, frozen=True):
    """`policy.hours` of a rule."""

    hours: JSONObject


class HoursPreview(msgspec.Struct, frozen=True):
    """How these hours stand now. `zone`: in which their moments are meant; `holidays`: of the next twelve months."""

    now: HoursNow | None
    openings: tuple[Opening, ...]
    zone: str
    week: WeekHours
    holidays: int
    problems: tuple[Problem, ...]
