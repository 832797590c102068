"""for_each in the core: its shape and wiring, what an item sees and is typed as, what everything else says of it."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from ruleyard.api.shapes.rules import TestResult
from ruleyard.api.trial import walk as tried
from ruleyard.core.analyse import analyse
from ruleyard.core.approval import Answer
from ruleyard.core.backtest import walk
from ruleyard.core.check import check
from ruleyard.core.diff import diff
from ruleyard.core.document import parse
from ruleyard.core.evaluate import data_of, judge
from ruleyard.core.event import Event
from ruleyard.core.explain import explain
from ruleyard.core.graph import Graph
from ruleyard.core.items import Item
from ruleyard.core.model import Known
from ruleyard.core.plan import compile_plan
from ruleyard.core.run import Broken, Each, Finished, Perform, decide
from ruleyard.core.sentence import sentence
from ruleyard.core.trace import StepError
from ruleyard.core.types import OWN_LOG, EventId, NodeId, RuleId, VersionId

SAMPLE = {"lines": [{"sku": "x", "count": 2}], "tags": ["a"], "name": "Lee"}
EVENT = Event(
    OWN_LOG, EventId(1), 0, "@webhook", "webhook", {"rule": 1}, "2026-05-01T09:00:00+00:00", after=SAMPLE
)


def tell(node: str, title: Any) -> dict[str, Any]:
    return {"id": node, "kind": "action", "do": "notify", "fields": {"title": title}}


LINES = {"var": "after.lines"}


def each(over: Any = LINES, **more: Any) -> dict[str, Any]:
    return {"id": "f", "kind": "for_each", "over": over, **more}


IF = {"id": "c", "kind": "condition", "logic": {">": [{"var": "item.count"}, 1]}}
WAYS = [["t", "f"], ["f", "c", "each"], ["c", "n", "yes"], ["f", "z"]]


def document(*nodes: dict[str, Any], edges: list[list[str]] | None = None) -> dict[str, Any]:
    trigger = {"id": "t", "kind": "trigger", "on": "webhook", "sample": SAMPLE}
    steps = nodes or (each(), IF, tell("n", {"var": "item.sku"}), tell("z", {"var": "steps.f.output.count"}))
    return {"dialect": 1, "name": "n", "nodes": [trigger, *steps], "edges": edges or WAYS}


def graph_of(*nodes: dict[str, Any], edges: list[list[str]] | None = None) -> Graph:
    graph = parse(document(*nodes, edges=edges))
    assert isinstance(graph, Graph), graph
    return graph


def codes(*nodes: dict[str, Any], edges: list[list[str]] | None = None) -> list[str]:
    found = parse(document(*nodes, edges=edges))
    if not isinstance(found, Graph):
        return [one.code for one in found]
    return [one.code for one in check(found, lambda c, t: None, Known(rules={}))]


def test_a_run_comes_to_the_list_and_an_item_begins_behind_it() -> None:
    plan = compile_plan(RuleId(1), VersionId(1), graph_of())
    came = decide(plan, EVENT, EVENT.at, ())
    assert came.next == Each(NodeId("f"), ({"sku": "x", "count": 2},))
    item = Item(NodeId("f"), 0, {"sku": "x", "count": 2})
    inside = decide(plan, EVENT, EVENT.at, (), item=item)
    assert [step.node for step in inside.passed] == ["c"]
    assert inside.next == Perform(NodeId("n"), "notify", {"title": "x"})
    short = decide(plan, EVENT, EVENT.at, (), item=Item(NodeId("f"), 3, {"count": 1}))
    assert short.next == Finished("unmatched")


def test_a_list_may_have_as_many_items_as_it_says_and_no_more() -> None:
    plan = compile_plan(RuleId(1), VersionId(1), graph_of(each(at_most=2), *_rest()))
    for count, wanted in ((2, Each), (3, Broken)):
        event = msgspec.structs.replace(EVENT, after={"lines": [{"count": 1}] * count})
        assert isinstance(decide(plan, event, event.at, ()).next, wanted)


def test_item_and_index_are_seen_in_an_item_run_alone() -> None:
    assert "item" not in data_of(EVENT, EVENT.at)
    data = data_of(EVENT, EVENT.at, item=Item(NodeId("f"), 2, "x"))
    assert (data["item"], data["index"]) == ("x", 2)


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ({"var": "item.sku"}, None),
        ({"var": "index"}, None),
        ({"cat": [{"var": "item.sku"}, {"var": "item.count"}]}, None),
        ({"var": "item.skew"}, "not-in-sample"),
        ({"date_add": [{"var": "item.count"}, 1, "days"]}, "not-a-date"),
    ],
)
def test_an_item_is_typed_as_the_list_is(title: Any, code: str | None) -> None:
    found = codes(each(), tell("n", title), edges=[["t", "f"], ["f", "n", "each"]])
    assert found == ([] if code is None else [code])


def test_outside_of_the_list_there_is_no_item() -> None:
    nodes = each(), tell("n", "x"), tell("z", {"var": "item.sku"})
    assert codes(*nodes, edges=[["t", "f"], ["f", "n", "each"], ["f", "z"]]) == ["unknown-variable"]


def test_after_the_list_only_its_counts_are_read() -> None:
    ask = {"id": "h", "kind": "action", "do": "http_request", "fields": {"url": "https://x.example"}}
    edges = [["t", "f"], ["f", "h", "each"], ["f", "z"]]
    assert codes(each(), ask, tell("z", {"var": "steps.f.output.failed"}), edges=edges) == []
    assert codes(each(), ask, tell("z", {"var": "steps.h.output.status"}), edges=edges) == ["unknown-step"]
    assert codes(each(), ask, tell("z", {"var": "steps.f.output.nix"}), edges=edges) == ["unknown-variable"]


@pytest.mark.parametrize(
    ("nodes", "edges", "code"),
    [
        ((each({"var": "after.name"}), tell("n", "x")), [["t", "f"], ["f", "n", "each"]], "not-a-list-here"),
        ((each(""), tell("n", "x")), [["t", "f"], ["f", "n", "each"]], "no-list"),
        ((each(at_most=0), tell("n", "x")), [["t", "f"], ["f", "n", "each"]], "items-out-of-range"),
        ((each(at_most=1_001), tell("n", "x")), [["t", "f"], ["f", "n", "each"]], "items-out-of-range"),
        ((each(on_item_error="cry"), tell("n", "x")), [["t", "f"], ["f", "n", "each"]], "unknown-word"),
        ((each(), tell("n", "x")), [["t", "f"], ["f", "n"]], "nothing-for-items"),
        ((each(), tell("n", "x")), [["t", "f"], ["f", "n", "each"], ["f", "n"]], "joins-items"),
        (
            (each(), tell("n", "x"), tell("z", "y")),
            [["t", "f"], ["f", "n", "each"], ["n", "z"], ["f", "z"]],
            "joins-items",
        ),
        (
            (each(), {**each({"var": "item.of"}), "id": "g"}, tell("n", "x")),
            [["t", "f"], ["f", "g", "each"], ["g", "n", "each"]],
            "list-in-list",
        ),
        ((tell("n", "x"), tell("z", "x")), [["t", "n"], ["n", "z", "each"]], "each-without-list"),
    ],
)
def test_what_is_wrong_with_a_list_is_said(nodes: Any, edges: list[list[str]], code: str) -> None:
    assert code in codes(*nodes, edges=edges)


def test_a_list_that_is_off_is_passed_over_with_its_items() -> None:
    off = graph_of(each(off=True), IF, tell("n", {"var": "item.sku"}), tell("z", "x"))
    plan = compile_plan(RuleId(1), VersionId(1), off)
    assert isinstance(decide(plan, EVENT, EVENT.at, ()).next, Perform)
    assert not any(one.severity == "error" for one in check(off, lambda c, t: None, Known()))


def test_everything_that_judges_takes_a_list_for_something_to_do() -> None:
    graph = graph_of()
    plan = compile_plan(RuleId(1), VersionId(1), graph)
    assert judge(plan, EVENT, EVENT.at).fires
    assert walk(plan, data_of(EVENT, EVENT.at))[1] == ("f", "z")
    told = explain(plan, EVENT, EVENT.at)
    assert told.reason == "Every condition on the way holds. It goes through 1 item."
    assert "for each of " in sentence(graph)
    assert analyse(graph, None) == ()


def test_two_versions_whose_items_are_treated_differently_are_not_the_same() -> None:
    other = graph_of(each(), IF, tell("n", "else"), tell("z", {"var": "steps.f.output.count"}))
    said = diff(graph_of(), other, None)
    assert said.verdict.outcome != "same"
    longer = graph_of(each(at_most=7, on_item_error="stop"), *_rest())
    words = [one.words for one in diff(graph_of(), longer, None).changes]
    assert words == [
        "It now takes at most 7 items (it was 100).",
        "It now stops at the first item that fails.",
    ]


def _rest() -> tuple[dict[str, Any], ...]:
    return IF, tell("n", {"var": "item.sku"}), tell("z", {"var": "steps.f.output.count"})


def test_a_test_shows_the_first_item_and_says_how_many() -> None:
    result = tried(compile_plan(RuleId(1), VersionId(1), graph_of()), EVENT, EVENT.at)
    assert [step.node for step in result.trace.steps] == ["t", "f", "c", "n", "z"]
    assert result.trace.steps[1].input == {"count": 1}
    assert result.previews[NodeId("n")].summary == "Notify everyone: x"
    assert result.previews[NodeId("z")].summary == "Notify everyone: 1"


def tried_out(*nodes: dict[str, Any], edges: list[list[str]], **options: Any) -> TestResult:
    return tried(
        compile_plan(RuleId(1), VersionId(1), graph_of(*nodes, edges=edges)), EVENT, EVENT.at, **options
    )


def test_in_a_test_an_item_fails_where_that_is_asked_for() -> None:
    nodes = each(), tell("n", "x"), tell("m", {"var": "steps.n.error.code"}), tell("z", "x")
    edges = [["t", "f"], ["f", "n", "each"], ["n", "m", "failed"], ["f", "z"]]
    result = tried_out(*nodes, edges=edges, failing=frozenset({NodeId("n")}))
    assert [(one.node, one.state, one.branch) for one in result.trace.steps[2:4]] == [
        ("n", "failed", "failed"),
        ("m", "succeeded", None),
    ]
    assert result.previews[NodeId("m")].fields["title"] == "pretended"
    assert result.trace.outcome == "succeeded"


@pytest.mark.parametrize("answer", ["approved", "refused", "late"])
def test_in_a_test_people_answer_for_an_item_as_they_are_taken_to(answer: Answer) -> None:
    asks = {"id": "q", "kind": "action", "do": "ask_approval", "fields": {"to": "admin", "question": "Ok?"}}
    nodes = each(), asks, tell("y", {"var": "steps.q.output.answer"}), tell("r", "x"), tell("l", "x")
    edges = [["t", "f"], ["f", "q", "each"], ["q", "y"], ["q", "r", "refused"], ["q", "l", "late"]]
    result = tried_out(*nodes, edges=edges, answers={NodeId("q"): answer})
    assert [one.node for one in result.trace.steps] == [
        "t",
        "f",
        "q",
        {"approved": "y"}.get(answer, answer[0]),
    ]
    if answer == "approved":
        assert result.previews[NodeId("y")].fields["title"] == "approved"


def test_in_a_test_an_item_goes_by_what_its_search_found() -> None:
    seeks = {"id": "s", "kind": "action", "do": "find_record", "fields": {"where": True}}
    known = {"id": "c", "kind": "condition", "logic": {"var": "steps.s.output.found"}}
    nodes = each(), seeks, known, tell("n", {"var": "steps.s.output.record.name"})
    edges = [["t", "f"], ["f", "s", "each"], ["s", "c"], ["c", "n", "yes"]]
    found = {NodeId("s"): {"found": True, "record": {"name": "Ann"}}}
    result = tried_out(*nodes, edges=edges, found=found)
    assert result.previews[NodeId("n")].summary == "Notify everyone: Ann"
    gone = tried_out(*nodes, edges=edges, found={NodeId("s"): StepError("gone", "It is gone.")})
    assert [(one.node, one.state) for one in gone.trace.steps[1:]] == [("f", "succeeded"), ("s", "failed")]


@pytest.mark.parametrize(("then", "outcome"), [("go_on", "succeeded"), ("stop", "failed")])
def test_a_test_says_what_comes_of_a_list_whose_first_item_cannot_be_done(then: str, outcome: str) -> None:
    nodes = each(on_item_error=then), tell("n", {"/": [1, 0]}), tell("z", {"var": "steps.f.output.failed"})
    result = tried_out(*nodes, edges=[["t", "f"], ["f", "n", "each"], ["f", "z"]])
    assert result.trace.outcome == outcome
    states = {one.node: one.state for one in result.trace.steps}
    assert (states["f"], states["n"]) == (outcome, "failed")
    if then == "go_on":
        assert result.previews[NodeId("z")].fields["title"] == 1
    else:
        assert (result.trace.steps[1].error or StepError("", "")).code == "item-failed"
        assert "z" not in states


def test_a_test_counts_an_item_for_which_nothing_was_to_be_done_as_skipped() -> None:
    never = {"id": "c", "kind": "condition", "logic": {">": [{"var": "item.count"}, 9]}}
    counts = {"cat": [{"var": "steps.f.output.succeeded"}, "/", {"var": "steps.f.output.skipped"}]}
    result = tried_out(each(), never, tell("n", "x"), tell("z", counts), edges=WAYS)
    assert result.previews[NodeId("z")].fields["title"] == "0/1"


def test_a_list_that_cannot_be_gone_through_is_told_as_a_list() -> None:
    result = tried_out(each({"+": [{"/": [1, 0]}]}), *_rest(), edges=WAYS)
    assert [(one.node, one.kind, one.state) for one in result.trace.steps[1:]] == [
        ("f", "for_each", "failed")
    ]
