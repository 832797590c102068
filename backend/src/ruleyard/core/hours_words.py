"""The hours of a rule in plain English: `Monday to Friday 09:00–18:00 (Asia/Seoul)`. Pure."""

from __future__ import annotations

from typing import Final

from ruleyard.core.calendars import DAYS, WORKING
from ruleyard.core.graph import Hours

_NAMES: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_OUTSIDE: Final = {"wait": "others wait", "skip": "others are skipped", "run": "only to count working days"}


def hours_words(hours: Hours) -> str:
    """Which hours, without what happens outside of them."""
    if hours.calendar is not None:
        return f'in the hours of "{hours.calendar}"'
    places = [place for place, day in enumerate(DAYS) if day in (hours.days or WORKING)]
    names = [_NAMES[place] for place in places]
    row = places[-1] - places[0] + 1 == len(places) > 2
    days = f"{names[0]} to {names[-1]}" if row else ", ".join(names)
    between = f" {hours.between[0]}–{hours.between[1]}" if hours.between else ""
    return f"{days}{between} ({hours.zone})"


def policy_words(hours: Hours | None) -> str:
    """As a part of the policy that may change: `at any time`, `… ; others wait`."""
    return "at any time" if hours is None else f"{hours_words(hours)}; {_OUTSIDE[hours.outside]}"
