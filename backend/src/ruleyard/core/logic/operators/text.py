"""Text: cat, substr, in, lower, trim, starts_with, ends_with, length. Characters are Unicode code points."""

from __future__ import annotations

import math

from ruleyard.core.logic.budget import Budget
from ruleyard.core.logic.operators.base import Known
from ruleyard.core.logic.tree import Fn, Wrap
from ruleyard.core.logic.typecheck import Scope, Type
from ruleyard.core.logic.values import BLANKS, number_of, same, text_of
from ruleyard.core.types import JSON


class Cat(Known):
    def compile(self, wrap: Wrap) -> Fn:
        args, at = self.children(wrap), self.path

        def run(data: JSON, budget: Budget) -> JSON:
            parts: list[str] = []
            for arg in args:
                part = text_of(arg(data, budget), at)
                budget.produce(len(part), at)
                parts.append(part)
            return "".join(parts)

        return run


def _position(value: JSON, at: str) -> int:
    return max(-(2**31), min(2**31, math.trunc(number_of(value, at))))


class Substr(Known):
    def compile(self, wrap: Wrap) -> Fn:
        args, at = self.children(wrap), self.path

        def run(data: JSON, budget: Budget) -> JSON:
            values = [arg(data, budget) for arg in args]
            text, start = text_of(values[0], at), _position(values[1], at)
            part = text[start:] if start >= 0 else text[max(0, len(text) + start) :]
            if len(values) > 2:
                length = _position(values[2], at)
                part = part[:length] if length >= 0 else part[: max(0, len(part) + length)]
            budget.produce(len(part), at)
            return part

        return run


class In(Known):
    def compile(self, wrap: Wrap) -> Fn:
        needle_fn, stack_fn = self.children(wrap)
        at = self.path
        literal = self.constant(1)
        if wrap is None and literal and isinstance(literal.value, list) and _all_text(literal.value):
            words = frozenset(literal.value)
            cost = len(literal.value)

            def among(data: JSON, budget: Budget) -> JSON:
                needle = needle_fn(data, budget)
                budget.spend(cost, at)
                return isinstance(needle, str) and needle in words

            return among

        def run(data: JSON, budget: Budget) -> JSON:
            needle, stack = needle_fn(data, budget), stack_fn(data, budget)
            if isinstance(stack, list):
                budget.spend(len(stack), at)
                return any(same(needle, item, budget, at) for item in stack)
            if isinstance(stack, str) and needle is not None and not isinstance(needle, (list, dict)):
                budget.spend(len(stack) // 64, at)
                return text_of(needle, at) in stack
            return False

        return run

    def typecheck(self, context: Scope) -> Type:
        return context.membership(self)


def _all_text(values: list[JSON]) -> bool:
    return all(isinstance(value, str) for value in values)


class OneText(Known):
    """lower and trim. Null stays null."""

    def compile(self, wrap: Wrap) -> Fn:
        arg, at, small = self.child(0, wrap), self.path, self.operator == "lower"

        def run(data: JSON, budget: Budget) -> JSON:
            value = arg(data, budget)
            if value is None:
                return None
            text = text_of(value, at)
            budget.produce(len(text), at)
            return text.lower() if small else text.strip(BLANKS)

        return run

    def typecheck(self, context: Scope) -> Type:
        return context.keeps_null(self, super().typecheck(context))


class Edge(Known):
    """starts_with and ends_with. Null never does."""

    def compile(self, wrap: Wrap) -> Fn:
        text_fn, part_fn = self.children(wrap)
        at, starts = self.path, self.operator == "starts_with"

        def run(data: JSON, budget: Budget) -> JSON:
            text, part = text_fn(data, budget), part_fn(data, budget)
            if text is None or part is None:
                return False
            whole, piece = text_of(text, at), text_of(part, at)
            return whole.startswith(piece) if starts else whole.endswith(piece)

        return run


class Length(Known):
    def compile(self, wrap: Wrap) -> Fn:
        arg, at = self.child(0, wrap), self.path

        def run(data: JSON, budget: Budget) -> JSON:
            value = arg(data, budget)
            if isinstance(value, (list, dict)):
                return len(value)
            return len(text_of(value, at))

        return run
