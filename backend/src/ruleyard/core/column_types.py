"""The type of what a column holds, as expressions see it. Pure."""

from __future__ import annotations

from typing import Final

from ruleyard.core.logic.types import Type, of
from ruleyard.core.model import Column

_COLUMN_KINDS: Final = {
    "text": "text",
    "integer": "number",
    "number": "number",
    "boolean": "boolean",
    "date": "date",
    "timestamp": "timestamp",
    "time": "time",
    "uuid": "text",
    "json": "any",
    "array": "list",
    "other": "any",
}


def column_type(column: Column, *, nullable: bool | None = None) -> Type:
    kinds = {_COLUMN_KINDS[column.type]}
    if column.nullable if nullable is None else nullable:
        kinds.add("null")
    item = _item_type(column.db_type) if column.type == "array" else None
    return Type(frozenset(kinds), column.choices if column.type == "text" else (), item)


def _item_type(db_type: str) -> Type | None:
    """Of PostgreSQL's `text[]`, `numeric(10,2)[]`: any item can be null. None where it is not known."""
    if not db_type.endswith("[]") or db_type.endswith("[][]"):
        return None
    name = db_type[:-2].partition("(")[0].strip()
    kind = _ITEM_KINDS.get(name)
    return of(kind, "null") if kind else None


_ITEM_KINDS: Final = {
    **dict.fromkeys(("text", "character varying", "uuid", "citext"), "text"),
    **dict.fromkeys(("smallint", "integer", "bigint", "numeric", "real", "double precision"), "number"),
    "boolean": "boolean",
    "date": "date",
    **dict.fromkeys(("timestamp with time zone", "timestamp without time zone"), "timestamp"),
}
