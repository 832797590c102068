"""What a run does next: decided here, performed elsewhere.

`decide` is given a plan, the event, the frozen `now` and the steps that are finished; it answers with the pure steps
(conditions) it passed on the way and one of the four things that can come next. No I/O, no clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, TypeAlias

import msgspec

from ruleyard.core.cut import cut_at
from ruleyard.core.evaluate import answer_of, data_of, unread_at
from ruleyard.core.event import Event
from ruleyard.core.graph import Action, End, Node, Trigger, Wait
from ruleyard.core.in_effect import way_on
from ruleyard.core.plan import Plan
from ruleyard.core.related import Related
from ruleyard.core.trace import Step, StepError, is_finished, is_passed_over, passed_over
from ruleyard.core.types import FAILED, Branch, JSONObject, NodeId

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
    """`passed`: the steps newly passed since `done`, in order: trigger, conditions, ends, what is switched off, and
    actions that could not be decided and have a failed path."""

    passed: tuple[Step, ...]
    next: Next


def decide(
    plan: Plan, event: Event, now: str, done: Sequence[Step], related: Related | None = None
) -> Decision:
    """What comes next after the steps in `done` (all finished: succeeded, skipped, or failed and gone on from).

    `now` is the run's frozen moment, UTC text. `steps.<id>` of finished actions are seen by later expressions.
    `related` is what was seen of related records when the event was judged.
    Walks the path from the trigger: finished nodes are passed over (a condition keeps the branch it took then).
    """
    finished = {step.node: step for step in done if is_finished(step)}
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
        elif (why := _undecided(plan, event, node, related)) is not None:
            if not plan.handles(node.id):
                return Decision(tuple(passed), Broken(node.id, why))
            branch = _failed(node.id, why, passed, data)
        elif isinstance(node, Action):
            resolved = plan.actions[node.id].resolve(data)
            if not isinstance(resolved, StepError):
                return Decision(tuple(passed), Perform(node.id, node.do, resolved))
            if not plan.handles(node.id):
                return Decision(tuple(passed), Broken(node.id, resolved))
            branch = _failed(node.id, resolved, passed, data)
        elif isinstance(node, Wait):
            return Decision(tuple(passed), Pause(node.id, node.amount * SECONDS[node.unit]))
        elif (decider := plan.deciders.get(node.id)) is not None:
            traced = decider.trace(data)
            if isinstance(traced.taken, StepError):
                passed.append(Step(node.id, kind, "failed", seen=traced.seen, error=traced.taken))
                return Decision(tuple(passed), Broken(node.id, traced.taken))
            branch = traced.taken
            passed.append(Step(node.id, kind, "succeeded", branch, traced.seen, output=traced.value))
        else:
            passed.append(Step(node.id, kind, "succeeded"))
        acted = acted or branch == FAILED
        for one in plan.over.get((node.id, branch), ()):
            if one.id not in finished:
                passed.append(passed_over(one.id, one.kind, way_on(one)[1]))
        node = None if isinstance(node, End) else plan.next(node.id, branch)
    return Decision(tuple(passed), Finished("succeeded" if acted else "unmatched"))


def _undecided(plan: Plan, event: Event, node: Node, related: Related | None) -> StepError | None:
    """Why nothing can be decided by what the node reads, before it is evaluated."""
    if related is not None and (unread := unread_at(plan, node.id, related)):
        return unread
    return cut_at(plan.reads, node, event) if event.cut else None


def _failed(node: NodeId, error: StepError, passed: list[Step], data: JSONObject) -> Branch:
    """Goes on by the failed path of an action whose fields have no value; what follows sees why."""
    step = Step(node, "action", "failed", FAILED, error=error)
    passed.append(step)
    steps = data["steps"]
    if isinstance(steps, dict):
        steps[node] = answer_of(step)
    return FAILED
