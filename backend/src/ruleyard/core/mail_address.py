"""E-mail addresses as people write them into one field. Pure.

Knows how they are parted and which are none at all, not whether anybody reads the letters.
"""

from __future__ import annotations

import re
from typing import Final

_QUOTES_AND_SEPARATORS: Final = re.compile(r'[",;]')
_NAMED: Final = re.compile(r"^\s*(?P<name>[^<>]*?)\s*<(?P<address>[^<>]*)>\s*$")
_NEVER: Final = re.compile(r"[\s<>()\[\]\\,;:\"@]")


def parted(text: str) -> list[str]:
    """Cut at commas and semicolons that stand in no quotes: an even number of quotes follows. In one pass."""
    left, begun = text.count('"'), 0
    parts: list[str] = []
    for mark in _QUOTES_AND_SEPARATORS.finditer(text):
        if mark[0] == '"':
            left -= 1
        elif left % 2 == 0:
            parts.append(text[begun : mark.start()])
            begun = mark.end()
    return [*parts, text[begun:]]


def name_and_address(text: str) -> tuple[str, str]:
    """`Kim <kim@x.kr>` → Kim, kim@x.kr; the name is empty where there is none."""
    named = _NAMED.match(text)
    return (named["name"].strip('" '), named["address"].strip()) if named else ("", text.strip())


def has_its_form(address: str) -> bool:
    """Whether it is of the form name@domain."""
    user, at, domain = address.rpartition("@")
    return bool(at and user and domain) and not _NEVER.search(user + domain)


def none_of(text: str) -> str | None:
    """The first part of a text that is no address; None where each is one."""
    parts = (part.strip() for part in parted(text))
    return next((part for part in parts if part and not has_its_form(name_and_address(part)[1])), None)
