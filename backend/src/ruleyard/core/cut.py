"""Shortened values: a change over 64 KB is stored without its longest values, and nothing is decided by a part.

Pure. Says which nodes read `before.…` and `after.…` of which columns, and why a node cannot be decided when one of
those is not whole. A path that is made while evaluating (`{"var": [{"cat": …}]}`) is taken for a read of every column.
A condition that its whole values decide is decided: what is not whole makes no difference there. So is a choose all of
whose ways are.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ruleyard.core.deciding import tests_of
from ruleyard.core.event import Event
from ruleyard.core.gates import decided
from ruleyard.core.graph import Deciding, Graph, Node, WaitRecord
from ruleyard.core.mentions import objects_in, said_in
from ruleyard.core.trace import StepError
from ruleyard.core.types import JSON, NodeId

EVERY: Final = "*"
ROOTS: Final = ("before", "after")


def columns_of(graph: Graph) -> Mapping[NodeId, frozenset[str]]:
    """By node, the columns of the changed record that it reads; EVERY where it reads the whole record. What a wait
    reads of later changes is none of them."""
    found: dict[NodeId, frozenset[str]] = {}
    for node in graph.nodes:
        if not isinstance(node, WaitRecord) and (columns := columns_in(said_in(node))):
            found[node.id] = columns
    return MappingProxyType(found)


def columns_in(value: JSON) -> frozenset[str]:
    """The columns that an expression reads; perhaps more, where data only looks like an expression."""
    return frozenset(name for one in objects_in(value) if "var" in one for name in _named(one["var"]))


def _named(body: JSON) -> set[str]:
    path = body[0] if isinstance(body, list) and body else body
    if isinstance(path, (dict, list)):
        return {EVERY}
    root, _, rest = str(path).partition(".")
    if root not in ROOTS:
        return set()
    return {rest.split(".", 1)[0] or EVERY}


def reads_cut(read: frozenset[str], event: Event) -> frozenset[str]:
    """Those of the columns read that are not whole."""
    return frozenset(event.cut_columns) if EVERY in read else read & {*event.cut_columns}


def cut_at(reads: Mapping[NodeId, frozenset[str]], node: Node, event: Event) -> StepError | None:
    """Why a node that reads a shortened value cannot be decided; None where its whole values decide it."""
    if not event.cut or node.id not in reads:
        return None
    columns = sorted(reads_cut(reads[node.id], event))
    if not columns or (isinstance(node, Deciding) and _all_decided(node, event)):
        return None
    named = ", ".join(columns)
    return StepError(
        "value-cut",
        f"This change was too large and is stored shortened: {named} is not whole, so nothing is decided by it.",
        args={"columns": named},
    )


def _all_decided(node: Deciding, event: Event) -> bool:
    """Do the whole values decide every test that reads another one?"""
    return all(
        decided(test.logic, event) for test in tests_of(node) if reads_cut(columns_in(test.logic), event)
    )
