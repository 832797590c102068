"""A step that is switched off is passed over, and told in the trace; the rule acts as if it were not there."""

from __future__ import annotations

from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from ruleyard.core.analyse import analyse
from ruleyard.core.backtest import fires, walk
from ruleyard.core.diff import diff
from ruleyard.core.document import parse
from ruleyard.core.evaluate import data_of, judge
from ruleyard.core.event import Event
from ruleyard.core.explain import explain
from ruleyard.core.gates import gates_of
from ruleyard.core.graph import Graph
from ruleyard.core.in_effect import in_effect
from ruleyard.core.otherwise import otherwise
from ruleyard.core.plan import Plan, compile_plan
from ruleyard.core.run import Decision, Finished, Pause, Perform, decide
from ruleyard.core.sentence import sentence
from ruleyard.core.trace import Step
from ruleyard.core.types import EventId, LogId, NodeId, RuleId, VersionId

NOW = "2026-11-22T09:00:00+00:00"
START = {
    "id": "t",
    "kind": "trigger",
    "on": "change",
    "connection": "crm",
    "table": "public.leads",
    "events": ["update"],
}


def event(**after: Any) -> Event:
    return Event(
        LogId(1),
        EventId(1),
        3,
        "public.leads",
        "update",
        {"id": 41},
        NOW,
        {},
        after,
        ("a",),
    )


def notify(node: str, **more: Any) -> dict[str, Any]:
    return {
        "id": node,
        "kind": "action",
        "do": "notify",
        "fields": {"title": node},
        **more,
    }


def wait(node: str, **more: Any) -> dict[str, Any]:
    return {"id": node, "kind": "wait", "amount": 1, "unit": "days", **more}


def a_is(node: str, value: int, **more: Any) -> dict[str, Any]:
    return {
        "id": node,
        "kind": "condition",
        "logic": {"===": [{"var": "after.a"}, value]},
        **more,
    }


def graph_of(nodes: list[dict[str, Any]], edges: list[list[str]]) -> Graph:
    graph = parse({"dialect": 1, "name": "r", "nodes": [START, *nodes], "edges": edges})
    assert isinstance(graph, Graph), graph
    return graph


def plan_of(nodes: list[dict[str, Any]], edges: list[list[str]]) -> Plan:
    return compile_plan(RuleId(1), VersionId(1), graph_of(nodes, edges))


def told(steps: tuple[Step, ...]) -> list[str]:
    return [f"{step.node} {step.state}{f' {step.branch}' if step.branch else ''}" for step in steps]


ROW = [["t", "x"], ["x", "y"]]


def test_a_switched_off_action_is_passed_over_and_the_trace_says_so() -> None:
    found = decide(plan_of([notify("x", off=True), notify("y")], ROW), event(), NOW, ())
    assert told(found.passed) == ["t succeeded", "x skipped"]
    assert found.passed[1].error is not None
    assert found.passed[1].error.code == "switched-off"
    assert isinstance(found.next, Perform)
    assert found.next.node == "y"


def test_a_switched_off_wait_does_not_hold_a_run() -> None:
    found = decide(plan_of([wait("x", off=True), notify("y")], ROW), event(), NOW, ())
    assert isinstance(found.next, Perform)


def test_a_switched_off_condition_goes_on_by_its_yes_side() -> None:
    plan = plan_of(
        [a_is("c", 1, off=True), notify("x"), notify("y")],
        [["t", "c"], ["c", "x", "yes"], ["c", "y", "no"]],
    )
    found = decide(plan, event(a=2), NOW, ())
    assert told(found.passed) == ["t succeeded", "c skipped yes"]
    assert isinstance(found.next, Perform)
    assert found.next.node == "x"


def test_a_run_that_goes_on_does_not_tell_a_passed_over_step_twice() -> None:
    plan = plan_of([wait("x", off=True), notify("y"), wait("z")], [*ROW, ["y", "z"]])
    first = decide(plan, event(), NOW, ())
    done = (*first.passed, Step(NodeId("y"), "action", "succeeded"))
    second: Decision = decide(plan, event(), NOW, done)
    assert second.passed == ()
    assert isinstance(second.next, Pause)


def test_a_rule_whose_actions_are_all_off_never_runs() -> None:
    plan = plan_of([notify("x", off=True), wait("y", off=True)], ROW)
    assert not judge(plan, event(), NOW).fires
    found = decide(plan, event(), NOW, ())
    assert told(found.passed) == ["t succeeded", "x skipped", "y skipped"]
    assert found.next == Finished("unmatched")
    assert decide(plan, event(), NOW, found.passed).next == Finished("unmatched")
    assert gates_of(plan.graph) is None


def test_a_passed_over_step_has_no_answer() -> None:
    reads = notify("y") | {"fields": {"title": {"var": ["steps.x.state", "nothing"]}}}
    found = decide(plan_of([notify("x", off=True), reads], ROW), event(), NOW, ())
    assert isinstance(found.next, Perform)
    assert found.next.fields == {"title": "nothing"}


def test_the_reason_names_a_condition_that_is_on() -> None:
    plan = plan_of(
        [a_is("c", 1), a_is("d", 2, off=True), notify("x")],
        [["t", "c"], ["c", "d", "yes"], ["d", "x", "yes"]],
    )
    found = explain(plan, event(a=5), NOW)
    assert not found.fired
    assert [flip.node for flip in found.nearest] == ["c"]
    gone = compile_plan(
        RuleId(1),
        VersionId(1),
        graph_of([a_is("c", 5), a_is("d", 2, off=True)], [["t", "c"], ["c", "d", "yes"]]),
    )
    assert explain(gone, event(a=5), NOW).args == {"node": "c", "branch": "yes"}


