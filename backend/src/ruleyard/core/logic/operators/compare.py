"""Equality and order. Any number of arguments: each neighbouring pair must hold, left to right.

Stops at the first pair that does not.
"""

from __future__ import annotations

import operator as python
from collections.abc import Callable
from typing import Any

from ruleyard.core.logic.budget import Budget
from ruleyard.core.logic.operators.base import Known
from ruleyard.core.logic.operators.data import Var, reader
from ruleyard.core.logic.tree import Fn, Literal, Wrap
from ruleyard.core.logic.typecheck import Scope, Type
from ruleyard.core.logic.values import loosely_same, number_of, same
from ruleyard.core.types import JSON

Pair = Callable[[JSON, JSON, Budget], bool]

_ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "<": python.lt,
    "<=": python.le,
    ">": python.gt,
    ">=": python.ge,
}


class Comparison(Known):
    """A chain of pairs. Subclasses give the pair; `fast` may give a closure for a variable against a literal."""

    def pair(self) -> Pair:
        raise NotImplementedError

    def fast(self, read: Fn, value: JSON) -> Fn | None:
        """A closure for `variable (operator) literal`, None where there is no shorter way."""
        return None

    def compile(self, wrap: Wrap) -> Fn:
        holds = self.pair()
        if len(self.args) == 2:
            if wrap is None and (short := self._short()) is not None:
                return short
            left, right = self.children(wrap)
            return lambda data, budget: holds(left(data, budget), right(data, budget), budget)
        args = self.children(wrap)

        def run(data: JSON, budget: Budget) -> JSON:
            previous = args[0](data, budget)
            for arg in args[1:]:
                value = arg(data, budget)
                if not holds(previous, value, budget):
                    return False
                previous = value
            return True

        return run

    def _short(self) -> Fn | None:
        left, right = self.args
        if isinstance(left, Var) and len(left.args) == 1 and isinstance(right, Literal):
            keys = left.keys()
            return self.fast(reader(keys), right.value) if keys else None
        return None

    def typecheck(self, context: Scope) -> Type:
        return context.comparison(self)


class Same(Comparison):
    def pair(self) -> Pair:
        at = self.path
        if self.operator == "===":
            return lambda a, b, budget: same(a, b, budget, at)
        return lambda a, b, budget: not same(a, b, budget, at)

    def fast(self, read: Fn, value: JSON) -> Fn | None:
        equal = self.operator == "==="
        if value is None:
            return (lambda d, b: read(d, b) is None) if equal else (lambda d, b: read(d, b) is not None)
        if isinstance(value, str):
            return (lambda d, b: read(d, b) == value) if equal else (lambda d, b: read(d, b) != value)
        if isinstance(value, bool):
            return (lambda d, b: read(d, b) is value) if equal else (lambda d, b: read(d, b) is not value)
        return None


class Alike(Comparison):
    def pair(self) -> Pair:
        at = self.path
        if self.operator == "==":
            return lambda a, b, budget: loosely_same(a, b, budget, at)
        return lambda a, b, budget: not loosely_same(a, b, budget, at)


class Order(Comparison):
    def pair(self) -> Pair:
        holds, at = _ORDERS[self.operator], self.path

        def run(a: JSON, b: JSON, budget: Budget) -> bool:
            if isinstance(a, str) and isinstance(b, str):
                return holds(a, b)
            return holds(number_of(a, at), number_of(b, at))

        return run

    def fast(self, read: Fn, value: JSON) -> Fn | None:
        if type(value) is not int or abs(value) > 2**53:
            return None
        holds, at = _ORDERS[self.operator], self.path

        def run(data: JSON, budget: Budget) -> JSON:
            seen = read(data, budget)
            if type(seen) is int:
                return holds(seen, value)
            return holds(number_of(seen, at), value)

        return run
