"""A rule from its document to its decisions: match, judge, decide, explain, say."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ruleyard.core.document import parse, parse_bytes
from ruleyard.core.errors import Invalid
from ruleyard.core.evaluate import judge
from ruleyard.core.event import Event
from ruleyard.core.explain import explain
from ruleyard.core.graph import Graph, Schedule
from ruleyard.core.match import Index
from ruleyard.core.plan import Plan, compile_plan
from ruleyard.core.run import Broken, Finished, Pause, Perform, decide
from ruleyard.core.schedule import next_ticks
from ruleyard.core.schedule_check import problems
from ruleyard.core.schedule_words import describe
from ruleyard.core.sentence import sentence
from ruleyard.core.trace import Step
from ruleyard.core.types import OWN_LOG, EventId, LogId, NodeId, RuleId, VersionId

NOW = "2026-11-22T09:00:00+00:00"
CRM = LogId(1)
ATTEMPTS = {">=": [{"var": "after.attempts"}, 3]}
RESCUE: dict[str, Any] = {
    "dialect": 1,
    "name": "Rescue missed callbacks",
    "nodes": [
        {"id": "t", "kind": "trigger", "on": "change", "connection": "crm", "table": "public.leads",
         "events": ["insert", "update"], "columns": ["status"]},
        {"id": "c", "kind": "condition", "logic": {"and": [{"===": [{"var": "after.status"}, "callback"]}, ATTEMPTS]}},
        {"id": "a", "kind": "action", "do": "update_record", "fields": {"set": {"owner": "senior"}}},
        {"id": "w", "kind": "wait", "amount": 2, "unit": "hours"},
        {"id": "m", "kind": "action", "do": "call_webhook", "fields": {
            "url": "https://example.com/hook",
            "payload": {"rows": {"var": "steps.a.output.rows"}, "hello": {"cat": ["Hi ", {"var": "after.name"}]}}}},
    ],
    "edges": [["t", "c"], ["c", "a", "yes"], ["a", "w"], ["w", "m"]],
}  # fmt: skip


def plan_of(document: dict[str, Any], rule: int = 7) -> Plan:
    graph = parse(document)
    assert isinstance(graph, Graph), graph
    return compile_plan(RuleId(rule), VersionId(rule * 10), graph)


def event_of(**changes: Any) -> Event:
    event = Event(
        CRM, EventId(1), 3, "public.leads", "update", {"id": 41}, NOW,
        {"status": "new", "attempts": 3}, {"status": "callback", "attempts": 3, "name": "Ли"}, ("status",),
    )  # fmt: skip
    return msgspec.structs.replace(event, **changes)


def done(node: str, kind: str, **fields: Any) -> Step:
    return Step(NodeId(node), kind, "succeeded", **fields)


PLAN = plan_of(RESCUE)


def test_a_run_passes_its_condition_and_comes_to_its_first_action() -> None:
    decision = decide(PLAN, event_of(), NOW, ())
    assert [(step.node, step.branch) for step in decision.passed] == [("t", None), ("c", "yes")]
    assert decision.next == Perform(NodeId("a"), "update_record", {"set": {"owner": "senior"}})


def test_a_run_goes_on_after_what_is_done_and_sees_its_output() -> None:
    first = decide(PLAN, event_of(), NOW, ())
    after_action = (*first.passed, done("a", "action", output={"rows": 1}))
    pause = decide(PLAN, event_of(), NOW, after_action)
    assert (pause.passed, pause.next) == ((), Pause(NodeId("w"), 7_200))
    last = decide(PLAN, event_of(), NOW, (*after_action, done("w", "wait")))
    assert isinstance(last.next, Perform)
    assert last.next.fields == {"url": "https://example.com/hook", "payload": {"rows": 1, "hello": "Hi Ли"}}
    end = decide(PLAN, event_of(), NOW, (*after_action, done("w", "wait"), done("m", "action")))
    assert end.next == Finished("succeeded")


def test_a_condition_keeps_the_branch_that_it_took() -> None:
    steps = (done("t", "trigger"), done("c", "condition", branch="yes"))
    decision = decide(PLAN, event_of(after={"status": "won", "attempts": 0}), NOW, steps)
    assert isinstance(decision.next, Perform)


def test_a_run_that_matches_nothing_is_unmatched() -> None:
    assert decide(PLAN, event_of(after={"status": "won"}), NOW, ()).next == Finished("unmatched")


def test_an_error_is_never_false() -> None:
    event = event_of(after={"status": "callback", "attempts": "many"})
    verdict = judge(PLAN, event, NOW)
    assert verdict.fires
    assert verdict.error is not None
    assert verdict.error.path == "/and/1"
    decision = decide(PLAN, event, NOW, ())
    assert isinstance(decision.next, Broken)
    assert decision.passed[-1].state == "failed"


@pytest.mark.parametrize(
    ("event", "fires"),
    [
        (event_of(), True),
        (event_of(after={"status": "won", "attempts": 3}), False),
        (event_of(after={"status": "callback", "attempts": 2}), False),
    ],
)
def test_judging_agrees_with_deciding(event: Event, *, fires: bool) -> None:
    assert judge(PLAN, event, NOW).fires is fires
    assert isinstance(decide(PLAN, event, NOW, ()).next, Perform) is fires
    assert explain(PLAN, event, NOW, "crm").fired is fires


@pytest.mark.parametrize(
    ("changes", "listens"),
    [
        ({}, True),
        ({"changed": ("owner",)}, False),
        ({"op": "insert", "changed": ()}, True),
        ({"op": "delete"}, False),
        ({"table": "public.tasks"}, False),
        ({"log": LogId(2)}, False),
        ({"log": OWN_LOG, "op": "manual", "table": "@manual", "key": {"rule": 7}}, True),
        ({"log": OWN_LOG, "op": "manual", "table": "@manual", "key": {"rule": 8}}, False),
        ({"log": OWN_LOG, "op": "tick", "table": "@schedule", "key": {"rule": 7}}, False),
    ],
)
def test_only_rules_that_listen_are_candidates(changes: dict[str, Any], *, listens: bool) -> None:
    index = Index([PLAN], {CRM: "crm", LogId(2): "shop"})
    assert list(index.candidates(event_of(**changes))) == ([PLAN] if listens else [])


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        (
            {"changed": ("owner",)},
            "other-columns",
            "The trigger listens to changes of status; changed was owner.",
        ),
        (
            {"op": "delete"},
            "other-operation",
            "The trigger does not listen to delete, only to insert, update.",
        ),
        ({"table": "public.tasks"}, "other-table", "does not listen to the table public.tasks"),
        ({"after": {"status": "won", "attempts": 3}}, "condition-false", 'it was "won"'),
        ({"after": {"status": "callback", "attempts": 2}}, "condition-false", "attempts is at least 3"),
        ({}, "fired", "Every condition on the way holds."),
    ],
)
def test_why_and_why_not(changes: dict[str, Any], code: str, words: str) -> None:
    explanation = explain(PLAN, event_of(**changes), NOW, "crm")
    assert explanation.reason_code == code
    assert words in explanation.reason


def test_another_connection_is_a_reason() -> None:
    assert explain(PLAN, event_of(), NOW, "shop").reason_code == "other-connection"


def test_the_rule_reads_as_a_sentence() -> None:
    assert sentence(PLAN.graph) == (
        'When a record of leads is added or is changed, if status is "callback" and attempts is at least 3, '
        'set owner to "senior", wait 2 hours, call https://example.com/hook.'
    )


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"[" * 100_000, "document-too-large"),
        (b"[" * 10_000 + b"]" * 10_000, "too-deep"),
        (b'{"a":', "not-json"),
        (b"\xff", "not-json"),
        (b"[" + b"1," * 5_000 + b"1]", "too-big"),
        (b'{"a": NaN}', "not-json"),
        (b'{"a": [{"b": 1, "c": 2, "b": 3}]}', "not-json"),
    ],
)
def test_a_body_over_a_limit_is_refused(body: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_bytes(body)
    assert refused.value.code == code
    assert refused.value.problems[0].code == code


def nested(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


def test_a_key_given_twice_is_named_with_its_place() -> None:
    body = b'{"name": "one", "nodes": [], "name": "two"}'
    with pytest.raises(Invalid, match='"name" comes twice') as refused:
        parse_bytes(body)
    assert refused.value.problems[0].args == {"place": body.rindex(b'"name"')}
    first, second = (
        '{"é": {"a": [{"b": "a"}], "c": {"a": 1}},',
        ' "x": "a: \\"a\\"", "\\u0061": 1, "y": {"a": 2}, "a": 3}',
    )
    hidden = f"{first}\n{second}".encode()
    with pytest.raises(Invalid, match='"a" comes twice in one object, again at line 2, column 47') as refused:
        parse_bytes(hidden)
    assert refused.value.problems[0].args == {"place": hidden.rindex(b'"a"')}


def test_what_is_too_deep_is_named_with_its_place() -> None:
    body = json.dumps({"a/b": [0, nested(40)]}).encode()
    with pytest.raises(Invalid) as refused:
        parse_bytes(body)
    assert refused.value.problems[0].path == "/a~1b/1" + "/0" * 30


def test_the_mark_that_some_editors_write_first_is_no_problem() -> None:
    assert parse_bytes(b'\xef\xbb\xbf{"name": "one"}') == {"name": "one"}


def test_brackets_inside_text_are_not_depth() -> None:
    assert parse_bytes(b'["' + b"[" * 100 + b'\\""]') == ["[" * 100 + '"']


SCHEDULES = st.one_of(
    st.builds(Schedule, repeat=st.sampled_from(["minutes", "hours"]), every=st.integers(1, 24)),
    st.builds(
        Schedule,
        repeat=st.sampled_from(["day", "weekday", "week", "month"]),
        zone=st.sampled_from(
            ["UTC", "Asia/Seoul", "Europe/Moscow", "America/New_York", "Australia/Lord_Howe"]
        ),
        at=st.builds("{:02d}:{:02d}".format, st.integers(0, 23), st.integers(0, 59)),
        days=st.just(("mon", "sun")),
        day=st.integers(1, 31),
    ),
)


@given(SCHEDULES, st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)))
@settings(max_examples=120, deadline=None)
def test_the_next_tick_is_later_and_ticks_ascend(schedule: Schedule, after: datetime) -> None:
    assert not problems(schedule, "")
    ticks = next_ticks(schedule, after, 3)
    assert len(ticks) == 3
    assert all(a < b for a, b in zip((after, *ticks), ticks, strict=False))
    assert next_ticks(schedule, ticks[0] - timedelta(seconds=1), 1) == ticks[:1]
    assert next_ticks(schedule, ticks[0], 1) == ticks[1:2]
    assert describe(schedule)
