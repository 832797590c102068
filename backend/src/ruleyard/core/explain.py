"""Why did this event make this rule run, or why not? Recomputed on demand; nothing is stored."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final, Literal

import msgspec

from ruleyard.core.calendars import Timetable
from ruleyard.core.deciding import branch_words
from ruleyard.core.evaluate import data_of
from ruleyard.core.event import Event
from ruleyard.core.graph import ChangeTrigger, Hours, Trigger
from ruleyard.core.match import listens
from ruleyard.core.nearest import Flip, Nearest, because
from ruleyard.core.plan import Plan
from ruleyard.core.related import Related
from ruleyard.core.run import Await, Broken, Each, Finished, Pause, Perform, decide, kind_of
from ruleyard.core.trace import Step, Trace, is_handled, is_passed_over
from ruleyard.core.types import JSONObject

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


DECIDING: Final = ("condition", "choose")
OUTSIDE: Final = "outside-hours"


class Reason(msgspec.Struct, frozen=True):
    """One sentence of an answer: `message` in plain English, `code` and `args` for other languages."""

    code: str
    args: JSONObject
    message: str


class Explanation(msgspec.Struct, frozen=True):
    """`trace` ends before the first action (nothing is performed); `reason` is plain English, `args` what it names.

    `nearest`: the fewest comparisons that would have to come out otherwise; () where it fired or nothing would help.
    """

    trace: Trace
    fired: bool
    reason_code: ReasonCode
    reason: str
    nearest: tuple[Flip, ...] = ()
    args: JSONObject = {}


def explain(
    plan: Plan, event: Event, now: str, connection: str | None = None, related: Related | None = None
) -> Explanation:
    """The trace and the reason in words. `connection`: the name of the event's log; None leaves it unchecked.

    `related`: what is known of related records, as it was seen when the event was judged or as it is now.
    """
    trigger = plan.graph.trigger
    if connection is not None and isinstance(trigger, ChangeTrigger) and connection != trigger.connection:
        words = f'The rule listens to the connection "{trigger.connection}", this happened in "{connection}".'
        return _deaf("other-connection", words, {"wanted": trigger.connection, "found": connection})
    deaf: Any = listens(plan, event)
    if deaf:
        words = _deaf_words(deaf, trigger, event)
        return _deaf(deaf, words, _deaf_args(trigger, event), _deaf_flips(deaf, trigger, event))
    decision = decide(plan, event, now, (), related)
    steps = decision.passed
    following = decision.next
    if isinstance(following, Broken):
        where = f' The step "{following.node}" could not be decided.'
        args: JSONObject = {"node": following.node, "error": msgspec.to_builtins(following.error)}
        trace = Trace("failed", steps, following.error.message)
        return Explanation(trace, True, "error", following.error.message + where, args=args)
    if isinstance(following, Finished) and following.outcome == "succeeded":
        node = next(step.node for step in steps if is_handled(step))
        goal = f'The step "{node}" could not be decided, so it goes on by its failed path.'
        return Explanation(
            Trace("succeeded", steps, goal),
            True,
            "fired",
            f"Every condition on the way holds. {goal}",
            args={"node": node},
        )
    if isinstance(following, Finished):
        flips = Nearest(plan).flips(data_of(event, now, related=related))
        return _why_not(plan, steps, flips)
    ahead = Step(following.node, kind_of(following), "waiting")
    if isinstance(following, Perform):
        ahead = msgspec.structs.replace(ahead, input=following.fields)
    goal = f"It comes to {following.do}." if isinstance(following, Perform) else _pause_words(following)
    return Explanation(
        Trace("succeeded", (*steps, ahead), goal),
        True,
        "fired",
        f"Every condition on the way holds. {goal}",
        args={"node": following.node},
    )


def hours_reason(hours: Hours | None, table: Timetable | None, at: datetime) -> Reason | None:
    """Why a rule that fires at this moment does not run at once; None where its hours do not hold it up.

    `table`: of these hours; None where their calendar is gone. `args`: what happens `outside`, and `until` when.
    """
    if hours is None or table is None or hours.outside == "run" or table.is_open(at):
        return None
    args: JSONObject = {"outside": hours.outside, "calendar": hours.calendar}
    words = "It came outside of the hours of the rule"
    if hours.outside == "skip":
        return Reason(OUTSIDE, args, f"{words}, which skips what comes then.")
    opens = table.next_open(at)
    if opens is None:
        return Reason(OUTSIDE, args, f"{words}, and they do not begin within two years.")
    args["until"] = opens.isoformat()
    return Reason(
        OUTSIDE, args, f"{words}: runs wait until they begin, at {opens.astimezone(UTC):%Y-%m-%d %H:%M} UTC."
    )


def _pause_words(pause: Pause | Await | Each) -> str:
    if isinstance(pause, Each):
        count = len(pause.items)
        return f"It goes through {count} item{'s' if count > 1 else ''}."
    if isinstance(pause, Await):
        return "It waits there first."
    if pause.until:
        return f"It waits until {pause.until} first."
    return f"It waits {pause.seconds:,} seconds first."


def _deaf(code: ReasonCode, words: str, args: JSONObject, nearest: tuple[Flip, ...] = ()) -> Explanation:
    return Explanation(Trace("unmatched", (), words), False, code, words, nearest, args)


def _deaf_args(trigger: Trigger, event: Event) -> JSONObject:
    found: JSONObject = {
        "on": trigger.on,
        "op": event.op,
        "found": event.table,
        "changed": list(event.changed),
    }
    if isinstance(trigger, ChangeTrigger):
        found |= {"wanted": trigger.table, "events": list(trigger.events), "columns": list(trigger.columns)}
    return found


def _deaf_flips(code: str, trigger: Trigger, event: Event) -> tuple[Flip, ...]:
    """What the trigger would have needed, where it listens to the table but not to this change."""
    if not isinstance(trigger, ChangeTrigger) or code not in ("other-operation", "other-columns"):
        return ()
    words = _deaf_words(code, trigger, event)
    if code == "other-operation":
        return (Flip(trigger.id, "/events", "in", event.op, list(trigger.events), words, kind="events"),)
    return (
        Flip(trigger.id, "/columns", "in", list(event.changed), list(trigger.columns), words, kind="columns"),
    )


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


def _why_not(plan: Plan, steps: tuple[Step, ...], flips: tuple[Flip, ...]) -> Explanation:
    """The nearest reason in a sentence; without one, the condition behind which nothing follows."""
    last = next(
        (step for step in reversed(steps) if step.kind in DECIDING and not is_passed_over(step)), None
    )
    if last is None:
        words = "No path of the rule leads to an action."
        return Explanation(Trace("unmatched", steps, words), False, "no-action", words, flips)
    node = plan.nodes[last.node]
    called = branch_words(node, last.branch)
    words = because(flips) or f'The {last.kind} "{last.node}" came out "{called}", and nothing follows there.'
    args: JSONObject = {"node": last.node, "branch": last.branch}
    if called != last.branch:
        args["way"] = called
    return Explanation(Trace("unmatched", steps, words), False, "condition-false", words, flips, args)
