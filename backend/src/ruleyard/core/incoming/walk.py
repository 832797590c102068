"""Walks over the names in a rule document as it was written, whole or not, and puts others in their place.

One walk serves both: who only wants to know the names gives back what he is asked about. Knows where names stand
(trigger, fields of actions, paths of expressions); knows nothing of which names exist.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Protocol

from ruleyard.core.action_fields import BY_NAME, FINDS, field_kind
from ruleyard.core.json_field import expressions_in, filled
from ruleyard.core.logic.tree import pointer
from ruleyard.core.types import JSON, JSONObject

_INNER: Final = frozenset(("map", "filter", "all", "some", "none", "reduce"))
"""Operators whose second argument sees an item of a list, not the rule's names."""
_RECORDS: Final = frozenset(("before", "after", "record", "key"))
_WRITES: Final = ("update_record", "create_record", "assign")
_TABLED: Final = (*_WRITES, *FINDS, "make_report")
"""Actions whose fields may name a table of their own."""
_SOUGHT: Final = (("make_report", "where"), ("make_report", "order"), ("make_report", "limit"))

Path = Callable[[str], str]
At = tuple[str, str]
"""A name's node and JSON Pointer."""
Table = tuple[str, str]
"""Connection and table, as the document writes them."""


class Names(Protocol):
    """What a name becomes. All arguments are as the document writes them."""

    def connection(self, name: str, kind: str, at: At) -> str: ...

    def table(self, table: Table, at: At) -> Table: ...

    def field(self, table: Table, name: str, at: At, literal: JSON) -> str:
        """A column. `literal`: what it is compared with or set to, None where that is not known."""
        ...

    def related(self, table: Table, key: str, name: str, at: At) -> str:
        """A column of the record that the foreign key `key` leads to."""
        ...


def walked(document: JSONObject, names: Names) -> JSONObject:
    """The document with every name replaced by what `names` says. The document itself is not changed."""
    nodes = document.get("nodes")
    if not isinstance(nodes, list):
        return document
    trigger = next((n for n in nodes if isinstance(n, dict) and n.get("kind") == "trigger"), {})
    home = (_text(trigger, "connection"), _text(trigger, "table"))
    written: dict[str, Table] = {}
    for node in nodes:
        fields = node.get("fields") if isinstance(node, dict) else None
        if isinstance(node, dict) and isinstance(fields, dict) and node.get("do") in _TABLED:
            written[str(node.get("id"))] = _table_of(fields, home)
    made: list[JSON] = []
    for index, node in enumerate(nodes):
        path = f"/nodes/{index}"
        logic = _Logic(home, written, names, str(node.get("id", "")) if isinstance(node, dict) else "")
        made.append(_node(node, path, logic) if isinstance(node, dict) else node)
    return {**document, "nodes": made}


def _text(value: JSON, key: str) -> str:
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, str) else ""


def _table_of(fields: JSONObject, home: Table) -> Table:
    return (_text(fields, "connection") or home[0], _text(fields, "table") or home[1])


def _node(node: JSONObject, path: str, logic: _Logic) -> JSONObject:
    match node.get("kind"):
        case "trigger":
            return _trigger(node, path, logic)
        case "condition" if "logic" in node:
            return {**node, "logic": logic.walk(node["logic"], f"{path}/logic")}
        case "wait":
            asked = {name: node[name] for name in ("until", "where", "logic") if name in node}
            return {**node, **{name: logic.walk(value, f"{path}/{name}") for name, value in asked.items()}}
        case "choose" if isinstance(node.get("ways"), list):
            return {**node, "ways": _ways(node["ways"], f"{path}/ways", logic)}
        case "for_each" if "over" in node:
            return {**node, "over": logic.walk(node["over"], f"{path}/over")}
        case "action" if isinstance(node.get("fields"), dict):
            return {**node, "fields": _fields(node, f"{path}/fields", logic)}
        case _:
            return node


def _ways(ways: JSON, path: str, logic: _Logic) -> list[JSON]:
    return [
        {**way, "logic": logic.walk(way["logic"], f"{path}/{index}/logic")}
        if isinstance(way, dict) and "logic" in way
        else way
        for index, way in enumerate(ways if isinstance(ways, list) else [])
    ]


