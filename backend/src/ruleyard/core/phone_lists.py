"""A pasted list of phone numbers: one per line, a name and a reason behind it where there are any. Pure.

What holds no number is told by its line and never guessed.
"""

from __future__ import annotations

import csv
import re
from typing import Final, Literal

import msgspec

from ruleyard.core.phone import Phone, read_phone

MOST_LINES: Final = 10_000
MOST_NAME: Final = 200
MOST_REASON: Final = 400
_SHOWN: Final = 80
_DATE: Final = re.compile(r"(\d{4}([-./])\d{1,2}\2\d{1,2}|\d{1,2}([-./])\d{1,2}\3\d{4})\.?([ T].*)?")
"""A day is written in digits, too; it is a reason (since when), no number."""

FaultCode = Literal["no-number", "no-country", "too-many-lines"]


class PhoneFault(msgspec.Struct, frozen=True):
    """A line (from 1) that holds no phone number, or none without a country code."""

    line: int
    text: str
    code: FaultCode


class ListedPhone(msgspec.Struct, frozen=True):
    """`phone`: E.164."""

    phone: str
    name: str = ""
    reason: str = ""


class ReadPhones(msgspec.Struct, frozen=True):
    """Each number once, in the order of the lines."""

    phones: tuple[ListedPhone, ...]
    faults: tuple[PhoneFault, ...]


def read_phones(text: str, country: str = "") -> ReadPhones:
    """Every number of a list. `country`: as for `read_phone`. A head of columns and empty lines are passed over."""
    lines = re.split(r"\r\n|\r|\n", text.replace("\x00", "").removeprefix("\ufeff"))
    faults: list[PhoneFault] = []
    found: dict[str, ListedPhone] = {}
    head = True
    for number, line in enumerate(lines[:MOST_LINES], 1):
        plain = line.strip()
        if not plain:
            continue
        numbers, name, reason = _of_line(plain, country)
        for phone in numbers:
            found.setdefault(phone, ListedPhone(phone, name, reason))
        if not numbers and not (head and not any(sign.isdigit() for sign in plain)):
            unsaid = not country and bool(_of_line(plain, "999")[0])
            faults.append(PhoneFault(number, plain[:_SHOWN], "no-country" if unsaid else "no-number"))
        head = False
    if len(lines) > MOST_LINES:
        faults.append(PhoneFault(MOST_LINES + 1, lines[MOST_LINES].strip()[:_SHOWN], "too-many-lines"))
    return ReadPhones(tuple(found.values()), tuple(faults))


def _of_line(line: str, country: str) -> tuple[list[str], str, str]:
    """Its numbers; of the other cells the first is a name, the rest a reason."""
    numbers: list[str] = []
    words: list[str] = []
    for cell in _cells(line):
        phone = "" if _DATE.fullmatch(cell) else read_phone(cell, country)
        if isinstance(phone, Phone):
            numbers.append(phone.e164)
        elif cell:
            words.append(cell)
    return numbers, "".join(words[:1])[:MOST_NAME], ", ".join(words[1:])[:MOST_REASON]


def _cells(line: str) -> list[str]:
    between = next((sign for sign in "\t;" if sign in line), ",")
    try:
        cells = next(csv.reader([line], delimiter=between, skipinitialspace=True))
    except csv.Error:
        cells = line.split(between)
    return [" ".join(cell.split()) for cell in cells]
