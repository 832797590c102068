"""What a rule's own comparisons give away before it is published: conditions that never or always hold, dead branches,
ways of a choose that those before them leave nothing for.

Warnings only, and only what is proven (core/grid.py). What rules do to each other is in core/neighbours.py. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

from ruleyard.core.deciding import branch_words, branches_of, deciding_in, tests_of
from ruleyard.core.errors import Problem
from ruleyard.core.graph import ChangeTrigger, Choose, Condition, Deciding, Graph
from ruleyard.core.grid import example_of, grid, logics_of, walker
from ruleyard.core.in_effect import in_effect
from ruleyard.core.logic.values import truthy
from ruleyard.core.model import TableModel
from ruleyard.core.nearest import reads
from ruleyard.core.types import JSON, Branch, JSONObject, NodeId
from ruleyard.core.words import logic_words

MOST_POINTS: Final = 5_000
OF_CONDITIONS: Final = (
    "condition-always-true",
    "condition-never-true",
    "branch-never-taken",
    "way-covered",
)
"""What is said of a condition by itself."""

Way: TypeAlias = tuple[NodeId, Branch | None]


def analyse(graph: Graph, table: TableModel | None = None) -> tuple[Problem, ...]:
    """Warnings about conditions and branches. `table`: the live table of the trigger."""
    places = {node.id: f"/nodes/{index}" for index, node in enumerate(graph.nodes)}
    graph = in_effect(graph)
    found: list[Problem] = []
    settled: set[Way] = set()
    for node in deciding_in(graph):
        found.extend(_tests(graph, node, table, settled, places[node.id]))
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


def _tests(
    graph: Graph, node: Deciding, table: TableModel | None, settled: set[Way], place: str
) -> Iterator[Problem]:
    """What is said of each test by itself, and of a way that those before it leave nothing for."""
    tests, way = tests_of(node), isinstance(node, Choose)
    for index, test in enumerate(tests):
        told = _always(graph, test.logic, table)
        words, at = logic_words(test.logic), place + test.at
        named: JSONObject = {"branch": test.branch, "way": branch_words(node, test.branch)} if way else {}
        behind = branches_of(node)[index + 1 :]
        if told is None:
            others = tests[:index]
            if others and _is_covered(graph, [one.logic for one in (*others, test)], table):
                settled.add((node.id, test.branch))
                message = "Whatever this way asks for is taken by the ways before it, so it is never taken."
                yield Problem("way-covered", at, message, "warning", node.id, named)
            continue
        always, record = told
        if always:
            settled.update((node.id, branch) for branch in behind)
            rest = "No way behind it is ever taken." if way else "The other branch is never taken."
            message = f"This is so for every record: {words}. {rest}"
            code = "condition-always-true"
        else:
            settled.update(
                (node.id, branch) for branch in ((test.branch,) if way else (test.branch, *behind))
            )
            rest = "This way is never taken." if way else "What follows on yes never happens."
            message = f"No record can ever be like this: {words}. {rest}"
            code = "condition-never-true"
        args = named | (example_of(record) if always else {})
        yield Problem(code, at, message, "warning", node.id, args)
        if always:
            return


def _is_covered(graph: Graph, logics: list[JSON], table: TableModel | None) -> bool:
    """Does the last hold for no record for which those before it do not? False where nobody can tell."""
    made = grid(logics, table, absent=absent_of(graph), most=MOST_POINTS)
    if made is None:
        return False
    *before, last = made.conditions
    for data in made.points():
        outcomes = [one.evaluate(data) for one in (*before, last)]
        if any(outcome.error for outcome in outcomes):
            return False
        if truthy(outcomes[-1].value) and not any(truthy(outcome.value) for outcome in outcomes[:-1]):
            return False
    return True


def _always(graph: Graph, logic: JSON, table: TableModel | None) -> tuple[bool, JSONObject] | None:
    """True or False where it comes out so for every record, with one; None where it depends, or nobody can tell."""
    if not reads(logic):
        return None
    made = grid([logic], table, absent=absent_of(graph), most=MOST_POINTS)
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
    graph: Graph, table: TableModel | None, settled: set[Way], places: Mapping[NodeId, str]
) -> list[Problem]:
    """Branches that something follows on, of conditions that are reached, that no record takes."""
    logics = logics_of(graph)
    if len(logics) < 2:
        return []
    made = grid(logics, table, absent=absent_of(graph), most=MOST_POINTS)
    if made is None:
        return []
    walk = walker(graph, made).walk
    taken: dict[Way, JSONObject] = {}
    for data in made.points():
        branches, _, broke = walk(data)
        if broke:
            return []
        for branch in branches:
            taken.setdefault(branch, data)
    reached = {node: way for way in reversed(taken) for node in (way[0],)}
    deciding = {node.id: node for node in deciding_in(graph)}
    found: list[Problem] = []
    for edge in graph.edges:
        if edge.branch is None or (edge.source, edge.branch) in settled or edge.source not in reached:
            continue
        if (edge.source, edge.branch) not in taken:
            node = deciding[edge.source]
            called = branch_words(node, edge.branch)
            message = (
                f"After the conditions before it, this one never comes out {called}: "
                "what follows there never happens."
            )
            at = places[edge.source] + next(
                (test.at for test in tests_of(node) if test.branch == edge.branch),
                "/logic" if isinstance(node, Condition) else "",
            )
            # A record that gets here, and goes another way.
            record = {} if made.free else taken[reached[edge.source]]
            args: dict[str, JSON] = {"branch": edge.branch, **example_of(record)}
            if isinstance(node, Choose):
                args["way"] = called
            found.append(Problem("branch-never-taken", at, message, "warning", edge.source, args))
    return found
