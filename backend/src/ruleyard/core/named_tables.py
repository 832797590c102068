"""The tables that a rule names: its trigger's and those its actions write."""

from __future__ import annotations

from collections.abc import Iterable

from ruleyard.core.graph import Graph, home_of
from ruleyard.core.in_effect import in_effect


def named_tables(graph: Graph) -> Iterable[tuple[str, str]]:
    """Every (connection, table) that the trigger or the literal fields of an action name; none of what is off."""
    home = home_of(graph.trigger)
    if home is not None:
        yield home
    for node in in_effect(graph).nodes:
        fields = getattr(node, "fields", None)
        if isinstance(fields, dict):
            connection = fields.get("connection", home[0] if home else None)
            table = fields.get("table", home[1] if home else None)
            if isinstance(connection, str) and isinstance(table, str):
                yield connection, table
