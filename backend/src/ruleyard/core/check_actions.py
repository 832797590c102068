"""Check one action: its kind, its fields, the columns it writes, the connection it goes through."""

from __future__ import annotations

from collections.abc import Container
from typing import Final, get_args
from typing import Literal as OneOf

import msgspec

from ruleyard.core.action_fields import BY_NAME, FINDS, ActionInfo, FieldInfo
from ruleyard.core.approval import named_in
from ruleyard.core.check_assign import AssignChecks
from ruleyard.core.check_find import find_problems
from ruleyard.core.check_mail import attachment_problems, message_problems
from ruleyard.core.check_phone import phone_problems
from ruleyard.core.check_report import as_search, report_problems, rows_problems
from ruleyard.core.check_starting import starting_problems
from ruleyard.core.check_web import web_problems
from ruleyard.core.column_types import column_type
from ruleyard.core.errors import Fix, Problem
from ruleyard.core.graph import Action, Graph
from ruleyard.core.json_field import expressions_in
from ruleyard.core.known_connections import connection_problem
from ruleyard.core.logic.facts import Facts
from ruleyard.core.logic.moments import is_date
from ruleyard.core.logic.problems import root_of
from ruleyard.core.logic.tree import Literal, pointer
from ruleyard.core.logic.typecheck import Scope, converted
from ruleyard.core.logic.types import Type, family
from ruleyard.core.mail_address import has_its_form
from ruleyard.core.model import Column, Known, TableLookup, TableModel
from ruleyard.core.names import RuleNames
from ruleyard.core.near import did_you_mean, nearest, suggested
from ruleyard.core.step_outputs import target_of
from ruleyard.core.types import JSON, JSONObject, Role

EVERYBODY: Final = ("everyone", *get_args(Role))


def check_action(
    action: Action, path: str, graph: Graph, names: RuleNames, tables: TableLookup, known: Known, facts: Facts
) -> list[Problem]:
    """All problems of the action at `path`. `facts`: what is not null on every way here."""
    info = BY_NAME.get(action.do)
    if info is None:
        better = nearest(action.do, BY_NAME)
        words = f'There is no action "{action.do}".{did_you_mean(action.do, BY_NAME)} Known are: {", ".join(BY_NAME)}.'
        fix = Fix(f'Use "{better}"', f"{path}/do", better) if better else None
        args: JSONObject = {"action": action.do, "choices": [*BY_NAME], **suggested(action.do, BY_NAME)}
        return [Problem("unknown-action", f"{path}/do", words, node=action.id, args=args, fix=fix)]
    return _Check(action, info, f"{path}/fields", graph, names, tables, known, facts).run()


