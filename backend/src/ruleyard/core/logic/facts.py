"""What the truth or falsehood of an expression says about null: the paths that are then certainly not null."""

from __future__ import annotations

from typing import TypeAlias

from ruleyard.core.logic.tree import Literal, Node

Facts: TypeAlias = frozenset[str]
"""Dotted paths that hold a value."""

NONE: Facts = frozenset()


def when_true(node: Node) -> Facts:
    """The paths that are not null when the expression is truthy."""
    operator, args = node.operator, node.args
    if operator == "var":
        return _path(node)
    if operator == "and":
        return NONE.union(*(when_true(arg) for arg in args))
    if operator == "or" and args:
        return frozenset.intersection(*(when_true(arg) for arg in args))
    if operator == "!!" and args:
        return when_true(args[0])
    if operator == "!" and args:
        return when_false(args[0])
    if operator in ("!==", "!=") and len(args) == 2:
        return _against_null(args)
    if operator in ("===", "==", "in", "starts_with", "ends_with") and len(args) == 2:
        return _against_value(args)
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
        return _against_null(args)
    if operator == "is_empty":
        return _path(args[0])
    return NONE


def _path(node: Node) -> Facts:
    if node.operator != "var" or len(node.args) != 1:
        return NONE
    path = node.args[0]
    return frozenset({path.value}) if isinstance(path, Literal) and isinstance(path.value, str) else NONE


def _against_null(args: list[Node]) -> Facts:
    found = NONE
    for arg, other in ((args[0], args[1]), (args[1], args[0])):
        if isinstance(other, Literal) and other.value is None:
            found |= _path(arg)
    return found


def _against_value(args: list[Node]) -> Facts:
    found = NONE
    for arg, other in ((args[0], args[1]), (args[1], args[0])):
        if isinstance(other, Literal) and other.value is not None:
            has_null = isinstance(other.value, list) and None in other.value
            found |= NONE if has_null else _path(arg)
    return found
