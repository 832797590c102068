"""The shapes that most conditions are made of, with nothing between them and the answer.

A value against a literal; and, most of all, a column (`after.status`) against one. Every closure here says what the
general one of its operator would say, errors included: where a value is not of the expected type, that one is asked.
"""

from __future__ import annotations

import operator as python
from collections.abc import Callable
from typing import Any, Final, TypeAlias, TypeGuard

from ruleyard.core.logic.budget import Budget
from ruleyard.core.logic.operators.data import ABSENT, fixed_keys, reader
from ruleyard.core.logic.tree import Fn, Node, enclose
from ruleyard.core.logic.values import SAFE_INTEGER
from ruleyard.core.types import JSON

MIRRORED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}

ORDERS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "<": python.lt,
    "<=": python.le,
    ">": python.gt,
    ">=": python.ge,
}

HIGH: Final = SAFE_INTEGER
LOW: Final = -SAFE_INTEGER

Slow: TypeAlias = Callable[[JSON], bool]
"""The general answer for a value that was read."""


def plain_number(value: JSON) -> TypeGuard[int | float]:
    """A number that whole numbers and floats compare with alike."""
    return (type(value) is int or type(value) is float) and -SAFE_INTEGER < value < SAFE_INTEGER


def place(node: Node) -> tuple[tuple[str, str] | None, Fn]:
    """The two keys of a variable like `after.status`, if it is one; and the closure of the node, whatever it is."""
    keys = fixed_keys(node)
    if not keys:
        return None, enclose(node, None)
    return (keys if len(keys) == 2 else None), reader(keys)


def same_as_null(node: Node, equal: bool) -> Fn:
    keys, read = place(node)
    if keys is None:
        return (lambda d, b: read(d, b) is None) if equal else (lambda d, b: read(d, b) is not None)
    first, second = keys

    def is_null(data: Any, budget: Budget) -> JSON:
        try:
            return data[first][second] is None
        except ABSENT:
            return read(data, budget) is None

    def is_not_null(data: Any, budget: Budget) -> JSON:
        try:
            return data[first][second] is not None
        except ABSENT:
            return read(data, budget) is not None

    return is_null if equal else is_not_null


def same_as_text(node: Node, text: str, equal: bool) -> Fn:
    keys, read = place(node)
    if keys is None:
        return (lambda d, b: read(d, b) == text) if equal else (lambda d, b: read(d, b) != text)
    first, second = keys

    def is_text(data: Any, budget: Budget) -> JSON:
        try:
            return data[first][second] == text  # type: ignore[no-any-return]
        except ABSENT:
            return read(data, budget) == text

    def is_not_text(data: Any, budget: Budget) -> JSON:
        try:
            return data[first][second] != text  # type: ignore[no-any-return]
        except ABSENT:
            return read(data, budget) != text

    return is_text if equal else is_not_text


def same_as_number(node: Node, number: float, equal: bool) -> Fn:
    """true and false are no numbers, though Python thinks so."""
    _, read = place(node)

    def is_number(data: JSON, budget: Budget) -> JSON:
        seen = read(data, budget)
        return seen == number and type(seen) is not bool

    def is_not_number(data: JSON, budget: Budget) -> JSON:
        seen = read(data, budget)
        return seen != number or type(seen) is bool

    return is_number if equal else is_not_number


def same_as_boolean(node: Node, value: bool, equal: bool) -> Fn:
    _, read = place(node)
    return (lambda d, b: read(d, b) is value) if equal else (lambda d, b: read(d, b) is not value)


def _less(first: str, second: str, read: Fn, number: float, slow: Slow) -> Fn:
    def less(data: Any, budget: Budget) -> JSON:
        try:
            seen = data[first][second]
        except ABSENT:
            seen = read(data, budget)
        if (type(seen) is int or type(seen) is float) and LOW < seen < HIGH:
            return seen < number
        return slow(seen)

    return less


def _at_most(first: str, second: str, read: Fn, number: float, slow: Slow) -> Fn:
    def at_most(data: Any, budget: Budget) -> JSON:
        try:
            seen = data[first][second]
        except ABSENT:
            seen = read(data, budget)
        if (type(seen) is int or type(seen) is float) and LOW < seen < HIGH:
            return seen <= number
        return slow(seen)

    return at_most


def _more(first: str, second: str, read: Fn, number: float, slow: Slow) -> Fn:
    def more(data: Any, budget: Budget) -> JSON:
        try:
            seen = data[first][second]
        except ABSENT:
            seen = read(data, budget)
        if (type(seen) is int or type(seen) is float) and LOW < seen < HIGH:
            return seen > number
        return slow(seen)

    return more


def _at_least(first: str, second: str, read: Fn, number: float, slow: Slow) -> Fn:
    def at_least(data: Any, budget: Budget) -> JSON:
        try:
            seen = data[first][second]
        except ABSENT:
            seen = read(data, budget)
        if (type(seen) is int or type(seen) is float) and LOW < seen < HIGH:
            return seen >= number
        return slow(seen)

    return at_least


_ORDERED: Final = {"<": _less, "<=": _at_most, ">": _more, ">=": _at_least}


def ordered(node: Node, operator: str, number: float, slow: Slow) -> Fn:
    """`node (operator) number`. Numbers beyond what a float holds exactly are left to `slow`, as all other values."""
    keys, read = place(node)
    if keys is None:
        return _ordered_value(read, operator, number, slow)
    return _ORDERED[operator](*keys, read, number, slow)


def _ordered_value(read: Fn, operator: str, number: float, slow: Slow) -> Fn:
    holds = ORDERS[operator]

    def run(data: JSON, budget: Budget) -> JSON:
        seen: Any = read(data, budget)
        if (type(seen) is int or type(seen) is float) and LOW < seen < HIGH:
            return holds(seen, number)
        return slow(seen)

    return run


def among_texts(node: Node, texts: frozenset[str]) -> Fn:
    keys, read = place(node)

    def among(data: JSON, budget: Budget) -> JSON:
        seen = read(data, budget)
        return type(seen) is str and seen in texts

    if keys is None:
        return among
    first, second = keys

    def column_among(data: Any, budget: Budget) -> JSON:
        try:
            return data[first][second] in texts
        except ABSENT:  # or a list or an object, which no set can hold
            return among(data, budget)

    return column_among
