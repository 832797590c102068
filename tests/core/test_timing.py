"""Pace, quiet and lists in a document: what is read, and what is nonsense."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from ruleyard.core.check_timing import check_timing
from ruleyard.core.document import document_of, parse
from ruleyard.core.event import Event
from ruleyard.core.graph import Graph
from ruleyard.core.settling import merged
from ruleyard.core.timing import Timing, Window, timing_words
from ruleyard.core.types import EventId, JSONObject, LogId, Operation

MINUTE: JSONObject = {"amount": 1, "unit": "minutes"}


def rule(policy: JSONObject, on: str = "change") -> JSONObject:
    triggers: dict[str, JSONObject] = {
        "change": {"connection": "crm", "table": "public.leads", "events": ["insert", "update"]},
        "schedule": {
            "schedule": {"repeat": "day", "at": "09:00"},
            "connection": "crm",
            "table": "public.leads",
        },
    }
    trigger: JSONObject = {"id": "t", "kind": "trigger", "on": on, **triggers.get(on, {})}
    tell: JSONObject = {"id": "n", "kind": "action", "do": "notify", "fields": {"title": "x"}}
    return {"dialect": 1, "name": "r", "nodes": [trigger, tell], "edges": [["t", "n"]], "policy": policy}


def test_what_is_said_is_kept_and_comes_to_seconds() -> None:
    policy: JSONObject = {
        "pace": {"at_most": 10, "per": "minute"},
        "settle": {"amount": 30, "unit": "seconds"},
        "batch": {"at_most": 50, "within": {"amount": 2, "unit": "hours"}},
    }
    graph = parse(rule(policy))
    assert isinstance(graph, Graph)
    assert graph.policy.timing == Timing(30, Window(50, 7_200), Window(10, 60))
    assert document_of(graph)["policy"] == policy
    words = [
        timing_words(part) for part in (graph.policy.pace, graph.policy.settle, graph.policy.batch, None)
    ]
    assert words == ["at most 10 a minute", "30 seconds", "50 changes or 2 hours", "not set"]


@pytest.mark.parametrize(
    ("policy", "path", "code"),
    [
        ({"pace": 10}, "/policy/pace", "not-an-object"),
        ({"pace": {"at_most": 0, "per": "minute"}}, "/policy/pace/at_most", "out-of-range"),
        ({"pace": {"at_most": -3, "per": "hour"}}, "/policy/pace/at_most", "out-of-range"),
        ({"pace": {"at_most": 1.5, "per": "hour"}}, "/policy/pace/at_most", "out-of-range"),
        ({"pace": {"at_most": True, "per": "hour"}}, "/policy/pace/at_most", "out-of-range"),
        ({"pace": {"at_most": 10, "per": "second"}}, "/policy/pace/per", "unknown-word"),
        ({"pace": {"at_most": 10}}, "/policy/pace/per", "unknown-word"),
        ({"pace": {"at_most": 10, "per": "hour", "burst": 2}}, "/policy/pace/burst", "unknown-key"),
        ({"settle": {"amount": 25, "unit": "hours"}}, "/policy/settle/amount", "out-of-range"),
        ({"settle": {"amount": 1, "unit": "days"}}, "/policy/settle/unit", "unknown-word"),
        ({"settle": None}, "/policy/settle", "not-an-object"),
        ({"batch": {"at_most": 1, "within": MINUTE}}, "/policy/batch/at_most", "out-of-range"),
        ({"batch": {"at_most": 501, "within": MINUTE}}, "/policy/batch/at_most", "out-of-range"),
        ({"batch": {"at_most": 5}}, "/policy/batch/within", "not-an-object"),
    ],
)
def test_nonsense_is_a_problem(policy: dict[str, Any], path: str, code: str) -> None:
    found = parse(rule(policy))
    assert isinstance(found, tuple)
    assert (path, code) in [(one.path, one.code) for one in found]


@pytest.mark.parametrize(
    ("policy", "on", "codes"),
    [
        ({"settle": MINUTE}, "change", []),
        ({"settle": MINUTE}, "webhook", ["settle-without-changes"]),
        ({"batch": {"at_most": 5, "within": MINUTE}}, "webhook", []),
        ({"batch": {"at_most": 5, "within": MINUTE}}, "schedule", ["batch-without-events"]),
        ({"batch": {"at_most": 5, "within": MINUTE}}, "manual", ["batch-without-events"]),
        ({"batch": {"at_most": 5, "within": MINUTE}, "overlap": "skip"}, "change", ["batch-loses-changes"]),
        ({"pace": {"at_most": 5, "per": "hour"}}, "schedule", []),
        ({"once": "day"}, "change", []),
        ({"once": "record"}, "webhook", ["once-without-record"]),
        ({"once": "day"}, "manual", ["once-without-record"]),
    ],
)
def test_what_makes_no_sense_for_a_trigger_is_a_problem_with_a_fix(
    policy: JSONObject, on: str, codes: list[str]
) -> None:
    graph = parse(rule(policy, on))
    assert isinstance(graph, Graph)
    found = list(check_timing(graph))
    assert [one.code for one in found] == codes
    for one in found:
        assert one.fix is not None
        mended = {**policy, "overlap": one.fix.value} if one.fix.path.endswith("overlap") else one.fix.value
        assert isinstance(mended, dict)
        again = parse(rule(mended, on))
        assert isinstance(again, Graph)
        assert list(check_timing(again)) == []


def change(number: int, op: Operation, before: JSONObject | None, after: JSONObject | None) -> Event:
    changed = tuple(name for name in (after or {}) if (before or {}).get(name) != (after or {})[name])
    return Event(
        LogId(1), EventId(number), 0, "public.leads", op, {"id": 1}, f"2026-05-01T09:00:0{number}+00:00",
        before, after, changed,
    )  # fmt: skip


A: JSONObject = {"id": 1, "name": "a"}
B: JSONObject = {"id": 1, "name": "b"}


@pytest.mark.parametrize(
    ("first", "newer", "op", "before", "after", "changed"),
    [
        (("insert", None, A), ("update", A, B), "insert", None, B, ("id", "name")),
        (("update", A, B), ("update", B, A), "update", A, A, ()),
        (("update", A, B), ("delete", B, None), "delete", A, None, ()),
        (("insert", None, A), ("delete", A, None), "delete", A, None, ()),
        (("delete", A, None), ("insert", None, B), "update", A, B, ("name",)),
    ],
)
def test_two_changes_are_one_from_before_the_first_to_after_the_last(
    first: Any, newer: Any, op: str, before: Any, after: Any, changed: tuple[str, ...]
) -> None:
    one = merged(change(1, *first), change(2, *newer))
    assert (one.op, one.before, one.after, one.changed) == (op, before, after, changed)
    assert (one.id, one.at) == (1, "2026-05-01T09:00:02+00:00")


def test_what_one_of_two_changes_was_shortened_by_is_known_of_both() -> None:
    whole, short = change(1, "update", A, B), change(2, "update", B, A)
    cut = msgspec.structs.replace(short, cut=True, cut_columns=("name",))
    for one in (merged(cut, whole), merged(whole, cut)):
        assert (one.cut, one.cut_columns) == (True, ("name",))
    assert merged(whole, short).cut is False
