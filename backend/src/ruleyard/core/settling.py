"""Settle time: several changes of one record within a while are one change, from before the first to after the last.

Pure. Knows neither runs nor how long a while is.
"""

from __future__ import annotations

from typing import Final

import msgspec

from ruleyard.core.event import Event
from ruleyard.core.match import listens
from ruleyard.core.plan import Plan
from ruleyard.core.trace import StepError

SETTLED_OVER: Final = StepError(
    "settled-over", "When its record was quiet, what had started this rule was not so any more."
)


def merged(first: Event, newer: Event) -> Event:
    """One change instead of two of the same record. It keeps the number of the first, and the moment, the actor and the
    cause of the newer one."""
    before, after = first.before, newer.after
    op = newer.op
    if first.op == "insert" and newer.op == "update":
        op = "insert"
    elif first.op == "delete" and newer.op == "insert":
        op = "update"
    elif first.op == "insert" and newer.op == "delete":
        before = newer.before
    changed = newer.changed
    if op == "update":
        old, new = before or {}, after or {}
        changed = tuple(name for name in new if name not in old or old[name] != new[name])
    elif op == "insert":
        changed = tuple(dict.fromkeys((*first.changed, *newer.changed)))
    return msgspec.structs.replace(
        newer,
        id=first.id,
        op=op,
        before=before,
        after=after,
        changed=changed,
        cut=first.cut or newer.cut,
        cut_columns=tuple(dict.fromkeys((*first.cut_columns, *newer.cut_columns))),
    )


def is_over(plan: Plan, event: Event) -> bool:
    """Whether the change that a record came to when it was quiet is none that the rule listens to."""
    if plan.graph.policy.settle is None or event.op not in ("insert", "update", "delete"):
        return False
    return listens(plan, event) != "" or (event.op == "update" and not event.changed)
