"""What a variable's name can mean: the types of names, and why a name has none. Knows nothing of rules or tables."""

from __future__ import annotations

from typing import Protocol

import msgspec

from ruleyard.core.logic.facts import Facts
from ruleyard.core.logic.types import ANY, Type, of
from ruleyard.core.near import nearest
from ruleyard.core.types import JSON


class Unknown(msgspec.Struct, frozen=True):
    """Why a variable has no type: a problem's code and words, and the path that was perhaps meant."""

    code: str
    message: str
    better: str | None = None
    severity: str = "error"
    args: dict[str, JSON] = {}


def called(path: str) -> str:
    """How a message calls a variable: `first name`, `owner's email` for `related.owner_id.email`."""
    root, _, rest = path.partition(".")
    key, _, column = rest.partition(".")
    if root == "related" and column:
        return f"{key.removesuffix('_id').replace('_', ' ')}'s {column.replace('_', ' ')}"
    return rest.replace("_", " ") or path


class Names(Protocol):
    def type_of(self, path: str, facts: Facts = frozenset()) -> Type | Unknown:
        """The type of the variable at a dotted path. `facts`: what is certainly not null."""
        ...

    def whole(self) -> Type:
        """The type of all the data: `{"var": ""}`."""
        ...


def inside(found: Type, rest: str, path: str, better: str) -> Type | Unknown:
    """The type of what is below a value of this type; Unknown where nothing can be."""
    if not rest or found.open or found.kinds & {"object", "list"}:
        return ANY if rest else found
    words = f'"{better}" is {found.words()}, nothing is inside it.'
    return Unknown("unknown-variable", words, better, args={"variable": path, "suggestion": better})


def in_fields(found: Type, rest: str, base: str) -> Type | Unknown:
    """The type of what stands at the dotted path `rest` in an object whose fields are known, called `base`."""
    first, _, deeper = rest.partition(".")
    field = found.field(rest) or found.field(first)
    if field is None:
        names = [name for name, _ in found.fields]
        better = nearest(first, names)
        start = base.removesuffix(rest)
        args: dict[str, JSON] = {"variable": base}
        if better:
            args["suggestion"] = start + better
        words = f'There is no "{first}" in it. It has: {", ".join(names[:12])}.'
        return Unknown("unknown-variable", words, start + better if better else None, args=args)
    if found.field(rest) is not None or not deeper:
        return field.with_null() if found.nullable else field
    if field.fields:
        return in_fields(field, deeper, base)
    return inside(field, deeper, base, base.removesuffix(f".{deeper}"))


class ItemNames:
    """Names inside `map`, `filter`, `all`, `some`, `none`: the data is one item of the list."""

    def __init__(self, operator: str, item: Type) -> None:
        self.operator, self.item = operator, item

    def whole(self) -> Type:
        return self.item

    def type_of(self, path: str, facts: Facts = frozenset()) -> Type | Unknown:
        if self.item.fields:
            return in_fields(self.item, path, path)
        if self.item.open or self.item.kinds & {"object", "list"}:
            return ANY
        words = f'Inside "{self.operator}" there is only the item itself, {{"var": ""}}, which is {self.item.words()}.'
        return Unknown("unknown-variable", words, args={"variable": path})


class ReduceNames:
    """Names inside `reduce`: `current`, an item, and `accumulator`, what came out so far."""

    def __init__(self, item: Type, so_far: Type) -> None:
        self.item, self.so_far = item, so_far

    def whole(self) -> Type:
        return of("object")

    def type_of(self, path: str, facts: Facts = frozenset()) -> Type | Unknown:
        root, _, rest = path.partition(".")
        if root == "accumulator":
            return inside(self.so_far, rest, path, "accumulator")
        if root == "current" and rest and self.item.fields:
            return in_fields(self.item, rest, path)
        if root == "current":
            return inside(self.item, rest, path, "current")
        better = nearest(root, ("current", "accumulator"))
        args: dict[str, JSON] = {"variable": path}
        if better:
            args["suggestion"] = better
        return Unknown(
            "unknown-variable", 'Inside "reduce" there are "current" and "accumulator".', better, args=args
        )
