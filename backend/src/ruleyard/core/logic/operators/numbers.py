"""Arithmetic. One argument that is not written as a list may be a list of numbers: {"+": {"var": "amounts"}}."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from functools import reduce
from typing import Final

from ruleyard.core.logic.budget import Budget
from ruleyard.core.logic.operators.base import Pure
from ruleyard.core.logic.tree import Fn, Pair, Wrap
from ruleyard.core.logic.values import clean_number, number_of
from ruleyard.core.types import JSON

Two = Callable[[float, float], float]


def _divide(a: float, b: float) -> float:
    return a / b if b else math.nan


def _remainder(a: float, b: float) -> float:
    if not b:
        return math.nan
    if type(a) is int and type(b) is int:
        rest = abs(a) % abs(b)
        return -rest if a < 0 else rest
    return math.fmod(a, b)


_FOLDS: Final[dict[str, tuple[Two, float | None]]] = {
    "+": (lambda a, b: a + b, 0),
    "*": (lambda a, b: a * b, 1),
    "-": (lambda a, b: a - b, None),
    "/": (_divide, None),
    "%": (_remainder, None),
    "min": (min, None),
    "max": (max, None),
}


_SMALL: Final = 2**26
"""Sums and products of whole numbers below it are exact, and far from every limit."""

_EXACT: Final[dict[str, Callable[[int, int], int]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "min": min,
    "max": max,
}


class Arithmetic(Pure):
    def frugal(self) -> bool:
        return not self.single and super().frugal()

    def pair(self) -> Pair | None:
        if len(self.args) != 2:
            return None
        two, exact, at = _FOLDS[self.operator][0], _EXACT.get(self.operator), self.path

        def run(first: JSON, second: JSON, budget: Budget) -> JSON:
            if type(first) is int and type(second) is int:
                small = -_SMALL < first < _SMALL and -_SMALL < second < _SMALL
                if small and exact is not None:
                    return exact(first, second)
            return clean_number(two(number_of(first, at), number_of(second, at)), at)

        return run

    def compile(self, wrap: Wrap) -> Fn:
        two, start = _FOLDS[self.operator]
        args, at, name, opens = (
            self.children(wrap),
            self.path,
            self.operator,
            self.single and self.operator != "%",
        )

        if (of_two := self.pair()) is not None:
            left, right = args
            return lambda data, budget: of_two(left(data, budget), right(data, budget), budget)

        def step(a: float, b: float) -> float:
            return clean_number(two(a, b), at)

        def run(data: JSON, budget: Budget) -> JSON:
            values = [arg(data, budget) for arg in args]
            if opens and isinstance(values[0], list):
                values = values[0]
                budget.spend(len(values), at)
            numbers = [number_of(value, at) for value in values]
            if not numbers:
                if start is None:
                    self.fail("bad-arguments", f'"{name}" needs at least one number.')
                return start
            if len(numbers) == 1:
                if name == "-":
                    return clean_number(-numbers[0], at)
                if name == "/":
                    return step(1, numbers[0])
            return clean_number(reduce(step, numbers), at)

        return run
