"""Check what only make_report has: its columns, its time zone, and rows that are a list. Pure."""

from __future__ import annotations

from typing import Final

import msgspec

from ruleyard.core.errors import Fix, Problem
from ruleyard.core.graph import Action
from ruleyard.core.logic.tree import pointer
from ruleyard.core.logic.types import Type
from ruleyard.core.types import JSON
from ruleyard.core.zones import zone_like, zone_of

MOST_ROWS: Final = 100_000
MOST_COLUMNS: Final = {"pdf": 20}
_COLUMNS: Final = 100
_SEARCH: Final = ("connection", "table", "where", "order")
_LABEL_CHARS: Final = 200


def report_problems(action: Action, path: str) -> list[Problem]:
    """Of the fields that are no expressions. `path` leads to them."""
    return [
        *_source(action, path),
        *_columns(action, pointer(path, "columns")),
        *_zone(action, pointer(path, "zone")),
    ]


def as_search(action: Action) -> Action | None:
    """What of a report is a search of its own, as the check of searches takes it; None where it has none."""
    if "where" not in action.fields:
        return None
    fields = {name: value for name, value in action.fields.items() if name in _SEARCH}
    columns = action.fields.get("columns")
    if isinstance(columns, list) and all(map(_is_column, columns)):
        fields["columns"] = [one["key"] for one in columns if isinstance(one, dict)]
    return msgspec.structs.replace(action, fields=fields)


def _source(action: Action, path: str) -> list[Problem]:
    """Rows come from one place: a list, or a search."""
    fields, found = action.fields, list[Problem]()
    listed, sought = fields.get("rows") not in (None, ""), "where" in fields
    if listed == sought:
        words = (
            "Say which rows: a list of an earlier step (rows), or records of a table (where)."
            if not listed
            else "Rows come from a list or from a table, not from both: leave out rows or where."
        )
        code = "missing-field" if not listed else "two-sources"
        found.append(Problem(code, pointer(path, "rows"), words, node=action.id, args={"field": "rows"}))
    limit = fields.get("limit")
    if limit is not None and (
        not isinstance(limit, int) or isinstance(limit, bool) or not 1 <= limit <= MOST_ROWS
    ):
        words = f'"limit" is a whole number from 1 to {MOST_ROWS:,}.'
        args: dict[str, JSON] = {"key": "limit", "low": 1, "high": MOST_ROWS}
        found.append(Problem("out-of-range", pointer(path, "limit"), words, node=action.id, args=args))
    return found


def rows_problems(found: Type, at: str, node: str) -> list[Problem]:
    """Rows are a list; what may turn out to be none at all ends the step with an error."""
    kinds = found.kinds - {"null"}
    if not found.open and kinds and not kinds & {"list", "any"}:
        words = f"Rows are a list of records, this is {found.without_null().words()}."
        return [Problem("not-a-list", at, words, node=node)]
    return []


def _columns(action: Action, at: str) -> list[Problem]:
    value = action.fields.get("columns")
    if value is None:
        return []
    if not isinstance(value, list):
        return [Problem("not-a-list", at, "Columns are a list.", node=action.id)]
    found: list[Problem] = []
    for index, one in enumerate(value):
        if not _is_column(one):
            words = 'A column is {"key": …, "label": …}: the field of a row, and what stands above it.'
            found.append(Problem("bad-column", pointer(at, index), words, node=action.id))
    most = MOST_COLUMNS.get(str(action.fields.get("format")), _COLUMNS)
    if len(value) > most:
        words = f"At most {most} columns go into this format."
        found.append(
            Problem("too-many-columns", at, words, node=action.id, args={"most": most, "count": len(value)})
        )
    return found


def _is_column(one: JSON) -> bool:
    if not isinstance(one, dict) or not set(one) <= {"key", "label"}:
        return False
    key, label = one.get("key"), one.get("label", "")
    return isinstance(key, str) and key != "" and isinstance(label, str) and len(label) <= _LABEL_CHARS


def _zone(action: Action, at: str) -> list[Problem]:
    value = action.fields.get("zone")
    if value is None or (isinstance(value, str) and zone_of(value)):
        return []
    name = value if isinstance(value, str) else str(value)
    better = zone_like(name)
    words = f'There is no time zone "{name}" (they look like Europe/Moscow).'
    args: dict[str, JSON] = {"zone": name, **({"suggestion": better} if better else {})}
    fix = Fix(f'Use "{better}"', at, better) if better else None
    return [Problem("unknown-zone", at, words, node=action.id, args=args, fix=fix)]
