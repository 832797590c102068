"""What the check lets through cannot fail on a type: random rules on random tables, on records that fit them.

By hand, for many more: `python tests/core/test_soundness.py 20000 [SEED]`.
"""

from __future__ import annotations

import json
import sys
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from typed_rules import Writer
from typed_tables import record, table

from ruleyard.core.check import check
from ruleyard.core.document import parse
from ruleyard.core.evaluate import data_of
from ruleyard.core.event import Event
from ruleyard.core.graph import Graph
from ruleyard.core.logic.compile import LogicError, compile_logic
from ruleyard.core.model import Known, TableModel
from ruleyard.core.types import EventId, LogId

KNOWN = Known({"crm": "postgres"}, {("crm", "public.things")})
COUNTED_AS_0 = "maybe-empty"
"""The one warning of an expression after which it may not fail: what is empty counts as 0."""
LIMITS = ("too-big", "too-deep", "too-many-steps")
NO_TYPE = (
    "The result is not a number",
    "number is far too large",
    "is not a finite number",
    "The date falls outside the years",
    "needs at least one number",
)
"""Words of the errors that depend on a value and not on its type; docs/rule-format.md lists them."""


def of_a_value(error: LogicError) -> bool:
    return error.reason in LIMITS or any(words in error.message for words in NO_TYPE)


def rule(logic: Any, events: list[str]) -> dict[str, Any]:
    return {
        "dialect": 1,
        "name": "r",
        "nodes": [
            {
                "id": "t",
                "kind": "trigger",
                "on": "change",
                "connection": "crm",
                "table": "public.things",
                "events": events,
            },
            {"id": "c", "kind": "condition", "logic": logic},
            {"id": "a", "kind": "action", "do": "notify", "fields": {"title": "x"}},
        ],
        "edges": [["t", "c"], ["c", "a", "yes"]],
    }


def event(rng: Random, things: TableModel, op: Any) -> Event:
    before = None if op == "insert" else record(rng, things)
    after = None if op == "delete" else record(rng, things)
    changed = tuple(rng.sample([c.name for c in things.columns], 2)) if op == "update" else ()
    at = "2026-11-22T12:00:00+00:00"
    return Event(
        LogId(1),
        EventId(1),
        0,
        "public.things",
        op,
        {"id": 1},
        at,
        before,
        after,
        changed,
    )


def attempt(seed: int) -> str:
    """`refused`, `fine`, or what went wrong."""
    rng = Random(seed)
    things = table(rng)
    events = rng.sample(["insert", "update", "delete"], rng.randint(1, 3))
    roots = ("after", "before") if rng.random() < 0.5 else ("before",) if events == ["delete"] else ("after",)
    writer = Writer(rng, things, roots, rng.choice((0.0, 0.03, 0.1)))
    logic = writer.write(
        "boolean" if rng.random() < 0.8 else rng.choice(("number", "text", "array")),
        rng.randint(1, 4),
    )
    graph = parse(rule(logic, events))
    if not isinstance(graph, Graph):
        return "refused"
    problems = check(graph, lambda connection, name: things if name == things.name else None, KNOWN)
    if any(one.code != COUNTED_AS_0 or one.severity == "error" for one in problems):
        return "refused"
    compiled = compile_logic(logic)
    for _ in range(12):
        seen = event(rng, things, rng.choice(events))
        outcome = compiled.evaluate(data_of(seen, "2026-11-22T12:00:01+00:00"))
        if outcome.error and not of_a_value(outcome.error):
            columns = {c.name: (c.type, c.nullable, c.db_type) for c in things.columns}
            return "\n".join(
                (
                    f"seed {seed}: {outcome.error}",
                    json.dumps(logic),
                    f"on {events}, {columns}",
                    f"before {seen.before}",
                    f"after {seen.after}",
                )
            )
    return "fine"


@settings(max_examples=400, deadline=None)
@given(seed=st.integers(0, 2**40))
def test_what_has_no_problem_never_fails_on_a_type(seed: int) -> None:
    assert attempt(seed) in ("fine", "refused")


def test_enough_of_the_rules_are_let_through() -> None:
    """Else the law above says nothing."""
    found = [attempt(seed) for seed in range(300)]
    assert found.count("fine") > 75


if __name__ == "__main__":
    count, first = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0
    results = [attempt(seed) for seed in range(first, first + count)]
    wrong = [one for one in results if one not in ("fine", "refused")]
    for one in sorted(wrong, key=len)[:12]:
        print(one, "\n")
    print(f"{count} rules, {results.count('fine')} let through, {len(wrong)} of them failed on a type")
    sys.exit(bool(wrong))
