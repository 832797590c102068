"""What a rule's own comparisons give away before it is published: conditions that never or always hold, dead branches.

Warnings only, and only what is proven (core/grid.py). What rules do to each other is in core/neighbours.py. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ruleyard.core.errors import Problem
from ruleyard.core.graph import ChangeTrigger, Condition, Graph
from ruleyard.core.grid import conditions_of, example_of, grid, walker
from ruleyard.core.in_effect import in_effect
from ruleyard.core.logic.values import truthy
from ruleyard.core.model import TableModel
from ruleyard.core.nearest import reads
from ruleyard.core.types import JSON, Branch, JSONObject, NodeId
from ruleyard.core.words import logic_words

MOST_POINTS: Final = 5_000
OF_CONDITIONS: Final = ("condition-always-true", "condition-never-true", "branch-never-taken")
"""What is said of a condition by itself."""


def analyse(graph: Graph, table: TableModel | None = None) -> tuple[Problem, ...]:
    """Warnings about conditions and branches. `table`: the live table of the trigger."""
    places = {node.id: f"/nodes/{index}" for index, node in enumerate(graph.nodes)}
    graph = in_effect(graph)
    found: list[Problem] = []
    settled: set[NodeId] = set()
    for node in conditions_of(graph):
        told = _always(graph, node, table)
        if told is None:
            continue
        always, record = told
        settled.add(node.id)
        words = logic_words(node.logic)
        if always:
            message = f"This is so for every record: {words}. The other branch is never taken."
            code = "condition-always-true"
        else:
            message = f"No record can ever be like this: {words}. What follows on yes never happens."
            code = "condition-never-true"
        args = example_of(record) if always else {}
        found.append(Problem(code, f"{places[node.id]}/logic", message, "warning", node.id, args))
    found.extend(_dead_branches(graph, table, settled, places))
    return tuple(found)


def absent_of(graph: Graph) -> str:
    """`before` where records are only added, `after` where they are only deleted."""
    trigger = graph.trigger
    if not isinstance(trigger, ChangeTrigger):
        return ""
    if trigger.events == ("insert",):
        return "before"
    return "after" if trigger.events == ("delete",) else ""


def _always(graph: Graph, node: Condition, table: TableModel | None) -> tuple[bool, JSONObject] | None:
    """True or False where it comes out so for every record, with one; None where it depends, or nobody can tell."""
    if not reads(node.logic):
        return None
    made = grid([node.logic], table, absent=absent_of(graph), most=MOST_POINTS)
    if made is None:
        return None
    [condition] = made.conditions
    first: bool | None = None
    record: JSONObject = {}
    for data in made.points():
        outcome = condition.evaluate(data)
        if outcome.error:
            return None
        truth = truthy(outcome.value)
        if first is None:
            first, record = truth, {} if made.free else data
        elif truth is not first:
            return None
    return None if first is None else (first, record)


def _dead_branches(
    graph: Graph, table: TableModel | None, settled: set[NodeId], places: Mapping[NodeId, str]
) -> list[Problem]:
    """Branches that something follows on, of conditions that are reached, that no record takes."""
    nodes = conditions_of(graph)
    if len(nodes) < 2:
        return []
    made = grid([node.logic for node in nodes], table, absent=absent_of(graph), most=MOST_POINTS)
    if made is None:
        return []
    walk = walker(graph, made).walk
    taken: dict[tuple[NodeId, Branch], JSONObject] = {}
    for data in made.points():
        branches, _, broke = walk(data)
        if broke:
            return []
        for branch in branches:
            taken.setdefault(branch, data)
    reached = {node for node, _ in taken}
    found: list[Problem] = []
    for edge in graph.edges:
        if edge.branch is None or edge.source in settled or edge.source not in reached:
            continue
        if (edge.source, edge.branch) not in taken:
            message = (
                f"After the conditions before it, this one never comes out {edge.branch}: "
                "what follows there never happens."
            )
            at = f"{places[edge.source]}/logic"
            # A record that gets here, and goes the other way.
            record = {} if made.free else taken[edge.source, "no" if edge.branch == "yes" else "yes"]
            args: dict[str, JSON] = {"branch": edge.branch, **example_of(record)}
            found.append(Problem("branch-never-taken", at, message, "warning", edge.source, args))
    return found
