"""Ready lists of public holidays, by country and year, to fill calendars with. The only room that knows `holidays`.

Lists are made when somebody asks for them, looked at, and then stored as data: a newer release of the library never
changes a calendar that is there. Years to come are what the law says today; governments move days.
"""

from __future__ import annotations

import threading
import warnings
from datetime import date
from typing import Final

import msgspec

from ruleyard.core.calendars import Holiday, MakeUpDay
from ruleyard.core.errors import NotFound

MOST_YEARS: Final = 10
_one_at_a_time: Final = threading.Lock()
"""Hearing warnings is for one thread at a time."""
_LANGUAGES: Final = {"en": ("en_US", "en_GB", "en"), "ko": ("ko",), "ru": ("ru",), "zh": ("zh_CN", "zh_TW")}


class Country(msgspec.Struct, frozen=True):
    """`code`: ISO 3166-1; `parts`: its states, provinces or regions (ISO 3166-2, without the country) with names."""

    code: str
    parts: tuple[Part, ...]


class Part(msgspec.Struct, frozen=True):
    code: str
    name: str


class ReadyList(msgspec.Struct, frozen=True):
    """`years`: those of which all days are known. The library warns where it cannot tell the days of the moon."""

    holidays: tuple[Holiday, ...]
    make_up: tuple[MakeUpDay, ...]
    years: tuple[int, ...]


def countries() -> tuple[str, ...]:
    """ISO codes of the countries that there are lists of, in order."""
    from holidays import list_supported_countries  # large: only where somebody asks

    return tuple(sorted(code for code in list_supported_countries(include_aliases=False) if len(code) == 2))


def country(code: str) -> Country:
    """NotFound where there is no list of it."""
    from holidays import country_holidays, list_supported_countries

    if code not in countries():
        raise NotFound(
            f'There is no ready list of holidays for "{code}". Paste one instead.', code="no-ready-list"
        )
    names = {
        short: name
        for name, short in (getattr(country_holidays(code), "subdivisions_aliases", None) or {}).items()
    }
    parts = list_supported_countries(include_aliases=False)[code]
    return Country(code, tuple(Part(one, names.get(one, one)) for one in parts))


def ready_list(code: str, part: str | None, years: tuple[int, ...], language: str) -> ReadyList:
    """The public holidays of these years, and the weekend days that are worked for them, in the reader's language
    where the library speaks it, else in English or the country's own. NotFound for a country or part without a list."""
    from holidays import country_holidays

    found = country(code)
    if part is not None and part not in {one.code for one in found.parts}:
        raise NotFound(f'"{part}" is no part of {code} that there is a list of.', code="no-ready-list")
    empty = country_holidays(code, subdiv=part)
    spoken = tuple(getattr(empty, "supported_languages", ()) or ())
    own = getattr(empty, "default_language", None)
    said = next((one for one in (*_LANGUAGES.get(language, ()), *_LANGUAGES["en"]) if one in spoken), own)
    days: dict[date, str] = {}
    worked: set[date] = set()
    whole: list[int] = []
    for year in sorted(years):
        with _one_at_a_time, warnings.catch_warnings(record=True) as missing:
            warnings.simplefilter("always")
            table = country_holidays(code, subdiv=part, years=year, language=said)
        days |= {day: name for day, name in table.items() if day.year in years}
        worked |= {day for day in getattr(table, "weekend_workdays", ()) or () if day.year in years}
        if not missing:
            whole.append(year)
    return ReadyList(
        tuple(Holiday(day, days[day]) for day in sorted(days)),
        tuple(MakeUpDay(day) for day in sorted(worked) if day not in days),
        tuple(whole),
    )
