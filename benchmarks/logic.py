"""JSON Logic engines side by side: a tiny, a typical and a large rule on a record of 30 fields, compiled once.

    just bench logic [--json FILE]

Python: ours, python-jsonlogic (its own evaluate, with the operators that it lacks), panzi-json-logic (interprets each
time), datalogic-py (Rust, given a dict). TypeScript: ours and json-logic-js. Each engine has its turn in every round;
printed are medians, and how many times ours is faster.
"""

# ruff: noqa: S101
from __future__ import annotations

import argparse
import json
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import datalogic_py
from _rules import AFTER, DATA, RULES
from _rules import rule as document
from json_logic import jsonLogic
from jsonlogic.core import JSONLogicExpression, Operator
from jsonlogic.evaluation import EvaluationContext, evaluate, get_value
from jsonlogic.evaluation.evaluation_settings import EvaluationSettingsDict
from jsonlogic.operators import operator_registry
from jsonlogic.resolving import DotReferenceParser

from ruleyard.core.check import check
from ruleyard.core.document import parse
from ruleyard.core.graph import Graph
from ruleyard.core.logic.compile import compile_logic
from ruleyard.core.model import Column, Known, TableModel
from ruleyard.core.types import JSON

FRONTEND = Path(__file__).parents[1] / "frontend"
ROUNDS = 15
ROUND_S = 0.03


@dataclass
class _Many(Operator):
    """An operator that python-jsonlogic lacks, written as its own are."""

    arguments: list[Any]

    @classmethod
    def from_expression(cls, operator: str, arguments: list[Any]) -> Any:
        return cls(operator=operator, arguments=arguments)


class _And(_Many):
    def evaluate(self, context: EvaluationContext) -> Any:
        value: Any = None
        for argument in self.arguments:
            value = get_value(argument, context)
            if not value:
                return value
        return value


class _Or(_Many):
    def evaluate(self, context: EvaluationContext) -> Any:
        value: Any = None
        for argument in self.arguments:
            value = get_value(argument, context)
            if value:
                return value
        return value


class _In(_Many):
    def evaluate(self, context: EvaluationContext) -> Any:
        return get_value(self.arguments[0], context) in get_value(self.arguments[1], context)


class _Same(_Many):
    def evaluate(self, context: EvaluationContext) -> Any:
        return get_value(self.arguments[0], context) == get_value(self.arguments[1], context)


class _Differs(_Many):
    def evaluate(self, context: EvaluationContext) -> Any:
        return get_value(self.arguments[0], context) != get_value(self.arguments[1], context)


def _package(rule: JSON) -> Callable[[], object]:
    registry = operator_registry.copy(
        extend={"and": _And, "or": _Or, "in": _In, "===": _Same, "!==": _Differs}
    )
    tree = JSONLogicExpression.from_json(rule).as_operator_tree(registry)
    settings: EvaluationSettingsDict = {"reference_parser": DotReferenceParser()}
    return lambda: evaluate(tree, DATA, None, settings)


def _rust(rule: JSON) -> Callable[[], object]:
    compiled = datalogic_py.Engine().compile(rule)
    return lambda: compiled.evaluate(DATA)


def _ours(rule: JSON) -> Callable[[], object]:
    compiled = compile_logic(rule)
    return lambda: compiled.evaluate(DATA)


TABLE = TableModel(
    "crm",
    "public.leads",
    tuple(
        Column(
            name,
            "boolean" if isinstance(value, bool) else "text" if isinstance(value, str) else "number",
            False,
        )
        for name, value in AFTER.items()
    ),
    ("id",),
)


def _type_check(rule: JSON) -> Callable[[], object]:
    graph = parse(document(rule))
    assert isinstance(graph, Graph), graph
    known = Known({"crm": "postgres"}, {("crm", TABLE.name)})
    return lambda: check(graph, lambda connection, table: TABLE, known)


def _explain(rule: JSON) -> Callable[[], object]:
    compiled = compile_logic(rule)
    return lambda: compiled.trace(DATA)


ENGINES: dict[str, Callable[[JSON], Callable[[], object]]] = {
    "ruleyard": _ours,
    "python-jsonlogic": _package,
    "panzi-json-logic": lambda rule: lambda: jsonLogic(rule, DATA),
    "datalogic-py": _rust,
    "ruleyard compile": lambda rule: lambda: compile_logic(rule),
    "ruleyard explain": _explain,
    "ruleyard check": _type_check,
}


def _medians_us(works: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Microseconds a call. Every engine has its turn in every round, so that noise meets them alike."""
    turns: dict[str, list[float]] = {name: [] for name in works}
    times: dict[str, int] = {}
    for name, work in works.items():
        began = time.perf_counter()
        for _ in range(20):
            work()
        times[name] = max(5, int(ROUND_S / ((time.perf_counter() - began) / 20)))
    for _ in range(ROUNDS):
        for name, work in works.items():
            repeat = range(times[name])
            began = time.perf_counter()
            for _ in repeat:
                work()
            turns[name].append((time.perf_counter() - began) / times[name] * 1e6)
    return {name: median(values) for name, values in turns.items()}


def _browser() -> dict[str, dict[str, float]]:
    """Source: frontend/scripts/bench-logic.mjs."""
    asked = json.dumps({"rules": RULES, "data": DATA, "rounds": ROUNDS, "round_s": ROUND_S})
    done = subprocess.run(
        ["node", "scripts/bench-logic.mjs"],
        cwd=FRONTEND,
        input=asked,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: dict[str, dict[str, float]] = json.loads(done.stdout)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    args = parser.parse_args()
    figures: dict[str, Any] = {}
    browser = _browser()
    for rule_name, rule in RULES.items():
        works = {name: make(rule) for name, make in ENGINES.items()}
        assert compile_logic(rule).evaluate(DATA).value is True
        assert all(work() is True for name, work in works.items() if not name.startswith("ruleyard"))
        rows = _medians_us(works)
        figures[rule_name] = {}
        print(f"{rule_name}")
        for language, measured in (("Python", rows), ("TypeScript", browser[rule_name])):
            for name, took in measured.items():
                ratio = took / measured["ruleyard"]
                figures[rule_name][f"{language} {name}"] = {"us": round(took, 3), "ratio": round(ratio, 2)}
                print(f"  {language:<10}  {name:<18} {took:9.2f} µs  {ratio:7.2f} ×")
    if args.json:
        args.json.write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
