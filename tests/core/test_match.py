"""The index: a plan that it leaves out would neither fire nor err, and it leaves out all that it can look up.

By hand, for many more: `python tests/core/test_match.py 20000 [SEED]`.
"""

from __future__ import annotations

import json
import sys
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typed_rules import Writer
from typed_tables import DATES, MOMENTS, NUMBERS, ODD_NUMBERS, SHAPES, TEXTS, record, table

from ruleyard.core.document import parse
from ruleyard.core.evaluate import judge
from ruleyard.core.event import Event
from ruleyard.core.graph import Graph
from ruleyard.core.logic.registry import REGISTRY
from ruleyard.core.logic.tree import Bad, Node, parse_logic
from ruleyard.core.match import Index, listens
from ruleyard.core.mentions import said_in
from ruleyard.core.model import TableModel
from ruleyard.core.plan import Plan, compile_plan
from ruleyard.core.types import EventId, LogId, RuleId, VersionId

CRM = LogId(1)
NOW = "2026-11-22T12:00:00+00:00"
VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 1.0, 0.5, 3, 7.25, 2**53, 2**53 + 1, -(2**60), 1e300, 10**400),
    *(*TEXTS, *DATES, *MOMENTS, "n" * 3_000, "ÿ", "ÿa", "Ā", "āb", "2026-11-22T12:00:00.5", "2026-11-23"),
    *SHAPES,
)
COLUMNS = ("a", "b", "c")


START: list[dict[str, Any]] = [
    {
        "id": "t",
        "kind": "trigger",
        "on": "change",
        "connection": "crm",
        "table": "public.things",
        "events": ["insert", "update", "delete"],
        "columns": [],
    }
]


def plan_of(
    number: int,
    *logics: Any,
    events: tuple[str, ...] = ("insert", "update", "delete"),
    columns: tuple[str, ...] = (),
    ways: str = "",
) -> Plan:
    """One condition after the other; `ways` says "n" where the rule goes on at no, "b" at both."""
    ways = ways.ljust(len(logics), "y")
    nodes: list[dict[str, Any]] = [
        {
            "id": "t",
            "kind": "trigger",
            "on": "change",
            "connection": "crm",
            "table": "public.things",
            "events": list(events),
            "columns": list(columns),
        }
    ]
    edges: list[list[str]] = []
    source = ["t"]
    for place, logic in enumerate(logics):
        nodes.append({"id": f"c{place}", "kind": "condition", "logic": logic})
        edges.append([*source, f"c{place}"] if len(source) == 1 else [source[0], f"c{place}", source[1]])
        source = [f"c{place}", "no" if ways[place] == "n" else "yes"]
        if ways[place] == "b":
            nodes.append({"id": f"b{place}", "kind": "action", "do": "notify", "fields": {"title": "x"}})
            edges.append([f"c{place}", f"b{place}", "no"])
    nodes.append({"id": "z", "kind": "action", "do": "notify", "fields": {"title": "x"}})
    edges.append([*source, "z"] if len(source) == 1 else [source[0], "z", source[1]])
    graph = parse({"dialect": 1, "name": "r", "nodes": nodes, "edges": edges})
    assert isinstance(graph, Graph), graph
    return compile_plan(RuleId(number), VersionId(number), graph)


def choosing(number: int, logics: list[Any], led: str, *, before: Any = None) -> Plan:
    """A choose of these ways, behind a condition where there is one; `led` says "y" where a way leads on, and of what
    happens otherwise."""
    ways = [{"key": f"w{place}", "logic": logic} for place, logic in enumerate(logics)]
    goal = {"id": "z", "kind": "action", "do": "notify", "fields": {"title": "x"}}
    nodes: list[dict[str, Any]] = [*START, {"id": "x", "kind": "choose", "ways": ways}, goal]
    edges = [["t", "x"]]
    if before is not None:
        nodes.append({"id": "c", "kind": "condition", "logic": before})
        edges = [["t", "c"], ["c", "x", "yes"]]
    keys = [*(way["key"] for way in ways), "otherwise"]
    edges += [["x", "z", key] for key, on in zip(keys, led, strict=True) if on == "y"]
    graph = parse({"dialect": 1, "name": "r", "nodes": nodes, "edges": edges})
    assert isinstance(graph, Graph), graph
    return compile_plan(RuleId(number), VersionId(number), graph)


