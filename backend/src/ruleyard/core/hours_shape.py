"""How the hours of a rule are written: JSON → Hours. Pure."""

from __future__ import annotations

from typing import Any, Final, get_args

from ruleyard.core.calendar_check import span_problem, zone_problems
from ruleyard.core.calendars import DAYS
from ruleyard.core.errors import Problem
from ruleyard.core.graph import Hours, Outside
from ruleyard.core.shape_reader import Reader
from ruleyard.core.types import JSON, JSONObject

_OWN: Final = ("zone", "days", "between")


def read_hours(read: Reader, raw: JSON, path: str) -> Hours | None:
    """The hours of a policy or of a preview request; None where there are none, or problems (they are added)."""
    if raw is None:
        return None
    if not isinstance(raw, dict):
        read.add("not-an-object", path, "Hours are a JSON object.")
        return None
    before = len(read.problems)
    read.known_keys(raw, ("calendar", *_OWN, "outside"), path)
    outside: Any = read.word(raw, "outside", path, get_args(Outside), "wait")
    if "calendar" in raw:
        both = [key for key in _OWN if key in raw]
        if both:
            words = f'Hours are those of a calendar or their own, not both: leave "{both[0]}" out.'
            read.add("hours-of-both", f"{path}/{both[0]}", words, key=both[0])
        calendar = read.text(raw, "calendar", path, required=True)
        return Hours(calendar, outside=outside) if len(read.problems) == before else None
    days: Any = read.words(raw, "days", path, among=DAYS)
    zone = read.text(raw, "zone", path, required=True)
    between = _between(read, raw, path)
    for problem in zone_problems(zone, f"{path}/zone") if zone else ():
        _add(read, problem)
    return Hours(None, zone, days, between, outside) if len(read.problems) == before else None


def _between(read: Reader, raw: JSONObject, path: str) -> tuple[str, str] | None:
    match raw.get("between"):
        case None:
            return None
        case [str(opens), str(closes)]:
            if problem := span_problem((opens, closes), f"{path}/between"):
                _add(read, problem)
            return opens, closes
    read.add("bad-time", f"{path}/between", 'Say the hours as ["09:00", "18:00"].', time="")
    return None


def _add(read: Reader, problem: Problem) -> None:
    read.problems.append(problem)
