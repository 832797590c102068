"""A question for approval: what can be answered, how long is waited, and how people are named. Pure.

Knows neither who is asked nor how they hear of it.
"""

from __future__ import annotations

import re
from typing import Final, Literal, get_args

import msgspec

from ruleyard.core.types import JSON

Answer = Literal["approved", "refused", "late"]
Choice = Literal["approved", "refused"]
"""What a person can say."""
CHOICES: Final = get_args(Choice)

CommentRule = Literal["optional", "on_refusal"]
Standing = Literal["open", "approved", "refused", "late", "cancelled"]
"""Where a question stands; `cancelled`: its run ended otherwise."""

UNITS: Final = {"minutes": 60, "hours": 3_600, "days": 86_400}
LONGEST_DAYS: Final = 366
USUAL_S: Final = 7 * 86_400
"""So long is waited where the step does not say."""
MOST_REMINDERS: Final = 5


class Span(msgspec.Struct, frozen=True):
    """`amount` of `unit`; `times`: how often, of a reminder."""

    amount: int
    unit: Literal["minutes", "hours", "days"]
    times: int = 1

    @property
    def seconds(self) -> int:
        return self.amount * UNITS[self.unit]


def named_in(text: str) -> list[str]:
    """The people a text names: addresses, roles, `everyone`, with a comma or semicolon between them."""
    return [one.strip() for one in re.split(r"[,;]", text) if one.strip()]


def most_of(unit: JSON) -> int:
    """The highest amount of a unit."""
    return LONGEST_DAYS * 86_400 // UNITS.get(str(unit), 86_400)
