"""The types of what earlier actions gave: `steps.<id>.output.…`. Each kind's file in `actions` says the same."""

from __future__ import annotations

from typing import Final

from ruleyard.core.graph import Action, Graph
from ruleyard.core.logic.naming import Unknown, inside
from ruleyard.core.logic.types import ANY, TOLD, Type, of
from ruleyard.core.model import Column, TableLookup, TableModel
from ruleyard.core.near import did_you_mean, nearest, suggested
from ruleyard.core.samples import in_sample
from ruleyard.core.types import JSON

OUTPUTS: Final[dict[str, dict[str, Type]]] = {
    "create_record": {"key": of("object"), "record": of("object")},
    "update_record": {
        "key": of("object"),
        "before": of("object"),
        "after": of("object"),
        "rows": of("number"),
    },
    "call_webhook": {"status": of("number"), "body": ANY},
    "send_sms": {
        "to": of("text"),
        "id": of("text", "null"),
        "parts": of("number"),
        "alphabet": of("text"),
        "status": of("number"),
    },
    "http_request": {"status": of("number"), "body": ANY},
    "notify": {"notified": of("number"), "to": of("text"), "title": of("text")},
    "send_email": {"to": ANY, "subject": of("text"), "message_id": of("text"), "answer": ANY},
}
_RECORDS: Final = ("key", "record", "before", "after")


def target_of(action: Action, graph: Graph) -> tuple[str | None, str | None]:
    """Connection and table that an action writes: its own fields, or else the trigger's."""
    trigger = graph.trigger
    connection = action.fields.get("connection", getattr(trigger, "connection", None))
    table = action.fields.get("table", getattr(trigger, "table", None))
    return connection if isinstance(connection, str) else None, table if isinstance(table, str) else None


def output_type(action: Action, rest: str, graph: Graph, tables: TableLookup) -> Type | Unknown:
    """The type of `steps.<id>.output.<rest>`; ANY where it cannot be known."""
    base = f"steps.{action.id}.output"
    parts = OUTPUTS.get(action.do)
    if not rest or parts is None:
        return of("object") if parts else ANY
    part, _, deeper = rest.partition(".")
    if part not in parts:
        found = nearest(part, parts)
        better = f"{base}.{found}" if found else None
        words = f'"{action.id}" gives {", ".join(parts)}, not "{part}".{did_you_mean(part, parts)}'
        args: dict[str, JSON] = {"variable": f"{base}.{part}"}
        if better:
            args["suggestion"] = better
        return Unknown("unknown-variable", words, better, args=args)
    if part in _RECORDS and deeper:
        return _in_record(action, part, deeper, graph, tables)
    if action.do == "http_request" and part == "body" and "answer" in action.fields:
        return in_sample(action.fields["answer"], deeper, f"{base}.body")
    return inside(parts[part], deeper, f"{base}.{rest}", f"{base}.{part}")


def _in_record(action: Action, part: str, deeper: str, graph: Graph, tables: TableLookup) -> Type | Unknown:
    connection, name = target_of(action, graph)
    table = tables(connection, name) if connection and name else None
    if table is None:
        return TOLD
    columns = _columns_of(action, part, table)
    first, _, rest = deeper.partition(".")
    base = f"steps.{action.id}.output.{part}"
    column = columns.get(deeper) or columns.get(first)
    if column is None:
        found = nearest(first, columns)
        words = f'This step gives no column "{first}" of {table.name}.{did_you_mean(first, columns)}'
        args: dict[str, JSON] = {"column": first, "table": table.name, **suggested(first, columns)}
        return Unknown("unknown-column", words, f"{base}.{found}" if found else None, args=args)
    typed = column_type(column)
    return typed if column.name == deeper else inside(typed, rest, f"{base}.{deeper}", f"{base}.{first}")


def _columns_of(action: Action, part: str, table: TableModel) -> dict[str, Column]:
    """An update gives only the columns that it sets."""
    if part == "key":
        return {column.name: column for column in table.columns if column.name in table.key}
    given = action.fields.get("set")
    if part == "record" or not isinstance(given, dict):
        return {column.name: column for column in table.columns}
    return {column.name: column for column in table.columns if column.name in given}


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