def event_of(before: Any, after: Any, changed: tuple[str, ...] = ("a",), number: int = 1) -> Event:
    op: Any = "insert" if before is None else "delete" if after is None else "update"
    seen = changed if op == "update" else ()
    return Event(CRM, EventId(number), 0, "public.things", op, {"id": 1}, NOW, before, after, seen)


def said(value: Any) -> Any:
    """As an expression: an object is no operator call."""
    return {"preserve": value} if isinstance(value, (list, dict)) else value


def a_test(rng: Random, depth: int) -> Any:
    """What conditions are made of, mostly what an index can use."""
    column = {"var": f"{rng.choice(('after', 'after', 'before'))}.{rng.choice(COLUMNS)}"}
    value = said(rng.choice(VALUES))
    number = rng.choice([*NUMBERS, *ODD_NUMBERS[3:], 2, 2.5])
    roll = rng.randint(0, 13)
    if depth and roll < 5:
        inner = [a_test(rng, depth - 1) for _ in range(rng.randint(1, 3))]
        operator = rng.choice(("and", "and", "or", "!", "!!"))
        return {operator: inner[:1] if operator[0] == "!" else inner}
    if roll < 7:
        sides = [column, value]
        return {rng.choice(("===", "===", "!==", "==", "!=")): sides if rng.random() < 0.8 else sides[::-1]}
    if roll < 10:
        sides = [column, number if rng.random() < 0.6 else rng.choice((*TEXTS, *DATES, *MOMENTS))]
        if rng.random() < 0.3:
            sides = [rng.choice((0, 1, "2026-01-01", "a")), *sides]
        elif rng.random() < 0.3:
            sides.reverse()
        return {rng.choice(("<", "<=", ">", ">=")): sides}
    if roll == 10:
        listed = [said(rng.choice(VALUES)) for _ in range(rng.randint(0, 4))]
        return {"in": [column, listed if rng.random() < 0.9 else rng.choice(TEXTS)]}
    if roll == 11:
        return {rng.choice(("===", "!==")): [column, {"var": f"before.{rng.choice(COLUMNS)}"}]}
    if roll == 12:
        return rng.choice(
            ({"is_empty": column}, column, {"starts_with": [column, "n"]}, {"in": ["n", column]})
        )
    return {"date_diff": [column, "2026-11-22", "days"]}


def known(logic: Any) -> bool:
    """Not where an object that was meant as data stands in the place of an operator: no rule holds that."""
    root = parse_logic(logic, REGISTRY)
    return isinstance(root, Node) and not any(isinstance(node, Bad) for node in root.walk())


def random_plan(rng: Random, number: int, things: TableModel) -> Plan:
    logics = [a_test(rng, 2) for _ in range(rng.choice((1, 1, 2, 3)))]
    if rng.random() < 0.2:
        written = Writer(rng, things, ("after", "before"), 0.1).write("boolean", 3)
        logics[0] = written if known(written) else logics[0]
    if rng.random() < 0.3:
        led = "".join(rng.choice("yn") for _ in range(len(logics) + 1))
        return choosing(number, logics, led, before=a_test(rng, 1) if rng.random() < 0.3 else None)
    return plan_of(
        number,
        *logics,
        events=tuple(rng.sample(["insert", "update", "delete"], rng.randint(1, 3))),
        columns=tuple(rng.sample(COLUMNS, rng.choice((0, 0, 1, 2)))),
        ways="".join(rng.choice("yyynb") for _ in logics),
    )


def random_event(rng: Random, number: int, things: TableModel) -> Event:
    def row() -> dict[str, Any]:
        return record(rng, things) | {column: rng.choice(VALUES) for column in COLUMNS}

    before = row() if rng.random() < 0.7 else None
    after = row() if before is None or rng.random() < 0.8 else None
    if before and after and rng.random() < 0.5:
        after[rng.choice(COLUMNS)] = before[rng.choice(COLUMNS)]
    return event_of(before, after, tuple(rng.sample(COLUMNS, rng.randint(1, 2))), number)


