"""Operators that decide: and, or, if, !, !!, is_empty. Left to right; what need not be evaluated is not."""

from __future__ import annotations

from ruleyard.core.logic.budget import Budget
from ruleyard.core.logic.operators.base import Known
from ruleyard.core.logic.tree import Fn, Wrap
from ruleyard.core.logic.typecheck import Scope, Type
from ruleyard.core.logic.values import BLANKS, truthy
from ruleyard.core.types import JSON


class And(Known):
    def compile(self, wrap: Wrap) -> Fn:
        args = tuple(self.children(wrap))

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


class Or(Known):
    def compile(self, wrap: Wrap) -> Fn:
        args = tuple(self.children(wrap))

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


class If(Known):
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


class Not(Known):
    def compile(self, wrap: Wrap) -> Fn:
        if not self.args:
            return lambda data, budget: True
        arg = self.child(0, wrap)
        return lambda data, budget: not truthy(arg(data, budget))


class NotNot(Known):
    def compile(self, wrap: Wrap) -> Fn:
        if not self.args:
            return lambda data, budget: False
        arg = self.child(0, wrap)
        return lambda data, budget: truthy(arg(data, budget))


def empty(value: JSON) -> bool:
    if isinstance(value, str):
        return not value.strip(BLANKS)
    return value is None or (isinstance(value, (list, dict)) and not value)


class IsEmpty(Known):
    def compile(self, wrap: Wrap) -> Fn:
        arg = self.child(0, wrap)
        return lambda data, budget: empty(arg(data, budget))
