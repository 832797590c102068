"""One typical condition: our compiled plan against python-jsonlogic's own evaluate, and the ratio.

Both sides judge the same record; ours includes building the data from the event and the walk over the graph.
"""

# ruff: noqa: S101
from __future__ import annotations

from _clock import best_s
from _rules import rule
from jsonlogic.core import JSONLogicExpression
from jsonlogic.evaluation import evaluate
from jsonlogic.evaluation.evaluation_settings import EvaluationSettingsDict
from jsonlogic.operators import operator_registry
from jsonlogic.resolving import DotReferenceParser

from ruleyard.core.document import parse
from ruleyard.core.evaluate import judge
from ruleyard.core.event import Event
from ruleyard.core.graph import Graph
from ruleyard.core.plan import compile_plan
from ruleyard.core.types import JSON, EventId, LogId, RuleId, VersionId

TIMES = 20_000
NOW = "2026-11-22T12:00:00+00:00"
LOGIC: JSON = {
    "if": [
        {"!=": [{"var": "before.status"}, "callback"]},
        {
            "if": [
                {"==": [{"var": "after.status"}, "callback"]},
                {
                    "if": [
                        {">=": [{"var": "after.attempts"}, 3]},
                        {">": [{"var": "after.budget"}, 5000]},
                        False,
                    ]
                },
                False,
            ]
        },
        False,
    ]
}
"""Of the operators that both have; python-jsonlogic knows no `and`."""
BEFORE: dict[str, JSON] = {
    "id": 41,
    "status": "contacted",
    "attempts": 3,
    "budget": 7200,
    "email": "a@example.com",
}
AFTER: dict[str, JSON] = {**BEFORE, "status": "callback", "attempts": 4}
ROW = {
    "type": "object",
    "properties": {
        "status": {"type": "string"},
        "attempts": {"type": "integer"},
        "budget": {"type": "integer"},
    },
}


def main() -> None:
    graph = parse(rule(LOGIC))
    assert isinstance(graph, Graph), graph
    plan = compile_plan(RuleId(1), VersionId(1), graph)
    event = Event(
        log=LogId(1),
        id=EventId(1),
        lane=0,
        table="public.leads",
        op="update",
        key={"id": 41},
        at=NOW,
        before=BEFORE,
        after=AFTER,
        changed=("status", "attempts"),
    )
    tree = JSONLogicExpression.from_json(LOGIC).as_operator_tree(operator_registry)
    data: JSON = {"before": BEFORE, "after": AFTER}
    dots: EvaluationSettingsDict = {"reference_parser": DotReferenceParser()}
    schema = {"type": "object", "properties": {"before": ROW, "after": ROW}}

    def theirs() -> None:
        for _ in range(TIMES):
            evaluate(tree, data, schema, dots)

    def ours() -> None:
        for _ in range(TIMES):
            judge(plan, event, NOW)

    assert evaluate(tree, data, schema, dots) is True
    assert judge(plan, event, NOW).fires
    their_us, our_us = (best_s(work) / TIMES * 1e6 for work in (theirs, ours))
    print(f"python-jsonlogic evaluate   {their_us:8.2f} µs")
    print(f"ruleyard judge              {our_us:8.2f} µs")
    print(f"ratio                       {their_us / our_us:8.1f} ×")


if __name__ == "__main__":
    main()
