"""The tables that a rule names, so that they are looked at before it is checked."""

from __future__ import annotations

from typing import Any

import pytest

from ruleyard.core.document import parse
from ruleyard.core.graph import Graph
from ruleyard.core.named_tables import named_tables

HOME = {"connection": "crm", "table": "public.leads"}


def named(do: str, **fields: Any) -> set[tuple[str, str]]:
    nodes = [
        {"id": "t", "kind": "trigger", "on": "change", "events": ["insert"], **HOME},
        {"id": "a", "kind": "action", "do": do, "fields": fields},
    ]
    graph = parse({"name": "R", "nodes": nodes, "edges": [["t", "a"]]})
    assert isinstance(graph, Graph), graph
    return set(named_tables(graph)) - {("crm", "public.leads")}


@pytest.mark.parametrize(
    ("do", "fields", "tables"),
    [
        ("create_record", {"table": "public.tasks"}, {("crm", "public.tasks")}),
        ("find_records", {"connection": "shop", "table": "public.orders"}, {("shop", "public.orders")}),
        (
            "assign",
            {"people": ["ann"], "by": "least_busy", "count_table": "public.calls"},
            {("crm", "public.calls")},
        ),
        (
            "assign",
            {
                "connection": "shop",
                "table": "public.orders",
                "people": ["ann"],
                "count_table": "public.calls",
            },
            {("shop", "public.orders"), ("shop", "public.calls")},
        ),
        ("notify", {"title": "Hi"}, set()),
    ],
)
def test_every_table_of_an_action_is_named(
    do: str, fields: dict[str, Any], tables: set[tuple[str, str]]
) -> None:
    assert named(do, **fields) == tables
