"""Check a graph against the live schema of the tables it names. The shape was checked by `document.parse`.

Told everything: tables by a lookup, connections and watches by `Known`. No I/O.
"""

from __future__ import annotations

from typing import TypeAlias

from ruleyard.core.check_actions import check_action
from ruleyard.core.check_trigger import trigger_table
from ruleyard.core.errors import Problem
from ruleyard.core.graph import Action, Condition, Graph
from ruleyard.core.in_effect import in_effect
from ruleyard.core.logic.facts import Facts, when_false, when_true
from ruleyard.core.logic.problems import root_of
from ruleyard.core.logic.typecheck import Scope
from ruleyard.core.model import Known, TableLookup
from ruleyard.core.names import RuleNames
from ruleyard.core.types import NodeId
from ruleyard.core.wiring import wiring_warnings

Actions: TypeAlias = dict[NodeId, frozenset[NodeId]]


def check(graph: Graph, tables: TableLookup, known: Known) -> tuple[Problem, ...]:
    """Every problem of the graph, errors and warnings, in the order of the nodes; none of what is switched off."""
    found: list[Problem] = []
    table = trigger_table(graph, tables, known, found)
    acting = in_effect(graph)
    earlier, always, facts = _before_each(acting)
    on = {node.id for node in acting.nodes}
    for index, node in enumerate(graph.nodes):
        if node.id not in on:
            continue
        path = f"/nodes/{index}"
        nothing: frozenset[NodeId] = frozenset()
        names = RuleNames(
            graph,
            table,
            earlier.get(node.id, nothing),
            always=always.get(node.id, nothing),
            tables=tables,
            unreachable=known.unreachable,
            left_out=known.excluded,
        )
        guarded = facts.get(node.id, frozenset())
        if isinstance(node, Condition):
            root = root_of(node.logic)
            if root is not None:
                scope = Scope(names, f"{path}/logic", node.id, node.logic, guarded)
                root.typecheck(scope)
                found.extend(scope.problems)
        elif isinstance(node, Action):
            found.extend(check_action(node, path, graph, names, tables, known, guarded))
    found.extend(wiring_warnings(graph))
    order = {node.id: index for index, node in enumerate(graph.nodes)}
    return tuple(sorted(found, key=lambda problem: order.get(NodeId(problem.node or ""), len(order))))


def _before_each(graph: Graph) -> tuple[Actions, Actions, dict[NodeId, Facts]]:
    """For each node: the actions on some way to it, those on every way, and the paths that are not null then."""
    nodes = {node.id: node for node in graph.nodes}
    waiting = {node.id: sum(edge.target == node.id for edge in graph.edges) for node in graph.nodes}
    earlier: dict[NodeId, frozenset[NodeId]] = {}
    always: dict[NodeId, frozenset[NodeId]] = {}
    facts: dict[NodeId, Facts] = {}
    todo = [node_id for node_id, count in waiting.items() if not count]
    while todo:
        node = nodes[todo.pop()]
        mine = earlier.get(node.id, frozenset())
        own = frozenset({node.id}) if isinstance(node, Action) else frozenset()
        behind, certain = mine | own, always.get(node.id, frozenset()) | own
        root = root_of(node.logic) if isinstance(node, Condition) else None
        for edge in graph.edges:
            if edge.source != node.id:
                continue
            learnt: Facts = frozenset()
            if root is not None:
                learnt = when_true(root) if edge.branch == "yes" else when_false(root)
            here = facts.get(node.id, frozenset()) | learnt
            earlier[edge.target] = earlier.get(edge.target, frozenset()) | behind
            always[edge.target] = always[edge.target] & certain if edge.target in always else certain
            facts[edge.target] = facts[edge.target] & here if edge.target in facts else here
            waiting[edge.target] -= 1
            if not waiting[edge.target]:
                todo.append(edge.target)
    return earlier, always, facts
