"""A question for approval: its ways out, its fields, what later steps read, and how the rest of core takes it. Pure."""

from __future__ import annotations

from typing import Any

import pytest

from core.test_ways_out import NOW, event, graph_of, notify, plan_of
from ruleyard.core.approval import named_in
from ruleyard.core.check import check
from ruleyard.core.diff import diff
from ruleyard.core.document import parse
from ruleyard.core.errors import Problem
from ruleyard.core.in_effect import in_effect
from ruleyard.core.model import Column, Known, TableModel
from ruleyard.core.run import Finished, Perform, decide
from ruleyard.core.sentence import sentence
from ruleyard.core.trace import Step
from ruleyard.core.types import NodeId
from ruleyard.core.verdict import verdict

TABLE = TableModel("crm", "public.leads", (Column("a", "integer"), Column("b", "text")), ("a",))
KNOWN = Known(
    {"crm": "postgres", "post": "smtp"}, {("crm", "public.leads")}, people=frozenset({"kim@example.com"})
)
ROUTES = [["t", "q"], ["q", "y"], ["q", "n", "refused"], ["q", "l", "late"]]


def asks(**fields: Any) -> dict[str, Any]:
    given = {"to": "kim@example.com", "question": "Ok?"} | fields
    return {"id": "q", "kind": "action", "do": "ask_approval", "fields": given}


FOUR = [asks(), notify("y"), notify("n"), notify("l")]


def problems(*nodes: dict[str, Any], edges: list[list[str]] = ROUTES) -> list[tuple[str, str]]:
    found: tuple[Problem, ...] = check(graph_of(list(nodes), edges), lambda _, __: TABLE, KNOWN)
    return [(one.code, one.path) for one in found]


@pytest.mark.parametrize(
    ("branch", "comes"), [(None, "y"), ("refused", "n"), ("late", "l")], ids=["approved", "refused", "late"]
)
def test_the_answer_says_where_the_run_goes(branch: str | None, comes: str) -> None:
    done = [
        Step(NodeId("t"), "trigger", "succeeded"),
        Step(NodeId("q"), "action", "succeeded", branch, output={"answer": branch or "approved"}),
    ]
    following = decide(plan_of(FOUR, ROUTES), event(a=1), NOW, done).next
    assert isinstance(following, Perform)
    assert following.node == comes


def test_an_answer_that_no_way_is_drawn_for_ends_the_run() -> None:
    done = [Step(NodeId("q"), "action", "succeeded", "refused")]
    assert decide(plan_of(FOUR[:2], ROUTES[:2]), event(a=1), NOW, done).next == Finished("succeeded")


