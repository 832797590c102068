"""The nearest reason: small cases by hand, and by brute force that nothing smaller would do."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ruleyard.core.document import parse
from ruleyard.core.event import Event
from ruleyard.core.explain import explain
from ruleyard.core.graph import Graph
from ruleyard.core.nearest import Nearest
from ruleyard.core.plan import Plan, compile_plan
from ruleyard.core.types import JSON, EventId, LogId, RuleId, VersionId

VECTORS = Path(__file__).parents[2] / "shared-schemas" / "vectors" / "explain"
CASES = json.loads((VECTORS / "nearest.json").read_text())["cases"]
TRIGGER: dict[str, Any] = {
    "id": "t",
    "kind": "trigger",
    "on": "change",
    "connection": "crm",
    "table": "public.leads",
}
NOTIFY: dict[str, Any] = {"kind": "action", "do": "notify", "fields": {"title": "Hello"}}


def plan_of(conditions: dict[str, JSON], edges: list[list[str]]) -> Plan:
    nodes = [TRIGGER | {"events": ["update"]}, NOTIFY | {"id": "a"}]
    nodes += [{"id": name, "kind": "condition", "logic": logic} for name, logic in conditions.items()]
    document: dict[str, Any] = {"dialect": 1, "name": "A rule", "nodes": nodes, "edges": edges}
    graph = parse(document)
    assert isinstance(graph, Graph), graph
    return compile_plan(RuleId(1), VersionId(1), graph)


def event_of(before: dict[str, Any], after: dict[str, Any]) -> Event:
    at = "2026-11-22T09:00:00+00:00"
    return Event(LogId(1), EventId(1), 0, "public.leads", "update", {"id": 1}, at, before, after, ("a",))


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in CASES])
def test_vectors(case: dict[str, Any]) -> None:
    plan = plan_of({"c": case["logic"]}, [["t", "c"], ["c", "a", "yes"]])
    event = event_of(case["data"].get("before", {}), case["data"]["after"])
    found = explain(plan, event, event.at, "crm")
    assert not found.fired
    keys = ("path", "relation", "seen", "needed", "words")
    assert [{key: getattr(flip, key) for key in keys} for flip in found.nearest] == case["nearest"]
    assert all(flip.words in found.reason for flip in found.nearest)


def test_conditions_along_the_path_count_together() -> None:
    plan = plan_of(
        {
            "c": {"===": [{"var": "after.a"}, 1]},
            "d": {"===": [{"var": "after.b"}, 1]},
            "e": {"var": "after.c"},
        },
        [["t", "c"], ["c", "d", "yes"], ["d", "a", "yes"], ["c", "e", "no"], ["e", "a", "no"]],
    )
    both = explain(plan, event_of({}, {"a": 0, "b": 0, "c": True}), "")
    assert [(flip.node, flip.seen) for flip in both.nearest] == [("e", True)]
    one = explain(plan, event_of({}, {"a": 1, "b": 0, "c": True}), "")
    assert [(flip.node, flip.path) for flip in one.nearest] == [("d", "")]


def test_a_trigger_that_does_not_listen_says_what_it_listens_to() -> None:
    plan = plan_of({}, [["t", "a"]])
    event = Event(LogId(1), EventId(1), 0, "public.leads", "delete", {"id": 1}, "", {"a": 1}, None)
    found = explain(plan, event, "", "crm")
    assert [(flip.node, flip.seen, flip.needed) for flip in found.nearest] == [("t", "delete", ["update"])]


ATOMS = [{"var": f"after.{name}"} for name in "abcd"]


def trees(children: st.SearchStrategy[JSON]) -> st.SearchStrategy[JSON]:
    several = st.lists(children, min_size=1, max_size=3)
    return st.one_of(
        several.map(lambda parts: {"and": parts}),
        several.map(lambda parts: {"or": parts}),
        children.map(lambda part: {"!": [part]}),
        st.lists(children, min_size=3, max_size=3).map(lambda parts: {"if": parts}),
    )


@given(st.recursive(st.sampled_from(ATOMS), trees, max_leaves=5), st.tuples(*[st.booleans()] * 4))
@settings(max_examples=150, deadline=None)
def test_flipping_them_fires_and_nothing_smaller_does(logic: JSON, values: tuple[bool, ...]) -> None:
    """Where each comparison stands once, the answer is exactly a smallest one."""
    text = json.dumps(logic)
    if any(text.count(f"after.{name}") > 1 for name in "abcd") or '"if"' in text:
        return
    plan = plan_of({"c": logic}, [["t", "c"], ["c", "a", "yes"]])
    row = dict(zip("abcd", values, strict=True))

    def fires(flipped: tuple[str, ...]) -> bool:
        changed = {name: value is not (name in flipped) for name, value in row.items()}
        return explain(plan, event_of({}, changed), "").fired

    wanted = Nearest(plan).wanted({"after": dict[str, JSON](row)})
    sizes = [size for size in range(5) if any(fires(names) for names in combinations("abcd", size))]
    assert (wanted is None) is (not sizes)
    if wanted is not None:
        names = tuple(str(leaf.logic["var"])[-1] for leaf, _ in wanted if isinstance(leaf.logic, dict))
        assert len(names) == sizes[0]
        assert fires(names)
