"""What a rule reads of related records, and that what was seen of them decides."""

from __future__ import annotations

from typing import Any

import pytest

from ruleyard.core.document import parse
from ruleyard.core.evaluate import judge
from ruleyard.core.event import Event
from ruleyard.core.explain import explain
from ruleyard.core.graph import Graph
from ruleyard.core.model import Column, TableModel
from ruleyard.core.plan import Plan, compile_plan
from ruleyard.core.related import Related, home_of, reads_in, related_tables
from ruleyard.core.run import Broken, Perform, decide
from ruleyard.core.types import EventId, LogId, RuleId, VersionId
from support.published import change_rule

GOLD = {"===": [{"var": "related.company_id.tier"}, "gold"]}

READS: list[tuple[Any, set[tuple[str, str]]]] = [
    ({"var": "related.a_id.b"}, {("a_id", "b")}),
    ({"var": ["related.a_id.b", 3]}, {("a_id", "b")}),
    ({"var": "related.a_id.b.c.d"}, {("a_id", "b")}),
    ({"missing": ["related.a_id.b", "after.c"]}, {("a_id", "b")}),
    ({"missing_some": [1, ["related.a_id.b", "related.c_id.d"]]}, {("a_id", "b"), ("c_id", "d")}),
    ({"and": [{"!": {"var": "related.a_id.b"}}, {"var": "related.a_id.c"}]}, {("a_id", "b"), ("a_id", "c")}),
    ({"var": "related"}, set()),
    ({"var": "related.a_id"}, set()),
    ({"var": "relatedness.a_id.b"}, set()),
    ({"var": "after.related.a_id.b"}, set()),
    ("related.a_id.b", set()),
    (None, set()),
]  # fmt: skip


@pytest.mark.parametrize(("logic", "reads"), READS, ids=[str(logic) for logic, _ in READS])
def test_what_an_expression_reads(logic: Any, reads: set[tuple[str, str]]) -> None:
    assert reads_in(logic) == reads


def plan_of(logic: Any, **fields: Any) -> Plan:
    document = change_rule(logic)
    document["nodes"][2]["fields"] |= fields
    graph = parse(document)
    assert isinstance(graph, Graph), graph
    return compile_plan(RuleId(1), VersionId(1), graph)


def event_of(**after: Any) -> Event:
    return Event(LogId(1), EventId(1), 0, "public.leads", "update", {"id": 1}, "", before={}, after=after)


def test_a_plan_knows_what_each_step_reads_and_all_of_it_by_foreign_key() -> None:
    plan = plan_of(GOLD, body={"cat": [{"var": "related.company_id.name"}, {"var": "related.owner_id.name"}]})
    assert dict(plan.related) == {
        "c": {("company_id", "tier")},
        "a": {("company_id", "name"), ("owner_id", "name")},
    }
    assert dict(plan.leads) == {"company_id": {"tier", "name"}, "owner_id": {"name"}}
    assert not plan_of({"===": [1, 1]}).leads


@pytest.mark.parametrize(
    ("seen", "fires"),
    [
        (Related({"company_id": {"tier": "gold"}}), True),
        (Related({"company_id": {"tier": "silver"}}), False),
        (Related({"company_id": None}), False),
        (None, False),
    ],
)
def test_what_was_seen_decides_wherever_it_is_asked(seen: Related | None, fires: bool) -> None:
    plan, event = plan_of(GOLD), event_of(company_id=7)
    assert judge(plan, event, "", seen).fires is fires
    assert isinstance(decide(plan, event, "", (), seen).next, Perform) is fires
    explained = explain(plan, event, "", "crm", seen)
    assert explained.fired is fires
    if not fires:
        (flip,) = explained.nearest
        assert flip.needed == "gold"
        assert flip.words.startswith('company\'s tier is "gold"')


def test_an_action_sees_the_same_values() -> None:
    plan = plan_of(GOLD, title={"cat": ["For ", {"var": "related.company_id.name"}]})
    following = decide(
        plan, event_of(), "", (), Related({"company_id": {"tier": "gold", "name": "Acme"}})
    ).next
    assert isinstance(following, Perform)
    assert following.fields["title"] == "For Acme"


def test_what_could_not_be_read_breaks_the_step_that_needs_it_and_no_earlier_one() -> None:
    unread = Related(error="No right.")
    verdict = judge(plan_of(GOLD), event_of(), "", unread)
    assert verdict.error is not None
    assert (verdict.fires, verdict.error.code, verdict.error.message) == (
        True,
        "related-unreadable",
        "No right.",
    )
    plan = plan_of({"===": [{"var": "after.x"}, 1]}, title={"var": "related.company_id.name"})
    assert judge(plan, event_of(x=2), "", unread).fires is False
    following = decide(plan, event_of(x=1), "", (), unread).next
    assert isinstance(following, Broken)
    assert following.node == "a"


def test_the_record_that_leads_on_is_the_one_after_the_change_or_the_one_deleted() -> None:
    both = Event(LogId(1), EventId(1), 0, "t", "update", {}, "", before={"a": 1}, after={"a": 2})
    gone = Event(LogId(1), EventId(1), 0, "t", "delete", {}, "", before={"a": 1})
    tick = Event(LogId(0), EventId(1), 0, "t", "tick", {}, "")
    assert (home_of(both), home_of(gone), home_of(tick)) == ({"a": 2}, {"a": 1}, {})


@pytest.mark.parametrize("do", ["find_record", "find_records", "make_report"])
def test_what_a_search_asks_of_related_records_is_looked_up_too(do: str) -> None:
    """Otherwise the check would say that their table cannot be seen."""
    owner = Column("owner_id", "integer", references="public.users", references_column="id")
    leads = TableModel("crm", "public.leads", (owner,))
    where = {"===": [{"var": "record.owner_id.email"}, "ann@example.com"]}
    fields = {"connection": "crm", "table": "public.leads", "where": where}
    nodes = [
        {"id": "t", "kind": "trigger", "on": "manual"},
        {"id": "a", "kind": "action", "do": do, "fields": fields},
    ]
    graph = parse({"name": "R", "nodes": nodes, "edges": [["t", "a"]]})
    assert isinstance(graph, Graph), graph
    assert related_tables(graph, lambda *place: leads) == {("crm", "public.users")}
