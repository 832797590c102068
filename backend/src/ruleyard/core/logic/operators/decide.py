"""Operators that decide: and, or, if, !, !!, is_empty. Left to right; what need not be evaluated is not."""

from __future__ import annotations

import re
from typing import Final

from ruleyard.core.logic.budget import Budget
from ruleyard.core.logic.operators.base import Known, Pure, Truth
from ruleyard.core.logic.tree import Fn, Wrap
from ruleyard.core.logic.typecheck import Scope, Type
from ruleyard.core.logic.values import BLANKS, truthy
from ruleyard.core.types import JSON


class Junction(Pure):
    def boolean(self) -> bool:
        return bool(self.args) and all(arg.boolean() for arg in self.args)


def _all_hold(args: tuple[Fn, ...]) -> Fn:
    """Of arguments that are true or false, nothing else."""
    if len(args) == 1:
        return args[0]
    if len(args) == 2:
        a, b = args
        return lambda data, budget: a(data, budget) and b(data, budget)
    if len(args) == 3:
        a, b, c = args
        return lambda data, budget: a(data, budget) and b(data, budget) and c(data, budget)

    def run(data: JSON, budget: Budget) -> JSON:
        for arg in args:  # noqa: SIM110  (a generator would take twice as long)
            if not arg(data, budget):
                return False
        return True

    return run


def _one_holds(args: tuple[Fn, ...]) -> Fn:
    """Of arguments that are true or false, nothing else."""
    if len(args) == 1:
        return args[0]
    if len(args) == 2:
        a, b = args
        return lambda data, budget: a(data, budget) or b(data, budget)
    if len(args) == 3:
        a, b, c = args
        return lambda data, budget: a(data, budget) or b(data, budget) or c(data, budget)

    def run(data: JSON, budget: Budget) -> JSON:
        for arg in args:  # noqa: SIM110  (a generator would take twice as long)
            if arg(data, budget):
                return True
        return False

    return run


class And(Junction):
    def compile(self, wrap: Wrap) -> Fn:
        args = tuple(self.children(wrap))
        if self.boolean():
            return _all_hold(args)

        def run(data: JSON, budget: Budget) -> JSON:
            value: JSON = None
            for arg in args:
                value = arg(data, budget)
                if value is True:
                    continue
                if value is False or not truthy(value):
                    return value
            return value

        return run

    def typecheck(self, context: Scope) -> Type:
        return context.both(self)


class Or(Junction):
    def compile(self, wrap: Wrap) -> Fn:
        args = tuple(self.children(wrap))
        if self.boolean():
            return _one_holds(args)

        def run(data: JSON, budget: Budget) -> JSON:
            value: JSON = None
            for arg in args:
                value = arg(data, budget)
                if value is True or truthy(value):
                    return value
            return value

        return run

    def typecheck(self, context: Scope) -> Type:
        return context.either(self)


class If(Pure):
    def compile(self, wrap: Wrap) -> Fn:
        args = tuple(self.children(wrap))
        pairs = tuple(zip(args[0 : len(args) - 1 : 2], args[1::2], strict=True))
        otherwise = args[-1] if len(args) % 2 else None

        def run(data: JSON, budget: Budget) -> JSON:
            for condition, value in pairs:
                if truthy(condition(data, budget)):
                    return value(data, budget)
            return otherwise(data, budget) if otherwise else None

        return run

    def typecheck(self, context: Scope) -> Type:
        return context.choice(self)


class Not(Truth):
    def compile(self, wrap: Wrap) -> Fn:
        if not self.args:
            return lambda data, budget: True
        arg = self.child(0, wrap)
        return lambda data, budget: not truthy(arg(data, budget))


class NotNot(Truth):
    def compile(self, wrap: Wrap) -> Fn:
        if not self.args:
            return lambda data, budget: False
        arg = self.child(0, wrap)
        return lambda data, budget: truthy(arg(data, budget))


_FILLED: Final = re.compile(f"[^{BLANKS}]")


def empty(value: JSON) -> bool:
    if isinstance(value, str):
        return _FILLED.search(value) is None
    return value is None or (isinstance(value, (list, dict)) and not value)


class IsEmpty(Known):
    def boolean(self) -> bool:
        return True

    def compile(self, wrap: Wrap) -> Fn:
        arg, at = self.child(0, wrap), self.path

        def run(data: JSON, budget: Budget) -> JSON:
            value = arg(data, budget)
            if type(value) is str:
                budget.read(len(value), at)
            return empty(value)

        return run
