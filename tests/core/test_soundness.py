"""What the check lets through cannot fail on a type: random rules on random tables, on records that fit them.

By hand, for many more: `python tests/core/test_soundness.py 20000 [SEED]`.
"""

from __future__ import annotations

import json
import sys
from itertools import pairwise
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
from ruleyard.core.trace import Step
from ruleyard.core.types import EventId, LogId

KNOWN = Known({"crm": "postgres"}, {("crm", "public.things")})
COUNTED_AS_0 = "maybe-empty"
"""The one warning of an expression after which it may not fail: what is empty counts as 0."""
AFTER_A_STEP = "fine, and it reads what a step gave"
RIGHT = ("refused", "fine", AFTER_A_STEP)
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


def rule(logic: Any, events: list[str], before: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """`before`: actions that are performed before the condition is asked."""
    steps = before or []
    way = ["t", *(step["id"] for step in steps), "c"]
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
            *steps,
            {"id": "c", "kind": "condition", "logic": logic},
            {"id": "a", "kind": "action", "do": "notify", "fields": {"title": "x"}},
        ],
        "edges": [*([a, b] for a, b in pairwise(way)), ["c", "a", "yes"]],
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


GIVES = {
    "create_record": ("steps.s.output.record",),
    "update_record": ("steps.s.output.after", "steps.s.output.before"),
}
"""Where the output of an action holds a whole record."""


def written(rng: Random, things: TableModel, root: str) -> list[dict[str, Any]]:
    """One action that writes every column as it is in the record."""
    fields = {"set": {column.name: {"var": f"{root}.{column.name}"} for column in things.columns}}
    do = rng.choice(sorted(GIVES))
    place = {"connection": "crm", "table": things.name} if do == "create_record" else {}
    return [{"id": "s", "kind": "action", "do": do, "fields": place | fields}]


def outcome_of(rng: Random, things: TableModel, step: dict[str, Any]) -> Step:
    """What the database gave back: any record that fits."""
    output: Any = {"key": {"id": 1}, "rows": 1}
    for place in GIVES[step["do"]]:
        output[place.rpartition(".")[2]] = record(rng, things)
    return Step(step["id"], "action", "succeeded", output=output)


def attempt(seed: int) -> str:
    """One of RIGHT, or what went wrong."""
    rng = Random(seed)
    things = table(rng)
    events = rng.sample(["insert", "update", "delete"], rng.randint(1, 3))
    roots = ("after", "before") if rng.random() < 0.5 else ("before",) if events == ["delete"] else ("after",)
    steps = written(rng, things, roots[0]) if rng.random() < 0.4 else []
    if steps:
        roots = (*roots, *GIVES[steps[0]["do"]])
    writer = Writer(rng, things, roots, rng.choice((0.0, 0.03, 0.1)))
    logic = writer.write(
        "boolean" if rng.random() < 0.8 else rng.choice(("number", "text", "array")),
        rng.randint(1, 4),
    )
    graph = parse(rule(logic, events, steps))
    if not isinstance(graph, Graph):
        return "refused"
    problems = check(graph, lambda connection, name: things if name == things.name else None, KNOWN)
    if any(one.code != COUNTED_AS_0 or one.severity == "error" for one in problems):
        return "refused"
    compiled = compile_logic(logic)
    for _ in range(12):
        seen = event(rng, things, rng.choice(events))
        done = [outcome_of(rng, things, step) for step in steps]
        outcome = compiled.evaluate(data_of(seen, "2026-11-22T12:00:01+00:00", done))
        if outcome.error and not of_a_value(outcome.error):
            columns = {c.name: (c.type, c.nullable, c.db_type) for c in things.columns}
            return "\n".join(
                (
                    f"seed {seed}: {outcome.error}",
                    json.dumps(logic),
                    f"on {events}, {columns}, after {steps}",
                    f"before {seen.before}",
                    f"after {seen.after}",
                )
            )
    return AFTER_A_STEP if '"steps.s.output.' in json.dumps(logic) else "fine"


@settings(max_examples=400, deadline=None)
@given(seed=st.integers(0, 2**40))
def test_what_has_no_problem_never_fails_on_a_type(seed: int) -> None:
    assert attempt(seed) in RIGHT


def test_enough_of_the_rules_are_let_through() -> None:
    """Else the law above says nothing."""
    found = [attempt(seed) for seed in range(300)]
    assert found.count("fine") > 60
    assert found.count(AFTER_A_STEP) > 10


if __name__ == "__main__":
    count, first = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0
    results = [attempt(seed) for seed in range(first, first + count)]
    wrong = [one for one in results if one not in RIGHT]
    for one in sorted(wrong, key=len)[:12]:
        print(one, "\n")
    through, after = len(results) - results.count("refused"), results.count(AFTER_A_STEP)
    print(
        f"{count} rules, {through} let through ({after} read a step), {len(wrong)} of them failed on a type"
    )
    sys.exit(bool(wrong))
