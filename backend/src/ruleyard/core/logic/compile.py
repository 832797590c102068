"""Compile JSON Logic once, evaluate it often; or evaluate it once and tell what was seen.

The only door to the evaluator: errors come out as values here, nothing raises and nothing hangs.
"""

from __future__ import annotations

from typing import Final, NoReturn

import msgspec

from ruleyard.core.logic.budget import (
    LIST_ITEM_COST,
    MAX_DEPTH,
    MAX_PRODUCED,
    Broken,
    Budget,
    LogicError,
)
from ruleyard.core.logic.registry import REGISTRY
from ruleyard.core.logic.traced import Traced
from ruleyard.core.logic.tree import Fn, Node, enclose, parse_logic
from ruleyard.core.trace import Seen
from ruleyard.core.types import JSON


class Outcome(msgspec.Struct, frozen=True):
    """What an expression came to: a value, or an error (then `value` is None)."""

    value: JSON = None
    error: LogicError | None = None


_TRUE: Final = Outcome(True)
_FALSE: Final = Outcome(False)


class Compiled:
    """One expression, ready. Holds no state between evaluations."""

    __slots__ = ("_fn", "_root", "_traced", "error", "logic")

    def __init__(self, logic: JSON) -> None:
        self.logic = logic
        parsed = parse_logic(logic, REGISTRY)
        self.error: LogicError | None = None
        self._root: Node | None = None
        if isinstance(parsed, LogicError):
            self.error = parsed
            self._fn = _refusal(parsed)
        else:
            self._root = parsed
            self._fn = enclose(parsed, None)
        self._traced: Traced | None = None

    @property
    def root(self) -> Node | None:
        """The tree, None where the logic is over a limit."""
        return self._root

    def evaluate(self, data: JSON) -> Outcome:
        """The value for these data. Never raises."""
        return _run(self._fn, data, Budget())

    def trace(self, data: JSON) -> tuple[Outcome, tuple[Seen, ...]]:
        """The value, and one Seen per operator call in document order. Bodies of list operators are left out."""
        if self._root is None:
            return Outcome(error=self.error), ()
        if self._traced is None:
            self._traced = Traced(self._root)
        budget = self._traced.budget()
        return _run(self._traced.fn, data, budget), self._traced.seen(budget)


def compile_logic(logic: JSON) -> Compiled:
    """Compile one JSON Logic value. Over a limit or wrong operators: an error when evaluated."""
    return Compiled(logic)


def evaluate(logic: JSON, data: JSON) -> Outcome:
    """Compile and evaluate once."""
    return Compiled(logic).evaluate(data)


def _refusal(error: LogicError) -> Fn:
    def run(data: JSON, budget: Budget) -> NoReturn:
        raise Broken(error.path, error.reason, error.message)

    return run


def _run(fn: Fn, data: JSON, budget: Budget) -> Outcome:
    try:
        value = fn(data, budget)
        if value is True:
            return _TRUE
        if value is False:
            return _FALSE
        if type(value) is list or type(value) is dict:
            _measure(value)
        return Outcome(value)
    except Broken as broken:
        return Outcome(error=broken.error)


def _measure(value: JSON) -> None:
    """Results must be writable: what is shared inside counts as often as it appears. Raises Broken.

    Level by level, each value once with the times that it appears: lists that hold themselves twice end soon.
    """
    level, depth = {id(value): (value, 1)}, 1
    left = MAX_PRODUCED - LIST_ITEM_COST
    while level:
        below: dict[int, tuple[JSON, int]] = {}
        for item, times in level.values():
            if isinstance(item, str):
                left -= len(item) * times
            elif isinstance(item, (list, dict)):
                left -= LIST_ITEM_COST * len(item) * times
                if left < 0:
                    break
                for child in item.values() if isinstance(item, dict) else item:
                    if type(child) in (str, list, dict):
                        below[id(child)] = (child, below.get(id(child), (None, 0))[1] + times)
        if left < 0:
            raise Broken("", "too-big", "This makes more than 1 MB of text or lists.")
        if depth > 4 * MAX_DEPTH and any(isinstance(item, (list, dict)) for item, _ in level.values()):
            raise Broken("", "too-deep", f"The result is nested more than {4 * MAX_DEPTH} levels deep.")
        level, depth = below, depth + 1