def test_nothing_would_have_sent_a_passed_over_condition_the_other_way() -> None:
    graph = graph_of([a_is("c", 1, off=True), notify("x")], [["t", "c"], ["c", "x", "yes"]])
    steps = decide(compile_plan(RuleId(1), VersionId(1), graph), event(a=2), NOW, ()).passed
    assert otherwise(graph, event(a=2), NOW, steps) == {}


def test_words_leave_out_what_is_off() -> None:
    assert sentence(graph_of([a_is("c", 1, off=True), notify("x")], [["t", "c"], ["c", "x", "yes"]])) == (
        "When a record of leads is changed, notify everyone."
    )


def test_no_warning_is_given_of_a_condition_that_is_off() -> None:
    logic = {"and": [{"===": [{"var": "after.a"}, 1]}, {"===": [{"var": "after.a"}, 2]}]}
    never = {"id": "c", "kind": "condition", "logic": logic}
    edges = [["t", "c"], ["c", "x", "yes"]]
    assert [one.code for one in analyse(graph_of([never, notify("x")], edges))] == ["condition-never-true"]
    assert analyse(graph_of([never | {"off": True}, notify("x")], edges)) == ()


def test_versions_tell_switching_and_notes() -> None:
    old = graph_of([notify("x"), notify("y", note="old")], ROW)
    new = graph_of([notify("x", off=True), notify("y", note="new")], ROW)
    found = diff(old, new)
    assert [(one.node, one.field, one.old, one.new, one.words) for one in found.changes] == [
        ("x", "off", False, True, "Switched off: notify everyone."),
        (
            "y",
            "note",
            "old",
            "new",
            'The note of notify everyone is now "new" (it was "old").',
        ),
    ]
    assert found.verdict.outcome == "different"


def test_notes_decide_nothing() -> None:
    old, new = (
        graph_of([notify("x")], [["t", "x"]]),
        graph_of([notify("x", note="why")], [["t", "x"]]),
    )
    noted = msgspec.structs.replace(new, trigger=msgspec.structs.replace(new.trigger, note="when"))
    assert diff(old, new).verdict.code == "untouched"
    assert diff(old, noted).verdict.code == "untouched"


@st.composite
def rules(draw: st.DrawFn) -> tuple[Graph, Graph]:
    """A random rule, ways joining anywhere further down; and the same document written without what is off."""
    count = draw(st.integers(1, 7))
    kinds = draw(st.lists(st.sampled_from(["if", "do", "wait"]), min_size=count, max_size=count))
    off = draw(st.lists(st.booleans(), min_size=count, max_size=count))
    nodes, ways = [], {("t", ""): draw(st.integers(0, count))}
    for at, kind in enumerate(kinds):
        name = f"n{at}"
        made = (
            a_is(name, draw(st.integers(0, 2)))
            if kind == "if"
            else notify(name)
            if kind == "do"
            else wait(name)
        )
        nodes.append(made | {"off": off[at]})
        for branch in ("yes", "no") if kind == "if" else ("",):
            ways[name, branch] = draw(st.integers(at + 1, count))

    def end_of(to: int) -> int:
        while to < count and off[to]:
            to = ways[f"n{to}", "yes" if kinds[to] == "if" else ""]
        return to

    def edges(leads: dict[tuple[str, str], int]) -> list[list[str]]:
        return [
            [name, f"n{to}", *([branch] if branch else [])]
            for (name, branch), to in leads.items()
            if to < count
        ]

    on = {"t", *(f"n{at}" for at in range(count) if not off[at])}
    bare = graph_of(
        [node for node in nodes if node["id"] in on],
        edges({way: end_of(to) for way, to in ways.items() if way[0] in on}),
    )
    return graph_of(nodes, edges(ways)), bare


@given(rules(), st.integers(0, 2))
def test_a_rule_with_steps_off_does_what_it_would_do_without_them(both: tuple[Graph, Graph], a: int) -> None:
    given_off, bare = both
    plan, other = (compile_plan(RuleId(1), VersionId(1), graph) for graph in both)
    assert set(in_effect(given_off).edges) == set(bare.edges)
    now = event(a=a)
    assert judge(plan, now, NOW) == judge(other, now, NOW)
    data = data_of(now, NOW)
    assert (walk(plan, data), fires(plan, data)) == (
        walk(other, data),
        fires(other, data),
    )
    done: list[Step] = []
    bare_done: list[Step] = []
    while True:
        found, wanted = decide(plan, now, NOW, done), decide(other, now, NOW, bare_done)
        assert found.next == wanted.next
        assert [step for step in found.passed if step.state != "skipped"] == list(wanted.passed)
        done, bare_done = [*done, *found.passed], [*bare_done, *wanted.passed]
        if not isinstance(found.next, Perform | Pause):
            break
        step = Step(
            found.next.node,
            "action" if isinstance(found.next, Perform) else "wait",
            "succeeded",
        )
        done, bare_done = [*done, step], [*bare_done, step]
    assert len({step.node for step in done}) == len(done)
