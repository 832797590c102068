"""Why did this event make this rule run, or why not? Recomputed on demand; nothing is stored."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from ruleyard.core.event import Event
from ruleyard.core.graph import ChangeTrigger, Trigger
from ruleyard.core.logic.problems import at
from ruleyard.core.match import listens
from ruleyard.core.plan import Plan
from ruleyard.core.run import Broken, Finished, Pause, Perform, decide
from ruleyard.core.trace import Step, Trace
from ruleyard.core.words import comparison_words

ReasonCode = Literal[
    "fired",
    "other-connection",
    "other-table",
    "other-operation",
    "other-columns",
    "other-rule",
    "not-the-trigger",
    "condition-false",
    "no-action",
    "error",
]


class Explanation(msgspec.Struct, frozen=True):
    """`trace` ends before the first action (nothing is performed); `reason` is plain English."""

    trace: Trace
    fired: bool
    reason_code: ReasonCode
    reason: str


def explain(plan: Plan, event: Event, now: str, connection: str | None = None) -> Explanation:
    """The trace and the reason in words. `connection`: the name of the event's log; None leaves it unchecked."""
    trigger = plan.graph.trigger
    if connection is not None and isinstance(trigger, ChangeTrigger) and connection != trigger.connection:
        words = f'The rule listens to the connection "{trigger.connection}", this happened in "{connection}".'
        return _deaf("other-connection", words)
    deaf: Any = listens(plan, event)
    if deaf:
        return _deaf(deaf, _deaf_words(deaf, trigger, event))
    decision = decide(plan, event, now, ())
    steps = decision.passed
    following = decision.next
    if isinstance(following, Broken):
        where = f' The step "{following.node}" could not be decided.'
        return Explanation(
            Trace("failed", steps, following.error.message), True, "error", following.error.message + where
        )
    if isinstance(following, Finished):
        code, words = _why_not(plan, steps)
        return Explanation(Trace("unmatched", steps, words), False, code, words)
    ahead = Step(following.node, "action" if isinstance(following, Perform) else "wait", "waiting")
    if isinstance(following, Perform):
        ahead = msgspec.structs.replace(ahead, input=following.fields)
    goal = f"It comes to {following.do}." if isinstance(following, Perform) else _pause_words(following)
    return Explanation(
        Trace("succeeded", (*steps, ahead), goal), True, "fired", f"Every condition on the way holds. {goal}"
    )


def _pause_words(pause: Pause) -> str:
    return f"It waits {pause.seconds:,} seconds first."


def _deaf(code: ReasonCode, words: str) -> Explanation:
    return Explanation(Trace("unmatched", (), words), False, code, words)


def _deaf_words(code: str, trigger: Trigger, event: Event) -> str:
    if code == "other-rule":
        return "This was meant for another rule."
    if code == "not-the-trigger" or not isinstance(trigger, ChangeTrigger):
        return f'The trigger is "{trigger.on}"; this event is "{event.op}".'
    if code == "other-table":
        return f"The trigger does not listen to the table {event.table}, only to {trigger.table}."
    if code == "other-operation":
        return f"The trigger does not listen to {event.op}, only to {', '.join(trigger.events)}."
    changed = ", ".join(event.changed) or "nothing it knows"
    return f"The trigger listens to changes of {', '.join(trigger.columns)}; changed was {changed}."


def _why_not(plan: Plan, steps: tuple[Step, ...]) -> tuple[ReasonCode, str]:
    """The last condition that was passed sent the run where nothing is: name what was false (or true) in it."""
    last = next((step for step in reversed(steps) if step.kind == "condition"), None)
    if last is None:
        return "no-action", "No path of the rule leads to an action."
    wanted = last.branch == "no"
    leaves = [seen for seen in last.seen if seen.truth is (not wanted) and _is_leaf(seen.operator)]
    if not wanted or not leaves:
        return (
            "condition-false",
            f'The condition "{last.node}" came out "{last.branch}", and nothing follows there.',
        )
    logic = plan.conditions[last.node].logic
    texts = [comparison_words(at(logic, seen.path), seen) for seen in leaves]
    return "condition-false", "It did not run because " + "; ".join(texts) + "."


def _is_leaf(operator: str) -> bool:
    return operator not in (
        "and",
        "or",
        "!",
        "!!",
        "if",
        "?:",
        "var",
        "cat",
        "+",
        "-",
        "*",
        "/",
        "%",
        "lower",
        "trim",
    )