def test_only_a_question_has_these_ways() -> None:
    nodes = [
        {"id": "t", "kind": "trigger", "on": "manual"},
        {"id": "q", "kind": "action", "do": "notify", "fields": {"title": "x"}},
        notify("n"),
    ]
    found = parse({"dialect": 1, "name": "r", "nodes": nodes, "edges": [["t", "q"], ["q", "n", "refused"]]})
    assert isinstance(found, tuple)
    assert [(one.code, one.path) for one in found] == [("answer-without-question", "/edges/1")]


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"at_most": {"amount": 366, "unit": "days"}}, []),
        ({"at_most": {"amount": 367, "unit": "days"}}, [("wait-out-of-range", "at_most/amount")]),
        ({"at_most": {"amount": 2, "unit": "weeks"}}, [("unknown-word", "at_most/unit")]),
        ({"at_most": "2 days"}, [("not-an-object", "at_most")]),
        ({"at_most": {"amount": 1, "unit": "days", "times": 2}}, [("unknown-key", "at_most/times")]),
        ({"remind": {"amount": 1, "unit": "days", "times": 6}}, [("out-of-range", "remind/times")]),
        ({"remind": {"amount": 0, "unit": "days", "times": 5}}, [("wait-out-of-range", "remind/amount")]),
    ],
)
def test_spans_have_their_bounds(fields: dict[str, Any], found: list[tuple[str, str]]) -> None:
    nodes = [{"id": "t", "kind": "trigger", "on": "manual"}, asks(**fields)]
    parsed = parse({"dialect": 1, "name": "r", "nodes": nodes, "edges": [["t", "q"]]})
    told = [(one.code, one.path) for one in parsed] if isinstance(parsed, tuple) else []
    assert told == [(code, f"/nodes/1/fields/{path}") for code, path in found]


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({}, []),
        ({"to": ["KIM@example.com", "admin", "everyone", {"var": "after.b"}]}, []),
        ({"to": "guest@example.com", "connection": "post"}, []),
        ({"to": "guest@example.com"}, [("person-needs-mail", "to")]),
        ({"to": "the boss; admin"}, [("unknown-person", "to")]),
        ({"to": []}, [("missing-field", "to")]),
        ({"question": ""}, [("missing-field", "question")]),
        ({"comment": "always"}, [("unknown-word", "comment")]),
        ({"connection": "crm"}, [("wrong-connection", "connection")]),
    ],
)
def test_whom_and_what_is_checked(fields: dict[str, Any], found: list[tuple[str, str]]) -> None:
    assert problems(asks(**fields), *FOUR[1:]) == [(code, f"/nodes/1/fields/{path}") for code, path in found]


def test_a_question_whose_answer_changes_nothing_is_warned_of() -> None:
    assert problems(asks(), edges=ROUTES[:1]) == [("answer-unused", "/nodes/1")]


def test_later_steps_read_the_answer_by_its_types() -> None:
    title = {"cat": [{"var": "steps.q.output.by"}, {"var": "steps.q.output.comment"}]}
    assert problems(asks(), notify("y", title), *FOUR[2:]) == []
    wrong = {"if": [{"===": [{"var": "steps.q.output.answer"}, "aproved"]}, "x", "y"]}
    assert problems(asks(), notify("y", wrong), *FOUR[2:])[0][0] == "unknown-choice"
    gone = {"var": "steps.q.output.who"}
    assert problems(asks(), notify("y", gone), *FOUR[2:])[0][0] == "unknown-variable"


def test_switched_off_it_is_as_if_approved() -> None:
    off = graph_of([{**asks(), "off": True}, *FOUR[1:]], ROUTES)
    assert [(edge.source, edge.target, edge.branch) for edge in in_effect(off).edges] == [("t", "y", None)]


def test_the_sentence_says_what_follows_each_answer() -> None:
    assert (
        "ask kim@example.com for approval (if that is refused, notify everyone)"
        " (if nobody answers in time, notify everyone), notify everyone"
    ) in sentence(graph_of(FOUR, ROUTES))


def test_the_sentence_names_everybody_who_is_asked() -> None:
    graph = graph_of([asks(to=["kim@example.com", "admin", {"var": "after.b"}]), *FOUR[1:]], ROUTES)
    assert "ask kim@example.com or admin or b for approval" in sentence(graph)


def test_versions_that_answer_otherwise_are_told_apart() -> None:
    old = graph_of(FOUR[:3], ROUTES[:3])
    other = graph_of(FOUR[:3], [*ROUTES[:2], ["q", "n", "late"]])
    again = graph_of(FOUR[:3], [ROUTES[0], ROUTES[2], ROUTES[1]])
    assert verdict(old, other, TABLE).outcome == "different"
    assert verdict(old, again, TABLE).outcome == "equivalent"
    told = [change.words for change in diff(old, other).changes]
    assert any(", if it is refused, nothing follows" in words for words in told)
    assert any(", if time runs out, it goes to" in words for words in told)


def test_people_are_named_with_commas_or_semicolons_between() -> None:
    assert named_in(" kim@example.com, admin;;lee@example.com ") == [
        "kim@example.com",
        "admin",
        "lee@example.com",
    ]
