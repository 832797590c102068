"""What an evaluation saw: the value of every operator call, by its place in the logic.

Knows the tree; must not know how outcomes are told. Bodies of list operators are left out: they have a value per item.
Every call has a slot; watched closures write what they saw there, over a template that says "not reached".
"""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter, itemgetter
from typing import Any, Final, TypeAlias

from ruleyard.core.logic.budget import Broken, Budget
from ruleyard.core.logic.operators.data import ABSENT, fixed_keys, reader
from ruleyard.core.logic.operators.decide import Junction
from ruleyard.core.logic.operators.lists import PerItem
from ruleyard.core.logic.tree import Fn, ListOf, Literal, Node, Pair
from ruleyard.core.logic.values import truthy
from ruleyard.core.trace import Seen
from ruleyard.core.types import JSON

_Look: TypeAlias = Callable[[list[Seen]], JSON]
"""An argument's value in what was seen so far; None where it was not reached."""

_VALUE: Final = attrgetter("value")

_Values: TypeAlias = Callable[[list[Seen]], tuple[JSON, ...]]


class Traced:
    """One expression, compiled so that every call is watched. Holds no state between evaluations."""

    __slots__ = ("_calls", "_slots", "_template", "fn")

    def __init__(self, root: Node) -> None:
        self._slots: dict[str, int] = {}
        self._template: list[Seen] = []
        self._number(root)
        self._calls = len(self._template)
        self.fn = self._watch(root)

    def budget(self) -> Budget:
        """A fresh budget, in which the watchers write what they see."""
        budget = Budget()
        budget.seen = self._template.copy()
        return budget

    def seen(self, budget: Budget) -> tuple[Seen, ...]:
        """One for each call in document order; what was not reached says so."""
        return tuple(budget.seen[: self._calls])

    def _number(self, node: Node) -> None:
        if node.operator:
            self._slots[node.path] = len(self._template)
            self._template.append(Seen(node.path, node.operator))
        for index, arg in enumerate(node.args):
            if not (index == 1 and isinstance(node, PerItem)):
                self._number(arg)

    def _watch(self, node: Node) -> Fn:
        if not node.operator:
            return node.compile(self._watch)
        if (keys := fixed_keys(node)) is not None:
            return self._variable(node, keys)
        if isinstance(node, Junction):
            return self._junction(node, stops=node.operator == "or")
        pair = node.pair()
        if pair is None:
            return self._call(node, node.compile(self._watch))
        left, right = node.args
        keys = fixed_keys(left)
        if keys is not None and len(keys) == 2 and type(right) is Literal:
            return self._column(node, left, keys, right.value)
        return self._two(node, pair)

    def _variable(self, node: Node, keys: tuple[str, ...]) -> Fn:
        """A variable with a fixed path is always found, if only as null."""
        slot, path, values, read = self._slots[node.path], node.path, self._literals(node), reader(keys)

        def run(data: JSON, budget: Budget) -> JSON:
            value = read(data, budget)
            budget.seen[slot] = Seen(path, "var", bool(value) or type(value) is dict, value, values)
            return value

        return run

    def _column(self, node: Node, column: Node, keys: tuple[str, ...], literal: JSON) -> Fn:
        """What most conditions are made of, a column against a literal: the plain closure decides."""
        slot, path, operator, decide = self._slots[node.path], node.path, node.operator, node.compile(None)
        its_slot, its_path, its_values = self._slots[column.path], column.path, self._literals(column)
        read, (above, below) = reader(keys), keys

        def run(data: Any, budget: Budget) -> JSON:
            try:
                found = data[above][below]
            except ABSENT:
                found = read(data, budget)
            seen = budget.seen
            seen[its_slot] = Seen(its_path, "var", bool(found) or type(found) is dict, found, its_values)
            try:
                value = decide(data, budget)
            except Broken:
                seen[slot] = Seen(path, operator, "error", None, (found, literal))
                raise
            truth = value if value is True or value is False else truthy(value)
            seen[slot] = Seen(path, operator, truth, value, (found, literal))
            return value

        return run

    def _two(self, node: Node, pair: Pair) -> Fn:
        slot, path, operator, values = self._slots[node.path], node.path, node.operator, self._values(node)
        left, right = self._watch(node.args[0]), self._watch(node.args[1])

        def run(data: JSON, budget: Budget) -> JSON:
            try:
                first, second = left(data, budget), right(data, budget)
                value = pair(first, second, budget)
            except Broken:
                budget.seen[slot] = Seen(path, operator, "error", None, values(budget.seen))
                raise
            truth = value if value is True or value is False else truthy(value)
            budget.seen[slot] = Seen(path, operator, truth, value, (first, second))
            return value

        return run

    def _junction(self, node: Junction, *, stops: bool) -> Fn:
        """`and` stops at the first falsy value, `or` at the first truthy one."""
        slot, path, operator = self._slots[node.path], node.path, node.operator
        unreached = self._values(node)(self._template)
        args = tuple([self._watch(arg) for arg in node.args])

        def run(data: JSON, budget: Budget) -> JSON:
            value: JSON = None
            values: list[JSON] = []
            try:
                for arg in args:
                    value = arg(data, budget)
                    values.append(value)
                    if (not value and type(value) is not dict) is not stops:
                        break
            except Broken:
                budget.seen[slot] = Seen(path, operator, "error", None, (*values, *unreached[len(values) :]))
                raise
            truth = bool(value) or type(value) is dict
            budget.seen[slot] = Seen(path, operator, truth, value, (*values, *unreached[len(values) :]))
            return value

        return run

    def _call(self, node: Node, fn: Fn) -> Fn:
        slot, path, operator, values = self._slots[node.path], node.path, node.operator, self._values(node)

        def run(data: JSON, budget: Budget) -> JSON:
            try:
                value = fn(data, budget)
            except Broken:
                budget.seen[slot] = Seen(path, operator, "error", None, values(budget.seen))
                raise
            truth = value if value is True or value is False else truthy(value)
            budget.seen[slot] = Seen(path, operator, truth, value, values(budget.seen))
            return value

        return run

    def _literals(self, node: Node) -> tuple[JSON, ...]:
        return tuple([arg.value for arg in node.args if isinstance(arg, Literal)])

    def _values(self, node: Node) -> _Values:
        """The values of a call's arguments."""
        if any(type(arg) is ListOf for arg in node.args):
            looks = [self._look(arg) for arg in node.args]
            return lambda seen: tuple([look(seen) for look in looks])
        slots = [self._slot(arg) for arg in node.args]
        if len(slots) < 2:
            return lambda seen: tuple([seen[slot].value for slot in slots])
        pick = itemgetter(*slots)
        return lambda seen: tuple(map(_VALUE, pick(seen)))

    def _look(self, arg: Node) -> _Look:
        if type(arg) is ListOf:
            looks = [self._look(item) for item in arg.args]
            return lambda seen: [look(seen) for look in looks]
        slot = self._slot(arg)
        return lambda seen: seen[slot].value

    def _slot(self, arg: Node) -> int:
        """Where the argument's value stands: literals, and bodies that are not watched, behind the calls."""
        slot = self._slots.get(arg.path)
        if slot is None:
            slot = self._slots[arg.path] = len(self._template)
            self._template.append(Seen(arg.path, "", value=arg.value if isinstance(arg, Literal) else None))
        return slot
