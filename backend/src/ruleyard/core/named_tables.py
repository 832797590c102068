"""The tables that a rule names: its trigger's, and those that its actions write, search or count in."""

from __future__ import annotations

from collections.abc import Iterable

from ruleyard.core.action_fields import BY_NAME
from ruleyard.core.graph import Action, Graph, home_of
from ruleyard.core.in_effect import in_effect


def named_tables(graph: Graph) -> Iterable[tuple[str, str]]:
    """Every (connection, table) that the trigger or the literal fields of an action name; none of what is off.

    The connection of a mail or a request is that of no table.
    """
    home = home_of(graph.trigger)
    if home is not None:
        yield home
    for node in in_effect(graph).nodes:
        if not isinstance(node, Action) or node.do not in BY_NAME:
            continue
        connection = node.fields.get("connection", home[0] if home else None)
        for field in BY_NAME[node.do].fields:
            if field.kind != "table":
                continue
            usual = home[1] if home and field.name == "table" else None
            table = node.fields.get(field.name, usual)
            if isinstance(connection, str) and isinstance(table, str):
                yield connection, table
