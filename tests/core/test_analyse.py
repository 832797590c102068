"""What can be told before publishing: conditions that never or always hold, dead branches, rules at odds."""

from __future__ import annotations

from typing import Any

import pytest

from core.test_diff import LEADS, graph_of, rule
from ruleyard.core.analyse import analyse
from ruleyard.core.model import Column, TableModel
from ruleyard.core.neighbours import Neighbour, analyse_neighbours
from ruleyard.core.types import JSON, RuleId
from support.published import change_rule

STATUS: dict[str, JSON] = {"var": "after.status"}
ATTEMPTS: dict[str, JSON] = {"var": "after.attempts"}
LENGTH: dict[str, JSON] = {"length": [STATUS]}


@pytest.mark.parametrize(
    ("logic", "codes"),
    [
        ({"===": [STATUS, "won"]}, []),
        ({"and": [{"===": [STATUS, "won"]}, {"===": [STATUS, "lost"]}]}, ["condition-never-true"]),
        ({"and": [{">": [ATTEMPTS, 3]}, {"<": [ATTEMPTS, 4]}]}, ["condition-never-true"]),
        ({"and": [{">": [ATTEMPTS, 3]}, {"<": [ATTEMPTS, 5]}]}, []),
        ({"and": [{">": [{"var": "after.amount"}, 3]}, {"<": [{"var": "after.amount"}, 4]}]}, []),
        ({"or": [{"!==": [STATUS, "won"]}, {"!==": [STATUS, "lost"]}]}, ["condition-always-true"]),
        ({"or": [{">=": [ATTEMPTS, 3]}, {"<": [ATTEMPTS, 3]}]}, ["condition-always-true"]),
        ({"and": [{"===": [ATTEMPTS, None]}, {">": [ATTEMPTS, 0]}]}, ["condition-never-true"]),
        ({"and": [{"in": [STATUS, ["a", "b"]]}, {"in": [STATUS, ["c"]]}]}, ["condition-never-true"]),
        ({"and": [{">": [LENGTH, 3]}, {"!": [{">": [LENGTH, 3]}]}]}, ["condition-never-true"]),
        ({"and": [{">": [LENGTH, 3]}, {"<": [LENGTH, 2]}]}, []),
        ({"===": [{"var": "before.id"}, {"var": "after.id"}]}, []),
        ({"or": [{"!==": [STATUS, {"var": "before.status"}]}, {"!==": [STATUS, "won"]}]}, []),
        (True, []),
    ],
)
def test_conditions_that_never_or_always_hold(logic: JSON, codes: list[str]) -> None:
    found = analyse(rule(logic), LEADS)
    assert [one.code for one in found] == codes
    assert all((one.severity, one.path, one.node) == ("warning", "/nodes/1/logic", "c") for one in found)


@pytest.mark.parametrize("operator", ["===", "!=="])
def test_whether_there_is_something_is_open_where_no_table_says_what(operator: str) -> None:
    """As of what another system sends."""
    assert analyse(rule({operator: [STATUS, None]}), None) == ()


def test_the_choices_and_nulls_of_the_live_table_count() -> None:
    column = Column("status", "text", nullable=False, choices=("new", "won"))
    table = TableModel("crm", "public.leads", (column,), ("id",))
    either = rule({"in": [STATUS, ["new", "won"]]})
    (problem,) = analyse(either, table)
    assert (problem.code, problem.args) == (
        "condition-always-true",
        {"example": {"after": {"status": "new"}}},
    )
    assert analyse(either, LEADS) == ()


def test_a_branch_that_the_conditions_before_it_exclude() -> None:
    document = change_rule({">=": [ATTEMPTS, 3]})
    document["nodes"].append({"id": "d", "kind": "condition", "logic": {"<": [ATTEMPTS, 2]}})
    document["edges"] = [["t", "c"], ["c", "d", "yes"], ["d", "a", "yes"]]
    (problem,) = analyse(graph_of(document), LEADS)
    assert (problem.code, problem.node) == ("branch-never-taken", "d")
    assert problem.args["example"] == {"after": {"attempts": 3}}
    document["edges"] = [["t", "c"], ["c", "d", "no"], ["d", "a", "yes"]]
    assert analyse(graph_of(document), LEADS) == ()


def writer(name: str, logic: JSON, sets: dict[str, JSON], **trigger: Any) -> Neighbour:
    document = change_rule(logic, name=name, events=("update",))
    document["nodes"][0].update(trigger)
    document["nodes"][2] = {"id": "a", "kind": "action", "do": "update_record", "fields": {"set": sets}}
    return Neighbour(RuleId(sum(map(ord, name))), name, graph_of(document))


WON: JSON = {"===": [STATUS, "won"]}
LOST: JSON = {"===": [STATUS, "lost"]}


def codes(mine: Neighbour, *others: Neighbour) -> list[str]:
    return [one.code for one in analyse_neighbours(mine, others, LEADS)]


def test_two_rules_that_write_one_column_of_the_same_records() -> None:
    mine = writer("Mine", WON, {"owner": "senior"}, columns=["status"])
    keen = writer("Keen", {">": [ATTEMPTS, 3]}, {"owner": "junior"}, columns=["status"])
    (problem,) = analyse_neighbours(mine, [keen], LEADS)
    assert problem.code == "writes-same-column"
    assert problem.message == (
        'The rule "Keen" sets owner of the same records, too (for example with status "won" and attempts 4): '
        "both run, and the last one wins."
    )
    assert problem.args["example"] == {"after": {"status": "won", "attempts": 4}}
    assert codes(mine, writer("Other", LOST, {"owner": "junior"}, columns=["status"])) == []
    assert codes(mine, writer("Same", WON, {"owner": "senior"}, columns=["status"])) == []
    assert codes(mine, writer("Aside", WON, {"region": "x"}, columns=["status"])) == []


def test_a_rule_that_wakes_itself() -> None:
    count: JSON = {"+": [ATTEMPTS, 1]}
    (problem,) = analyse_neighbours(writer("Counts", WON, {"attempts": count}), [], LEADS)
    assert (problem.code, problem.node, problem.args["chain"]) == (
        "rule-wakes-itself",
        "a",
        ["Counts", "Counts"],
    )
    assert "again and again" in problem.message
    assert problem.args["example"] == {"after": {"status": "won"}}
    (once,) = analyse_neighbours(writer("Twice", WON, {"owner": "senior"}), [], LEADS)
    assert "a second time" in once.message
    assert codes(writer("Deaf", WON, {"owner": "senior"}, columns=["status"])) == []
    assert codes(writer("Ends", WON, {"status": "lost"})) == [], "what it writes no longer matches"


def test_rules_in_a_circle_are_drawn_as_a_chain() -> None:
    first = writer("First", WON, {"status": "lost"})
    second = writer("Second", LOST, {"status": "new"})
    third = writer("Third", {"===": [STATUS, "new"]}, {"status": "won"})
    (problem,) = analyse_neighbours(first, [second, third], LEADS)
    assert problem.code == "rules-in-a-circle"
    assert problem.args["chain"] == ["First", "Second", "Third", "First"]
    assert "First → Second → Third → First" in problem.message
    assert codes(first, second) == []
