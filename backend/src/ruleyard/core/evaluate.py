"""Judge one event by one plan: does it fire? And the data that expressions see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from ruleyard.core.cut import cut_at
from ruleyard.core.event import Event
from ruleyard.core.graph import End
from ruleyard.core.items import Item
from ruleyard.core.plan import Plan
from ruleyard.core.related import Related
from ruleyard.core.trace import Step, StepError, is_handled
from ruleyard.core.types import LATE, JSONObject, NodeId

ANSWERING: Final = ("action", "for_each")
"""Kinds of steps that later ones can read."""


class Verdict(msgspec.Struct, frozen=True):
    """`fires`: the path reaches an action or a wait, or breaks with `error` on the way."""

    fires: bool
    error: StepError | None = None


_FIRES = Verdict(True)
_RESTS = Verdict(False)


def judge(plan: Plan, event: Event, now: str, related: Related | None = None) -> Verdict:
    """Walk from the trigger through the conditions. `now` is UTC text, `related` what was seen of related records."""
    data: JSONObject | None = None
    node = plan.next(plan.graph.trigger.id)
    while node is not None and not isinstance(node, End):
        decider = plan.deciders.get(node.id)
        if decider is None:
            return _FIRES
        if data is None:
            data = data_of(event, now, related=related)
        if related is not None and (unread := unread_at(plan, node.id, related)):
            return Verdict(True, unread)
        if event.cut and (short := cut_at(plan.reads, node, event)):
            return Verdict(True, short)
        taken = decider.decide(data)
        if isinstance(taken, StepError):
            return Verdict(True, taken)
        node = plan.next(node.id, taken)
    return _RESTS


def unread_at(plan: Plan, node: NodeId, related: Related) -> StepError | None:
    """Why a node that reads related records cannot be decided."""
    if related.error and node in plan.related:
        return StepError("related-unreadable", related.error)
    return None


def data_of(
    event: Event,
    now: str,
    steps: Sequence[Step] = (),
    *,
    related: Related | None = None,
    batch: Sequence[Event] = (),
    item: Item | None = None,
) -> JSONObject:
    """What expressions see: before, after, related, changed, event, now, and of actions, lists and answered waits
    steps.<id> = {output, state, error}. `batch` is the list that a run goes on with; of one alone it is its own change.
    In an item run item and index are there, too."""
    records: Mapping[str, JSONObject | None] | None = None if related is None else related.records
    change = _change(event)
    data: JSONObject = {
        **change,
        "related": None if records is None else dict(records),
        "now": now,
        "steps": {step.node: answer_of(step) for step in steps if step.kind in ANSWERING or _answered(step)},
        "batch": [_change(one) for one in batch] if batch else [change],
    }
    if item is not None:
        data |= {"item": item.value, "index": item.index}
    return data


def _change(event: Event) -> JSONObject:
    return {
        "before": event.before,
        "after": event.after,
        "changed": list(event.changed),
        "event": {
            "id": event.id,
            "table": event.table,
            "op": event.op,
            "key": event.key,
            "at": event.at,
            "actor": event.actor,
        },
    }


def _answered(step: Step) -> bool:
    """A wait that something from outside ended, or its time."""
    return step.kind == "wait" and (step.output is not None or step.branch == LATE)


def answer_of(step: Step) -> JSONObject:
    """What later expressions see of an action: `error` is why it failed, null where it did not."""
    error: JSONObject | None = None
    if is_handled(step) and step.error:
        error = {"code": step.error.code, "message": step.error.message}
    return {"output": step.output, "state": step.state, "error": error}