def _trigger(node: JSONObject, path: str, logic: _Logic) -> JSONObject:
    starts = ("change", "manual", "date", "schedule")
    if node.get("on") not in starts or ("table" not in node and "connection" not in node):
        return node
    home, names, step = logic.home, logic.names, logic.step
    if home[0]:
        names.connection(home[0], "postgres", (step, f"{path}/connection"))
    connection, table = names.table(home, (step, f"{path}/table"))
    made: JSONObject = {**node, "connection": connection, "table": table}
    columns = node.get("columns")
    if isinstance(columns, list):
        made["columns"] = [
            names.field(home, one, (step, f"{path}/columns/{index}"), None) if isinstance(one, str) else one
            for index, one in enumerate(columns)
        ]
    if isinstance(node.get("column"), str) and node["on"] == "date":
        made["column"] = names.field(home, _text(node, "column"), (step, f"{path}/column"), None)
    return made


def _fields(node: JSONObject, path: str, logic: _Logic) -> JSONObject:
    fields, names, step = node["fields"], logic.names, logic.step
    assert isinstance(fields, dict)  # noqa: S101 - the caller looked
    made: JSONObject = {}
    tabled, writes = node.get("do") in _TABLED, node.get("do") in _WRITES
    table = _table_of(fields, logic.home)
    for name, value in fields.items():
        at = pointer(path, name)
        if name == "connection" and isinstance(value, str):
            made[name] = names.connection(value, _connection_kind(node.get("do")), (step, at))
        elif name == "table" and tabled:
            made[name] = value
        elif node.get("do") in FINDS or (node.get("do"), name) in _SOUGHT:
            made[name] = _sought(name, value, at, table, logic)
        elif name in ("set", "key") and isinstance(value, dict) and writes:
            made[name] = _columns(value, at, table, logic)
        elif name in ("column", "count_column", "count_where") and node.get("do") == "assign":
            there = table if name == "column" else (table[0], _text(fields, "count_table") or table[1])
            made[name] = (
                _columns(value, at, there, logic)
                if isinstance(value, dict)
                else names.field(there, value, (step, at), None)
                if isinstance(value, str)
                else value
            )
        elif name == "count_table" and isinstance(value, str) and node.get("do") == "assign":
            made[name] = names.table((table[0], value), (step, at))[1]
        elif field_kind(str(node.get("do")), name) in ("sample", "report_columns"):
            made[name] = value
        elif field_kind(str(node.get("do")), name) == "json":
            parts = expressions_in(value)
            made[name] = filled(value, {way: logic.walk(one, pointer(at, *way)) for way, one in parts})
        elif name in ("headers", "payload", "query", "record") and isinstance(value, dict):
            made[name] = {key: logic.walk(one, pointer(at, key)) for key, one in value.items()}
        else:
            made[name] = logic.walk(value, at)
    if tabled and isinstance(fields.get("table"), str):
        connection, made["table"] = names.table(table, (step, f"{path}/table"))
        if "connection" in made or (logic.home[0] and connection != names.table(logic.home, (step, path))[0]):
            made["connection"] = connection
    return made


def _sought(name: str, value: JSON, at: str, table: Table, logic: _Logic) -> JSON:
    """A field of a search: the where, or names of columns."""

    def column(one: JSON, *way: str | int) -> JSON:
        return (
            logic.names.field(table, one, (logic.step, pointer(at, *way)), None)
            if isinstance(one, str)
            else one
        )

    if name == "where":
        return _Logic(logic.home, logic.written, logic.names, logic.step, table).walk(value, at)
    if name == "columns" and isinstance(value, list):
        return [column(one, index) for index, one in enumerate(value)]
    if name == "order" and isinstance(value, dict) and "column" in value:
        return {**value, "column": column(value["column"], "column")}
    if name == "totals" and isinstance(value, dict):
        return {
            key: {kind: column(one, key, kind) for kind, one in total.items()}
            if isinstance(total, dict)
            else total
            for key, total in value.items()
        }
    return value


def _connection_kind(do: JSON) -> str:
    info = BY_NAME.get(do) if isinstance(do, str) else None
    kinds = [field.connection_kind for field in info.fields if field.connection_kind] if info else []
    return kinds[0] if kinds else "smtp"


def _columns(value: JSONObject, path: str, table: Table, logic: _Logic) -> JSONObject:
    """Two names that become one would lose a value: the second then stays as it was."""
    made: JSONObject = {}
    for key, one in value.items():
        at = pointer(path, key)
        new = logic.names.field(table, key, (logic.step, at), None if isinstance(one, dict) else one)
        made[key if new in made else new] = logic.walk(one, at)
    return made


