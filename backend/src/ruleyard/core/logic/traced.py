"""What an evaluation saw: the value of every operator call, by its place in the logic.

Knows the tree; must not know how outcomes are told. Bodies of list operators are left out: they have a value per item.
"""

from __future__ import annotations

from typing import NamedTuple

from ruleyard.core.logic.budget import Broken, Budget
from ruleyard.core.logic.operators.lists import PerItem
from ruleyard.core.logic.tree import Fn, ListOf, Literal, Node, enclose
from ruleyard.core.logic.values import truthy
from ruleyard.core.trace import Seen
from ruleyard.core.types import JSON


class _Call(NamedTuple):
    """An operator call: where its arguments' values are found; `lists` are read item by item."""

    path: str
    operator: str
    arguments: tuple[str, ...]
    lists: tuple[tuple[int, Node], ...]
    unreached: Seen


class Traced:
    """One expression, compiled so that every call is watched. Holds no state between evaluations."""

    __slots__ = ("_calls", "_literals", "fn")

    def __init__(self, root: Node) -> None:
        self.fn = enclose(root, _watch)
        self._literals: dict[str, JSON] = {}
        self._calls: list[_Call] = []
        self._add(root)

    def _add(self, node: Node) -> None:
        if node.operator:
            self._calls.append(
                _Call(
                    node.path,
                    node.operator,
                    tuple([arg.path for arg in node.args]),
                    tuple([(index, arg) for index, arg in enumerate(node.args) if isinstance(arg, ListOf)]),
                    Seen(node.path, node.operator),
                )
            )
        for index, arg in enumerate(node.args):
            if isinstance(arg, Literal):
                self._literals[arg.path] = arg.value
            elif not (isinstance(node, PerItem) and index == 1):
                self._add(arg)

    def budget(self) -> Budget:
        """A fresh budget, in which the watchers write what they see."""
        budget = Budget()
        budget.trace = self._literals.copy()
        budget.broken = set()
        return budget

    def seen(self, budget: Budget) -> tuple[Seen, ...]:
        """One for each call in document order; what was not reached says so."""
        trace, broken = budget.trace, budget.broken
        found: list[Seen] = []
        for path, operator, arguments, lists, unreached in self._calls:
            if path not in trace:
                found.append(unreached)
                continue
            values = tuple(map(trace.get, arguments))
            if lists:
                values = self._with_lists(values, lists, trace)
            if path in broken:
                found.append(Seen(path, operator, "error", None, values))
            else:
                value = trace[path]
                truth = value if value is True or value is False else truthy(value)
                found.append(Seen(path, operator, truth, value, values))
        return tuple(found)

    def _with_lists(
        self, values: tuple[JSON, ...], lists: tuple[tuple[int, Node], ...], trace: dict[str, JSON]
    ) -> tuple[JSON, ...]:
        changed = list(values)
        for index, node in lists:
            changed[index] = _items(node, trace)
        return tuple(changed)


def _items(node: Node, trace: dict[str, JSON]) -> JSON:
    """A list's items: what each came to, None where it was not reached."""
    if isinstance(node, ListOf):
        return [_items(arg, trace) for arg in node.args]
    return node.value if isinstance(node, Literal) else trace.get(node.path)


def _watch(node: Node, fn: Fn) -> Fn:
    path = node.path

    def run(data: JSON, budget: Budget) -> JSON:
        try:
            value = fn(data, budget)
        except Broken:
            budget.trace[path] = None
            budget.broken.add(path)
            raise
        budget.trace[path] = value
        return value

    return run
