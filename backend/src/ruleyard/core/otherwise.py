"""What would have had to be different, for each condition that a run or an explanation came by.

Recomputed from the steps that are kept; knows nothing of where they are kept.
"""

from __future__ import annotations

from collections.abc import Sequence

from ruleyard.core.deciding import deciding_in
from ruleyard.core.evaluate import data_of
from ruleyard.core.event import Event
from ruleyard.core.graph import Graph
from ruleyard.core.in_effect import in_effect
from ruleyard.core.nearest import Flip, other_way
from ruleyard.core.related import Related
from ruleyard.core.trace import Step
from ruleyard.core.types import NodeId


def otherwise(
    graph: Graph, event: Event, now: str, steps: Sequence[Step], related: Related | None = None
) -> dict[NodeId, tuple[Flip, ...]]:
    """By condition and choose: the fewest comparisons that would have sent it down another branch.

    `now` is the frozen moment of the run, UTC text; `related` what it saw of related records. A condition that
    cannot come out otherwise is left out.
    """
    data = data_of(event, now, steps, related=related)
    deciding = {node.id: node for node in deciding_in(in_effect(graph))}
    found = {
        step.node: other_way(deciding[step.node], step.branch, data)
        for step in steps
        if step.branch is not None and step.node in deciding
    }
    return {node: flips for node, flips in found.items() if flips}
