"""Types of expressions: which kinds of JSON value can come out. `any` is what cannot be known before it runs."""

from __future__ import annotations

from typing import Final

import msgspec

from ruleyard.core.logic.values import SAFE_INTEGER
from ruleyard.core.types import JSON


class Type(msgspec.Struct, frozen=True):
    """A set of kinds: text number boolean null date timestamp time list object any.

    `choices`: the only texts it can be (an enum). `item`: what a list holds, None where that is not known. `label`:
    how to call it in a message. `told`: nothing is known of it for a reason that is a problem already. `fields`: what
    an object has, by name; empty where that is not known.
    """

    kinds: frozenset[str]
    choices: tuple[str, ...] = ()
    item: Type | None = None
    label: str = ""
    told: bool = False
    fields: tuple[tuple[str, Type], ...] = ()

    def field(self, name: str) -> Type | None:
        """Of an object whose fields are known."""
        return dict(self.fields).get(name)

    @property
    def open(self) -> bool:
        return "any" in self.kinds

    @property
    def nullable(self) -> bool:
        return "null" in self.kinds

    def without_null(self) -> Type:
        kinds = self.kinds - {"null"}
        return msgspec.structs.replace(self, kinds=kinds) if kinds else self

    def with_null(self) -> Type:
        return msgspec.structs.replace(self, kinds=self.kinds | {"null"})

    def names(self) -> list[JSON]:
        """Its kinds but null, for translations."""
        return [*sorted(self.kinds - {"null"})] or ["null"]

    def words(self) -> str:
        """`a date`, `text`, `a number or empty`."""
        names = sorted(_NAMES[kind] for kind in self.kinds if kind != "null")
        return " or ".join([*names, *(["empty"] if self.nullable else [])])


_NAMES: Final = {
    "text": "text",
    "number": "a number",
    "boolean": "yes or no",
    "date": "a date",
    "timestamp": "a moment",
    "time": "a time of day",
    "list": "a list",
    "object": "an object",
    "any": "anything",
    "null": "empty",
}


def of(*kinds: str, item: Type | None = None) -> Type:
    return Type(frozenset(kinds), item=item)


ANY: Final = of("any")
TOLD: Final = Type(frozenset({"any"}), told=True)
TEXTUAL: Final = frozenset({"text", "date", "timestamp", "time"})
"""Kinds that are text in the data; dates and moments compare with each other and with text that looks like them."""


def union(types: list[Type]) -> Type:
    """What one of them can be."""
    if not types:
        return of("null")
    if len(types) == 1:
        return types[0]
    choices = types[0].choices if all(t.choices == types[0].choices for t in types) else ()
    items = [t.item for t in types if "list" in t.kinds or t.open]
    known = [item for item in items if item is not None]
    item = union(known) if known and len(known) == len(items) else None
    told = any(t.told for t in types)
    shapes = {t.fields for t in types if "object" in t.kinds or t.open}
    fields = shapes.pop() if len(shapes) == 1 else ()
    return Type(frozenset().union(*(t.kinds for t in types)), choices, item, told=told, fields=fields)


def inexact(value: JSON) -> int | None:
    """A whole number in a literal that a browser rounds."""
    for one in value if isinstance(value, list) else [value]:
        if type(one) is int and abs(one) > SAFE_INTEGER:
            return one
    return None


def of_literal(value: JSON) -> Type:
    if value is None:
        return of("null")
    if isinstance(value, bool):
        return of("boolean")
    if isinstance(value, (int, float)):
        return of("number")
    if isinstance(value, str):
        return of("text")
    if isinstance(value, list):
        return of("list", item=union([of_literal(item) for item in value]) if value else None)
    return of("object")


def family(kinds: frozenset[str]) -> frozenset[str]:
    """Kinds that can be compared: all dates and texts are text in the data."""
    return frozenset("text" if kind in TEXTUAL else kind for kind in kinds if kind != "null")
