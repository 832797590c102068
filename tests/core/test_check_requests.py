"""The check of requests and text messages: what a sample teaches, expressions in JSON bodies, which provider."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from ruleyard.core.check import check
from ruleyard.core.document import parse
from ruleyard.core.graph import Graph
from ruleyard.core.model import Column, Known, TableModel
from ruleyard.core.plan import compile_fields

LEADS = TableModel(
    "crm",
    "public.leads",
    (Column("id", "integer", nullable=False, primary_key=True), Column("email", "text")),
    ("id",),
)
SAMPLE = {"id": 7, "name": "Lee", "vip": True, "none": None, "orders": [{"sku": "a", "price": 2.5}]}


def graph_of(*nodes: dict[str, Any]) -> Graph:
    trigger = {
        "id": "t",
        "kind": "trigger",
        "on": "change",
        "connection": "crm",
        "table": "public.leads",
        "events": ["insert"],
    }
    steps = [trigger, *nodes]
    edges = [[a["id"], b["id"]] for a, b in pairwise(steps)]
    graph = parse({"dialect": 1, "name": "n", "nodes": steps, "edges": edges})
    assert isinstance(graph, Graph), graph
    return graph


def found(*nodes: dict[str, Any], **connections: str) -> list[tuple[str, str, str]]:
    known = Known({"crm": "postgres", **connections}, {("crm", "public.leads")})
    problems = check(graph_of(*nodes), lambda connection, table: LEADS, known)
    return [(one.code, one.path, one.severity) for one in problems]


def ask(**fields: Any) -> dict[str, Any]:
    return {
        "id": "h",
        "kind": "action",
        "do": "http_request",
        "fields": {"url": "https://x.example", **fields},
    }


def tell(value: Any) -> dict[str, Any]:
    return {"id": "n", "kind": "action", "do": "notify", "fields": {"title": value}}


@pytest.mark.parametrize(
    ("path", "codes"),
    [
        ("body", []),
        ("body.name", []),
        ("body.orders.0.sku", []),
        ("body.orders.9.sku", []),
        ("body.orders.length", []),
        ("body.none.deep", []),
        ("body.nmae", ["not-in-sample"]),
        ("body.orders.0.skv", ["not-in-sample"]),
        ("body.name.first", ["unknown-variable"]),
        ("status", []),
        ("stauts", ["unknown-variable"]),
    ],
)
def test_a_sample_answer_teaches_which_fields_there_are(path: str, codes: list[str]) -> None:
    told = tell({"var": f"steps.h.output.{path}"})
    assert [code for code, _, severity in found(ask(answer=SAMPLE), told) if severity == "error"] == codes
    without = [code for code, _, severity in found(ask(), told) if severity == "error"]
    assert without == (codes if codes and not path.startswith("body") else [])


def test_a_field_of_a_sample_has_its_type_and_may_be_missing() -> None:
    def more_than_three(path: str) -> dict[str, Any]:
        return {"id": "c", "kind": "condition", "logic": {">": [{"var": f"steps.h.output.body.{path}"}, 3]}}

    maybe = ("maybe-empty", "/nodes/2/logic", "warning")
    assert found(ask(answer=SAMPLE), more_than_three("id")) == [maybe]
    assert found(ask(answer=SAMPLE), more_than_three("orders.0.price")) == [maybe]
    mismatch = ("type-mismatch", "/nodes/2/logic/>/1", "error")
    assert found(ask(answer=SAMPLE), more_than_three("name")) == [maybe, mismatch]


def test_expressions_are_found_at_any_depth_of_a_body() -> None:
    body = {"a": [{"b": {"var": "after.emial"}}, {"var": "after.email"}], "preserve": 1, "in": 2}
    assert found(ask(method="POST", body=body)) == [("unknown-column", "/nodes/1/fields/body/a/0/b", "error")]


def test_a_body_is_filled_in_at_any_depth() -> None:
    body = {
        "a": [{"b": {"var": "after.email"}}, 2],
        "kept": {"preserve": {"var": "x"}},
        "empty": {},
        "list": [],
    }
    (_, action) = graph_of(ask(method="POST", body=body)).nodes
    resolved = compile_fields(action).resolve({"after": {"email": "ann@x.eu"}})  # type: ignore[arg-type]
    assert resolved == {
        "url": "https://x.example",
        "method": "POST",
        "body": {"a": [{"b": "ann@x.eu"}, 2], "kept": {"var": "x"}, "empty": {}, "list": []},
    }
    (_, whole) = graph_of(ask(body={"var": "after"})).nodes
    assert compile_fields(whole).resolve({"after": {"id": 1}})["body"] == {"id": 1}  # type: ignore[arg-type, index]


def test_a_sample_is_never_taken_for_an_expression() -> None:
    assert found(ask(answer={"var": "after.nothing"})) == []
    (_, action) = graph_of(ask(answer={"var": "after.email"})).nodes
    resolved = compile_fields(action).resolve({})  # type: ignore[arg-type]
    assert resolved["answer"] == {"var": "after.email"}  # type: ignore[index]


@pytest.mark.parametrize(
    ("fields", "connections", "codes"),
    [
        ({}, {}, ["no-sms-provider"]),
        ({}, {"texts": "sms"}, []),
        ({}, {"texts": "sms", "more": "sms"}, ["which-sms-provider"]),
        ({"connection": "more"}, {"texts": "sms", "more": "sms"}, []),
        ({"connection": "mail"}, {"texts": "sms", "mail": "smtp"}, ["wrong-connection"]),
        ({"connection": "gone"}, {"texts": "sms"}, ["unknown-connection"]),
    ],
)
def test_a_text_message_needs_one_provider(
    fields: dict[str, Any], connections: dict[str, str], codes: list[str]
) -> None:
    step = {"id": "s", "kind": "action", "do": "send_sms", "fields": {"to": "+1", "text": "x", **fields}}
    assert [code for code, _, _ in found(step, **connections)] == codes


def text_message(**fields: Any) -> dict[str, Any]:
    return {"id": "s", "kind": "action", "do": "send_sms", "fields": {"to": "+1", "text": "x", **fields}}


@pytest.mark.parametrize(
    ("value", "codes"),
    [(True, []), (False, []), ("true", ["unknown-word"]), (None, ["unknown-word"]), (1, ["unknown-word"])],
)
def test_whether_the_list_is_asked_is_true_or_false(value: Any, codes: list[str]) -> None:
    trigger = {"id": "t", "kind": "trigger", "on": "manual"}
    nodes = [trigger, text_message(unless_listed=value)]
    read = parse({"dialect": 1, "name": "n", "nodes": nodes, "edges": [["t", "s"]]})
    problems = [] if isinstance(read, Graph) else read
    assert [(one.code, one.path) for one in problems] == [
        (code, "/nodes/1/fields/unless_listed") for code in codes
    ]


def test_the_provider_has_no_answer_where_a_message_may_not_go() -> None:
    fine = {"id": "c", "kind": "condition", "logic": {"<": [{"var": "steps.s.output.status"}, 300]}}
    assert found(text_message(), fine, texts="sms") == []
    assert found(text_message(unless_listed=False), fine, texts="sms") == []
    maybe = ("maybe-empty", "/nodes/2/logic", "error")
    assert found(text_message(unless_listed=True), fine, texts="sms") == [maybe]
    sent = {"id": "c", "kind": "condition", "logic": {"var": "steps.s.output.sent"}}
    assert found(text_message(), sent, texts="sms") == []


def test_a_request_through_something_else_is_refused() -> None:
    assert [code for code, _, _ in found(ask(connection="crm"))] == ["wrong-connection"]
