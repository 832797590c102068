"""What is claimed before publishing holds for every record there is: against brute force over a small world.

By hand, for many more: `python tests/core/test_analyse_laws.py 20000 [SEED]`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import cache
from itertools import product
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from core.test_diff import graph_of
from ruleyard.core.analyse import analyse
from ruleyard.core.logic.compile import compile_logic
from ruleyard.core.logic.values import truthy
from ruleyard.core.model import Column, TableModel
from ruleyard.core.neighbours import Neighbour, analyse_neighbours
from ruleyard.core.types import JSON, JSONObject, RuleId
from support.published import change_rule

COLUMNS: dict[str, tuple[JSON, ...]] = {
    "status": (None, "", "won", "lost", "5"),
    "attempts": (None, -1, 0, 1, 2, 3, 4),
    "amount": (None, -0.5, 0, 0.5, 1, 2.25, 3),
    "vip": (None, True, False),
}
TABLE = TableModel(
    "crm",
    "public.leads",
    (
        Column("id", "integer", nullable=False, primary_key=True),
        Column("status", "text", nullable=True),
        Column("attempts", "integer", nullable=True),
        Column("amount", "number", nullable=True),
        Column("vip", "boolean", nullable=True),
    ),
    ("id",),
)
EVENTS = (("insert",), ("update",), ("insert", "update"))


@cache
def rows() -> list[JSONObject]:
    return [dict(zip(COLUMNS, values, strict=True)) for values in product(*COLUMNS.values())]


def world(events: tuple[str, ...]) -> Iterator[JSONObject]:
    """Every new row, alone where it is added; after each of a few old ones where it is changed."""
    for after in rows():
        if "insert" in events:
            yield {"before": None, "after": after}
        if "update" in events:
            for before in rows()[::53]:
                yield {"before": before, "after": after}


class Writer:
    """Writes conditions in which few values meet often."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.columns = rng.sample(list(COLUMNS), rng.randint(1, 2))

    def atom(self) -> Any:
        rng = self.rng
        column = rng.choice(self.columns)
        var = {"var": f"{'before' if rng.random() < 0.15 else 'after'}.{column}"}
        literal = rng.choice(COLUMNS[column])
        equal = rng.choice(("===", "!==", "==", "!="))
        order = rng.choice(("<", "<=", ">", ">="))
        match rng.randint(0, 8):
            case 0 | 1:
                return {equal: rng.choice(([var, literal], [literal, var]))}
            case 2 | 3 | 4 if column in ("attempts", "amount"):
                return {order: rng.choice(([var, literal], [literal, var]))}
            case 5 if column in ("attempts", "amount"):
                low, high = sorted(rng.choices((-1, 0, 1, 2.5, 3), k=2))
                return {rng.choice(("<", "<=")): [low, var, high]}
            case 6:
                return {"in": [var, rng.choices(COLUMNS[column], k=rng.randint(0, 3))]}
            case 7:
                return {rng.choice(("!", "!!", "is_empty")): [var]}
            case 8:
                return rng.choice((var, {equal: [var, {"var": f"before.{column}"}]}))
            case _:
                return {"===": [var, literal]}

    def write(self, depth: int) -> Any:
        rng = self.rng
        if depth == 0 or rng.random() < 0.2:
            return self.atom()
        joint = rng.choice(("and", "and", "or", "or", "!", "if"))
        count = {"!": 1, "if": 3}.get(joint, rng.randint(2, 3))
        return {joint: [self.write(depth - 1) for _ in range(count)]}


def asker(logic: JSON) -> Callable[[JSONObject], bool | None]:
    """Does it hold of a record? None where it cannot be decided."""
    compiled = compile_logic(logic)

    def holds(data: JSONObject) -> bool | None:
        outcome = compiled.evaluate(data)
        return None if outcome.error else truthy(outcome.value)

    return holds


def two_conditions(rng: Random) -> tuple[dict[str, Any], Any, Any]:
    writer = Writer(rng)
    first, second = writer.write(rng.randint(0, 2)), writer.write(rng.randint(0, 2))
    document = change_rule(first, events=rng.choice(EVENTS))
    document["nodes"].append({"id": "d", "kind": "condition", "logic": second})
    document["nodes"].append(dict(document["nodes"][2], id="b"))
    document["edges"] = [
        ["t", "c"],
        ["c", "d", "yes"],
        ["d", "a", "yes"],
        ["d", "b", "no"],
    ]
    return document, first, second


