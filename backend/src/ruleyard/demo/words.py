"""The words that the invented people, companies and notes are made of, one file per language.

Pure but for reading its own package data. Phone numbers come from ranges that regulators keep for fiction,
mail addresses from example.com and example.org, so nobody real is ever called or written to.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random
from typing import Final

import msgspec

LANGUAGES: Final = ("en", "ko", "zh", "ru")

_AREA_CODES: Final = ("202", "212", "303", "312", "404", "415", "503", "512", "617", "702", "808", "907")
"""Any area code with 555-0100 to 555-0199 is fictional (North American Numbering Plan, 555 line numbers)."""


class Words(msgspec.Struct, frozen=True):
    """One language. Names are pairs: as written, and in Latin letters for the mail address."""

    family_first: bool
    mail: str
    given_male: tuple[tuple[str, str], ...]
    given_female: tuple[tuple[str, str], ...]
    family_male: tuple[tuple[str, str], ...]
    family_female: tuple[tuple[str, str], ...]
    cities: tuple[str, ...]
    companies: tuple[str, ...]
    lead_notes: tuple[str, ...]
    call_notes: tuple[str, ...]
    task_titles: tuple[str, ...]
    deal_titles: tuple[str, ...]


@dataclass(frozen=True)
class Person:
    first_name: str
    last_name: str
    mail_name: str
    full_name: str


@cache
def words(language: str) -> Words:
    """The words of one of LANGUAGES."""
    body = files("ruleyard.demo").joinpath("words", f"{language}.json").read_bytes()
    return msgspec.json.decode(body, type=Words)


def person(random: Random, language: str) -> Person:
    """Somebody who does not exist."""
    w = words(language)
    if random.random() < 0.5:
        given, family = random.choice(w.given_male), random.choice(w.family_male)
    else:
        given, family = random.choice(w.given_female), random.choice(w.family_female or w.family_male)
    full_name = f"{family[0]}{given[0]}" if w.family_first else f"{given[0]} {family[0]}"
    return Person(given[0], family[0], f"{given[1]}.{family[1]}", full_name)


def phone(random: Random) -> str:
    """A number that rings nowhere: NANP 555-01xx, Ofcom's 07700 900xxx or ARCEP's 06 39 98 xx xx."""
    match random.randrange(3):
        case 0:
            return f"+1 {random.choice(_AREA_CODES)} 555 01{random.randrange(100):02d}"
        case 1:
            return f"+44 7700 900{random.randrange(1000):03d}"
        case _:
            return f"+33 6 39 98 {random.randrange(100):02d} {random.randrange(100):02d}"
