"""How long one step waits for the other side, and how often it is tried: the document, the check, the difference."""

from __future__ import annotations

from typing import Any

import pytest

from ruleyard.core.check import check
from ruleyard.core.diff import diff
from ruleyard.core.document import document_of, parse
from ruleyard.core.graph import Graph
from ruleyard.core.model import Known
from ruleyard.core.plan import compile_plan
from ruleyard.core.types import NodeId, RuleId, VersionId

HOOK = {"url": "https://shop.example.com"}


def document(do: str = "call_webhook", fields: Any = HOOK, **keys: Any) -> Any:
    nodes = [
        {"id": "t", "kind": "trigger", "on": "manual"},
        {"id": "a", "kind": "action", "do": do, "fields": fields, **keys},
    ]
    return {"dialect": 1, "name": "r", "nodes": nodes, "edges": [["t", "a"]]}


def graph(**keys: Any) -> Graph:
    found = parse(document(**keys))
    assert isinstance(found, Graph), found
    return found


def codes(do: str, fields: Any, **keys: Any) -> list[tuple[str, str]]:
    found = parse(document(do, fields, **keys))
    problems = check(found, lambda c, t: None, Known({"mail": "smtp"})) if isinstance(found, Graph) else found
    return [(one.code, one.path) for one in problems]


def test_a_document_keeps_them() -> None:
    whole = document(timeout=3, tries=1)
    found = parse(whole)
    assert isinstance(found, Graph)
    assert document_of(found) == whole
    assert document_of(graph()) == document()
    plan = compile_plan(RuleId(1), VersionId(1), found)
    assert (plan.tries(NodeId("a")), plan.tries(NodeId("t"))) == (1, None)


@pytest.mark.parametrize("timeout", [0, -1, 19, 3.5, "3", True, None])
def test_a_time_out_is_1_to_18_whole_seconds(timeout: Any) -> None:
    assert codes("call_webhook", HOOK, timeout=timeout) == [("timeout-out-of-range", "/nodes/1/timeout")]


@pytest.mark.parametrize("tries", [0, 11, 2.5, "2", False, None])
def test_tries_are_1_to_10(tries: Any) -> None:
    assert codes("notify", {"title": "x"}, tries=tries) == [("tries-out-of-range", "/nodes/1/tries")]


@pytest.mark.parametrize(
    ("do", "fields"),
    [
        ("call_webhook", HOOK),
        ("http_request", HOOK),
        ("send_email", {"to": "a@example.com", "subject": "x", "body": "y"}),
    ],
)
def test_what_waits_for_another_system_has_a_time_out(do: str, fields: Any) -> None:
    assert codes(do, fields, timeout=1, tries=10) == []
    assert codes(do, fields, timeout=18, tries=1) == []


def test_what_waits_for_nobody_has_none() -> None:
    assert codes("notify", {"title": "x"}, timeout=5, tries=2) == [("no-timeout-here", "/nodes/1/timeout")]


def test_a_difference_names_them_and_decides_nothing() -> None:
    found = diff(graph(timeout=3), graph(timeout=5, tries=1))
    assert [(one.node, one.field, one.old, one.new) for one in found.changes] == [
        ("a", "timeout", 3, 5),
        ("a", "tries", None, 1),
    ]
    assert "gives up after 5 s (it was 3 s)." in found.changes[0].words
    assert "at most 1 tries (it was as usual)." in found.changes[1].words
    assert (found.verdict.outcome, found.verdict.code) == ("equivalent", "untouched")