class _Check(AssignChecks):
    def __init__(
        self,
        action: Action,
        info: ActionInfo,
        path: str,
        graph: Graph,
        names: RuleNames,
        tables: TableLookup,
        known: Known,
        facts: Facts,
    ) -> None:
        self.action, self.info, self.path, self.graph = action, info, path, graph
        self.names, self.tables, self.known, self.facts = names, tables, known, facts
        self.problems: list[Problem] = []

    def add(
        self,
        code: str,
        path: str,
        message: str,
        args: JSONObject,
        fix: tuple[str, JSON] | None = None,
        *,
        warn: bool = False,
    ) -> None:
        mend = Fix(fix[0], path, fix[1]) if fix else None
        severity: OneOf["error", "warning"] = "warning" if warn else "error"
        self.problems.append(Problem(code, path, message, severity, self.action.id, args, mend))

    def run(self) -> list[Problem]:
        fields = self.action.fields
        if self.action.timeout is not None and not self.info.timeout:
            words = f'"{self.info.label}" waits for no other system: it has no time-out of its own.'
            path = f"{self.path.removesuffix('/fields')}/timeout"
            self.add("no-timeout-here", path, words, {"action": self.action.do})
        known = [field.name for field in self.info.fields]
        for name in fields:
            if name not in known:
                words = f'"{self.info.label}" has no field "{name}".{did_you_mean(name, known)}'
                self.add(
                    "unknown-field", pointer(self.path, name), words, {"key": name, **suggested(name, known)}
                )
        for field in self.info.fields:
            value = fields.get(field.name)
            if field.required and value in (None, "", {}, []):
                words = f'"{self.info.label}" needs "{field.label}".'
                self.add("missing-field", pointer(self.path, field.name), words, {"field": field.name})
            elif field.name in fields:
                self._field(field, value)
        if self.info.name in ("update_record", "create_record"):
            self._write(fields)
        search = as_search(self.action) if self.info.name == "make_report" else self.action
        if search is not None and (self.info.name in FINDS or search is not self.action):
            around = (self.graph, self.names, self.tables, self.known, self.facts)
            self.problems.extend(find_problems(search, self.path, *around))
        if self.info.name == "assign":
            self._people(fields)
        if self.info.name == "send_email":
            self._mail(fields)
            self.problems += message_problems(self.action, self.path)
        if self.info.name == "send_sms":
            self._sms(fields)
        self.problems += phone_problems(self.action, self.path, self.known)
        self.problems += web_problems(self.action, self.path)
        self.problems.extend(starting_problems(self.action, self.path, self.graph, self.tables, self.known))
        if self.info.name == "make_report":
            self.problems += report_problems(self.action, self.path)
        if self.info.name == "ask_approval" and self.known.people is not None:
            self._asked(fields)
        if self.info.name == "notify" and self.known.people is not None:
            self._told(fields, self.known.people)
        return self.problems

    def _field(self, field: FieldInfo, value: JSON) -> None:
        at = pointer(self.path, field.name)
        if field.kind in ("expression", "html"):
            found, _ = self._expression(value, at)
            is_rows = (self.info.name, field.name) == ("make_report", "rows")
            if is_rows and found is not None and value != "":
                self.problems += rows_problems(found, at, self.action.id)
        elif field.kind == "json":
            for way, expression in expressions_in(value):
                found, _ = self._expression(expression, pointer(at, *way))
                if (self.info.name, field.name) == ("send_email", "attachments") and found is not None:
                    self.problems += attachment_problems(found, pointer(at, *way), self.action.id)
        elif (field.kind == "named" or field.name == "record") and isinstance(value, dict):
            for key, expression in value.items():
                self._expression(expression, pointer(at, key))
        elif field.kind == "word" and value not in field.choices:
            words = f'"{field.label}" is one of: {", ".join(field.choices)}.'
            args: JSONObject = {
                "key": field.name,
                "choices": [*field.choices],
                **suggested(value, field.choices),
            }
            self.add("unknown-word", at, words, args)
        elif field.kind == "connection" and isinstance(value, str) and field.connection_kind:
            problem = connection_problem(value, field.connection_kind, self.known, at, self.action.id)
            if problem:
                self.problems.append(problem)

    def _expression(self, value: JSON, at: str) -> tuple[Type | None, bool]:
        """The type of an expression and whether it is a literal; its problems are added."""
        root = root_of(value)
        if root is None:
            return None, False
        scope = Scope(self.names, at, self.action.id, value, self.facts)
        found = root.typecheck(scope)
        self.problems.extend(scope.problems)
        return found, isinstance(root, Literal)

    def _mail(self, fields: JSONObject) -> None:
        at, servers = pointer(self.path, "connection"), self._of_kind("smtp")
        if "connection" not in fields and not servers:
            words = "There is no mail server yet: make a connection of kind smtp first."
            self.add("no-mail-server", at, words, {})
        elif "connection" not in fields and len(servers) > 1:
            words = f"There are several mail servers; say which: {', '.join(servers)}."
            self.add("which-mail-server", at, words, {"choices": [*servers]}, _first_of(servers))

    def _sms(self, fields: JSONObject) -> None:
        at, providers = pointer(self.path, "connection"), self._of_kind("sms")
        if "connection" not in fields and not providers:
            words = "There is no SMS provider yet: make a connection of kind sms first."
            self.add("no-sms-provider", at, words, {})
        elif "connection" not in fields and len(providers) > 1:
            words = f"There are several SMS providers; say which: {', '.join(providers)}."
            self.add("which-sms-provider", at, words, {"choices": [*providers]}, _first_of(providers))

    def _asked(self, fields: JSONObject) -> None:
        """People who are named outright: an account, a role, or an address that mail can reach."""
        to = fields.get("to")
        named = [to] if isinstance(to, str) else to if isinstance(to, list) else []
        for one in [who for text in named if isinstance(text, str) for who in named_in(text)]:
            at = pointer(self.path, "to")
            if one in EVERYBODY or one.lower() in (self.known.people or ()):
                continue
            if "@" not in one:
                words = f'"{one}" is nobody: write an e-mail address, a role or "everyone".'
                self.add("unknown-person", at, words, {"person": one, "choices": [*EVERYBODY]})
            elif "connection" not in fields:
                words = f"{one} has no account here, and without a mail server nobody would be asked."
                self.add("person-needs-mail", at, words, {"person": one})

    def _told(self, fields: JSONObject, people: Container[str]) -> None:
        """Somebody who is named outright: an account may still be made, anything else never is one."""
        to = fields.get("to")
        one = to.strip() if isinstance(to, str) else ""
        if not one or one in EVERYBODY or one.lower() in people:
            return
        words = f'"{one}" is nobody: write the e-mail address of an account, a role or "everyone".'
        args: JSONObject = {"person": one, "choices": [*EVERYBODY]}
        self.add("unknown-person", pointer(self.path, "to"), words, args, warn=has_its_form(one))

    def _of_kind(self, kind: str) -> list[str]:
        return [name for name, its_kind in self.known.connections.items() if its_kind == kind]

    def _write(self, fields: JSONObject) -> None:
        table = self._written(fields)
        if table is None:
            return
        self._columns(fields.get("set"), "set", table, writes=True)
        if self.info.name == "create_record":
            self._required_columns(fields.get("set"), table)
        else:
            self._which(fields, table)

    def _which(self, fields: JSONObject, table: TableModel) -> None:
        if "key" in fields:
            self._columns(fields["key"], "key", table, writes=False)
        elif not self._target()[2]:
            words = f"Say which record of {table.name}: a value for {', '.join(table.key) or 'its key'}."
            self.add("missing-field", pointer(self.path, "key"), words, {"field": "key"})

    def _written(self, fields: JSONObject) -> TableModel | None:
        """The table that is written; None where there is none, which is a problem, or where it cannot be known."""
        connection, name, _ = self._target()
        if connection is None or name is None:
            words = (
                "This trigger has no record to change: say the connection, the table and the record (key)."
            )
            self.add("no-record", pointer(self.path, "table"), words, {"part": "write"})
            return None
        if (
            "connection" not in fields
            and "table" in fields
            and self.known.connections.get(connection) != "postgres"
        ):
            return None
        return self._known_table(connection, name, "table")

    def _known_table(self, connection: str, name: str, field: str) -> TableModel | None:
        table = self.tables(connection, name)
        if (
            table is None
            and field in self.action.fields
            and connection in self.known.connections
            and connection not in self.known.unreachable
        ):
            words = f'The connection "{connection}" has no table {name} (write schema.table).'
            args: JSONObject = {"table": name, "connection": connection}
            self.add("unknown-table", pointer(self.path, field), words, args)
        return table

    def _target(self) -> tuple[str | None, str | None, bool]:
        """Connection and table that are written, and whether it is the trigger's own record."""
        trigger = self.graph.trigger
        found = target_of(self.action, self.graph)
        return *found, found == (getattr(trigger, "connection", None), getattr(trigger, "table", None))

    def _columns(self, values: JSON, field: str, table: TableModel, *, writes: bool) -> None:
        if not isinstance(values, dict):
            return
        names = [column.name for column in table.columns]
        for name, expression in values.items():
            at = pointer(self.path, field, name)
            column = table.column(name)
            found, literal = self._expression(expression, at)
            if column is None:
                words = f'The table {table.name} has no column "{name}".{did_you_mean(name, names)}'
                args: JSONObject = {"column": name, "table": table.name, **suggested(name, names)}
                self.add("unknown-column", at, words, args)
                self._rename(values, field, name, names)
            elif writes and column.generated:
                words = f'"{name}" is made by the database and cannot be set.'
                self.add("generated-column", at, words, {"column": name})
            elif found is not None:
                self._assign(column, found, expression, at, literal=literal)

    def _rename(self, values: JSONObject, field: str, name: str, names: list[str]) -> None:
        """The fix of the problem just added: the same values under the name that was perhaps meant."""
        better = nearest(name, names)
        if better and better not in values:
            renamed: JSONObject = {better if key == name else key: value for key, value in values.items()}
            fix = Fix(f'Use "{better}"', pointer(self.path, field), renamed)
            self.problems[-1] = msgspec.structs.replace(self.problems[-1], fix=fix)

    def _assign(self, column: Column, found: Type, value: JSON, at: str, *, literal: bool) -> None:
        wanted = column_type(column)
        if found.nullable and not wanted.nullable and not found.open:
            always = found.kinds == {"null"}
            words = f'"{column.name}" must not be empty' + ("." if always else ", and this sometimes is.")
            self.add("not-null-column", at, words, {"column": column.name}, warn=not always)
        if literal and column.choices and isinstance(value, str) and value not in column.choices:
            better = nearest(value, column.choices)
            words = f'"{column.name}" is never "{value}". It can be: {", ".join(column.choices[:12])}.'
            args: JSONObject = {"name": column.name, "value": value, "choices": [*column.choices[:12]]}
            args |= {"suggestion": better} if better else {}
            self.add("unknown-choice", at, words, args, (f'Use "{better}"', better) if better else None)
        if literal and column.max_length and isinstance(value, str) and len(value) > column.max_length:
            words = f'"{column.name}" has at most {column.max_length} characters.'
            self.add("text-too-long", at, words, {"key": column.name, "most": column.max_length})
        if literal and column.type in ("date", "timestamp") and isinstance(value, str) and not _day(value):
            words = f'"{value}" is not a date; they look like 2026-11-22.'
            self.add("not-a-date", at, words, {"operator": "", "found": ["text"]})
            return
        if not literal and _may_not_fit(column, found):
            kinds = _TAKES.get(column.type, ("text",))
            words = f'"{column.name}" takes something else than may come here: then the database refuses it.'
            args = {"part": "column", "column": column.name, "wanted": [*kinds]}
            self.add("maybe-wrong-type", at, words, args, warn=True)
        if found.open or wanted.open:
            return
        a, b = family(found.kinds), family(wanted.kinds)
        if (
            a
            and b
            and not a & b
            and not (b == {"text"} and a <= {"number", "boolean"} and "text" in wanted.kinds)
        ):
            better_value = converted(value, wanted) if literal else None
            words = (
                f'"{column.name}" is {wanted.without_null().words()}, this is {found.without_null().words()}.'
            )
            fix = (f"Write {better_value!r} instead", better_value) if better_value is not None else None
            args = {"name": column.name, "left": wanted.names(), "right": found.names()}
            self.add("type-mismatch", at, words, args, fix)

    def _required_columns(self, values: JSON, table: TableModel) -> None:
        given = values if isinstance(values, dict) else {}
        for column in table.columns:
            if not (column.nullable or column.has_default or column.generated or column.name in given):
                words = f'"{column.name}" must not be empty in {table.name}: set it.'
                args: JSONObject = {"column": column.name, "table": table.name}
                self.add("missing-column", pointer(self.path, "set", column.name), words, args)


def _first_of(names: list[str]) -> tuple[str, JSON]:
    return f'Use "{names[0]}"', names[0]


_TAKES: Final = {
    "integer": ("number",),
    "number": ("number",),
    "boolean": ("boolean",),
    "date": ("date", "timestamp"),
    "timestamp": ("date", "timestamp"),
    "time": ("time", "timestamp"),
    "array": ("list",),
}
"""What PostgreSQL reads as a value of the column. Text takes all, and so do the types that are not here."""


def _may_not_fit(column: Column, found: Type) -> bool:
    """Can some value of this type not be written, though others can? What never can is a mismatch."""
    kinds = found.kinds - {"null"}
    if found.told or not kinds:
        return False
    if column.choices:
        return found.open or (
            "text" in kinds and not (found.choices and set(found.choices) <= set(column.choices))
        )
    takes = _TAKES.get(column.type)
    if takes is None:
        return found.open and column.type == "uuid"
    return found.open or (bool(family(kinds) & family(frozenset(takes))) and not kinds <= set(takes))


def _day(text: str) -> bool:
    return is_date(text) or text in (
        "infinity",
        "-infinity",
        "now",
        "today",
        "tomorrow",
        "yesterday",
        "epoch",
    )
