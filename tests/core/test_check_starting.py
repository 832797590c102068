"""The check of what starts other rules: which there are, on which record, who listens, what goes in a circle."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from ruleyard.core.check import check
from ruleyard.core.document import parse
from ruleyard.core.graph import Graph
from ruleyard.core.model import Column, Known, TableModel
from ruleyard.core.neighbours import Neighbour, analyse_neighbours
from ruleyard.core.rule_refs import RuleCard, settled, would_start
from ruleyard.core.types import RuleId

LEADS = TableModel(
    "crm",
    "public.leads",
    (Column("id", "integer", nullable=False, primary_key=True), Column("email", "text")),
    ("id",),
)
CHANGE = {"on": "change", "connection": "crm", "table": "public.leads", "events": ["insert"]}
CARDS = {
    card.id: card
    for card in (
        RuleCard(RuleId(1), "Myself", True, "crm", "public.leads"),
        RuleCard(RuleId(2), "Call back", True, "crm", "public.leads"),
        RuleCard(RuleId(3), "Thank", True, event="order.paid"),
        RuleCard(RuleId(4), "Sleeps", False, event="order.lost"),
        RuleCard(RuleId(5), "Twin", True),
        RuleCard(RuleId(6), "Twin", True),
    )
}


def graph_of(*nodes: dict[str, Any], name: str = "n", **trigger: Any) -> Graph:
    steps = [{"id": "t", "kind": "trigger", **(trigger or CHANGE)}, *nodes]
    edges = [[a["id"], b["id"], *(["yes"] if a["kind"] == "condition" else [])] for a, b in pairwise(steps)]
    graph = parse({"dialect": 1, "name": name, "nodes": steps, "edges": edges})
    assert isinstance(graph, Graph), graph
    return graph


def run(**fields: Any) -> dict[str, Any]:
    return {"id": "r", "kind": "action", "do": "run_rule", "fields": fields}


def emit(**fields: Any) -> dict[str, Any]:
    return {"id": "e", "kind": "action", "do": "emit_event", "fields": fields}


IF = {"id": "c", "kind": "condition", "logic": {"===": [{"var": "after.email"}, "x"]}}


def found(*nodes: dict[str, Any], **trigger: Any) -> list[tuple[str, str, str]]:
    known = Known({"crm": "postgres"}, {("crm", "public.leads")}, rules=CARDS, rule_id=RuleId(1))
    problems = check(graph_of(*nodes, **trigger), lambda connection, table: LEADS, known)
    return [(one.code, one.path, one.severity) for one in problems if one.code != "nothing-to-do"]


AT = "/nodes/1/fields"


@pytest.mark.parametrize(
    ("node", "problems"),
    [
        (run(rule={"id": 2, "name": "Old name"}), []),
        (run(rule={"name": "Call back"}), []),
        (run(rule={}), [("missing-field", f"{AT}/rule", "error")]),
        (run(rule={"id": 99}), [("unknown-rule", f"{AT}/rule", "error")]),
        (run(rule={"name": "Twin"}), [("unknown-rule", f"{AT}/rule", "error")]),
        (run(rule={"id": 1}), [("rule-runs-itself", f"{AT}/rule", "error")]),
        (run(rule={"id": 4}), [("rule-is-off", f"{AT}/rule", "warning")]),
        (run(rule={"id": 2}, record={"id": {"var": "after.id"}}), []),
        (
            run(rule={"id": 2}, record={"id": {"var": "after.nix"}}),
            [("unknown-column", f"{AT}/record/id", "error")],
        ),
        (
            run(rule={"id": 2}, record={"no": 1}),
            [("unknown-column", f"{AT}/record/no", "error"), ("missing-column", f"{AT}/record/id", "error")],
        ),
        (run(rule={"id": 2}, data={"a": 1}), [("field-not-used", f"{AT}/data", "warning")]),
        (run(rule={"id": 5}, data={"a": {"var": "after.email"}}), []),
        (run(rule={"id": 5}, record={"id": 1}), [("field-not-used", f"{AT}/record", "warning")]),
        (emit(type="order.paid"), []),
        (emit(type=" order.paid\u3000"), []),
        (emit(type="  "), [("missing-field", f"{AT}/type", "error")]),
        (emit(type=""), [("missing-field", f"{AT}/type", "error")]),
        (emit(type="order.piad"), [("nobody-listens", f"{AT}/type", "warning")]),
        (emit(type="order.lost"), [("nobody-listens", f"{AT}/type", "warning")]),
        (emit(type="x" * 201), [("text-too-long", f"{AT}/type", "error")]),
        (
            emit(type="order.paid", data={"a": [{"var": "nix"}]}),
            [("unknown-variable", f"{AT}/data/a/0", "error")],
        ),
    ],
)
def test_what_is_started_must_be_there(node: dict[str, Any], problems: list[Any]) -> None:
    assert found(node) == problems


def test_a_rule_may_run_itself_where_a_condition_stands_before() -> None:
    assert found(IF, run(rule={"id": 1})) == []


def test_a_record_must_be_named_where_the_other_rule_is_about_another_table() -> None:
    assert found(run(rule={"id": 2}), on="manual") == [("missing-field", f"{AT}/record", "error")]


def test_the_nearest_type_and_rule_are_offered() -> None:
    known = Known({"crm": "postgres"}, {("crm", "public.leads")}, rules=CARDS)
    event, rule = check(
        graph_of(emit(type="order.piad"), run(rule={"name": "Cal back"})), lambda c, t: LEADS, known
    )
    assert (event.fix and event.fix.value, event.args["choices"]) == (
        "order.paid",
        ["order.lost", "order.paid"],
    )
    assert rule.fix
    assert rule.fix.value == {"id": 2, "name": "Call back"}


def test_where_nobody_looked_which_rules_there_are_nothing_is_said_of_them() -> None:
    known = Known({"crm": "postgres"}, {("crm", "public.leads")})
    assert check(graph_of(emit(type="x"), run(rule={"id": 99})), lambda c, t: LEADS, known) == ()


@pytest.mark.parametrize("rule", [7, "Call back", {"id": "7"}, {"id": 0}, {"no": 1}])
def test_a_rule_is_named_by_number_or_name(rule: Any) -> None:
    nodes = [{"id": "t", "kind": "trigger", **CHANGE}, run(rule=rule)]
    assert isinstance(parse({"dialect": 1, "name": "n", "nodes": nodes, "edges": [["t", "r"]]}), tuple)


def chains(mine: Graph, *others: Graph) -> list[tuple[str, Any]]:
    first = Neighbour(RuleId(1), mine.name, mine)
    rest = [Neighbour(RuleId(number), one.name, one) for number, one in enumerate(others, start=2)]
    return [(one.code, one.args["chain"]) for one in analyse_neighbours(first, rest)]


def test_rules_that_start_each_other_by_name_and_by_event_go_in_a_circle() -> None:
    mine = graph_of(IF, run(rule={"id": 2, "name": "B"}), name="A", on="webhook", event="go")
    other = graph_of(emit(type="go"), name="B", on="manual")
    assert chains(mine, other) == [("rules-in-a-circle", ["A", "B", "A"])]


def test_a_rule_that_tells_the_event_it_starts_with_starts_itself() -> None:
    mine = graph_of(emit(type="go"), name="A", on="webhook", event="go")
    assert chains(mine) == [("rule-starts-itself", ["A", "A"])]
    assert chains(graph_of(emit(type="other"), name="A", on="webhook", event="go")) == []


def test_spaces_around_a_type_make_no_other_event() -> None:
    mine = graph_of(emit(type=" go "), name="A", on="webhook", event="\tgo")
    assert chains(mine) == [("rule-starts-itself", ["A", "A"])]
    assert would_start("emit_event", {"type": " order.paid "}, CARDS) == ("Thank",)
    assert would_start("emit_event", {"type": "  "}, CARDS) == ()
    assert would_start("emit_event", {"type": 7}, CARDS) == ()


def test_a_document_from_elsewhere_means_rules_by_their_names() -> None:
    def ref(rule: Any) -> Any:
        document = settled({"nodes": [run(rule=rule), IF]}, CARDS)
        return document["nodes"][0]["fields"]["rule"]  # type: ignore[index,call-overload]

    assert ref({"id": 2, "name": "Call back"}) == {"id": 2, "name": "Call back"}
    assert ref({"id": 3, "name": "Call back"}) == {"id": 2, "name": "Call back"}
    assert ref({"id": 3, "name": "Elsewhere"}) == {"name": "Elsewhere"}
    assert ref({"id": 3}) == {"id": 3}
