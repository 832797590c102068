"""Time zones by their IANA names: which there are, and which one a wrong name was meant to be.

Only names that mean the same everywhere: `localtime` is whatever this machine is set to, so it is none. Knows nothing
of rules; must not know what a person's own zone is.
"""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

_OF_THE_MACHINE: Final = frozenset({"localtime", "posixrules", "Factory"})
_ALIKE: Final = 0.75
"""Names of zones are short and many: what is less alike is more often another place than a slip."""


@cache
def zone_names() -> frozenset[str]:
    """Every name there is: `Asia/Seoul`, `UTC`, old ones like `Asia/Calcutta` too."""
    return frozenset(available_timezones()) - _OF_THE_MACHINE


@cache
def _by_city() -> dict[str, str]:
    """`seoul` → `Asia/Seoul`, for names of an area and a city."""
    names = sorted(name for name in zone_names() if "/" in name and not name.startswith("Etc/"))
    return {name.rpartition("/")[2].lower(): name for name in reversed(names)}


def zone_of(name: str) -> ZoneInfo | None:
    """The IANA zone, None where there is none of that name."""
    return ZoneInfo(name) if name in zone_names() else None


def zone_like(name: str) -> str | None:
    """The zone that was meant: the same but for capitals, the city alone, or what is written nearly so."""
    plain = name.strip().replace(" ", "_")
    by_lower = {one.lower(): one for one in zone_names()}
    known = {**_by_city(), **by_lower}
    found = get_close_matches(plain.lower(), known, n=1, cutoff=_ALIKE)
    return known[found[0]] if found else None


def zone_words(name: str) -> str:
    """`Asia/Seoul` → `Seoul time`."""
    return (
        name
        if "/" not in name or name.startswith("Etc/")
        else f"{name.rpartition('/')[2].replace('_', ' ')} time"
    )
