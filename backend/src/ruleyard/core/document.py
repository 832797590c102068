"""From a rule document (JSON) to a Graph, or to every problem of its shape at once."""

from __future__ import annotations

from ruleyard.core.errors import Problem
from ruleyard.core.graph import Graph
from ruleyard.core.types import JSON


def parse_bytes(body: bytes) -> JSON:
    """The JSON value of a document. Raises Invalid over a limit or where it is not JSON."""
    raise NotImplementedError


def parse(document: JSON) -> Graph | tuple[Problem, ...]:
    """The graph, or every problem of severity `error` or `warning` found when at least one is an error."""
    raise NotImplementedError
