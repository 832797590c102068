"""A value that is stored shortened decides nothing: the step that reads it says so."""

from __future__ import annotations

import pytest

from ruleyard.core.cut import EVERY, columns_in
from ruleyard.core.document import parse
from ruleyard.core.evaluate import judge
from ruleyard.core.event import Event
from ruleyard.core.graph import Graph
from ruleyard.core.match import Index
from ruleyard.core.plan import Plan, compile_plan
from ruleyard.core.run import Broken, Finished, Perform, decide
from ruleyard.core.types import JSON, EventId, LogId, RuleId, VersionId

CUT = Event(
    LogId(1),
    EventId(1),
    0,
    "public.leads",
    "update",
    {"id": 1},
    "",
    before={"id": 1, "note": "a"},
    after={"id": 1, "note": "xxx…"},
    changed=("note",),
    cut=True,
    cut_columns=("note",),
)


def plan(condition: JSON, title: JSON = "x") -> Plan:
    graph = parse(
        {
            "dialect": 1,
            "name": "R",
            "nodes": [
                {
                    "id": "t",
                    "kind": "trigger",
                    "on": "change",
                    "connection": "crm",
                    "table": "public.leads",
                    "events": ["update"],
                    "columns": [],
                },
                {"id": "c", "kind": "condition", "logic": condition},
                {
                    "id": "a",
                    "kind": "action",
                    "do": "notify",
                    "fields": {"title": title},
                },
            ],
            "edges": [["t", "c"], ["c", "a", "yes"]],
        }
    )
    assert isinstance(graph, Graph)
    return compile_plan(RuleId(1), VersionId(1), graph)


@pytest.mark.parametrize(
    ("logic", "columns"),
    [
        ({"===": [{"var": "after.note"}, "x"]}, {"note"}),
        ({"var": ["before.note", ""]}, {"note"}),
        ({"var": "after.note.deep"}, {"note"}),
        ({"var": "after"}, {EVERY}),
        ({"var": [{"cat": ["after.", "note"]}]}, {EVERY}),
        ({"in": ["note", {"var": "changed"}]}, set()),
        ({"var": "related.owner.note"}, set()),
    ],
)
def test_the_columns_that_an_expression_reads(logic: JSON, columns: set[str]) -> None:
    assert columns_in(logic) == columns


def test_a_condition_on_a_shortened_value_is_an_error_and_never_false() -> None:
    verdict = judge(plan({"===": [{"var": "after.note"}, "x"]}), CUT, "2026-01-01T00:00:00+00:00")
    assert verdict.fires
    assert verdict.error is not None
    assert verdict.error.code == "value-cut"
    assert verdict.error.args == {"columns": "note"}


def test_a_condition_on_whole_values_is_judged() -> None:
    assert judge(plan({"===": [{"var": "after.id"}, 1]}), CUT, "").error is None
    assert not judge(plan({"===": [{"var": "after.id"}, 2]}), CUT, "").fires


@pytest.mark.parametrize(
    ("logic", "fires"),
    [
        ({"and": [{"===": [{"var": "after.id"}, 2]}, {"===": [{"var": "after.note"}, "x"]}]}, False),
        ({"and": [{"===": [{"var": "after.note"}, "x"]}, {"===": [{"var": "after.id"}, 2]}]}, False),
        ({"and": [{">": [{"var": "after.id"}, 5]}, {"starts_with": [{"var": "after.note"}, "x"]}]}, False),
        ({"or": [{"!==": [{"var": "after.id"}, 2]}, {"===": [{"var": "after.note"}, "y"]}]}, True),
    ],
)
def test_what_its_whole_values_decide_is_decided(logic: JSON, fires: bool) -> None:
    made = plan(logic)
    verdict = judge(made, CUT, "")
    assert (verdict.fires, verdict.error) == (fires, None)
    assert isinstance(decide(made, CUT, "", ()).next, Perform if fires else Finished)


@pytest.mark.parametrize(
    "logic",
    [
        {"===": [{"var": "after.note"}, "x"]},
        {"<": [{"var": "after.note"}, "b"]},
        {"and": [{"===": [{"var": "after.id"}, 1]}, {"===": [{"var": "after.note"}, "x"]}]},
        {"and": [{"starts_with": [{"var": "after.note"}, "y"]}, {"in": [{"var": "after.id"}, [1, 2]]}]},
        {"or": [{"===": [{"var": "after.id"}, 2]}, {"===": [{"var": "after.note"}, "y"]}]},
        {"and": [{">": [{"length": [{"var": "after.note"}]}, 5]}, {"===": [{"var": "after.id"}, 2]}]},
    ],
)
def test_the_index_leaves_no_rule_out_by_a_value_that_is_not_whole(logic: JSON) -> None:
    made = plan(logic)
    verdict = judge(made, CUT, "")
    assert verdict.error is not None
    assert verdict.error.code == "value-cut"
    assert Index([made], {LogId(1): "crm"}).candidates(CUT) == [made]


def test_an_action_that_would_send_a_shortened_value_breaks_with_the_reason() -> None:
    broken = decide(plan({"===": [1, 1]}, {"var": "after.note"}), CUT, "", ()).next
    assert isinstance(broken, Broken)
    assert (broken.node, broken.error.code) == ("a", "value-cut")
    assert isinstance(decide(plan({"===": [1, 1]}, {"var": "after.id"}), CUT, "", ()).next, Perform)
