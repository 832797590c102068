"""The types of what a search gives: `found` and `record`, or `count`, `records`, `totals` and `more`.

A record is null where nothing was found; behind `found` it is not. The items of `records` are objects whose fields are
the columns, so that `filter`, `map` and whatever goes over a list know them.
"""

from __future__ import annotations

from typing import Final

from ruleyard.core.column_types import column_type
from ruleyard.core.graph import Action
from ruleyard.core.logic.facts import SURE, Facts
from ruleyard.core.logic.naming import Unknown, in_fields, inside
from ruleyard.core.logic.types import TOLD, Type, of
from ruleyard.core.model import TableModel
from ruleyard.core.near import did_you_mean, nearest, suggested
from ruleyard.core.types import JSON

ENDS: Final = ("min", "max")
TEMPORAL: Final = ("date", "time", "timestamp")
"""The totals that dates and times have, too, and the columns that hold such."""

FOUND: Final[dict[str, dict[str, Type]]] = {
    "find_record": {"found": of("boolean"), "record": of("object", "null")},
    "find_records": {
        "count": of("number"),
        "records": of("list"),
        "totals": of("object"),
        "more": of("boolean"),
    },
}


def found_type(
    action: Action, part: str, deeper: str, table: TableModel | None, facts: Facts
) -> Type | Unknown:
    """The type of `steps.<id>.output.<part>.<deeper>` of a search in `table`, None where that is not known."""
    base = f"steps.{action.id}.output"
    if part == "totals":
        return _total(action, deeper, f"{base}.totals", table)
    if part == "record":
        there = f"{SURE}{base}.found" in facts or any(
            fact == f"{base}.record" or fact.startswith(f"{base}.record.") for fact in facts
        )
        whole = record_type(action, table) if table else of("object")
        if not deeper:
            return whole if there else whole.with_null()
        found = _column(whole, deeper, f"{base}.record", table)
        return found if isinstance(found, Unknown) or there else found.with_null()
    if part == "records":
        item = record_type(action, table) if table else None
        if not deeper:
            return of("list", item=item)
        place, _, rest = deeper.partition(".")
        if not place.isdecimal() or item is None:
            return (
                TOLD
                if item is None
                else inside(of("number"), "x", f"{base}.records.{deeper}", f"{base}.records")
            )
        if not rest:
            return item.with_null()
        found = _column(item, rest, f"{base}.records.{place}", table)
        return found if isinstance(found, Unknown) else found.with_null()
    return inside(FOUND[action.do][part], deeper, f"{base}.{part}.{deeper}", f"{base}.{part}")


def record_type(action: Action, table: TableModel) -> Type:
    """An object with the columns that the search gives."""
    only = action.fields.get("columns")
    return Type(
        frozenset({"object"}),
        fields=tuple(
            (column.name, column_type(column))
            for column in table.columns
            if column.readable and (not isinstance(only, list) or not only or column.name in only)
        ),
    )


def _column(record: Type, rest: str, base: str, table: TableModel | None) -> Type | Unknown:
    if table is None:
        return TOLD
    first = rest.partition(".")[0]
    names = [name for name, _ in record.fields]
    if record.field(rest) is None and record.field(first) is None:
        better = nearest(first, names)
        words = f'This step gives no column "{first}" of {table.name}.{did_you_mean(first, names)}'
        args: dict[str, JSON] = {"column": first, "table": table.name, **suggested(first, names)}
        return Unknown("unknown-column", words, f"{base}.{better}" if better else None, args=args)
    return in_fields(record, rest, f"{base}.{rest}")


def _total(action: Action, deeper: str, base: str, table: TableModel | None) -> Type | Unknown:
    """A total of no records is empty; how many there are is 0. The first and the last date are dates."""
    totals = action.fields.get("totals")
    named = totals if isinstance(totals, dict) else {}
    if not deeper:
        return of("object")
    total = named.get(deeper)
    if deeper not in named:
        better = nearest(deeper, named)
        words = f'This step makes no total "{deeper}".{did_you_mean(deeper, named)}'
        args: dict[str, JSON] = {"variable": f"{base}.{deeper}"}
        if better:
            args["suggestion"] = f"{base}.{better}"
        return Unknown("unknown-variable", words, f"{base}.{better}" if better else None, args=args)
    kind, name = next(iter(total.items()), ("", None)) if isinstance(total, dict) else ("", None)
    if kind == "count":
        return of("number")
    if kind in ENDS:
        if table is None:
            return TOLD
        column = table.column(name) if isinstance(name, str) else None
        if column is not None and column.type in TEMPORAL:
            return column_type(column, nullable=True)
    return of("number", "null")
