"""Text: cat, substr, in, lower, trim, starts_with, ends_with, length. Characters are Unicode code points."""

from __future__ import annotations

import math

from ruleyard.core.logic.budget import CHARACTERS_A_STEP, Budget
from ruleyard.core.logic.dialect import BY_NAME
from ruleyard.core.logic.operators import fast
from ruleyard.core.logic.operators.base import Known, long_text
from ruleyard.core.logic.tree import Fn, Literal, Pair, Wrap
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

    def typecheck(self, context: Scope) -> Type:
        return context.by_table(self, BY_NAME["cat"], ("written",))


def _position(value: JSON, at: str) -> int:
    return max(-(2**31), min(2**31, math.trunc(number_of(value, at))))


class Substr(Known):
    def compile(self, wrap: Wrap) -> Fn:
        args, at = self.children(wrap), self.path

        def run(data: JSON, budget: Budget) -> JSON:
            values = [arg(data, budget) for arg in args]
            text, start = text_of(values[0], at), _position(values[1], at)
            budget.read(len(text), at)
            begin = min(start, len(text)) if start >= 0 else max(0, len(text) + start)
            end = len(text)
            if len(values) > 2:
                length = _position(values[2], at)
                end = min(end, begin + length) if length >= 0 else max(begin, end + length)
            budget.produce(end - begin, at)
            return text[begin:end]

        return run


class In(Known):
    """A list of plain literals takes no steps of its own: its values are counted in the size of the logic."""

    early = True

    def frugal(self) -> bool:
        return self._plain() is not None and self.args[0].frugal() and not long_text(self.args[0])

    def boolean(self) -> bool:
        return True

    def _plain(self) -> list[JSON] | None:
        stack = self.args[1]
        if isinstance(stack, Literal) and isinstance(stack.value, list):
            return None if any(isinstance(item, (list, dict)) for item in stack.value) else stack.value
        return None

    def _texts(self) -> frozenset[str] | None:
        """The literal list, where it holds texts alone."""
        items = self._plain()
        if items is None or not all(type(item) is str for item in items):
            return None
        return frozenset([item for item in items if isinstance(item, str)])

    def compile(self, wrap: Wrap) -> Fn:
        if wrap is None and (texts := self._texts()) is not None:
            return fast.among_texts(self.args[0], texts)
        of_two, (needle, stack) = self.pair(), self.children(wrap)
        return lambda data, budget: of_two(needle(data, budget), stack(data, budget), budget)

    def pair(self) -> Pair:
        at, items, texts = self.path, self._plain(), self._texts()
        if texts is not None:
            return lambda needle, stack, budget: type(needle) is str and needle in texts

        def run(needle: JSON, stack: JSON, budget: Budget) -> JSON:
            if isinstance(stack, list):
                if items is None:
                    budget.spend(len(stack), at)
                return any(same(needle, item, budget, at) for item in stack)
            if isinstance(stack, str) and needle is not None and not isinstance(needle, (list, dict)):
                text = text_of(needle, at)
                # Browsers look for a long text in the time of both lengths together.
                budget.spend(len(stack) // CHARACTERS_A_STEP * (1 + len(text) // 8), at)
                return text in stack
            return False

        return run

    def typecheck(self, context: Scope) -> Type:
        return context.membership(self)


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

    def boolean(self) -> bool:
        return True

    def compile(self, wrap: Wrap) -> Fn:
        text_fn, part_fn = self.children(wrap)
        at, starts = self.path, self.operator == "starts_with"

        def run(data: JSON, budget: Budget) -> JSON:
            text, part = text_fn(data, budget), part_fn(data, budget)
            if text is None or part is None:
                return False
            whole, piece = text_of(text, at), text_of(part, at)
            budget.read(len(piece), at)
            return whole.startswith(piece) if starts else whole.endswith(piece)

        return run


class Length(Known):
    def compile(self, wrap: Wrap) -> Fn:
        arg, at = self.child(0, wrap), self.path

        def run(data: JSON, budget: Budget) -> JSON:
            value = arg(data, budget)
            if isinstance(value, (list, dict)):
                return len(value)
            text = text_of(value, at)
            budget.read(len(text), at)
            return len(text)

        return run
