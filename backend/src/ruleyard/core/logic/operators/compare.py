"""Equality and order. Any number of arguments: each neighbouring pair must hold, left to right.

Stops at the first pair that does not.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from ruleyard.core.logic.budget import CHARACTERS_A_STEP, Budget
from ruleyard.core.logic.operators import fast
from ruleyard.core.logic.operators.base import Truth, long_text
from ruleyard.core.logic.operators.fast import plain_number
from ruleyard.core.logic.tree import Fn, Literal, Node, Pair, Wrap, folded
from ruleyard.core.logic.typecheck import Scope, Type
from ruleyard.core.logic.values import loosely_same, number_of, same
from ruleyard.core.types import JSON


class Comparison(Truth):
    """A chain of pairs. `holds` says it of one; `short` may give a closure for a value against a literal."""

    def frugal(self) -> bool:
        return super().frugal() and not any(long_text(arg) for arg in self.args)

    @abstractmethod
    def holds(self) -> Pair:
        """Says of two neighbours whether they stand in the relation."""

    def pair(self) -> Pair | None:
        return self.holds() if len(self.args) == 2 else None

    def short(self, node: Node, value: JSON, *, mirrored: bool) -> Fn | None:
        """A closure for `node (operator) literal`, or `literal (operator) node`; None where there is no shorter way."""
        return None

    def compile(self, wrap: Wrap) -> Fn:
        if wrap is None and len(self.args) == 2 and (found := self._short()) is not None:
            return found
        holds, args = self.holds(), self.children(wrap)
        if len(args) == 2:
            left, right = args
            return lambda data, budget: holds(left(data, budget), right(data, budget), budget)

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
        literal = folded(right)
        if type(literal) is Literal:
            return self.short(left, literal.value, mirrored=False)
        literal = folded(left)
        return self.short(right, literal.value, mirrored=True) if type(literal) is Literal else None

    def typecheck(self, context: Scope) -> Type:
        return context.comparison(self)


class Equality(Comparison):
    """Comparing two lists or two objects takes from the budget; a literal that is neither rules it out."""

    def frugal(self) -> bool:
        plain = [isinstance(arg, Literal) and not isinstance(arg.value, (list, dict)) for arg in self.args]
        return len(plain) == 2 and any(plain) and super().frugal()


class Same(Equality):
    def holds(self) -> Pair:
        at = self.path
        if self.operator == "===":
            return lambda a, b, budget: same(a, b, budget, at)
        return lambda a, b, budget: not same(a, b, budget, at)

    def short(self, node: Node, value: JSON, *, mirrored: bool) -> Fn | None:
        equal = self.operator == "==="
        if value is None:
            return fast.same_as_null(node, equal)
        if isinstance(value, str):
            return fast.same_as_text(node, value, equal) if len(value) < CHARACTERS_A_STEP else None
        if isinstance(value, bool):
            return fast.same_as_boolean(node, value, equal)
        return fast.same_as_number(node, value, equal) if plain_number(value) else None


class Alike(Equality):
    def holds(self) -> Pair:
        at = self.path
        if self.operator == "==":
            return lambda a, b, budget: loosely_same(a, b, budget, at)
        return lambda a, b, budget: not loosely_same(a, b, budget, at)

    def short(self, node: Node, value: JSON, *, mirrored: bool) -> Fn | None:
        return fast.same_as_null(node, self.operator == "==") if value is None else None


class Order(Comparison):
    def holds(self) -> Pair:
        holds, at = fast.ORDERS[self.operator], self.path

        def run(a: Any, b: Any, budget: Budget) -> bool:
            if type(a) is str and type(b) is str:
                budget.read(min(len(a), len(b)), at)
                return holds(a, b)
            if plain_number(a) and plain_number(b):
                return holds(a, b)
            return holds(number_of(a, at), number_of(b, at))

        return run

    def short(self, node: Node, value: JSON, *, mirrored: bool) -> Fn | None:
        if not plain_number(value):
            return None
        operator, at = fast.MIRRORED[self.operator] if mirrored else self.operator, self.path
        holds = fast.ORDERS[operator]
        return fast.ordered(node, operator, value, lambda seen: holds(number_of(seen, at), value))
