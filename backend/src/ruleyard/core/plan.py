"""A plan: one version, compiled, ready to evaluate."""

from __future__ import annotations

from dataclasses import dataclass

from ruleyard.core.graph import Graph
from ruleyard.core.types import RuleId, VersionId


@dataclass(frozen=True)
class Plan:
    """A compiled version. Shared between tasks; holds no state."""

    rule_id: RuleId
    version_id: VersionId
    graph: Graph


def compile_plan(rule_id: RuleId, version_id: VersionId, graph: Graph) -> Plan:
    """The plan of a graph that was parsed (and checked when it was published)."""
    return Plan(rule_id, version_id, graph)