def claim_of(seed: int) -> str:
    """`silent`, `proven`, or the claim that the world contradicts."""
    rng = Random(seed)
    document, first, second = two_conditions(rng)
    graph = graph_of(document)
    problems = analyse(graph, TABLE)
    gets_past, asked = asker(first), {"c": asker(first), "d": asker(second)}
    for one in problems:
        logic = first if one.node == "c" else second
        holds = asked[one.node or ""]
        example = one.args.get("example")
        always = {"condition-always-true": True, "condition-never-true": False}.get(
            one.code, one.args.get("branch") == "no"
        )
        for data in world(graph.trigger.events):  # type: ignore[union-attr]
            if one.code == "branch-never-taken" and gets_past(data) is not True:
                continue
            if holds(data) is (not always):
                return f"seed {seed}: {one.code} {one.args} of {logic} after {first}, but {data}"
        if isinstance(example, dict):
            shown: JSONObject = {"before": None, "after": {}, **example}
            if one.code == "branch-never-taken" and gets_past(shown) is not True:
                return f"seed {seed}: the example {shown} does not get past {first}"
            if holds(shown) is not always:
                return f"seed {seed}: the example {shown} of {one.code} is not so: {logic}"
    return "proven" if problems else "silent"


def overlap_of(seed: int) -> str:
    """`overlap`, `apart`, `unknown`, or the claim about two writers that the world contradicts."""
    rng = Random(seed)
    writer = Writer(rng)
    logics = [writer.write(rng.randint(0, 2)) for _ in range(2)]
    events = rng.choice(EVENTS)
    rules: list[Neighbour] = []
    for index, logic in enumerate(logics):
        document = change_rule(logic, name=f"Rule {index}", events=events)
        sets = {"owner": f"owner {index}"}
        document["nodes"][2] = {
            "id": "a",
            "kind": "action",
            "do": "update_record",
            "fields": {"set": sets},
        }
        rules.append(Neighbour(RuleId(index + 1), f"Rule {index}", graph_of(document)))
    found = [
        one for one in analyse_neighbours(rules[0], rules[1:], TABLE) if one.code == "writes-same-column"
    ]
    asked = [asker(logic) for logic in logics]
    if not found:
        for data in world(events):
            if all(holds(data) for holds in asked):
                return f"seed {seed}: both {logics} run on {data}, and nobody says so"
        return "apart"
    example = found[0].args.get("example")
    if not isinstance(example, dict):
        return "unknown"
    shown: JSONObject = {"before": None, "after": {}, **example}
    if not all(holds(shown) for holds in asked):
        return f"seed {seed}: not both run on the example {shown}: {logics}"
    return "overlap"


CLAIMS = ("silent", "proven")
OVERLAPS = ("overlap", "apart", "unknown")


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 2**40))
def test_no_claim_is_contradicted_by_any_record(seed: int) -> None:
    assert claim_of(seed) in CLAIMS


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 2**40))
def test_writers_that_overlap_are_told_with_a_record_on_which_both_run(
    seed: int,
) -> None:
    assert overlap_of(seed) in OVERLAPS


def test_enough_is_claimed() -> None:
    """Else the laws above say nothing."""
    assert [claim_of(seed) for seed in range(100)].count("proven") > 10
    overlaps = [overlap_of(seed) for seed in range(100)]
    assert min(overlaps.count("overlap"), overlaps.count("apart")) > 5


if __name__ == "__main__":
    count, start = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0
    claims = [claim_of(seed) for seed in range(start, start + count)]
    claims += [overlap_of(seed) for seed in range(start, start + count)]
    wrong = [one for one in claims if one not in (*CLAIMS, *OVERLAPS)]
    for one in sorted(wrong, key=len)[:12]:
        print(one, "\n")
    told = {one: claims.count(one) for one in (*CLAIMS, *OVERLAPS)}
    print(f"{count} rules and pairs: {told}, {len(wrong)} contradicted")
    sys.exit(bool(wrong))
