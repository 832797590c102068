"""What two versions would have done on the same event. Pure; told events, performs nothing.

Knows nothing of where events are kept or how many there are.
"""

from __future__ import annotations

import msgspec

from ruleyard.core.backtest import walk
from ruleyard.core.evaluate import data_of
from ruleyard.core.event import Event
from ruleyard.core.match import listens
from ruleyard.core.plan import Plan
from ruleyard.core.related import Related
from ruleyard.core.types import NodeId
from ruleyard.core.verdict import same_steps


class Decision(msgspec.Struct, frozen=True):
    """`steps`: the actions and waits that the run would come by, in order. `error`: why it would break, else "".

    `listens` is False where the trigger would not have heard the event.
    """

    listens: bool
    steps: tuple[NodeId, ...] = ()
    error: str = ""


def decisions(
    old: Plan, new: Plan, event: Event, related: Related | None = None
) -> tuple[Decision, Decision] | None:
    """What each decides; None where both decide the same. A step that only says something else is the same step."""
    heard = [not listens(plan, event) for plan in (old, new)]
    if not any(heard):
        return None
    data = data_of(event, event.at, related=related)
    found = []
    for plan, listening in zip((old, new), heard, strict=True):
        _, steps, error = walk(plan, data) if listening else ("", (), "")
        found.append(Decision(listening, steps, error))
    was, now = found
    if bool(was.error) != bool(now.error):
        return was, now
    return None if same_steps(old.graph, was.steps, new.graph, now.steps) else (was, now)
