"""A graph as it acts: without the steps that are switched off. Pure.

A step that is switched off is passed over. What leads to it leads to what follows it; of a condition that is its Yes
side, as if it always held, so its No side is not come to. Of a choose it is what happens otherwise, as if no way held;
of an action not its failed path, for it cannot fail; of a list nothing that is done for its items. Whatever judges or
proves looks at the graph in effect and knows nothing of switched off steps; only a trace tells them (`core/run.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeAlias

import msgspec

from ruleyard.core.deciding import left_over
from ruleyard.core.graph import Action, AnyWait, Choose, Condition, ForEach, Graph, Node
from ruleyard.core.items import bodies_of
from ruleyard.core.types import Branch, NodeId

Way: TypeAlias = tuple[NodeId, Branch | None]
"""A way out of a node: `(node, branch)`."""

Switchable: TypeAlias = Condition | Choose | Action | AnyWait | ForEach


def switched_off(graph: Graph) -> Mapping[NodeId, Switchable]:
    """The steps that are switched off, by id."""
    return MappingProxyType(
        {node.id: node for node in graph.nodes if isinstance(node, Switchable) and node.off}
    )


def way_on(node: Node) -> Way:
    """By which way a run leaves a step that it passes over."""
    if isinstance(node, Condition):
        return node.id, "yes"
    return node.id, left_over(node) if isinstance(node, Choose) else None


def passed_over(graph: Graph) -> Mapping[Way, tuple[Switchable, ...]]:
    """By way out of a step that acts: the switched off steps that a run passes over before the next that acts."""
    off = switched_off(graph)
    if not off:
        return MappingProxyType({})
    targets = {(edge.source, edge.branch): edge.target for edge in graph.edges}
    found: dict[Way, tuple[Switchable, ...]] = {}
    for way, target in targets.items():
        row: list[Switchable] = []
        at: NodeId | None = target
        while at is not None and at in off:
            row.append(off[at])
            at = targets.get(way_on(off[at]))
        if row and way[0] not in off:
            found[way] = tuple(row)
    return MappingProxyType(found)


def in_effect(graph: Graph) -> Graph:
    """The same rule without the steps that are switched off; the graph itself where all are on."""
    off = switched_off(graph)
    if not off:
        return graph
    over = passed_over(graph)
    targets = {(edge.source, edge.branch): edge.target for edge in graph.edges}
    left_out = {one for one, home in bodies_of(graph.nodes, graph.edges).items() if home.off}
    edges = []
    for edge in graph.edges:
        if edge.source in off or edge.source in left_out:
            continue
        row = over.get((edge.source, edge.branch), ())
        target = targets.get(way_on(row[-1])) if row else edge.target
        if target is not None:
            edges.append(msgspec.structs.replace(edge, target=target))
    nodes = tuple(node for node in graph.nodes if node.id not in off and node.id not in left_out)
    return msgspec.structs.replace(graph, nodes=nodes, edges=tuple(edges))
