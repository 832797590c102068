"""A document with the fixes of its problems applied."""

from __future__ import annotations

from typing import Any

from ruleyard.core.check import check
from ruleyard.core.document import parse
from ruleyard.core.errors import Fix, Problem
from ruleyard.core.graph import Graph
from ruleyard.core.mend import mended
from ruleyard.core.model import Column, Known, TableModel

LEADS = TableModel(
    "crm",
    "public.leads",
    (
        Column("id", "integer", nullable=False),
        Column("status", "text", nullable=False, choices=("new", "won")),
        Column("score", "integer"),
        Column("limit", "integer"),
    ),
    key=("id",),
)


def rule(logic: Any) -> Any:
    return {
        "dialect": 1,
        "name": "r",
        "nodes": [
            {"id": "t", "kind": "trigger", "on": "change", "connection": "crm", "table": LEADS.name}
            | {"events": ["update"]},
            {"id": "c", "kind": "condition", "logic": logic},
            {"id": "a", "kind": "action", "do": "notify", "fields": {"title": "x"}},
        ],
        "edges": [["t", "c"], ["c", "a", "yes"]],
    }


def problems(document: Any) -> tuple[Problem, ...]:
    graph = parse(document)
    assert isinstance(graph, Graph)
    return check(graph, lambda connection, table: LEADS, Known({"crm": "postgres"}, {("crm", LEADS.name)}))


def mend_all(document: Any) -> Any:
    while (better := mended(document, problems(document))) is not None:
        document = better
    return document


def test_a_document_with_all_fixes_has_no_problems_left() -> None:
    whole = rule({"and": [{"===": [{"var": "after.stauts"}, "wonn"]}, {"<": [{"var": "after.scor"}, "15"]}]})
    better = mend_all(whole)
    assert problems(better) == ()
    logic = better["nodes"][1]["logic"]
    assert logic["and"][0] == {"===": [{"var": "after.status"}, "won"]}
    assert logic["and"][1] == {
        "and": [{"!==": [{"var": "after.score"}, None]}, {"<": [{"var": "after.score"}, 15]}]
    }
    assert whole["nodes"][1]["logic"]["and"][1] == {"<": [{"var": "after.scor"}, "15"]}


def test_two_fixes_at_one_place_follow_each_other() -> None:
    better = mend_all(rule({"<": [{"var": "after.score"}, {"var": "after.limit"}]}))
    assert problems(better) == ()


def test_without_a_fix_there_is_nothing_to_mend() -> None:
    assert mended({"a": 1}, [Problem("no-logic", "/a", "x")]) is None


def test_a_fix_inside_the_place_of_another_waits() -> None:
    one, inside = Fix("x", "/a", [1]), Fix("y", "/a/0", 2)
    found = [Problem("no-logic", "/a", "x", fix=one), Problem("no-logic", "/a/0", "x", fix=inside)]
    assert mended({"a": [0]}, found) == {"a": [1]}
