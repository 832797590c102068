"""What a run does next: decided here, performed elsewhere.

`decide` is given a plan, the event, the frozen `now` and the steps that are finished; it answers with the pure steps
(conditions) it passed on the way and one of the four things that can come next. No I/O, no clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, TypeAlias

import msgspec

from ruleyard.core.cut import cut_at
from ruleyard.core.evaluate import data_of, unread_at
from ruleyard.core.event import Event
from ruleyard.core.graph import Action, Condition, End, Node, Trigger, Wait
from ruleyard.core.in_effect import way_on
from ruleyard.core.logic.values import truthy
from ruleyard.core.plan import Plan
from ruleyard.core.related import Related
from ruleyard.core.trace import Step, StepError, is_passed_over, passed_over
from ruleyard.core.types import Branch, JSONObject, NodeId

SECONDS: Final = {"seconds": 1, "minutes": 60, "hours": 3_600, "days": 86_400}


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
    """`passed`: the steps newly passed since `done`, in order: trigger, conditions, ends, what is switched off."""

    passed: tuple[Step, ...]
    next: Next


def decide(
    plan: Plan, event: Event, now: str, done: Sequence[Step], related: Related | None = None
) -> Decision:
    """What comes next after the steps in `done` (all finished: succeeded or skipped).

    `now` is the run's frozen moment, UTC text. `steps.<id>` of finished actions are seen by later expressions.
    `related` is what was seen of related records when the event was judged.
    Walks the path from the trigger: finished nodes are passed over (a condition keeps the branch it took then).
    """
    finished = {step.node: step for step in done if step.state in ("succeeded", "skipped")}
    acting = tuple(step for step in finished.values() if not is_passed_over(step))
    data = data_of(event, now, acting, related=related)
    passed: list[Step] = []
    acted = any(step.kind in ("action", "wait") for step in acting)
    node: Node | None = plan.graph.trigger
    while node is not None:
        kind = "trigger" if isinstance(node, Trigger) else node.kind
        branch: Branch | None = None
        earlier = finished.get(node.id)
        if earlier is not None:
            branch = earlier.branch
        elif related is not None and (unread := unread_at(plan, node.id, related)):
            return Decision(tuple(passed), Broken(node.id, unread))
        elif event.cut and (short := cut_at(plan.reads, node, event)):
            return Decision(tuple(passed), Broken(node.id, short))
        elif isinstance(node, Action):
            resolved = plan.actions[node.id].resolve(data)
            if isinstance(resolved, StepError):
                return Decision(tuple(passed), Broken(node.id, resolved))
            return Decision(tuple(passed), Perform(node.id, node.do, resolved))
        elif isinstance(node, Wait):
            return Decision(tuple(passed), Pause(node.id, node.amount * SECONDS[node.unit]))
        elif isinstance(node, Condition):
            outcome, seen = plan.conditions[node.id].trace(data)
            if outcome.error:
                error = StepError(outcome.error.reason, outcome.error.message, path=outcome.error.path)
                passed.append(Step(node.id, kind, "failed", seen=seen, error=error))
                return Decision(tuple(passed), Broken(node.id, error))
            branch = "yes" if truthy(outcome.value) else "no"
            passed.append(Step(node.id, kind, "succeeded", branch, seen, output=outcome.value))
        else:
            passed.append(Step(node.id, kind, "succeeded"))
        for one in plan.over.get((node.id, branch), ()):
            if one.id not in finished:
                passed.append(passed_over(one.id, one.kind, way_on(one)[1]))
        node = None if isinstance(node, End) else plan.next(node.id, branch)
    return Decision(tuple(passed), Finished("succeeded" if acted else "unmatched"))
