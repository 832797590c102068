"""What a run does next: decided here, performed elsewhere.

`decide` is given a plan, the event, the frozen `now` and the steps that are finished; it answers with the pure steps
(conditions) it passed on the way and one of the four things that can come next. No I/O, no clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

import msgspec

from ruleyard.core.event import Event
from ruleyard.core.plan import Plan
from ruleyard.core.trace import Step, StepError
from ruleyard.core.types import JSONObject, NodeId


class Perform(msgspec.Struct, frozen=True, tag=True):
    """An action decided, not yet performed. `fields` are resolved values (no expressions left)."""

    node: NodeId
    do: str
    fields: JSONObject


class Pause(msgspec.Struct, frozen=True, tag=True):
    """A wait node was reached: come back after `seconds`."""

    node: NodeId
    seconds: int


class Finished(msgspec.Struct, frozen=True, tag=True):
    outcome: Literal["succeeded", "unmatched"]


class Broken(msgspec.Struct, frozen=True, tag=True):
    """An expression could not be decided: the run fails at `node` and says why."""

    node: NodeId
    error: StepError


Next: TypeAlias = Perform | Pause | Finished | Broken


class Decision(msgspec.Struct, frozen=True):
    """`passed`: the condition/trigger/end steps newly passed since `done`, in order; then what comes next."""

    passed: tuple[Step, ...]
    next: Next


def decide(plan: Plan, event: Event, now: str, done: Sequence[Step]) -> Decision:
    """What comes next after the steps in `done` (all finished: succeeded or skipped).

    `now` is the run's frozen moment, UTC text. `steps.<id>` of finished actions are seen by later expressions.
    """
    raise NotImplementedError
