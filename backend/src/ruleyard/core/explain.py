"""Why did this event make this rule run, or why not? Recomputed on demand; nothing is stored."""

from __future__ import annotations

from typing import Literal

import msgspec

from ruleyard.core.event import Event
from ruleyard.core.plan import Plan
from ruleyard.core.trace import Trace

ReasonCode = Literal[
    "fired", "other-table", "other-operation", "other-columns", "other-rule", "not-the-trigger",
    "condition-false", "no-action", "error",
]


class Explanation(msgspec.Struct, frozen=True):
    trace: Trace
    fired: bool
    reason_code: ReasonCode
    reason: str


def explain(plan: Plan, event: Event, now: str, connection: str | None = None) -> Explanation:
    """The trace and the reason in words. `connection`: name of the event's log, None where it need not be checked."""
    raise NotImplementedError
