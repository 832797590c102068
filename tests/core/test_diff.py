"""Two versions compared: what changed in words, and whether they can ever do different things."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ruleyard.core.diff import diff
from ruleyard.core.document import parse
from ruleyard.core.graph import Graph
from ruleyard.core.logic.compile import evaluate
from ruleyard.core.logic.values import truthy
from ruleyard.core.model import Column, TableModel
from ruleyard.core.types import JSON
from ruleyard.core.verdict import verdict
from support.published import change_rule

VECTORS = Path(__file__).parents[2] / "shared-schemas" / "vectors" / "diff"
CASES = json.loads((VECTORS / "conditions.json").read_text())["cases"]
LEADS = TableModel(
    "crm",
    "public.leads",
    (
        Column("id", "integer", nullable=False, primary_key=True),
        Column("status", "text", nullable=True),
        Column("attempts", "integer", nullable=True),
        Column("amount", "number", nullable=True),
    ),
    ("id",),
)


def graph_of(document: dict[str, Any]) -> Graph:
    graph = parse(document)
    assert isinstance(graph, Graph), graph
    return graph


def rule(logic: JSON) -> Graph:
    return graph_of(change_rule(logic))


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in CASES])
def test_vectors(case: dict[str, Any]) -> None:
    found = verdict(rule(case["old"]), rule(case["new"]), LEADS)
    assert found.outcome == case["outcome"], found.words
    if "after" in case:
        assert found.after == case["after"]


GRAPHS = json.loads((VECTORS / "graphs.json").read_text())["cases"]


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in GRAPHS])
def test_vectors_of_graphs(case: dict[str, Any]) -> None:
    found = diff(graph_of(case["old"]), graph_of(case["new"]), LEADS)
    assert [[one.kind, one.node, one.field] for one in found.changes] == case["changes"]
    assert all(one.words for one in found.changes)
    assert (found.verdict.outcome, found.verdict.code) == (case["outcome"], case["code"])
    if found.verdict.code == "separated":
        assert found.verdict.old_steps or found.verdict.new_steps


def test_a_made_up_record_is_one_that_the_trigger_can_hand_over() -> None:
    model = TableModel("crm", "public.leads", (Column("status", "text", nullable=False),), ())
    gone = {"===": [{"var": "after.status"}, None]}

    def outcome(events: list[str], old: JSON, new: JSON) -> str:
        left, right = changed(t__events=events, c__logic=old), changed(t__events=events, c__logic=new)
        return verdict(graph_of(left), graph_of(right), model).outcome

    never = {"===": [1, 2]}
    assert outcome(["update"], gone, never) == "equivalent"
    assert outcome(["update", "delete"], gone, never) == "different"
    assert outcome(["update"], {"===": [{"var": "before.status"}, None]}, never) == "equivalent"
    assert outcome(["insert", "update"], {"===": [{"var": "before.status"}, None]}, never) == "different"


VARS = [{"var": "after.status"}, {"var": "after.attempts"}]
COMPARISONS: st.SearchStrategy[JSON] = st.one_of(
    st.builds(
        lambda operator, number: {operator: [VARS[1], number]},
        st.sampled_from(["<", "<=", ">", ">=", "===", "!=="]),
        st.one_of(st.integers(-2, 2), st.none()),
    ).filter(lambda one: not (None in next(iter(one.values())) and next(iter(one))[0] in "<>")),
    st.builds(
        lambda operator, text: {operator: [VARS[0], text]},
        st.sampled_from(["===", "!=="]),
        st.sampled_from(["a", "b", None]),
    ),
)
CONDITIONS = st.recursive(
    COMPARISONS,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"and": parts}),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"or": parts}),
        inner.map(lambda part: {"!": [part]}),
    ),
    max_leaves=6,
)
RECORDS = [
    {"status": status, "attempts": attempts}
    for status in ("a", "b", "c", "", None)
    for attempts in (None, *range(-5, 6))
]


@given(CONDITIONS, CONDITIONS)
@settings(max_examples=200, deadline=None)
def test_a_proof_holds_and_a_separating_record_separates(old: JSON, new: JSON) -> None:
    found = verdict(rule(old), rule(new), LEADS)

    def differ(record: JSON) -> bool:
        data: JSON = {"after": record}
        return truthy(evaluate(old, data).value) is not truthy(evaluate(new, data).value)

    assert found.outcome == ("different" if any(differ(record) for record in RECORDS) else "equivalent")
    if found.outcome == "different":
        assert differ(found.after)


def changed(**changes: Any) -> dict[str, Any]:
    document = deepcopy(change_rule({"===": [{"var": "after.status"}, "won"]}))
    for name, value in changes.items():
        node, _, key = name.partition("__")
        if key:
            {one["id"]: one for one in document["nodes"]}[node][key] = value
        else:
            document[name] = value
    return document


def words(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    return [one.words for one in diff(graph_of(old), graph_of(new)).changes]


def test_every_difference_has_its_words() -> None:
    old = changed()
    assert words(old, old) == []
    assert words(old, changed(name="Other")) == ['The name is now "Other" (it was "A rule").']
    assert words(old, changed(c__logic={">": [{"var": "after.attempts"}, 3]})) == [
        'The condition is now: attempts is more than 3 (it was: status is "won").'
    ]
    assert words(old, changed(t__events=["update"])) == [
        "The trigger now listens to update (it was insert, update)."
    ]
    assert words(old, changed(t__events=["update"], t__columns=["status"]))[1] == (
        "The trigger now listens to changes of the columns status (it was any)."
    )
    assert words(old, changed(a__fields={"title": "Hi", "body": "There"})) == [
        'To notify everyone: title is now "Hi" (it was "It happened").',
        'To notify everyone: body is new: "There".',
    ]
    assert words(old, changed(policy={"overlap": "parallel"})) == ["Overlap is now parallel (it was queue)."]
    assert words(old, changed(policy={"once": "day"})) == [
        "Once is now one run a day for each record (it was every time)."
    ]


def test_added_and_removed_steps_and_changed_ways() -> None:
    old = changed()
    new = changed()
    new["nodes"].append({"id": "w", "kind": "wait", "amount": 2, "unit": "hours"})
    new["edges"] = [["t", "c"], ["c", "w", "yes"], ["w", "a"]]
    assert words(old, new) == [
        "Added: wait 2 hours.",
        'After the condition status is "won", on yes, it goes to wait 2 hours (it was notify everyone).',
    ]
    assert words(new, old)[0] == "Removed: wait 2 hours."
    assert verdict(graph_of(old), graph_of(new)).outcome == "different"


TRUTHS = [(1, True), (False, 0), ([1], [True]), ({"a": 0, "b": 1}, {"a": False, "b": 1})]


def _with(value: JSON) -> Graph:
    """A rule that has the value wherever one can stand."""
    home = {"connection": "crm", "table": "public.leads"}
    day = {"amount": 1, "unit": "days"}
    equal = {"===": [{"var": "after.amount"}, value]}
    fields = {"table": "b", "set": {"y": value}, "z": value}
    nodes = [
        {"id": "t", "kind": "trigger", "on": "change", "events": ["insert"], **home},
        {"id": "c", "kind": "condition", "logic": equal},
        {"id": "x", "kind": "choose", "ways": [{"key": "w", "logic": equal}]},
        {"id": "a", "kind": "action", "do": "create_record", "fields": fields},
        {"id": "w", "kind": "wait", "event": "e", "where": equal, "at_most": day},
        {"id": "f", "kind": "for_each", "over": [value]},
    ]
    edges = [["t", "c"], ["c", "x", "yes"], ["x", "a", "w"], ["a", "w"], ["w", "f"]]
    return graph_of({"name": "R", "nodes": nodes, "edges": edges})


@pytest.mark.parametrize(("old", "new"), TRUTHS)
def test_true_is_not_taken_for_1(old: JSON, new: JSON) -> None:
    """Python says that they are equal; a rule that compares with one of them decides otherwise with the other."""
    found = diff(_with(old), _with(new))
    assert [change.field for change in found.changes] == [
        "logic", "ways.w.logic", "fields.set.y", "fields.z", "where", "over",
    ]  # fmt: skip
    assert found.verdict.code != "untouched"
    code = "doubtful" if isinstance(old, (list, dict)) else "separated"
    assert [one.code for one in found.conditions] == [code, code]
    again = diff(_with(old), _with(old))
    assert (again.changes, again.verdict.code, again.conditions) == ((), "untouched", ())


@pytest.mark.parametrize(
    ("policy", "code"),
    [
        ({"settle": {"amount": 30, "unit": "seconds"}}, "other-timing"),
        ({"once": "record"}, "other-timing"),
        ({"batch": {"at_most": 5, "within": {"amount": 1, "unit": "hours"}}}, "other-timing"),
        ({"hours": {"zone": "UTC", "outside": "skip"}}, "other-timing"),
        ({"hours": {"zone": "UTC", "outside": "wait"}}, "untouched"),
        ({"hours": {"zone": "UTC", "outside": "run"}}, "untouched"),
        ({"pace": {"at_most": 1, "per": "hour"}}, "untouched"),
    ],
)
def test_what_lets_changes_without_a_run_is_not_called_the_same(policy: dict[str, Any], code: str) -> None:
    old, logic = (
        change_rule({"===": [{"var": "after.status"}, "won"]}),
        {"==": [{"var": "after.status"}, "won"]},
    )
    assert verdict(graph_of(old), graph_of(old | {"policy": policy})).code == code
    assert verdict(graph_of(old | {"policy": policy}), graph_of(old | {"policy": policy})).code == "untouched"
    other = change_rule(logic) | {"policy": policy}
    proven = code if code == "other-timing" else "proven"
    assert verdict(graph_of(old), graph_of(other), LEADS).code == proven


def test_another_trigger_is_not_compared() -> None:
    assert verdict(graph_of(changed()), graph_of(changed(t__table="public.tasks"))).outcome == "unknown"