class _Logic:
    """Expressions of one node."""

    def __init__(
        self, home: Table, written: dict[str, Table], names: Names, step: str, sought: Table | None = None
    ) -> None:
        """`sought`: where the records are looked for that `record` stands for."""
        self.home, self.written, self.names, self.step, self.sought = home, written, names, step, sought

    def walk(self, value: JSON, path: str) -> JSON:
        return _walk(value, path, self.path, self.column)

    def column(self, name: str, at: str) -> str:
        return self.names.field(self.home, name, (self.step, at), None)

    def path(self, path: str, at: str, literal: JSON) -> str:
        """A variable's path with our names in it."""
        root, _, rest = path.partition(".")
        first, _, deeper = rest.partition(".")
        where = (self.step, at)
        tail = f".{deeper}" if deeper else ""
        if root in ("before", "after") and first:
            return f"{root}.{self.names.field(self.home, first, where, None if deeper else literal)}{tail}"
        if root == "record" and first and self.sought:
            return f"record.{self.names.field(self.sought, first, where, None if deeper else literal)}{tail}"
        if root == "event" and first == "key" and deeper:
            return f"event.key.{self.names.field(self.home, deeper, where, literal)}"
        if root == "related" and first:
            key = self.names.field(self.home, first, where, None)
            if not deeper:
                return f"related.{key}"
            field, _, more = deeper.partition(".")
            new = self.names.related(self.home, first, field, where)
            return f"related.{key}.{new}" + (f".{more}" if more else "")
        if root == "steps" and first in self.written:
            return self._output(path, where)
        return path

    def _output(self, path: str, where: At) -> str:
        """`steps.<id>.output.<before|after|record|key>.<column>`."""
        parts: list[str] = path.split(".")
        if len(parts) > 4 and parts[2] == "output" and parts[3] in _RECORDS:
            parts[4] = self.names.field(self.written[parts[1]], parts[4], where, None)
        return ".".join(parts)


def walked_logic(value: JSON, path: Path) -> JSON:
    """An expression with each variable's path replaced, outside the bodies of list operators."""
    return _walk(value, "", lambda one, at, literal: path(one), lambda one, at: one)


def _walk(
    value: JSON, at: str, path: Callable[[str, str, JSON], str], column: Callable[[str, str], str]
) -> JSON:
    if isinstance(value, list):
        return [_walk(one, f"{at}/{index}", path, column) for index, one in enumerate(value)]
    if not isinstance(value, dict) or len(value) != 1:
        return value
    [(operator, body)] = value.items()
    here = pointer(at, operator)
    if operator == "preserve":
        return value
    if operator == "var":
        return {operator: _var(body, here, None, path, column)}
    if operator in ("missing", "missing_some"):
        return {operator: _paths(body, here, path)}
    if not isinstance(body, list):
        return {operator: _walk(body, here, path, column)}
    made: list[Any] = []
    for index, one in enumerate(body):
        place = f"{here}/{index}"
        if operator in _INNER and index == 1:
            made.append(one)
        elif operator == "in" and index == 0 and isinstance(one, str) and body[1:2] == [{"var": "changed"}]:
            made.append(column(one, place))
        elif isinstance(one, dict) and len(one) == 1 and "var" in one:
            literal = next((other for other in body if not isinstance(other, dict)), None)
            made.append({"var": _var(one["var"], f"{place}/var", literal, path, column)})
        else:
            made.append(_walk(one, place, path, column))
    return {operator: made}


def _var(
    body: JSON,
    at: str,
    literal: JSON,
    path: Callable[[str, str, JSON], str],
    column: Callable[[str, str], str],
) -> JSON:
    if isinstance(body, str):
        return path(body, at, literal)
    if isinstance(body, list) and body and isinstance(body[0], str):
        rest = [_walk(one, f"{at}/{index}", path, column) for index, one in enumerate(body[1:], 1)]
        return [path(body[0], f"{at}/0", literal), *rest]
    return body


def _paths(body: JSON, at: str, path: Callable[[str, str, JSON], str]) -> JSON:
    if isinstance(body, str):
        return path(body, at, None)
    if isinstance(body, list):
        return [_paths(one, f"{at}/{index}", path) for index, one in enumerate(body)]
    return body
