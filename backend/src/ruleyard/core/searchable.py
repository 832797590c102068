"""Reads a where, one JSON Logic expression over `record.…`, into a search; says what cannot be searched for, and why.

A closed subset: and, or, !, !!, if, comparisons, in, starts_with, ends_with, is_empty over columns, their `lower` and
`trim`. A part without `record` is evaluated first, by whoever reads. Pure.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Final, NamedTuple

from ruleyard.core.logic.compile import evaluate
from ruleyard.core.logic.naming import called
from ruleyard.core.logic.tree import ListOf, Literal, Node
from ruleyard.core.logic.typecheck import variable_path
from ruleyard.core.logic.values import truthy
from ruleyard.core.search import (
    Compare,
    Edge,
    Either,
    Empty,
    Every,
    Fixed,
    Given,
    Making,
    Negated,
    Relation,
    Search,
    Sought,
    Term,
    Truthy,
    Within,
)
from ruleyard.core.types import JSON

SOUGHT: Final = "record"
"""What the sought record is called in a where."""
_START: Final = f"{SOUGHT}."
_BODIES: Final = ("map", "filter", "reduce", "all", "some", "none")
_RELATIONS: Final[dict[str, Relation]] = {
    "===": "===",
    "!==": "!==",
    "==": "==",
    "!=": "!=",
    "<": "<",
    "<=": "<=",
    ">": ">",
    ">=": ">=",
}
_MAKINGS: Final[dict[str, Making]] = {"lower": "lower", "trim": "trim"}


class Unsearchable(NamedTuple):
    """A part that no search is made of. `part`: what it is: operator, whole, default, constant."""

    at: Node
    part: str
    message: str


def asks_record(node: Node) -> bool:
    """Does an expression read the sought record? The body of a list operator has an item of its own."""
    if node.operator == "var":
        path = variable_path(node)
        own = path is not None and (path == SOUGHT or path.startswith(_START))
        return own or any(asks_record(arg) for arg in node.args)
    if node.operator in ("missing", "missing_some"):
        return any(_names_record(arg) for arg in node.args)
    args = (*node.args[:1], *node.args[2:]) if node.operator in _BODIES else node.args
    return any(asks_record(arg) for arg in args)


def _names_record(node: Node) -> bool:
    value = node.value if isinstance(node, Literal) else None
    names = value if isinstance(value, list) else [value]
    return any(isinstance(name, str) and (name == SOUGHT or name.startswith(_START)) for name in names)


class SearchReader:
    """`given` evaluates a part without `record`. `wrong` grows; what is wrong is read as if it held."""

    def __init__(self, given: Callable[[Node], JSON]) -> None:
        self._given = given
        self.wrong: list[Unsearchable] = []

    def read(self, node: Node) -> Search:
        """The search that an expression stands for, where its truth is asked."""
        operator, args = node.operator, node.args
        if not asks_record(node):
            return Fixed(truthy(self._given(node)))
        if operator == "and":
            return Every(tuple(self.read(arg) for arg in args))
        if operator == "or":
            return Either(tuple(self.read(arg) for arg in args))
        if operator == "!":
            return Negated(self.read(args[0]))
        if operator == "!!":
            return self.read(args[0])
        if operator in ("if", "?:"):
            return self._choice(list(args))
        if operator in _RELATIONS:
            terms = [self._term(arg) for arg in args]
            pairs = tuple(self._pair(_RELATIONS[operator], a, b) for a, b in pairwise(terms))
            return pairs[0] if len(pairs) == 1 else Every(pairs)
        if operator == "in" and isinstance(args[1], ListOf):
            needle = self._term(args[0])
            return Either(tuple(self._pair("===", needle, self._term(one)) for one in args[1].args))
        if operator == "in":
            return Within(self._term(args[0]), self._term(args[1]))
        if operator in ("starts_with", "ends_with"):
            return Edge(operator == "starts_with", self._term(args[0]), self._term(args[1]))
        term = self._term(args[0] if operator == "is_empty" else node)
        if isinstance(term, Given):
            return Fixed(truthy(term.value))
        return Empty(term) if operator == "is_empty" else Truthy(term)

    def _pair(self, relation: Relation, left: Term, right: Term) -> Search:
        """Two given values come from a chain, or a list, or stand for what is wrong."""
        if isinstance(left, Given) and isinstance(right, Given):
            outcome = evaluate({relation: [literal(left.value), literal(right.value)]}, None)
            return Fixed(outcome.error is None and truthy(outcome.value))
        return Compare(relation, left, right)

    def _choice(self, args: list[Node]) -> Search:
        """`if`: each value where its condition holds and none before it did; nothing where none does."""
        ways: list[Search] = []
        before: tuple[Search, ...] = ()
        while len(args) > 1:
            condition, value, *args = args
            asked = self.read(condition)
            ways.append(Every((*before, asked, self.read(value))))
            before = (*before, Negated(asked))
        if args:
            ways.append(Every((*before, self.read(args[0]))))
        return Either(tuple(ways))

    def _term(self, node: Node) -> Term:
        if not asks_record(node):
            return Given(self._given(node))
        made: list[Making] = []
        inner = node
        while inner.operator in _MAKINGS:
            made.insert(0, _MAKINGS[inner.operator])
            inner = inner.args[0]
        if inner.operator != "var":
            return self._refuse(inner, "operator", f'"{inner.operator}" of a sought record')
        path = variable_path(inner)
        if path is None or not path.startswith(_START):
            return self._refuse(inner, "whole", "The whole sought record")
        if len(inner.args) > 1:
            name = called(path)
            return self._refuse(inner, "default", f'"{name}" with a value that stands in for an empty one')
        return Sought(path.removeprefix(_START), tuple(made))

    def _refuse(self, at: Node, part: str, what: str) -> Given:
        words = (
            f"{what} cannot be searched for: compare a column of the record as it is with a value. "
            "What is calculated goes to the other side."
        )
        self.wrong.append(Unsearchable(at, part, words))
        return Given(None)


def literal(value: JSON) -> JSON:
    """A value written so that nothing in it is taken for an expression."""
    return {"preserve": value} if _holds_object(value) else value


def _holds_object(value: JSON) -> bool:
    if isinstance(value, dict):
        return True
    return isinstance(value, list) and any(_holds_object(item) for item in value)
