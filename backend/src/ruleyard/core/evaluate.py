"""Judge one event by one plan: does it fire? And the data that expressions see."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from ruleyard.core.event import Event
from ruleyard.core.graph import Condition, End
from ruleyard.core.logic.values import truthy
from ruleyard.core.plan import Plan
from ruleyard.core.trace import Step, StepError
from ruleyard.core.types import Branch, JSONObject


class Verdict(msgspec.Struct, frozen=True):
    """`fires`: the path reaches an action or a wait, or breaks with `error` on the way."""

    fires: bool
    error: StepError | None = None


_FIRES = Verdict(True)
_RESTS = Verdict(False)


def judge(plan: Plan, event: Event, now: str) -> Verdict:
    """Walk from the trigger through the conditions. `now` is UTC text."""
    data: JSONObject | None = None
    node = plan.next(plan.graph.trigger.id)
    while node is not None and not isinstance(node, End):
        if not isinstance(node, Condition):
            return _FIRES
        if data is None:
            data = data_of(event, now)
        outcome = plan.conditions[node.id].evaluate(data)
        if outcome.error:
            return Verdict(
                True, StepError(outcome.error.reason, outcome.error.message, path=outcome.error.path)
            )
        branch: Branch = "yes" if truthy(outcome.value) else "no"
        node = plan.next(node.id, branch)
    return _RESTS


def data_of(event: Event, now: str, steps: Sequence[Step] = ()) -> JSONObject:
    """What expressions see: before, after, changed, event, now, steps.<id> = {output, state} of actions."""
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
        "now": now,
        "steps": {
            step.node: {"output": step.output, "state": step.state} for step in steps if step.kind == "action"
        },
    }
