"""Days, times of day and words are all text in the data: comparing those that can never be alike is a problem."""

from __future__ import annotations

import pytest

from ruleyard.core.check import check
from ruleyard.core.document import parse
from ruleyard.core.graph import Graph
from ruleyard.core.model import Column, Known, TableModel
from ruleyard.core.types import JSON
from support.published import change_rule

TABLE = TableModel(
    connection="crm",
    name="public.leads",
    key=("id",),
    columns=(
        Column("id", "integer", nullable=False),
        Column("name", "text", nullable=False),
        Column("status", "text", nullable=False, choices=("new", "won")),
        Column("quarter", "text", nullable=False, choices=("2026-01-01", "2026-04-01")),
        Column("due_on", "date", nullable=False),
        Column("sent_at", "timestamp", nullable=False),
        Column("opens_at", "time", nullable=False),
    ),
)
KNOWN = Known(connections={"crm": "postgres"}, watched=frozenset({("crm", "public.leads")}))


def var(name: str) -> JSON:
    return {"var": f"after.{name}"}


def codes(logic: JSON) -> list[str]:
    graph = parse(change_rule(logic))
    assert isinstance(graph, Graph)
    return [one.code for one in check(graph, lambda connection, table: TABLE, KNOWN)]


@pytest.mark.parametrize("operator", ["===", "!==", "==", "<", ">="])
@pytest.mark.parametrize(
    ("left", "right"),
    [
        (var("opens_at"), var("due_on")),
        (var("opens_at"), var("sent_at")),
        (var("opens_at"), {"var": "now"}),
        (var("opens_at"), {"date_part": [{"var": "now"}, "date", "UTC"]}),
        (var("opens_at"), "soon"),
        (var("opens_at"), "25:00"),
        (var("opens_at"), "2026-11-23"),
        (var("status"), var("due_on")),
        (var("status"), var("opens_at")),
        (var("quarter"), var("opens_at")),
    ],
)
def test_what_is_never_alike_is_a_problem_on_either_side(operator: str, left: JSON, right: JSON) -> None:
    assert codes({operator: [left, right]}) == ["type-mismatch"]
    assert codes({operator: [right, left]}) == ["type-mismatch"]


@pytest.mark.parametrize("operator", ["===", "<"])
@pytest.mark.parametrize(
    ("left", "right"),
    [
        (var("opens_at"), "09:30"),
        (var("opens_at"), "09:30:00.5"),
        (var("opens_at"), "24:00:00+09:00"),
        (var("opens_at"), {"date_part": [{"var": "now"}, "time", "Asia/Seoul"]}),
        (var("name"), var("opens_at")),
        (var("name"), var("due_on")),
        (var("quarter"), var("due_on")),
        (var("due_on"), var("sent_at")),
        (var("sent_at"), {"var": "now"}),
        (var("due_on"), "2026-11-23"),
    ],
)
def test_what_may_be_alike_is_none(operator: str, left: JSON, right: JSON) -> None:
    assert codes({operator: [left, right]}) == []
    assert codes({operator: [right, left]}) == []
