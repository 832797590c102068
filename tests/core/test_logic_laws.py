"""Laws of the evaluator, on random logic and data."""

from __future__ import annotations

import json
import time
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ruleyard.core.logic.compile import compile_logic, evaluate
from ruleyard.core.logic.dialect import BY_NAME, OPERATORS
from ruleyard.core.logic.problems import logic_problems
from ruleyard.core.logic.registry import CLASSES
from ruleyard.core.logic.values import number_text

TEXTS = st.sampled_from(
    ["", " ", "a", "b", "3", "x.y", "after.n", "2026-11-22", "😀", "days", "constructor", "__proto__"]
)
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(-5, 5), st.floats(-9, 9, allow_nan=False), TEXTS)
DATA: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
LOGIC: st.SearchStrategy[Any] = st.recursive(
    SCALARS | st.sampled_from([{"var": "after.n"}, {"var": ""}, {"var": "a"}]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.builds(
            lambda name, args: {name: args}, st.sampled_from([*BY_NAME, "nope"]), st.lists(inner, max_size=3)
        ),
        st.builds(lambda name, arg: {name: arg}, st.sampled_from([*BY_NAME]), inner),
    ),
    max_leaves=12,
)


def written(value: object) -> str:
    return json.dumps(value, sort_keys=True)


@given(LOGIC, DATA)
@settings(max_examples=400, deadline=None)
def test_the_traced_value_is_the_value(logic: Any, data: Any) -> None:
    compiled = compile_logic(logic)
    plain = compiled.evaluate(data)
    traced, seen = compiled.trace(data)
    assert traced == plain
    if seen and isinstance(logic, dict):
        assert seen[0].path == ""
        assert (seen[0].truth == "error") == (plain.error is not None and seen[0].truth is not None)


@given(LOGIC, DATA)
@settings(max_examples=300, deadline=None)
def test_evaluating_twice_gives_the_same_bytes_and_changes_nothing(logic: Any, data: Any) -> None:
    before = written([logic, data])
    first, second = evaluate(logic, data), evaluate(logic, data)
    assert first == second
    assert written(first.value) == written(second.value)
    assert written([logic, data]) == before


@given(LOGIC)
@settings(max_examples=200, deadline=None)
def test_problems_are_found_without_data_and_point_into_the_logic(logic: Any) -> None:
    for problem in logic_problems(logic, "/nodes/1/logic", "c"):
        assert problem.path.startswith("/nodes/1/logic")
        assert problem.code in ("unknown-operator", "bad-arguments", "too-deep", "too-big")


def test_every_operator_of_the_dialect_has_a_class_and_every_class_an_entry() -> None:
    assert {name for name, _ in CLASSES} == set(BY_NAME)
    assert len(OPERATORS) == len(BY_NAME)


def test_every_example_of_the_table_holds() -> None:
    for info in OPERATORS:
        assert info.examples, info.name
        for example in info.examples:
            outcome = evaluate(example.logic, example.data)
            assert outcome.error is None, (info.name, outcome.error)
            assert written(outcome.value) == written(example.result), info.name


def test_ten_thousand_levels_are_an_error_and_not_a_crash() -> None:
    logic: Any = True
    for _ in range(10_000):
        logic = {"!": [logic]}
    outcome = evaluate(logic, {})
    assert outcome.error is not None
    assert outcome.error.reason == "too-deep"


def test_a_path_of_a_million_segments_ends() -> None:
    outcome = evaluate({"var": ".".join(["a"] * 1_000_000)}, {"a": {}})
    assert outcome.value is None


def test_deep_data_compare_to_an_error() -> None:
    deep: Any = 1
    for _ in range(5_000):
        deep = [deep]
    outcome = evaluate({"===": [{"var": "a"}, {"var": "b"}]}, {"a": deep, "b": [deep]})
    assert outcome.error is not None
    assert outcome.error.reason == "too-deep"


def test_a_rule_that_multiplies_ends_soon() -> None:
    body: Any = {"+": [{"var": "current"}, {"var": "accumulator"}]}
    logic = {"map": [{"var": "n"}, {"reduce": [{"preserve": list(range(500))}, body, 0]}]}
    started = time.perf_counter()
    outcome = evaluate(logic, {"n": list(range(1_000))})
    assert outcome.error is not None
    assert outcome.error.reason == "too-many-steps"
    assert time.perf_counter() - started < 60


@given(st.floats(allow_nan=False, allow_infinity=False))
@settings(max_examples=300)
def test_a_number_as_text_reads_back_as_the_same_number(number: float) -> None:
    assert float(number_text(number)) == number
