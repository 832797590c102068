"""The check of `assign` and `queue_call`: who stands in the list, which columns there are, what later steps see."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from ruleyard.core.check import check
from ruleyard.core.document import parse
from ruleyard.core.graph import Graph
from ruleyard.core.incoming.walk import walked
from ruleyard.core.model import Column, Known, TableModel
from ruleyard.core.neighbours import writes_of

LEADS = TableModel(
    "crm",
    "public.leads",
    (
        Column("id", "integer", nullable=False, primary_key=True),
        Column("owner", "text", choices=("ann", "bob")),
        Column("agent_id", "integer"),
        Column("status", "text", choices=("new", "won")),
        Column("total", "number", generated=True),
    ),
    ("id",),
)
TRIGGER = {
    "id": "t",
    "kind": "trigger",
    "on": "change",
    "connection": "crm",
    "table": "public.leads",
    "events": ["insert"],
}


def graph_of(*nodes: dict[str, Any], trigger: dict[str, Any] = TRIGGER) -> Graph:
    steps = [trigger, *nodes]
    edges = [[a["id"], b["id"]] for a, b in pairwise(steps)]
    graph = parse({"dialect": 1, "name": "n", "nodes": steps, "edges": edges})
    assert isinstance(graph, Graph), graph
    return graph


def give(**fields: Any) -> dict[str, Any]:
    return {"id": "a", "kind": "action", "do": "assign", "fields": {"people": ["ann", "bob"], **fields}}


def told(value: Any) -> dict[str, Any]:
    return {"id": "n", "kind": "action", "do": "notify", "fields": {"title": "x", "body": value}}


def found(*nodes: dict[str, Any], trigger: dict[str, Any] = TRIGGER) -> list[tuple[str, str]]:
    known = Known({"crm": "postgres"}, {("crm", "public.leads")})
    problems = check(
        graph_of(*nodes, trigger=trigger),
        lambda connection, table: LEADS if table == "public.leads" else None,
        known,
    )
    return [(one.code, one.path.removeprefix("/nodes/1/fields")) for one in problems]


@pytest.mark.parametrize(
    ("fields", "problems"),
    [
        ({"column": "owner"}, []),
        ({}, []),
        ({"people": [{"var": "after.owner"}, "bob"], "column": "owner"}, []),
        ({"people": {"var": "changed"}, "column": "owner"}, []),
        ({"people": [""]}, [("missing-field", "/people")]),
        ({"people": []}, [("missing-field", "/people")]),
        ({"people": [{"name": "ann", "turns": 2}]}, [("bad-people", "/people")]),
        ({"people": [{"person": "ann", "weight": 0}]}, [("bad-people", "/people")]),
        ({"people": [{"var": "after.ownr"}]}, [("unknown-column", "/people/0")]),
        ({"people": ["ann", "cem"], "column": "owner"}, [("unknown-choice", "/people/1")]),
        ({"people": ["ann"], "column": "agent_id"}, [("type-mismatch", "/people/0")]),
        ({"people": [7, 8], "column": "agent_id"}, []),
        ({"column": "ownr"}, [("unknown-column", "/column")]),
        ({"column": "total"}, [("generated-column", "/column"), ("type-mismatch", "/people/0")]),
        ({"by": "fate"}, [("unknown-word", "/by")]),
        ({"by": "least_busy", "column": "owner", "count_where": {"status": ["new", "won"]}}, []),
        (
            {"by": "least_busy", "column": "owner", "count_where": {"status": ["new", "wn"]}},
            [("unknown-choice", "/count_where/status/1")],
        ),
        (
            {"by": "least_busy", "column": "owner", "count_where": {"stats": "new"}},
            [("unknown-column", "/count_where/stats")],
        ),
        ({"by": "least_busy"}, [("missing-field", "/count_column")]),
        ({"by": "least_busy", "count_column": "ownr"}, [("unknown-column", "/count_column")]),
        (
            {"by": "least_busy", "column": "owner", "count_table": "public.gone"},
            [("unknown-table", "/count_table")],
        ),
        ({"column": "owner", "table": "public.leads"}, []),
    ],
)
def test_the_people_the_column_and_what_is_counted_are_looked_at(
    fields: dict[str, Any], problems: list[tuple[str, str]]
) -> None:
    assert [one for one in found(give(**fields)) if one[0] != "maybe-wrong-type"][
        : len(problems) or None
    ] == (problems)


def test_without_a_record_nothing_is_written_and_that_is_no_problem() -> None:
    manual = {"id": "t", "kind": "trigger", "on": "manual"}
    assert found(give(), trigger=manual) == []
    assert found(give(column="owner"), trigger=manual) == [("no-record", "/table")]


@pytest.mark.parametrize(
    ("path", "fields", "problems"),
    [
        ("person", {}, []),
        ("position", {}, []),
        ("kept", {}, []),
        ("persn", {}, ["unknown-variable"]),
        ("person.name", {}, ["unknown-variable"]),
    ],
)
def test_later_steps_see_who_got_it(path: str, fields: dict[str, Any], problems: list[str]) -> None:
    last = told({"var": f"steps.a.output.{path}"})
    assert [code for code, _ in found(give(column="owner", **fields), last)] == problems


def test_who_got_it_is_one_of_those_in_the_list() -> None:
    logic = {"===": [{"var": "steps.a.output.person"}, "cem"]}
    condition = {"id": "c", "kind": "condition", "logic": logic}
    assert [code for code, _ in found(give(column="owner"), condition)] == ["unknown-choice"]


def test_it_counts_as_a_write_of_its_column() -> None:
    (write,) = writes_of(graph_of(give(column="owner")))
    assert (write.op, write.columns, write.values, write.own) == ("update", ("owner",), {}, True)
    assert writes_of(graph_of(give())) == []


def test_names_in_it_become_ours_when_it_is_imported() -> None:
    class Ours:
        def connection(self, name: str, kind: str, at: object) -> str:
            return name

        def table(self, table: tuple[str, str], at: object) -> tuple[str, str]:
            return table[0], f"our.{table[1]}"

        def field(self, table: tuple[str, str], name: str, at: object, literal: object) -> str:
            return f"{table[1]}:{name}"

        def related(self, table: tuple[str, str], key: str, name: str, at: object) -> str:
            return name

    node = give(column="owner", by="least_busy", count_table="tasks", count_where={"done": False})
    made: Any = walked({"nodes": [{**TRIGGER, "table": "leads"}, node]}, Ours())
    fields = made["nodes"][1]["fields"]
    assert fields["column"] == "leads:owner"
    assert (fields["count_table"], fields["count_where"]) == ("our.tasks", {"tasks:done": False})


@pytest.mark.parametrize(
    ("fields", "problems"),
    [
        ({"list": "A", "phone": {"var": "after.owner"}}, []),
        ({}, [("missing-field", "/list"), ("missing-field", "/phone")]),
        ({"list": "A", "phone": "+1", "again": "often"}, [("unknown-word", "/again")]),
        ({"list": "A", "phone": {"var": "after.phon"}}, [("unknown-column", "/phone")]),
    ],
)
def test_a_call_needs_a_list_and_a_phone(fields: dict[str, Any], problems: list[tuple[str, str]]) -> None:
    assert found({"id": "q", "kind": "action", "do": "queue_call", "fields": fields}) == problems
