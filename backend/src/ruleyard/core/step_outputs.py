"""The types of what earlier actions gave: `steps.<id>.output.…`. Each kind's file in `actions` says the same."""

from __future__ import annotations

from typing import Final

from ruleyard.core.action_fields import FINDS
from ruleyard.core.approval import CHOICES
from ruleyard.core.column_types import column_type
from ruleyard.core.found_types import FOUND, found_type
from ruleyard.core.graph import Action, ForEach, Graph, WaitEvent, WaitFor
from ruleyard.core.logic.facts import Facts
from ruleyard.core.logic.naming import Unknown, inside
from ruleyard.core.logic.types import ANY, TOLD, Type, of
from ruleyard.core.model import Column, TableLookup, TableModel
from ruleyard.core.near import did_you_mean, nearest, suggested
from ruleyard.core.samples import in_sample
from ruleyard.core.turns import literal_people
from ruleyard.core.types import JSON
from ruleyard.core.wait_for import RECEIVED
from ruleyard.core.webhook import as_data

OUTPUTS: Final[dict[str, dict[str, Type]]] = {
    "create_record": {"key": of("object"), "record": of("object")},
    "update_record": {
        "key": of("object"),
        "before": of("object"),
        "after": of("object"),
        "rows": of("number"),
    },
    "assign": {
        "person": of("text", "number"),
        "before": ANY,
        "position": of("number", "null"),
        "kept": of("boolean"),
    },
    "call_webhook": {"status": of("number"), "body": ANY},
    "send_sms": {
        "to": of("text"),
        "sent": of("boolean"),
        "reason": of("text", "null"),
        "id": of("text", "null"),
        "parts": of("number"),
        "alphabet": of("text"),
        "status": of("number"),
    },
    "queue_call": {
        "call": of("number"),
        "position": of("number"),
        "merged": of("boolean"),
        "phone": of("text"),
        "list": of("text"),
    },
    "http_request": {"status": of("number"), "body": ANY},
    **FOUND,
    "notify": {"notified": of("number"), "to": of("text"), "title": of("text")},
    "emit_event": {"type": of("text"), "rules": of("list", item=of("text")), "started": of("number")},
    "run_rule": {"rule": of("text"), "event": of("number")},
    "make_report": {
        "report": of("number"),
        "title": of("text"),
        "file": of("text"),
        "format": of("text"),
        "rows": of("number"),
        "size": of("number"),
    },
    "ask_approval": {
        "answer": Type(frozenset({"text"}), CHOICES),
        "by": of("text", "null"),
        "comment": of("text", "null"),
        "at": of("timestamp", "null"),
    },
    "send_email": {
        "to": ANY,
        "subject": of("text"),
        "message_id": of("text"),
        "answer": ANY,
        "attachments": of("list", item=of("text")),
    },
}
_RECORDS: Final = ("key", "record", "before", "after")


def target_of(action: Action, graph: Graph) -> tuple[str | None, str | None]:
    """Connection and table that an action writes: its own fields, or else the trigger's."""
    trigger = graph.trigger
    connection = action.fields.get("connection", getattr(trigger, "connection", None))
    table = action.fields.get("table", getattr(trigger, "table", None))
    return connection if isinstance(connection, str) else None, table if isinstance(table, str) else None


def target_model(action: Action, graph: Graph, tables: TableLookup) -> TableModel | None:
    """The table that an action writes, or looks in; None where that is not known."""
    connection, name = target_of(action, graph)
    return tables(connection, name) if connection and name else None


_COUNTS: Final = ("count", "succeeded", "failed", "skipped")


def output_type(
    action: Action | WaitFor | ForEach,
    rest: str,
    graph: Graph,
    tables: TableLookup,
    facts: Facts = frozenset(),
) -> Type | Unknown:
    """The type of `steps.<id>.output.<rest>`; ANY where it cannot be known. `facts`: what is certainly not null."""
    base = f"steps.{action.id}.output"
    if isinstance(action, WaitFor):
        return _awaited_type(action, rest, graph, tables)
    parts = OUTPUTS.get(action.do) if isinstance(action, Action) else dict.fromkeys(_COUNTS, of("number"))
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
    if not isinstance(action, Action):
        return inside(parts[part], deeper, f"{base}.{rest}", f"{base}.{part}")
    if action.do in FINDS:
        return found_type(action, part, deeper, target_model(action, graph, tables), facts)
    if part in _RECORDS and deeper:
        return _in_record(action, part, deeper, graph, tables)
    if action.do == "assign" and part in ("person", "before"):
        given = _assigned(action, part, graph, tables)
        return inside(given, deeper, f"{base}.{rest}", f"{base}.{part}")
    if action.do == "send_sms" and part == "status" and action.fields.get("unless_listed") is True:
        return of("number", "null")
    if action.do == "http_request" and part == "body" and "answer" in action.fields:
        return in_sample(action.fields["answer"], deeper, f"{base}.body")
    return inside(parts[part], deeper, f"{base}.{rest}", f"{base}.{part}")


def _awaited_type(node: WaitFor, rest: str, graph: Graph, tables: TableLookup) -> Type | Unknown:
    """Of what a wait was answered by: the event's data, or the record as it was then."""
    base = f"steps.{node.id}.output"
    name = RECEIVED if isinstance(node, WaitEvent) else "after"
    part, _, deeper = rest.partition(".")
    if not part:
        return of("object")
    if part != name:
        words = f'"{node.id}" gives {name}, not "{part}".'
        args: dict[str, JSON] = {"variable": f"{base}.{part}", "suggestion": f"{base}.{name}"}
        return Unknown("unknown-variable", words, f"{base}.{name}", args=args)
    if isinstance(node, WaitEvent):
        return ANY if node.sample is None else in_sample(as_data(node.sample), deeper, f"{base}.{part}")
    trigger = graph.trigger
    table = tables(trigger.connection, trigger.table) if trigger.connection and trigger.table else None
    if table is None or not deeper:
        return TOLD if deeper else of("object")
    return _column_at({column.name: column for column in table.columns}, table, f"{base}.{part}", deeper)


def _assigned(action: Action, part: str, graph: Graph, tables: TableLookup) -> Type:
    """Whom a step chose is one of the people in its list, or who had it; who had it is what its column holds."""
    connection, name = target_of(action, graph)
    table = tables(connection, name) if connection and name else None
    column = table.column(str(action.fields.get("column"))) if table else None
    if part == "before":
        return column_type(column, nullable=True) if column else ANY
    people = literal_people(action.fields.get("people"))
    if not isinstance(people, tuple) or action.fields.get("taken") == "keep":
        return column_type(column, nullable=False) if column else OUTPUTS["assign"]["person"]
    if all(isinstance(one.person, str) for one in people):
        return Type(frozenset({"text"}), tuple(str(one.person) for one in people))
    return of(*("text" if isinstance(one.person, str) else "number" for one in people))


def _in_record(action: Action, part: str, deeper: str, graph: Graph, tables: TableLookup) -> Type | Unknown:
    table = target_model(action, graph, tables)
    if table is None:
        return TOLD
    base = f"steps.{action.id}.output.{part}"
    return _column_at(_columns_of(action, part, table), table, base, deeper)


def _column_at(columns: dict[str, Column], table: TableModel, base: str, deeper: str) -> Type | Unknown:
    first, _, rest = deeper.partition(".")
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
