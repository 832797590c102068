"""Ways out of a step: the first way of a choose that holds, and the failed path of an action."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruleyard.core.analyse import analyse
from ruleyard.core.backtest import Backtest, Tally, fires, walk
from ruleyard.core.check import check
from ruleyard.core.deciding import Decider, branch_words, decider_of
from ruleyard.core.diff import diff
from ruleyard.core.document import parse
from ruleyard.core.errors import Problem
from ruleyard.core.evaluate import data_of, judge
from ruleyard.core.event import Event
from ruleyard.core.explain import explain
from ruleyard.core.graph import Choose, Graph
from ruleyard.core.model import Column, Known, TableModel
from ruleyard.core.neighbours import Neighbour, analyse_neighbours
from ruleyard.core.node_shapes import read_node
from ruleyard.core.otherwise import otherwise
from ruleyard.core.plan import Plan, compile_plan
from ruleyard.core.related import reads_of
from ruleyard.core.run import Broken, Finished, Perform, decide
from ruleyard.core.sentence import sentence
from ruleyard.core.shape_reader import Reader
from ruleyard.core.trace import Step, StepError
from ruleyard.core.types import EventId, LogId, NodeId, RuleId, VersionId

VECTORS = Path(__file__).parents[2] / "shared-schemas" / "vectors" / "ways"
NOW = "2026-11-22T09:00:00+00:00"
START = {
    "id": "t",
    "kind": "trigger",
    "on": "change",
    "connection": "crm",
    "table": "public.leads",
    "events": ["update"],
}
A = {"var": "after.a"}
ONE, TWO = {"===": [A, 1]}, {"===": [A, 2]}


def event(**after: Any) -> Event:
    return Event(LogId(1), EventId(1), 3, "public.leads", "update", {"id": 41}, NOW, {}, after, ("a",))


def notify(node: str, title: Any = "x", **more: Any) -> dict[str, Any]:
    return {"id": node, "kind": "action", "do": "notify", "fields": {"title": title}, **more}


def choose(*ways: tuple[str, Any], **more: Any) -> dict[str, Any]:
    listed = [{"key": key, "name": key.upper(), "logic": logic} for key, logic in ways]
    return {"id": "x", "kind": "choose", "ways": listed, **more}


def graph_of(nodes: list[dict[str, Any]], edges: list[list[str]]) -> Graph:
    graph = parse({"dialect": 1, "name": "r", "nodes": [START, *nodes], "edges": edges})
    assert isinstance(graph, Graph), graph
    return graph


def plan_of(nodes: list[dict[str, Any]], edges: list[list[str]]) -> Plan:
    return compile_plan(RuleId(1), VersionId(1), graph_of(nodes, edges))


SIZES = [choose(("one", ONE), ("two", TWO)), notify("a"), notify("b"), notify("c"), notify("d")]
TO = [["t", "x"], ["x", "a", "one"], ["x", "b", "two"], ["x", "c", "otherwise"]]
JOINED = [*TO, ["a", "d"], ["b", "d"], ["c", "d"]]


def cases() -> list[Any]:
    return [
        pytest.param(case, id=case["name"])
        for path in sorted(VECTORS.glob("*.json"))
        for case in json.loads(path.read_text())["cases"]
    ]


@pytest.mark.parametrize("case", cases())
def test_vectors(case: dict[str, Any]) -> None:
    read = Reader()
    node = read_node(read, case["node"], NodeId("x"), "/nodes/0")
    assert isinstance(node, Choose), read.problems
    traced = decider_of(node).trace(case["data"])
    if "error" in case:
        assert isinstance(traced.taken, StepError)
        assert (traced.taken.code, traced.taken.path) == (case["error"], case["path"])
    else:
        assert traced.taken == case["taken"]
    assert [[seen.path, seen.truth] for seen in traced.seen] == case["seen"]
    assert decider_of(node).decide(case["data"]) == traced.taken


@pytest.mark.parametrize(("value", "way", "goal"), [(1, "one", "a"), (2, "two", "b"), (3, "otherwise", "c")])
def test_the_first_way_that_holds_is_taken(value: int, way: str, goal: str) -> None:
    plan = plan_of(SIZES, TO)
    decision = decide(plan, event(a=value), NOW, ())
    assert decision.passed[1].branch == way
    assert isinstance(decision.next, Perform)
    assert decision.next.node == goal
    assert judge(plan, event(a=value), NOW).fires


def test_ways_may_join_again() -> None:
    plan = plan_of(SIZES, JOINED)
    done: list[Step] = []
    while isinstance((decision := decide(plan, event(a=2), NOW, done)).next, Perform):
        done += [*decision.passed, Step(decision.next.node, "action", "succeeded")]
    assert [step.node for step in done] == ["t", "x", "b", "d"]


def test_a_way_behind_the_one_that_is_taken_is_not_come_to() -> None:
    broken = {">": [{"date_diff": [A, "2026-01-01", "days"]}, 1]}
    plan = plan_of([choose(("one", ONE), ("two", broken)), notify("a")], [["t", "x"], ["x", "a", "one"]])
    assert isinstance(decide(plan, event(a=1), NOW, ()).next, Perform)
    decision = decide(plan, event(a=5), NOW, ())
    assert isinstance(decision.next, Broken)
    assert decision.next.error.path.startswith("/ways/1/logic/")
    assert judge(plan, event(a=5), NOW).error is not None


def test_a_choose_that_is_off_goes_on_as_if_no_way_held() -> None:
    plan = plan_of([choose(("one", ONE), off=True), notify("a"), notify("c")], [*TO[:2], TO[3]])
    decision = decide(plan, event(a=1), NOW, ())
    assert isinstance(decision.next, Perform)
    assert decision.next.node == "c"
    assert (decision.passed[1].state, decision.passed[1].branch) == ("skipped", "otherwise")


def test_why_not_names_the_way_and_what_another_would_have_needed() -> None:
    plan = plan_of(SIZES[:2], TO[:2])
    why = explain(plan, event(a=2), NOW)
    assert (why.reason_code, why.fired) == ("condition-false", False)
    assert why.reason == "It did not run because the rule needs that a is 1 (it was 2)."
    assert why.args == {"node": "x", "branch": "two", "way": "TWO"}
    taken = explain(plan_of([*SIZES[:1], notify("c")], [TO[0], TO[3]]), event(a=1), NOW)
    assert taken.args == {"node": "x", "branch": "one", "way": "ONE"}
    assert [flip.path for flip in taken.nearest] == ["/ways/0/logic"]
    flips = otherwise(plan.graph, event(a=2), NOW, decide(plan, event(a=2), NOW, ()).passed)
    assert [(flip.path, flip.relation) for flip in flips[NodeId("x")]] == [("/ways/0/logic", "===")]


def test_a_back_test_tells_the_way_and_the_one_comparison_short() -> None:
    plan = plan_of(SIZES[:2], TO[:2])
    assert walk(plan, data_of(event(a=1), NOW))[:2] == ("x one > a", ("a",))
    assert fires(plan, data_of(event(a=1), NOW))
    assert not fires(plan, data_of(event(a=3), NOW))
    tally = Tally()
    Backtest(plan, None).page([event(a=3)], tally)
    assert [near.path for near in tally.near.values()] == ["/ways/0/logic"]


def test_a_way_that_those_before_it_leave_nothing_for_is_said() -> None:
    some = {"in": [A, [1, 2]]}
    graph = graph_of([choose(("some", some), ("one", ONE)), notify("a")], [["t", "x"], ["x", "a", "one"]])
    [problem] = analyse(graph)
    assert (problem.code, problem.path) == ("way-covered", "/nodes/1/ways/1/logic")
    assert problem.args == {"branch": "one", "way": "ONE"}


def test_ways_that_never_or_always_hold_are_said() -> None:
    never = {"and": [ONE, TWO]}
    always = {"or": [ONE, {"!==": [A, 1]}]}
    nodes = [choose(("never", never), ("one", ONE), ("all", always), ("two", TWO)), notify("a")]
    found = analyse(graph_of(nodes, [["t", "x"], ["x", "a", "otherwise"]]))
    assert [(one.code, one.path) for one in found] == [
        ("condition-never-true", "/nodes/1/ways/0/logic"),
        ("condition-always-true", "/nodes/1/ways/2/logic"),
    ]


def test_a_way_that_the_conditions_before_exclude_is_said() -> None:
    before = {"id": "c", "kind": "condition", "logic": ONE}
    nodes = [before, choose(("two", TWO), ("one", ONE)), notify("a"), notify("b")]
    edges = [["t", "c"], ["c", "x", "yes"], ["x", "a", "two"], ["x", "b", "otherwise"]]
    found = analyse(graph_of(nodes, edges))
    assert [(one.code, one.path, one.args["way"]) for one in found] == [
        ("branch-never-taken", "/nodes/2/ways/0/logic", "TWO"),
        ("branch-never-taken", "/nodes/2", "otherwise"),
    ]


def test_versions_tell_their_ways() -> None:
    old = graph_of(SIZES, TO)
    other = choose(("two", TWO), ("one", ONE), ("three", {"===": [A, 3]}))
    other["ways"][1]["name"] = "First"
    new = graph_of([other, *SIZES[1:]], TO)
    assert [(one.field, one.words) for one in diff(old, new).changes] == [
        ("ways.one.name", 'The way "ONE" is now called "First".'),
        ("ways.three", 'The way "THREE" is new: a is 3.'),
        ("order", 'The ways are now asked in this order: "TWO", "First", "THREE" (it was: "ONE", "TWO").'),
    ]
    assert diff(old, graph_of([choose(("two", TWO), ("one", ONE)), *SIZES[1:]], TO)).verdict.code == "proven"
    gone = diff(new, old)
    assert 'The way "THREE" is gone: a is 3.' in [one.words for one in gone.changes]
    wider = graph_of([choose(("one", {"in": [A, [1, 4]]}), ("two", TWO)), *SIZES[1:]], TO)
    [told] = diff(old, wider).conditions
    assert (told.node, told.way, told.outcome) == ("x", "one", "different")


def test_the_sentence_tells_every_way() -> None:
    words = sentence(graph_of(SIZES, TO))
    assert "if a is 1, notify everyone, or if a is 2, notify everyone, otherwise notify everyone" in words


TABLE = TableModel("crm", "public.leads", (Column("a", "integer"), Column("b", "text")), ("a",))


def problems(nodes: list[dict[str, Any]], edges: list[list[str]]) -> list[tuple[str, str]]:
    known = Known({"crm": "postgres"}, {("crm", "public.leads")})
    found: tuple[Problem, ...] = check(graph_of(nodes, edges), lambda _, __: TABLE, known)
    return [(one.code, one.path) for one in found]


def test_a_way_is_checked_with_what_the_ways_before_it_leave() -> None:
    """Behind "b is empty", b is not empty; so it is in what follows otherwise."""
    empty, order = {"===": [A, None]}, {">": [A, -1]}
    title = {"cat": ["n", {"if": [{"<": [A, 5]}, "x", "y"]}]}
    edges = [["t", "x"], ["x", "a", "two"], ["x", "b", "otherwise"]]
    nodes = [choose(("one", empty), ("two", {"<": [A, 3]})), notify("a", title), notify("b", title)]
    assert problems(nodes, edges) == []
    nodes = [choose(("one", {"<": [A, 3]}), ("two", order)), notify("a"), notify("b")]
    assert problems(nodes, edges) == [("maybe-empty", "/nodes/1/ways/0/logic")]


def test_what_a_choose_reads_is_known() -> None:
    graph = graph_of([choose(("one", {"!!": {"var": "related.owner_id.name"}})), notify("a")], TO[:2])
    assert reads_of(graph) == {"x": frozenset({("owner_id", "name")})}
    assert branch_words(graph.node(NodeId("x")), "one") == "ONE"


FAILED = [notify("m", {"cat": [{"/": [1, A]}]}), notify("f"), notify("n")]
FAILED_TO = [["t", "m"], ["m", "n"], ["m", "f", "failed"]]


def test_an_action_whose_fields_have_no_value_goes_on_by_its_failed_path() -> None:
    plan = plan_of([*FAILED[:1], notify("f", {"var": "steps.m.error.code"}), FAILED[2]], FAILED_TO)
    decision = decide(plan, event(a=0), NOW, ())
    step = decision.passed[-1]
    assert (step.node, step.state, step.branch) == ("m", "failed", "failed")
    assert isinstance(decision.next, Perform)
    assert decision.next.fields == {"title": "not-a-number"}
    done = [*decision.passed, Step(NodeId("f"), "action", "succeeded")]
    assert decide(plan, event(a=0), NOW, done).next == Finished("succeeded")
    fine = decide(plan, event(a=1), NOW, ()).next
    assert isinstance(fine, Perform)
    assert fine.node == "m"


def test_without_a_failed_path_the_run_breaks_there() -> None:
    plan = plan_of(FAILED[:1], FAILED_TO[:1])
    assert isinstance(decide(plan, event(a=0), NOW, ()).next, Broken)


def test_a_failed_path_that_only_ends_is_an_outcome_too() -> None:
    plan = plan_of([FAILED[0], {"id": "e", "kind": "end"}], [["t", "m"], ["m", "e", "failed"]])
    assert decide(plan, event(a=0), NOW, ()).next == Finished("succeeded")
    assert explain(plan, event(a=0), NOW).fired


def test_later_steps_read_why_it_failed() -> None:
    reads = notify("f", {"cat": [{"var": "steps.m.error.message"}, {"var": "steps.m.error.code"}]})
    sure = {"<": [{"length": [{"var": "steps.m.error.message"}]}, 9]}
    nodes = [notify("m"), reads, notify("n"), {"id": "c", "kind": "condition", "logic": sure}]
    edges = [["t", "m"], ["m", "f", "failed"], ["f", "c"], ["m", "n"]]
    assert problems(nodes, edges) == []
    wrong = notify("f", {"var": "steps.m.error.mesage"})
    assert problems([notify("m"), wrong], [["t", "m"], ["m", "f", "failed"]]) == [
        ("unknown-variable", "/nodes/2/fields/title")
    ]


def test_on_the_failed_path_an_answer_may_be_empty() -> None:
    made = {"id": "m", "kind": "action", "do": "call_webhook", "fields": {"url": "https://example.com"}}
    reads = {"id": "c", "kind": "condition", "logic": {">": [{"var": "steps.m.output.status"}, 9]}}
    fine = [["t", "m"], ["m", "c"]]
    assert problems([made, reads, notify("a")], [*fine, ["c", "a", "yes"]]) == []
    failed = [["t", "m"], ["m", "c", "failed"], ["c", "a", "yes"]]
    assert problems([made, reads, notify("a")], failed) != []


def test_both_paths_of_an_action_count_for_what_is_said_of_rules() -> None:
    dead = {"id": "c", "kind": "condition", "logic": {"and": [ONE, TWO]}}
    nodes = [notify("m"), dead, notify("f"), {"id": "d", "kind": "condition", "logic": ONE}]
    found = analyse(graph_of(nodes, [["t", "m"], ["m", "c", "failed"], ["c", "f", "yes"], ["m", "d"]]))
    assert [one.code for one in found] == ["condition-never-true"]
    writes = {"id": "w", "kind": "action", "do": "update_record", "fields": {"set": {"a": 1}}}
    one = graph_of([notify("m"), writes], [["t", "m"], ["m", "w", "failed"]])
    other = graph_of([{**writes, "fields": {"set": {"a": 2}}}], [["t", "w"]])
    told = analyse_neighbours(Neighbour(None, "one", one), [Neighbour(RuleId(2), "two", other)])
    assert "writes-same-column" in [problem.code for problem in told]


def test_versions_that_differ_on_a_failed_path_are_not_the_same() -> None:
    old = graph_of(FAILED, FAILED_TO)
    new = graph_of(FAILED, FAILED_TO[:2])
    assert [one.words for one in diff(old, new).changes] == [
        "After notify everyone, if it fails, nothing follows (it was notify everyone)."
    ]
    assert diff(old, new).verdict.outcome == "different"
    again = graph_of([FAILED[0], notify("g"), FAILED[2]], [*FAILED_TO[:2], ["m", "g", "failed"]])
    assert diff(old, again).verdict.code == "proven"
    assert "(if that fails, notify everyone)" in sentence(old)


@st.composite
def chooses(draw: st.DrawFn) -> tuple[Graph, Graph]:
    """A choose, and the same as conditions one after the other."""
    truths = draw(
        st.lists(
            st.sampled_from([ONE, TWO, {"===": [A, 3]}, {"<": [A, 3]}, {"!": [A]}]), min_size=1, max_size=4
        )
    )
    keys = [f"w{place}" for place in range(len(truths))]
    led = draw(st.lists(st.booleans(), min_size=len(truths) + 1, max_size=len(truths) + 1))
    goals = [notify(f"g{place}") for place in range(len(led))]
    ways = [*keys, "otherwise"]
    edges = [["x", f"g{place}", ways[place]] for place, there in enumerate(led) if there]
    one = graph_of([choose(*zip(keys, truths, strict=True)), *goals], [["t", "x"], *edges])
    conditions = [
        {"id": key, "kind": "condition", "logic": logic} for key, logic in zip(keys, truths, strict=True)
    ]
    chain = [["t", "w0"], *([a, b, "no"] for a, b in itertools.pairwise(keys))]
    for place, there in enumerate(led):
        if there and place < len(keys):
            chain.append([keys[place], f"g{place}", "yes"])
        elif there:
            chain.append([keys[-1], f"g{place}", "no"])
    return one, graph_of([*conditions, *goals], chain)


@given(chooses(), st.sampled_from([0, 1, 2, 3, 4, None]))
def test_a_choose_is_conditions_one_after_the_other(both: tuple[Graph, Graph], value: int | None) -> None:
    left, right = (compile_plan(RuleId(1), VersionId(1), graph) for graph in both)
    data = data_of(event(a=value), NOW)
    assert judge(left, event(a=value), NOW) == judge(right, event(a=value), NOW)
    assert walk(left, data)[1:] == walk(right, data)[1:]
    whys = [explain(plan, event(a=value), NOW) for plan in (left, right)]
    assert whys[0].fired == whys[1].fired
    assert len(whys[0].nearest) <= len(whys[1].nearest)
    assert diff(*both).verdict.outcome == "equivalent"
    assert isinstance(left.deciders.get(NodeId("x")), Decider)


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (("Big", "Small"), []),
        (("", ""), []),
        (("Big", " big "), ["/nodes/1/ways/1/name"]),
        (("Big", "Small", "Big", "Big"), ["/nodes/1/ways/2/name", "/nodes/1/ways/3/name"]),
    ],
)
def test_ways_that_nobody_can_tell_apart_are_a_warning(names: tuple[str, ...], found: list[str]) -> None:
    ways = [{"key": f"w{n}", "name": name, "logic": ONE} for n, name in enumerate(names)]
    nodes = [{"id": "x", "kind": "choose", "ways": ways}, notify("a")]
    known = Known({"crm": "postgres"}, {("crm", "public.leads")})
    problems = check(graph_of(nodes, [["t", "x"], ["x", "a", "w0"]]), lambda connection, table: None, known)
    assert [(p.path, p.severity) for p in problems if p.code == "same-way-name"] == [
        (path, "warning") for path in found
    ]
