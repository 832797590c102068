"""Judge one event by one plan: does it fire?"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from ruleyard.core.event import Event
from ruleyard.core.plan import Plan
from ruleyard.core.trace import Step, StepError
from ruleyard.core.types import JSONObject


class Verdict(msgspec.Struct, frozen=True):
    """`fires`: the path reaches an action or a wait, or breaks with `error` on the way."""

    fires: bool
    error: StepError | None = None


def judge(plan: Plan, event: Event, now: str) -> Verdict:
    """Walk from the trigger through the conditions. `now` is UTC text."""
    raise NotImplementedError


def data_of(event: Event, now: str, steps: Sequence[Step] = ()) -> JSONObject:
    """What expressions see: before, after, changed, event, now, steps."""
    raise NotImplementedError
