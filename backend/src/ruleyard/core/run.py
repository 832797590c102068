"""What a run does next: decided here, performed elsewhere.

`decide` is given a plan, the event, the frozen `now` and the steps that are finished; it answers with the pure steps
(conditions) it passed on the way and one of the five things that can come next. No I/O, no clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

import msgspec

from ruleyard.core.awaiting import Awaits
from ruleyard.core.cut import cut_at
from ruleyard.core.evaluate import answer_of, data_of, unread_at
from ruleyard.core.event import Event
from ruleyard.core.graph import SECONDS, Action, End, ForEach, Node, Trigger, Wait, WaitFor, WaitUntil
from ruleyard.core.in_effect import way_on
from ruleyard.core.items import Counts, Item, items_in
from ruleyard.core.logic.budget import LogicError
from ruleyard.core.plan import Plan
from ruleyard.core.related import Related
from ruleyard.core.trace import Step, StepError, is_finished, is_passed_over, passed_over
from ruleyard.core.types import EACH, FAILED, JSON, Branch, JSONObject, NodeId
from ruleyard.core.wait_for import awaits_of
from ruleyard.core.wait_until import due_at


class Perform(msgspec.Struct, frozen=True, tag=True):
    """An action decided, not yet performed. `fields` are resolved values (no expressions left)."""

    node: NodeId
    do: str
    fields: JSONObject


class Pause(msgspec.Struct, frozen=True, tag=True):
    """A wait node was reached: come back after `seconds`, or at the moment `until` (UTC text), which may be past."""

    node: NodeId
    seconds: int = 0
    until: str = ""


class Await(msgspec.Struct, frozen=True, tag=True):
    """A step was reached that rests until it is answered from outside, or until its time is over."""

    node: NodeId
    awaits: Awaits


class Each(msgspec.Struct, frozen=True, tag=True):
    """A list was reached that has items: rest until there was an item run for each of them, and all have ended."""

    node: NodeId
    items: tuple[JSON, ...]


class Finished(msgspec.Struct, frozen=True, tag=True):
    outcome: Literal["succeeded", "unmatched"]


class Broken(msgspec.Struct, frozen=True, tag=True):
    """An expression could not be decided: the run fails at `node` and says why."""

    node: NodeId
    error: StepError


Next: TypeAlias = Perform | Pause | Await | Each | Finished | Broken


def kind_of(following: Perform | Pause | Await | Each) -> str:
    """Of the step that comes next."""
    match following:
        case Perform():
            return "action"
        case Each():
            return "for_each"
        case _:
            return "wait"


class Decision(msgspec.Struct, frozen=True):
    """`passed`: the steps newly passed since `done`, in order: trigger, conditions, ends, what is switched off, and
    actions that could not be decided and have a failed path."""

    passed: tuple[Step, ...]
    next: Next


def decide(
    plan: Plan,
    event: Event,
    now: str,
    done: Sequence[Step],
    related: Related | None = None,
    batch: Sequence[Event] = (),
    item: Item | None = None,
) -> Decision:
    """What comes next after the steps in `done` (all finished: succeeded, skipped, or failed and gone on from).

    `now` is the run's frozen moment, UTC text. `steps.<id>` of finished actions are seen by later expressions.
    `related` is what was seen of related records when the event was judged, `batch` the list that the run goes on with.
    `item`: of an item run, which begins behind its list.
    Walks the path from the trigger: finished nodes are passed over (a condition keeps the branch it took then).
    """
    finished = {step.node: step for step in done if is_finished(step)}
    acting = tuple(step for step in finished.values() if not is_passed_over(step))
    outer = () if item is None else item.outer
    data = data_of(event, now, (*outer, *acting), related=related, batch=batch, item=item)
    passed: list[Step] = []
    acted = any(step.kind in ("action", "wait", "for_each") for step in acting)
    node: Node | None = plan.graph.trigger if item is None else plan.next(item.node, EACH)
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
        elif isinstance(node, WaitUntil):
            value = plan.dates[node.id].evaluate(data)
            due = due_at(node, value.value) if value.error is None else _error_at(value.error)
            following = Broken(node.id, due) if isinstance(due, StepError) else Pause(node.id, until=due)
            return Decision(tuple(passed), following)
        elif isinstance(node, WaitFor):
            return Decision(tuple(passed), Await(node.id, awaits_of(node, plan.graph.trigger, data)))
        elif isinstance(node, ForEach):
            found = _items(plan, node, data)
            if isinstance(found, StepError):
                return Decision(tuple(passed), Broken(node.id, found))
            if found:
                return Decision(tuple(passed), Each(node.id, tuple(found)))
            passed.append(_nothing_in(node, data))
            acted = True
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


def _items(plan: Plan, node: ForEach, data: JSONObject) -> list[JSON] | StepError:
    outcome = plan.lists[node.id].evaluate(data)
    if outcome.error:
        return StepError(outcome.error.reason, outcome.error.message, path="/over" + outcome.error.path)
    return items_in(node, outcome.value)


def _nothing_in(node: ForEach, data: JSONObject) -> Step:
    """A list without items is gone through at once; what follows sees that."""
    step = Step(node.id, "for_each", "succeeded", output=Counts().output)
    steps = data["steps"]
    if isinstance(steps, dict):
        steps[node.id] = answer_of(step)
    return step


def _undecided(plan: Plan, event: Event, node: Node, related: Related | None) -> StepError | None:
    """Why nothing can be decided by what the node reads, before it is evaluated."""
    if related is not None and (unread := unread_at(plan, node.id, related)):
        return unread
    return cut_at(plan.reads, node, event) if event.cut else None


def _error_at(error: LogicError) -> StepError:
    return StepError(error.reason, error.message, path=f"/until{error.path}")


def _failed(node: NodeId, error: StepError, passed: list[Step], data: JSONObject) -> Branch:
    """Goes on by the failed path of an action whose fields have no value; what follows sees why."""
    step = Step(node, "action", "failed", FAILED, error=error)
    passed.append(step)
    steps = data["steps"]
    if isinstance(steps, dict):
        steps[node] = answer_of(step)
    return FAILED
