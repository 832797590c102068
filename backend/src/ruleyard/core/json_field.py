"""A field that holds JSON of any shape with expressions in it: where they stand. Pure.

An object with exactly one key that names an operator is an expression, as everywhere; every other object and list is
looked into. `{"preserve": …}` keeps data that looks like an expression.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from ruleyard.core.logic.dialect import BY_NAME
from ruleyard.core.types import JSON

Way: TypeAlias = tuple[str | int, ...]


def expressions_in(value: JSON, way: Way = ()) -> Iterator[tuple[Way, JSON]]:
    """Every expression with the keys and indexes that lead to it, in order. The value is within a document's depth."""
    if is_expression(value):
        yield way, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from expressions_in(inner, (*way, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from expressions_in(inner, (*way, index))


def is_expression(value: JSON) -> bool:
    return isinstance(value, dict) and len(value) == 1 and next(iter(value)) in BY_NAME


def filled(value: JSON, values: dict[Way, JSON], way: Way = ()) -> JSON:
    """The same JSON with each expression's value in its place; what has no value in `values` stays as it is."""
    if way in values:
        return values[way]
    if isinstance(value, dict):
        return {key: filled(inner, values, (*way, key)) for key, inner in value.items()}
    if isinstance(value, list):
        return [filled(inner, values, (*way, index)) for index, inner in enumerate(value)]
    return value
