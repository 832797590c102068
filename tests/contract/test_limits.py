"""What would take all time or memory ends soon, with an error, at the same place as in the browser.

The cases are recipes, for they would fill megabytes: `$text` = a text so many times, `$numbers` = 0, 1, 2 …,
`$nested` = an operator (or "" for a list) around itself so many times.
Time is not measured, work is: the memory at its highest, and the calls made.
"""

from __future__ import annotations

import json
import sys
import tracemalloc
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from ruleyard.core.logic.compile import Outcome, compile_logic

VECTORS = Path(__file__).parents[2] / "shared-schemas" / "vectors" / "limits"
MOST_BYTES = 20_000_000
MOST_CALLS = 1_500_000


def made(recipe: Any) -> Any:
    """What a recipe describes. A new list or text wherever it stands."""
    if isinstance(recipe, list):
        return [made(item) for item in recipe]
    if not isinstance(recipe, dict):
        return recipe
    match recipe:
        case {"$text": [text, times]}:
            return text * times
        case {"$numbers": count}:
            return list(range(count))
        case {"$nested": [operator, times]}:
            value: Any = True
            for _ in range(times):
                value = {operator: [value]} if operator else [value]
            return value
        case _:
            return {key: made(value) for key, value in recipe.items()}


def cases() -> list[Any]:
    return [
        pytest.param(case, id=case["name"])
        for path in sorted(VECTORS.glob("*.json"))
        for case in json.loads(path.read_text())["cases"]
    ]


def bounded(logic: Any, data: Any) -> Outcome:
    """Evaluate and count. AssertionError where it takes more memory, or more calls, than anything may."""
    calls = 0

    def count(frame: FrameType, event: str, _: object) -> None:
        nonlocal calls
        calls += event == "call"

    sys.setprofile(count)
    try:
        outcome = compile_logic(logic).evaluate(data)
    finally:
        sys.setprofile(None)
    assert calls <= MOST_CALLS
    tracemalloc.start()
    try:
        compile_logic(logic).evaluate(data)
        assert tracemalloc.get_traced_memory()[1] <= MOST_BYTES
    finally:
        tracemalloc.stop()
    return outcome


@pytest.mark.parametrize("case", cases())
def test_it_ends_soon_and_small(case: dict[str, Any]) -> None:
    outcome = bounded(made(case["logic"]), made(case["data"]))
    if "error" in case:
        assert outcome.error is not None
        assert (outcome.error.reason, outcome.error.path) == (case["error"], case["path"])
    else:
        assert outcome == Outcome(made(case["result"]))
