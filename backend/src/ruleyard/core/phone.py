"""Phone numbers as people write them, made one form: `+821012345678` (E.164). Pure.

Knows how long numbers are and how a country dials inside itself (its trunk prefix), not which numbers are given out:
the provider says that.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

TRUNKS: Final = {
    "7": "8",
    "36": "06",
    "1": "1",
    "86": "",
    "34": "",
    "45": "",
    "47": "",
    "39": "",
    "48": "",
    "30": "",
}
"""Dialled before a number inside a country, by calling code; "0" where nothing is said. Source: ITU-T E.164."""
_EXTRA: Final = re.compile(r"[\s\u00a0\u200b-\u200f\u202a-\u202e\u2060\ufeff().\-\u2010-\u2015\u2212/·]+")
_DIALLED: Final = re.compile(r"\+?[0-9]+")
_SHOWN: Final = 40


@dataclass(frozen=True)
class Phone:
    """`e164` begins with +. `local` is how the home country dials it; `e164` where it belongs to another one."""

    e164: str
    local: str

    @property
    def digits(self) -> str:
        return self.e164[1:]


def _plain(text: str) -> str:
    return _EXTRA.sub("", unicodedata.normalize("NFKC", text.strip()))


def is_written_as_one(text: str) -> bool:
    """Whether it holds what one number is written with, of whatever country and length."""
    return _DIALLED.fullmatch(_plain(text)) is not None


def says_its_country(text: str) -> bool:
    """Whether a number begins with the code of its country, as dialled from abroad."""
    return _plain(text).startswith(("+", "00"))


def read_phone(text: str, country: str = "") -> Phone | str:
    """The number in a text, or why it is none. `country`: the calling code (`82`) of numbers written without one."""
    shown = text.strip()[:_SHOWN]
    plain = _plain(text)
    if not plain:
        return "it is empty"
    if re.search(r"[,;]", plain):
        return f"{shown!r} looks like several numbers; one message goes to one"
    if not _DIALLED.fullmatch(plain):
        return f"{shown!r} has characters that no phone number has"
    trunk = TRUNKS.get(country, "0")
    if plain.startswith("+"):
        number = plain[1:]
    elif plain.startswith("00"):
        number = plain[2:]
    elif not country:
        return f"{shown!r} has no country code: write it with +, or give the connection a home country"
    elif country == "7" and len(plain) == 11 and plain[0] in "78":
        number = "7" + plain[1:]
    elif trunk and plain.startswith(trunk):
        number = country + plain[len(trunk) :]
    elif plain.startswith(country) and len(plain) >= 11:
        number = plain
    else:
        number = country + plain
    if number.startswith("0") or not 8 <= len(number) <= 15:
        return f"{shown!r} is not as long as a phone number with its country code (8 to 15 digits)"
    home = bool(country) and number.startswith(country)
    return Phone(f"+{number}", trunk + number[len(country) :] if home else f"+{number}")
