"""The check of searches: what of a record can be asked, in what order, and what later steps know of the answer."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from ruleyard.core.check import check
from ruleyard.core.document import parse
from ruleyard.core.errors import Problem
from ruleyard.core.graph import Graph
from ruleyard.core.model import Column, Known, TableModel

LEADS = TableModel(
    "crm",
    "public.leads",
    (
        Column("id", "integer", nullable=False, primary_key=True),
        Column("email", "text"),
        Column("phone", "text", nullable=False),
        Column("score", "integer"),
        Column("budget", "number"),
        Column("status", "text", nullable=False, choices=("new", "won")),
        Column("due_on", "date", nullable=False),
        Column("tags", "array", db_type="text[]"),
        Column("data", "json"),
        Column("secret", "text"),
        Column("shut", "text", readable=False),
        Column("owner_id", "integer", references="public.users", references_column="id"),
    ),
    ("id",),
)
USERS = TableModel(
    "crm",
    "public.users",
    (Column("id", "integer", nullable=False, primary_key=True), Column("email", "text", nullable=False)),
    ("id",),
)
TABLES = {"public.leads": LEADS, "public.users": USERS}


def item(name: str) -> dict[str, Any]:
    return {"var": f"record.{name}"}


SAME = {"===": [item("phone"), {"var": "after.phone"}]}


def find(do: str = "find_record", **fields: Any) -> dict[str, Any]:
    return {"id": "f", "kind": "action", "do": do, "fields": {"where": SAME, **fields}}


def problems(*nodes: dict[str, Any], trigger: dict[str, Any] | None = None) -> list[Problem]:
    trigger = trigger or {"on": "change", "connection": "crm", "table": "public.leads", "events": ["insert"]}
    steps = [{"id": "t", "kind": "trigger", **trigger}, *nodes]
    edges = [
        [a["id"], b["id"], "yes"] if a["kind"] == "condition" else [a["id"], b["id"]]
        for a, b in pairwise(steps)
    ]
    graph = parse({"dialect": 1, "name": "n", "nodes": steps, "edges": edges})
    assert isinstance(graph, Graph), graph
    known = Known(
        {"crm": "postgres"}, {("crm", "public.leads")}, excluded={("crm", "public.leads"): {"secret"}}
    )
    return list(check(graph, lambda connection, table: TABLES.get(table), known))


def found(*nodes: dict[str, Any], trigger: dict[str, Any] | None = None) -> list[tuple[str, str]]:
    return [
        (one.code, one.path.removeprefix("/nodes/1/fields"))
        for one in problems(*nodes, trigger=trigger)
        if one.severity == "error"
    ]


def tell(**fields: Any) -> dict[str, Any]:
    return {"id": "n", "kind": "action", "do": "notify", "fields": {"title": "x", **fields}}


WEBHOOK = {"on": "webhook", "sample": {"phone": "+82 10"}}


def test_a_search_of_the_triggers_table_needs_a_where_alone() -> None:
    assert found(find()) == []
    assert found(find(where=True)) == []


def test_without_a_record_the_table_is_named() -> None:
    assert found(find(), trigger=WEBHOOK) == [("no-record", "/table")]
    assert found(find(connection="crm", table="public.leads"), trigger=WEBHOOK) == []
    assert found(find(connection="crm", table="public.lead"), trigger=WEBHOOK) == [
        ("unknown-table", "/table")
    ]


@pytest.mark.parametrize(
    ("where", "code", "path"),
    [
        ({"===": [{"var": "after.phone"}, "x"]}, "where-without-record", "/where"),
        ("x", "where-without-record", "/where"),
        ({"===": [item("fone"), "x"]}, "unknown-column", "/where/===/0"),
        ({"===": [item("score"), "x"]}, "type-mismatch", "/where"),
        ({"===": [item("score"), "3"]}, "type-mismatch", "/where/===/1"),
        ({"===": [item("status"), "wonn"]}, "unknown-choice", "/where/===/1"),
        ({"===": [item("secret"), "x"]}, "column-not-captured", "/where/===/0"),
        ({"===": [item("shut"), "x"]}, "related-unreadable", "/where/===/0"),
        ({"<": [item("score"), 3]}, "maybe-empty", "/where"),
        ({">": [{"+": [item("budget"), 1]}, 3]}, "cannot-search", "/where/>/0"),
        ({"some": [item("tags"), {"===": [{"var": ""}, "x"]}]}, "cannot-search", "/where"),
        ({"===": [{"var": ["record.email", "x"]}, "y"]}, "cannot-search", "/where/===/0"),
        ({"===": [{"var": "record"}, None]}, "cannot-search", "/where/===/0"),
        ({"starts_with": [item("score"), "3"]}, "cannot-search", "/where"),
        ({"===": [{"lower": [item("score")]}, "x"]}, "cannot-search", "/where"),
        ({"===": [item("owner_id.name"), "x"]}, "unknown-column", "/where/===/0"),
        ({"===": [{"var": "phone"}, item("phone")]}, "unknown-variable", "/where/===/0"),
    ],
)
def test_what_cannot_be_asked_is_said(where: Any, code: str, path: str) -> None:
    assert found(find(where=where)) == [(code, path)]


@pytest.mark.parametrize(
    "where",
    [
        {"===": [item("owner_id.email"), {"var": "related.owner_id.email"}]},
        {"and": [{"!==": [item("score"), None]}, {"<": [item("score"), {"var": "after.id"}]}]},
        {">=": [item("due_on"), {"date_part": [{"var": "now"}, "date", "Asia/Seoul"]}]},
        {"in": ["vip", item("tags")]},
        {"===": [item("data.kind"), "x"]},
        {"===": [{"lower": [{"trim": [item("email")]}]}, {"lower": [{"var": "after.email"}]}]},
        {
            "if": [
                {"===": [{"var": "after.status"}, "won"]},
                {"!": [item("email")]},
                {"in": [item("id"), [1, 2]]},
            ]
        },
        {"in": [item("email"), {"map": [[1, 2], {"cat": [{"var": ""}]}]}]},
    ],
)
def test_what_can_be_asked_has_no_problem(where: Any) -> None:
    assert found(find(where=where)) == []


@pytest.mark.parametrize(
    ("fields", "code", "path"),
    [
        ({"limit": 0}, "out-of-range", "/limit"),
        ({"limit": True}, "out-of-range", "/limit"),
        ({"limit": 1001}, "out-of-range", "/limit"),
        ({"order": {"column": "scor"}}, "unknown-column", "/order/column"),
        ({"order": {"column": "data"}}, "cannot-order", "/order/column"),
        ({"order": {"column": "score", "direction": "up"}}, "unknown-word", "/order/direction"),
        ({"order": {"column": "score", "way": "up"}}, "unknown-key", "/order/way"),
        ({"order": "score"}, "not-an-object", "/order"),
        ({"columns": "id"}, "not-a-list", "/columns"),
        ({"columns": ["id", "secret"]}, "column-not-captured", "/columns/1"),
        ({"totals": {"x": {"sum": "phone"}}}, "not-a-number", "/totals/x/sum"),
        ({"totals": {"x": {"sum": "due_on"}}}, "not-a-number", "/totals/x/sum"),
        ({"totals": {"x": {"max": "phone"}}}, "not-a-number", "/totals/x/max"),
        ({"totals": {"x": {"median": "score"}}}, "bad-total", "/totals/x"),
        ({"totals": {"a.b": {"sum": "score"}}}, "bad-total", "/totals/a.b"),
        ({"totals": {"x": {"count": "nope"}}}, "unknown-column", "/totals/x/count"),
        ({"totals": []}, "not-an-object", "/totals"),
    ],
)
def test_wrong_settings_are_named_at_their_place(fields: dict[str, Any], code: str, path: str) -> None:
    assert found(find("find_records", **fields)) == [(code, path)]


def condition(logic: Any) -> dict[str, Any]:
    return {"id": "c", "kind": "condition", "logic": logic}


def out(name: str) -> dict[str, Any]:
    return {"var": f"steps.f.output.{name}"}


def test_a_record_that_may_not_be_there_is_asked_first() -> None:
    order = {"<": [out("record.id"), 5]}
    assert [code for code, _ in found(find(), condition(order))] == ["maybe-empty"]
    assert found(find(), condition({"and": [out("found"), order]})) == []
    assert found(find(), condition({"and": [{"===": [out("found"), True]}, order]})) == []
    assert found(find(), condition({"and": [{"!==": [out("record.phone"), None]}, order]})) == []
    assert [
        code for code, _ in found(find(), condition({"and": [{"!==": [out("found"), None]}, order]}))
    ] == ["maybe-empty"]
    assert found(find(), condition(out("found")), {**condition(order), "id": "d"}) == []


def test_later_steps_know_the_columns_of_what_was_found() -> None:
    known = found(find(), tell(title=out("record.emial")))
    assert [code for code, _ in known] == ["unknown-column"]
    assert found(find(columns=["id"]), tell(title=out("record.email")))[0][0] == "unknown-column"
    assert found(find(), condition({"===": [out("record.score"), "x"]}))[0][0] == "type-mismatch"


def test_the_items_of_a_list_are_records() -> None:
    many = find("find_records", totals={"sum": {"sum": "budget"}, "n": {"count": "email"}})
    body = {"===": [{"var": "status"}, "won"]}
    assert found(many, condition({"some": [out("records"), body]})) == []
    assert [code for code, _ in found(many, condition({"some": [out("records"), {"var": "statsu"}]}))] == [
        "unknown-variable"
    ]
    wrong = {"filter": [out("records"), {"===": [{"var": "score"}, "x"]}]}
    assert [code for code, _ in found(many, condition(wrong))] == ["type-mismatch"]
    assert found(many, condition({">": [out("totals.n"), 3]})) == []
    assert [code for code, _ in found(many, condition({"<": [out("totals.sum"), 3]}))] == ["maybe-empty"]
    assert [code for code, _ in found(many, condition({">": [out("totals.sun"), 3]}))] == ["unknown-variable"]
    assert found(many, condition({">": [out("count"), 3]})) == []
    assert found(many, tell(title={"cat": [out("records.0.email")]})) == []


def test_the_first_and_the_last_of_dates_are_dates() -> None:
    many = find("find_records", totals={"first": {"min": "due_on"}, "last": {"max": "due_on"}})
    assert found(many) == []
    after = {
        "and": [{"!==": [out("totals.last"), None]}, {">": [out("totals.last"), {"var": "after.due_on"}]}]
    }
    assert found(many, condition(after)) == []
    assert [
        code for code, _ in found(many, condition({">": [out("totals.last"), {"var": "after.due_on"}]}))
    ] == ["maybe-empty"]
    (wrong,) = problems(many, condition({"===": [out("totals.first"), 3]}))
    assert wrong.code == "type-mismatch"


def test_the_item_of_a_list_is_another_than_the_record_that_is_sought() -> None:
    of_item = {"===": [item("email"), {"var": "item.email"}]}
    steps = [
        {"id": "g", "kind": "action", "do": "find_records", "fields": {"where": True}},
        {"id": "e", "kind": "for_each", "over": {"var": "steps.g.output.records"}},
        find(where=of_item),
    ]
    trigger = {"id": "t", "kind": "trigger", "on": "change", "connection": "crm", "table": "public.leads"}
    nodes = [{**trigger, "events": ["insert"]}, *steps]
    edges = [["t", "g"], ["g", "e"], ["e", "f", "each"]]
    graph = parse({"dialect": 1, "name": "n", "nodes": nodes, "edges": edges})
    assert isinstance(graph, Graph), graph
    known = Known({"crm": "postgres"}, {("crm", "public.leads")})
    assert [
        one for one in check(graph, lambda _, table: TABLES.get(table), known) if one.severity == "error"
    ] == []
    [outside] = [one for one in problems(find(where=of_item)) if one.severity == "error"]
    assert outside.fix is not None
    assert outside.fix.value == {"var": "record.email"}
