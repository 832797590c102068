"""Check when runs may begin against what starts the rule: quiet and lists make no sense for every trigger. Pure."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from ruleyard.core.errors import Fix, Problem
from ruleyard.core.graph import ChangeTrigger, DateTrigger, Graph, ManualTrigger, ScheduleTrigger, Trigger


def check_timing(graph: Graph) -> Iterator[Problem]:
    """Errors: such a rule would wait for what never comes, or lose what it collects."""
    policy, trigger = graph.policy, graph.trigger
    if policy.settle is not None and not isinstance(trigger, ChangeTrigger):
        yield Problem(
            "settle-without-changes",
            "/policy/settle",
            "Only a record that changes can become quiet: this rule starts in another way.",
            args={"on": trigger.on},
            fix=_without(graph, "settle", "Wait for no quiet"),
        )
    if policy.once is not None and not _has_records(trigger):
        yield Problem(
            "once-without-record",
            "/policy/once",
            "Only a rule that starts for the records of a table can run once for each: this one starts in another way.",
            args={"on": trigger.on},
            fix=_without(graph, "once", "Run every time"),
        )
    if policy.batch is None:
        return
    if isinstance(trigger, ScheduleTrigger | ManualTrigger):
        yield Problem(
            "batch-without-events",
            "/policy/batch",
            "What a schedule or a person starts is not collected: it starts when it is told to.",
            args={"on": trigger.on},
            fix=_without(graph, "batch", "Collect nothing"),
        )
    elif policy.overlap in ("skip", "restart"):
        yield Problem(
            "batch-loses-changes",
            "/policy/overlap",
            "With a list, no change of a record may push another one out: let them wait, or go side by side.",
            args={"overlap": policy.overlap},
            fix=Fix("Let them wait", "/policy/overlap", "queue"),
        )


def _has_records(trigger: Trigger) -> bool:
    return isinstance(trigger, ChangeTrigger | DateTrigger) or (
        isinstance(trigger, ScheduleTrigger) and trigger.table is not None
    )


def _without(graph: Graph, key: str, label: str) -> Fix:
    policy = msgspec.to_builtins(graph.policy)
    return Fix(label, "/policy", {name: value for name, value in policy.items() if name != key})
