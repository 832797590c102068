"""What of an address may be kept and shown: the values of `?token=…` and the like are covered. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote_plus

SECRET_WORDS: Final = (
    "authorization",
    "cookie",
    "token",
    "secret",
    "password",
    "api-key",
    "apikey",
    "api_key",
)
COVERED: Final = "•••"
_NAME: Final = re.compile(r"[?&]([^?&=#]*)=")
_END: Final = re.compile(r"[&#]")
_KEY: Final = re.compile(r"(?<![a-z])key")


def without_secrets(url: str) -> str:
    """The address with what signs in covered. In one pass, however long it is."""
    shown: list[str] = []
    at = 0
    for begun, ended in _secret_parts(url):
        shown += [url[at:begun], COVERED]
        at = ended
    return "".join([*shown, url[at:]])


def secrets_of(url: str) -> tuple[str, ...]:
    """What signs in within the address, as its receiver reads it."""
    return tuple(unquote_plus(url[begun:ended]) for begun, ended in _secret_parts(url))


def _secret_parts(url: str) -> Iterator[tuple[int, int]]:
    """Where the values of `?token=…` and the like begin and end."""
    at = 0
    for name in _NAME.finditer(url):
        if name.start() < at or not _is_secret(name[1].lower()):
            continue
        end = _END.search(url, name.end())
        at = end.start() if end else len(url)
        yield name.end(), at


def _is_secret(name: str) -> bool:
    return any(word in name for word in SECRET_WORDS) or _KEY.search(name) is not None
