"""Waits: when a date is due, what of the run is kept for later, what answers, what later steps read of it."""

from __future__ import annotations

from typing import Any

import pytest

from ruleyard.core.check import check
from ruleyard.core.document import parse
from ruleyard.core.errors import Problem
from ruleyard.core.graph import Graph, WaitUntil
from ruleyard.core.model import Column, Known, TableModel
from ruleyard.core.sentence import sentence
from ruleyard.core.trace import StepError
from ruleyard.core.types import NodeId
from ruleyard.core.wait_for import answered_by_event, answered_by_record, read_by
from ruleyard.core.wait_until import due_at

LEADS = TableModel(
    "crm",
    "public.leads",
    (
        Column("id", "integer", nullable=False, primary_key=True),
        Column("status", "text", nullable=False),
        Column("renewal_on", "date", nullable=True),
        Column("seen_at", "timestamp", nullable=False),
    ),
    ("id",),
)
KNOWN = Known({"crm": "postgres"}, {("crm", "public.leads")})
AT_MOST = {"amount": 2, "unit": "hours"}
PAID = {
    "id": "w",
    "kind": "wait",
    "event": "order.paid",
    "where": {"===": [{"var": "received.id"}, {"var": "after.id"}]},
    "sample": {"id": 7, "sum": 1.5},
    "at_most": AT_MOST,
}


def rule(*nodes: Any, edges: list[list[str]]) -> Graph:
    document = {
        "dialect": 1,
        "name": "r",
        "nodes": [
            {
                "id": "t",
                "kind": "trigger",
                "on": "change",
                "connection": "crm",
                "table": "public.leads",
                "events": ["update"],
            },
            *nodes,
        ],
        "edges": edges,
    }
    graph = parse(document)
    assert isinstance(graph, Graph), graph
    return graph


def problems(*nodes: Any, edges: list[list[str]]) -> list[tuple[str, str]]:
    found: tuple[Problem, ...] = check(rule(*nodes, edges=edges), lambda _, __: LEADS, KNOWN)
    return [(one.code, one.path) for one in found]


def notify(title: Any, node: str = "n") -> Any:
    return {"id": node, "kind": "action", "do": "notify", "fields": {"title": title}}


@pytest.mark.parametrize(
    ("value", "more", "due"),
    [
        ("2026-03-10", {}, "2026-03-10T09:00:00+00:00"),
        ("2026-03-10", {"at": "18:30", "zone": "Asia/Seoul"}, "2026-03-10T09:30:00+00:00"),
        ("2026-03-10", {"amount": 3, "side": "before"}, "2026-03-07T09:00:00+00:00"),
        ("2026-03-10", {"amount": 3, "side": "after"}, "2026-03-13T09:00:00+00:00"),
        ("2026-03-10", {"amount": 2, "unit": "hours", "side": "before"}, "2026-03-10T07:00:00+00:00"),
        ("2026-03-10T12:15:00+00:00", {}, "2026-03-10T12:15:00+00:00"),
        (
            "2026-03-10T12:15:00+02:00",
            {"amount": 90, "unit": "minutes", "side": "after"},
            "2026-03-10T11:45:00+00:00",
        ),
        # The clock goes forward on 29 March in Berlin: a day before it is the same time of day.
        ("2026-03-29T12:00:00+02:00", {"amount": 1, "zone": "Europe/Berlin"}, "2026-03-28T11:00:00+00:00"),
        ("2026-03-29", {"at": "02:30", "zone": "Europe/Berlin"}, "2026-03-29T01:00:00+00:00"),
        ("2026-10-25", {"at": "02:30", "zone": "Europe/Berlin"}, "2026-10-25T00:30:00+00:00"),
    ],
)
def test_a_date_is_due(value: str, more: dict[str, Any], due: str) -> None:
    assert due_at(WaitUntil(NodeId("w"), None, **more), value) == due


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (None, "wait-without-date"),
        ("soon", "bad-date"),
        (5, "bad-date"),
        ("infinity", "bad-date"),
        ("9999-12-31", "bad-date"),
    ],
)
def test_what_is_no_date_is_an_error(value: Any, code: str) -> None:
    found = due_at(WaitUntil(NodeId("w"), None, amount=9, side="after"), value)
    assert isinstance(found, StepError)
    assert found.code == code


