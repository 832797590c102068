"""Check a graph against the live schema of the tables it names. The shape was checked by `document.parse`.

Told everything: tables by a lookup, connections and watches by `Known`. No I/O.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple, TypeAlias

from ruleyard.core.check_actions import check_action
from ruleyard.core.check_hours import check_hours
from ruleyard.core.check_list import check_list
from ruleyard.core.check_timing import check_timing
from ruleyard.core.check_trigger import trigger_table
from ruleyard.core.check_waits import check_wait
from ruleyard.core.deciding import left_over, tests_of
from ruleyard.core.errors import Problem
from ruleyard.core.graph import Action, AnyWait, Choose, Deciding, ForEach, Graph, Node, WaitFor
from ruleyard.core.in_effect import in_effect
from ruleyard.core.items import bodies_of
from ruleyard.core.logic.facts import Facts, when_false, when_true
from ruleyard.core.logic.problems import root_of
from ruleyard.core.logic.typecheck import Scope
from ruleyard.core.model import Known, TableLookup
from ruleyard.core.names import RuleNames
from ruleyard.core.types import EACH, FAILED, LATE, Branch, NodeId
from ruleyard.core.wiring import wiring_warnings

Actions: TypeAlias = dict[NodeId, frozenset[NodeId]]
_NOTHING: Final[frozenset[NodeId]] = frozenset()


class _Before(NamedTuple):
    """By node, the actions and waits on some way to it, those that went well on every way, those that failed on every
    way; and the paths that are not null then."""

    earlier: Actions
    always: Actions
    failed: Actions
    facts: dict[NodeId, Facts]


def check(graph: Graph, tables: TableLookup, known: Known) -> tuple[Problem, ...]:
    """Every problem of the graph, errors and warnings, in the order of the nodes; none of what is switched off."""
    found: list[Problem] = []
    table = trigger_table(graph, tables, known, found)
    acting = in_effect(graph)
    before = _before_each(acting)
    on = {node.id for node in acting.nodes}
    bodies = bodies_of(acting.nodes, acting.edges)
    for index, node in enumerate(graph.nodes):
        if node.id not in on:
            continue
        path = f"/nodes/{index}"
        names = RuleNames(
            graph,
            table,
            before.earlier.get(node.id, _NOTHING),
            always=before.always.get(node.id, _NOTHING),
            failed=before.failed.get(node.id, _NOTHING),
            tables=tables,
            unreachable=known.unreachable,
            left_out=known.excluded,
            home=bodies.get(node.id),
        )
        guarded = before.facts.get(node.id, frozenset())
        if isinstance(node, Deciding):
            found.extend(_check_tests(node, path, names, guarded))
            found.extend(_same_names(node, path))
        elif isinstance(node, AnyWait):
            found.extend(check_wait(node, path, graph, names, known, guarded))
        elif isinstance(node, Action):
            found.extend(check_action(node, path, graph, names, tables, known, guarded))
        elif isinstance(node, ForEach):
            found.extend(check_list(node, path, acting, names, guarded))
    found.extend(check_hours(graph, known))
    found.extend(wiring_warnings(graph))
    found.extend(check_timing(graph))
    order = {node.id: index for index, node in enumerate(graph.nodes)}
    return tuple(sorted(found, key=lambda problem: order.get(NodeId(problem.node or ""), len(order))))


def _same_names(node: Deciding, path: str) -> Iterator[Problem]:
    """People tell the ways of a choose apart by their names: those that another one above has, too."""
    seen: set[str] = set()
    for index, way in enumerate(node.ways if isinstance(node, Choose) else ()):
        name = " ".join(way.name.split())
        if name and name.casefold() in seen:
            words = f'Another way of this step is called "{name}", too: nobody can tell them apart.'
            yield Problem(
                "same-way-name", f"{path}/ways/{index}/name", words, "warning", node.id, {"way": name}
            )
        seen.add(name.casefold())


def _check_tests(node: Deciding, path: str, names: RuleNames, guarded: Facts) -> Iterator[Problem]:
    """A test is come to when those before it did not hold."""
    for test in tests_of(node):
        root = root_of(test.logic)
        if root is None:
            continue
        scope = Scope(names, path + test.at, node.id, test.logic, guarded)
        root.typecheck(scope)
        yield from scope.problems
        guarded |= when_false(root)


def _before_each(graph: Graph) -> _Before:
    nodes = {node.id: node for node in graph.nodes}
    waiting = {node.id: sum(edge.target == node.id for edge in graph.edges) for node in graph.nodes}
    before = _Before({}, {}, {}, {})
    todo = [node_id for node_id, count in waiting.items() if not count]
    while todo:
        node = nodes[todo.pop()]
        own = frozenset({node.id}) if isinstance(node, Action | WaitFor | ForEach) else _NOTHING
        learnt = _learnt(node)
        for edge in graph.edges:
            if edge.source != node.id:
                continue
            done = _NOTHING if edge.branch == EACH else own
            went = _NOTHING if edge.branch in (FAILED, LATE) else done
            fell = done if edge.branch == FAILED else _NOTHING
            target = edge.target
            before.earlier[target] = (
                before.earlier.get(target, _NOTHING) | before.earlier.get(node.id, _NOTHING) | done
            )
            for kept, added in ((before.always, went), (before.failed, fell)):
                mine = kept.get(node.id, _NOTHING) | added
                kept[target] = kept[target] & mine if target in kept else mine
            here = before.facts.get(node.id, frozenset()) | learnt.get(edge.branch, frozenset())
            before.facts[target] = before.facts[target] & here if target in before.facts else here
            waiting[target] -= 1
            if not waiting[target]:
                todo.append(target)
    return before


def _learnt(node: Node) -> dict[Branch | None, Facts]:
    """By way out, what is known not to be null there."""
    found: dict[Branch | None, Facts] = {}
    if isinstance(node, Deciding):
        so_far: Facts = frozenset()
        for test in tests_of(node):
            root = root_of(test.logic)
            found[test.branch] = so_far | (when_true(root) if root is not None else frozenset())
            so_far |= when_false(root) if root is not None else frozenset()
        found[left_over(node)] = so_far
    return found
