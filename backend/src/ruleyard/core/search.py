"""A search as values: which records of a table are sought. Pure; knows nothing of SQL, tables or types.

`record.<column>` of the where is a `Sought`, whatever else it says was evaluated before and is a `Given`. Read from an
expression by core/searchable.py, made a statement by actions/search_sql.py.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from ruleyard.core.types import JSON

Making = Literal["lower", "trim"]
Relation = Literal["===", "!==", "==", "!=", "<", "<=", ">", ">="]


class Sought(msgspec.Struct, frozen=True, tag=True):
    """`path`: what follows `record.`. `made`: what is done to its text, in this order."""

    path: str
    made: tuple[Making, ...] = ()


class Given(msgspec.Struct, frozen=True, tag=True):
    value: JSON


Term: TypeAlias = Sought | Given


class Fixed(msgspec.Struct, frozen=True, tag=True):
    """The same for every record."""

    truth: bool


class Compare(msgspec.Struct, frozen=True, tag=True):
    """At least one side is sought."""

    relation: Relation
    left: Term
    right: Term


class Within(msgspec.Struct, frozen=True, tag=True):
    """`in`: among the items of a list, or part of a text."""

    needle: Term
    stack: Term


class Edge(msgspec.Struct, frozen=True, tag=True):
    """starts_with, ends_with."""

    starts: bool
    text: Term
    part: Term


class Empty(msgspec.Struct, frozen=True, tag=True):
    term: Sought


class Truthy(msgspec.Struct, frozen=True, tag=True):
    term: Sought


class Every(msgspec.Struct, frozen=True, tag=True):
    parts: tuple[Search, ...]


class Either(msgspec.Struct, frozen=True, tag=True):
    parts: tuple[Search, ...]


class Negated(msgspec.Struct, frozen=True, tag=True):
    part: Search


Test: TypeAlias = Compare | Within | Edge | Empty | Truthy
Search: TypeAlias = Fixed | Test | Every | Either | Negated


def tests_in(search: Search) -> list[Test]:
    """Every test, in order."""
    match search:
        case Fixed():
            return []
        case Every(parts) | Either(parts):
            return [test for part in parts for test in tests_in(part)]
        case Negated(part):
            return tests_in(part)
        case _:
            return [search]


def sought_in(test: Test) -> list[Sought]:
    """The columns that a test asks about."""
    match test:
        case Compare(left=a, right=b) | Within(a, b) | Edge(text=a, part=b):
            return [term for term in (a, b) if isinstance(term, Sought)]
        case Empty(term) | Truthy(term):
            return [term]
