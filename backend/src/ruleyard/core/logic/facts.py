"""What the truth or falsehood of an expression says about null: the paths that are then certainly not null."""

from __future__ import annotations

import operator as python
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeAlias

from ruleyard.core.logic.tree import Literal, Node

Facts: TypeAlias = frozenset[str]
"""Dotted paths that hold a value."""

NONE: Facts = frozenset()

SURE: Final = "sure:"
"""Begins the facts that say more: the value at the path behind it is truthy."""

ORDERS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "<": python.lt,
    "<=": python.le,
    ">": python.gt,
    ">=": python.ge,
}

_IF_EQUAL: Final[dict[str, Facts]] = {
    "insert": frozenset({"after"}),
    "update": frozenset({"before", "after"}),
    "delete": frozenset({"before"}),
}
_IF_OTHER: Final[dict[str, Facts]] = {"insert": frozenset({"before"}), "delete": frozenset({"after"})}


def when_true(node: Node) -> Facts:
    """The paths that are not null when the expression is truthy."""
    operator, args = node.operator, node.args
    if operator == "var":
        return _sure(node)
    if operator == "and":
        return NONE.union(*(when_true(arg) for arg in args))
    if operator == "or" and args:
        return frozenset.intersection(*(when_true(arg) for arg in args))
    if operator == "!!" and args:
        return when_true(args[0])
    if operator == "!" and args:
        return when_false(args[0])
    if operator in ("!==", "!=") and len(args) == 2:
        return _against_null(args) | _of_operation(args, equal=False)
    if operator in ("===", "==", "in", "starts_with", "ends_with") and len(args) == 2:
        return (
            _against_value(args)
            | _of_operation(args, equal=operator in ("===", "=="))
            | _against_true(node, "===")
        )
    if operator in ORDERS and len(args) == 2:
        return _in_order(node, holds=True)
    if operator in ("if", "?:"):
        return _of_choice(args, when_true)
    return NONE


def when_false(node: Node) -> Facts:
    """The paths that are not null when the expression is falsy."""
    operator, args = node.operator, node.args
    if operator == "or":
        return NONE.union(*(when_false(arg) for arg in args))
    if operator == "and" and args:
        return frozenset.intersection(*(when_false(arg) for arg in args))
    if operator == "!" and args:
        return when_true(args[0])
    if operator == "!!" and args:
        return when_false(args[0])
    if operator in ("===", "==") and len(args) == 2:
        return _against_null(args) | _of_operation(args, equal=False)
    if operator in ("!==", "!=") and len(args) == 2:
        return _against_value(args) | _of_operation(args, equal=True) | _against_true(node, "!==")
    if operator == "is_empty" and args:
        return _path(args[0])
    if operator in ORDERS and len(args) == 2:
        return _in_order(node, holds=False)
    if operator == "missing":
        return _listed(args)
    if operator in ("if", "?:"):
        return _of_choice(args, when_false)
    return NONE


def _of_choice(args: Sequence[Node], learn: Callable[[Node], Facts]) -> Facts:
    """`if` with one condition: what holds on each way that can come to this outcome, and on all of them."""
    if len(args) not in (2, 3):
        return NONE
    ways: list[Facts] = []
    if not _always(args[1], falsy=learn is when_true):
        ways.append(when_true(args[0]) | learn(args[1]))
    if len(args) == 3 and not _always(args[2], falsy=learn is when_true):
        ways.append(when_false(args[0]) | learn(args[2]))
    elif len(args) == 2 and learn is when_false:
        ways.append(when_false(args[0]))
    return frozenset.intersection(*ways) if ways else NONE


def _always(node: Node, *, falsy: bool) -> bool:
    """A literal that is certainly falsy (or truthy)."""
    return isinstance(node, Literal) and (node.value in (None, False, 0, "", [])) is falsy


def _in_order(node: Node, *, holds: bool) -> Facts:
    """Empty counts as 0: where 0 would have come out otherwise, the value is not empty."""
    found = NONE
    left, right = node.args
    for arg, other in ((left, right), (right, left)):
        value = other.value if isinstance(other, Literal) else None
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            sides = (0, value) if arg is left else (value, 0)
            found |= _path(arg) if ORDERS[node.operator](*sides) is not holds else NONE
    return found


def _of_operation(args: Sequence[Node], *, equal: bool) -> Facts:
    """`event.op` says whether the record was, or is, there."""
    found = NONE
    for arg, other in ((args[0], args[1]), (args[1], args[0])):
        if isinstance(other, Literal) and isinstance(other.value, str) and _path(arg) == {"event.op"}:
            found |= (_IF_EQUAL if equal else _IF_OTHER).get(other.value, NONE)
    return found


def _listed(args: Sequence[Node]) -> Facts:
    """A list as the first argument stands for all of them: what comes behind it is not looked at."""
    first = args[0] if args else None
    if not isinstance(first, Literal):
        return NONE
    names = (
        first.value if isinstance(first.value, list) else [a.value for a in args if isinstance(a, Literal)]
    )
    return frozenset(name for name in names if isinstance(name, str))


def _path(node: Node) -> Facts:
    if node.operator != "var" or len(node.args) != 1:
        return NONE
    path = node.args[0]
    return frozenset({path.value}) if isinstance(path, Literal) and isinstance(path.value, str) else NONE


def _sure(node: Node) -> Facts:
    return _path(node) | {SURE + path for path in _path(node)}


def _against_true(node: Node, operator: str) -> Facts:
    """`=== true`, where it holds, says as much as the bare variable."""
    found = NONE
    for arg, other in (tuple(node.args), tuple(reversed(node.args))):
        if node.operator == operator and isinstance(other, Literal) and other.value is True:
            found |= _sure(arg)
    return found


def _against_null(args: Sequence[Node]) -> Facts:
    found = NONE
    for arg, other in ((args[0], args[1]), (args[1], args[0])):
        if isinstance(other, Literal) and other.value is None:
            found |= _path(arg)
    return found


def _against_value(args: Sequence[Node]) -> Facts:
    found = NONE
    for arg, other in ((args[0], args[1]), (args[1], args[0])):
        if isinstance(other, Literal) and other.value is not None:
            has_null = isinstance(other.value, list) and None in other.value
            found |= NONE if has_null else _path(arg)
    return found