def test_only_what_is_read_later_is_kept() -> None:
    data = {
        "before": {"a": 1},
        "after": {"b": 2},
        "now": "x",
        "steps": {"s": {"output": 1}, "r": {"output": 2}},
    }
    assert read_by({"===": [{"var": "received.id"}, 1]}, data, ()) == {}
    assert read_by({"===": [{"var": "after.b"}, {"var": "now"}]}, data, ("after",)) == {"now": "x"}
    assert read_by({"var": "steps.s.output"}, data, ()) == {"steps": {"s": {"output": 1}}}
    assert read_by({"var": "steps"}, data, ())["steps"] == data["steps"]
    assert read_by({"var": {"cat": ["bef", "ore"]}}, data, ("after",)).keys() == {"before", "now", "steps"}
    assert read_by({"missing": ["before.a", "now"]}, data, ()).keys() == {"before", "now"}


def test_an_event_answers_where_it_is_the_one_and_an_error_is_another() -> None:
    what: Any = {"logic": PAID["where"], "data": {"after": {"id": 7}}}
    found = answered_by_event(what, {"id": 7})
    assert found is not None
    assert found.output == {"received": {"id": 7}}
    assert answered_by_event(what, {"id": 8}) is None
    assert answered_by_event({"logic": {"/": [1, {"var": "received.n"}]}}, {"n": 0}) is None


def test_the_record_answers_where_it_holds_and_an_error_says_why() -> None:
    what: Any = {"logic": {">": [{"/": [6, {"var": "after.n"}]}, 2]}, "data": {}}
    found = [answered_by_record(what, {"n": n}) for n in (6, 2, 0)]
    assert found[0] is None
    assert found[1] is not None
    assert found[1].output == {"after": {"n": 2}}
    assert found[2] is not None
    assert found[2].error is not None
    assert answered_by_record({"logic": {"===": [{"var": "after.n"}, 1]}}, None) is None


def test_later_steps_read_what_came_but_not_on_the_late_path() -> None:
    edges = [["t", "w"], ["w", "n"], ["w", "l", "late"]]
    title = {"cat": ["Paid ", {"var": "steps.w.output.received.sum"}]}
    assert problems(PAID, notify(title), notify("late", "l"), edges=edges) == []
    wrong = {"var": "steps.w.output.received.total"}
    assert problems(PAID, notify(wrong), edges=[["t", "w"], ["w", "n"]]) == [
        ("not-in-sample", "/nodes/2/fields/title")
    ]
    sent = {"var": "steps.w.output.after.id"}
    assert problems(PAID, notify(sent), edges=[["t", "w"], ["w", "n"]]) == [
        ("unknown-variable", "/nodes/2/fields/title")
    ]
    ordered = {"id": "c", "kind": "condition", "logic": {">": [{"var": "steps.r.output.after.id"}, 3]}}
    record = {
        "id": "r",
        "kind": "wait",
        "logic": {"===": [{"var": "after.status"}, "won"]},
        "at_most": AT_MOST,
    }
    came = [["t", "r"], ["r", "c"], ["c", "n", "yes"]]
    late = [["t", "r"], ["r", "c", "late"], ["c", "n", "yes"]]
    assert problems(record, ordered, notify("x"), edges=came) == []
    assert [code for code, _ in problems(record, ordered, notify("x"), edges=late)] == ["maybe-empty"]


def test_a_date_that_can_be_empty_is_asked_for_first() -> None:
    until = {"id": "w", "kind": "wait", "until": {"var": "after.renewal_on"}}
    there = {"id": "c", "kind": "condition", "logic": {"!!": [{"var": "after.renewal_on"}]}}
    assert problems(until, notify("x"), edges=[["t", "w"], ["w", "n"]]) == [
        ("wait-date-empty", "/nodes/1/until")
    ]
    assert problems(there, until, notify("x"), edges=[["t", "c"], ["c", "w", "yes"], ["w", "n"]]) == []


def test_waits_are_said_in_words() -> None:
    edges = [["t", "w"], ["w", "n"], ["w", "l", "late"]]
    said = sentence(rule(PAID, notify("x"), notify("y", "l"), edges=edges))
    assert said.endswith(
        'wait for the event "order.paid" where received id is id, at most 2 hours '
        "(if it does not come in time, notify everyone), notify everyone."
    )
    until = {
        "id": "w",
        "kind": "wait",
        "until": {"var": "after.renewal_on"},
        "amount": 1,
        "unit": "days",
        "side": "before",
    }
    assert sentence(rule(until, notify("x"), edges=[["t", "w"], ["w", "n"]])).endswith(
        "wait until 1 day before renewal on, notify everyone."
    )