def left_out(seed: int) -> str:
    """`fine`, or which plan the index left out though it fires or errs."""
    rng = Random(seed)
    things = table(rng)
    plans = [random_plan(rng, number, things) for number in range(1, rng.randint(2, 14))]
    index = Index(plans, {CRM: "crm"})
    for number in range(12):
        if number == 6:  # the same plans, some of them taken away and put back in
            some = rng.sample(plans, len(plans) // 2)
            again = Index(plans[: len(plans) // 3], {CRM: "crm"})
            again.add_plans(plans)
            again.remove([plan.version_id for plan in some])
            again.add_plans(some)
            index = again
        seen = random_event(rng, number, things)
        listening = [plan for plan in plans if listens(plan, seen) == ""]
        if index.ask(seen)[0] != len(listening):
            return f"seed {seed}: {index.ask(seen)[0]} are said to listen, {len(listening)} do"
        found = index.candidates(seen)
        if found != [plan for plan in plans if plan in found]:
            return f"seed {seed}: not in the order of the rules, or twice"
        for plan in listening:
            if judge(plan, seen, NOW).fires and plan not in found:
                logic = [said_in(node) for node in plan.graph.nodes]
                return f"seed {seed}: {json.dumps(logic)}\n{seen.before}\n{seen.after}"
    return "fine"


@settings(max_examples=300, deadline=None)
@given(seed=st.integers(0, 2**40))
def test_a_plan_that_is_left_out_neither_fires_nor_errs(seed: int) -> None:
    assert left_out(seed) == "fine"


AFTER = {"var": "after.a"}
BEFORE = {"var": "before.a"}
B = {"var": "after.b"}


@pytest.mark.parametrize(
    ("logic", "row", "found"),
    [
        pytest.param({"===": [AFTER, "won"]}, {"a": "lost"}, False, id="another-text"),
        pytest.param({"===": ["won", AFTER]}, {"a": "lost"}, False, id="the-other-way-round"),
        pytest.param({"===": [AFTER, 1]}, {"a": True}, False, id="true-is-not-1"),
        pytest.param({"===": [AFTER, 1]}, {"a": 1.0}, True, id="1.0-is-1"),
        pytest.param({"===": [AFTER, None]}, {}, True, id="no-such-column-is-null"),
        pytest.param({"in": [AFTER, ["won", "lost"]]}, {"a": "new"}, False, id="not-in-the-list"),
        pytest.param({">=": [AFTER, 3]}, {"a": 2.9}, False, id="below"),
        pytest.param({">=": [AFTER, 3]}, {"a": "4"}, True, id="text-is-read-as-a-number"),
        pytest.param({">=": [AFTER, 3]}, {"a": None}, False, id="empty-counts-as-0"),
        pytest.param({"<": [AFTER, "2026-02"]}, {"a": "2026-03-01"}, False, id="a-later-date"),
        pytest.param({"<": [AFTER, "2026-02"]}, {"a": None}, True, id="an-empty-date-is-an-error"),
        pytest.param({"==": [AFTER, "won"]}, {"a": "lost"}, False, id="loosely-another-text"),
        pytest.param({"==": [AFTER, "won"]}, {"a": 3}, True, id="loosely-a-number-is-an-error"),
        pytest.param({"<=": [1, AFTER, 5]}, {"a": 6}, False, id="not-between"),
        pytest.param({"and": [{">=": [AFTER, 1]}, {"<": [AFTER, 5]}]}, {"a": 5}, True, id="at-the-end"),
        pytest.param({"and": [{">=": [AFTER, 1]}, {"<": [AFTER, 5]}]}, {"a": 6}, False, id="past-the-end"),
        pytest.param(
            {"or": [{"===": [AFTER, 1]}, {"===": [B, 2]}]}, {"a": 2, "b": 1}, False, id="neither-of-both"
        ),
        pytest.param(
            {"and": [{"date_diff": [B, "2026-01-01", "days"]}, {"===": [AFTER, 1]}]},
            {"a": 2, "b": "no date"},
            True,
            id="an-error-comes-first",
        ),
        pytest.param(
            {"and": [{"===": [AFTER, 1]}, {"date_diff": [B, "2026-01-01", "days"]}]},
            {"a": 2, "b": "no date"},
            False,
            id="an-error-comes-later",
        ),
        pytest.param({"!": [{"or": [{"!==": [AFTER, 1]}, B]}]}, {"a": 2}, False, id="not-either"),
        pytest.param({"and": [{"===": [AFTER, 1]}, {"/": [1, 0]}]}, {"a": 2}, False, id="nonsense-later"),
        pytest.param({"===": [AFTER, 1, 1]}, {"a": 2}, True, id="three-arguments-are-left-alone"),
    ],
)
def test_what_cannot_match_is_not_asked(logic: Any, row: dict[str, Any], found: bool) -> None:
    index = Index([plan_of(1, logic)], {CRM: "crm"})
    assert bool(index.candidates(event_of({"a": 0}, row))) is found


def test_a_condition_further_on_counts_only_where_nothing_before_it_can_fail() -> None:
    safe = plan_of(1, {"!==": [AFTER, None]}, {"===": [B, 1]})
    unsafe = plan_of(2, {">": [AFTER, {"var": "after.c"}]}, {"===": [B, 1]})
    turned = plan_of(3, {"===": [B, 2]}, {"===": [AFTER, 1]}, ways="ny")
    index = Index([safe, unsafe, turned], {CRM: "crm"})
    assert index.candidates(event_of(None, {"a": 7, "b": 2})) == [unsafe]
    assert index.candidates(event_of(None, {"a": 1, "b": 1})) == [safe, unsafe, turned]


def test_a_choose_is_found_by_the_ways_that_lead_on() -> None:
    """With nothing otherwise, one of them must hold; with nothing on the first ways, those must not."""
    ways = [{"===": [AFTER, 1]}, {"===": [AFTER, 2]}]
    closed, behind = choosing(1, ways, "yyn"), choosing(2, ways, "nyn")
    opened, rest = choosing(3, ways, "yyy"), choosing(4, ways, "nny")
    index = Index([closed, behind, opened, rest], {CRM: "crm"})
    assert index.candidates(event_of(None, {"a": 1})) == [closed, opened, rest]
    assert index.candidates(event_of(None, {"a": 2})) == [closed, behind, opened, rest]
    assert index.candidates(event_of(None, {"a": 3})) == [opened, rest]


def test_of_many_rules_an_event_touches_those_that_ask_for_its_values() -> None:
    """The same status everywhere; the owner tells them apart, wherever it stands in the condition."""
    plans = [
        plan_of(n, {"and": [{"===": [AFTER, "won"]}, {"!==": [BEFORE, "won"]}, {"===": [B, n]}]})
        for n in range(200)
    ]
    plans += [
        plan_of(n, {"and": [{"===": [AFTER, "won"]}, {">=": [B, 10 * n]}, {"<": [B, 10 * n + 10]}]})
        for n in range(200, 400)
    ]
    index = Index([], {CRM: "crm"})
    for plan in plans:  # one by one, as they are published
        index.add_plans([plan])
    found = index.candidates(event_of({"a": "new", "b": 7}, {"a": "won", "b": 7}))
    assert {plan.rule_id for plan in found} <= {0, 7}
    found = index.candidates(event_of({"a": "new", "b": 2345}, {"a": "won", "b": 2345}))
    assert {plan.rule_id for plan in found} <= {0, 234}
    assert index.ask(event_of({"a": "new"}, {"a": "won", "b": 7}))[0] == 400


if __name__ == "__main__":
    count, first = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0
    wrong = [one for seed in range(first, first + count) if (one := left_out(seed)) != "fine"]
    for one in sorted(wrong, key=len)[:12]:
        print(one, "\n")
    print(f"{count} sets of rules, {len(wrong)} of them with a rule left out that fires or errs")
    sys.exit(bool(wrong))
