"""Check a search (find_record, find_records): where it looks, what it asks, in what order, which totals it makes."""

from __future__ import annotations

from typing import Final

from ruleyard.core.errors import Fix, Problem
from ruleyard.core.found_types import ENDS, TEMPORAL
from ruleyard.core.graph import Action, Graph
from ruleyard.core.logic.facts import Facts
from ruleyard.core.logic.naming import Unknown
from ruleyard.core.logic.problems import root_of
from ruleyard.core.logic.tree import Node, pointer
from ruleyard.core.logic.typecheck import Scope
from ruleyard.core.model import Column, Known, TableLookup, TableModel
from ruleyard.core.names import RuleNames
from ruleyard.core.near import did_you_mean, suggested
from ruleyard.core.search import Compare, Edge, Search, Sought, Test, Within, sought_in, tests_in
from ruleyard.core.searchable import SearchReader, asks_record
from ruleyard.core.sought_names import SoughtNames, unknown_column, unreadable
from ruleyard.core.step_outputs import target_of
from ruleyard.core.types import JSON, JSONObject
from ruleyard.core.where import is_where

MOST_FOUND: Final = 1_000
USUALLY_FOUND: Final = 100
MOST_TOTALS: Final = 20
TOTALS: Final = ("sum", "average", "min", "max", "count")
DIRECTIONS: Final = ("asc", "desc")

_NUMBERS: Final = ("integer", "number")
_TEXTUAL: Final = ("text", "date", "timestamp", "time", "uuid")
_UNORDERED: Final = ("json", "array", "other")


def find_problems(
    action: Action, path: str, graph: Graph, names: RuleNames, tables: TableLookup, known: Known, facts: Facts
) -> list[Problem]:
    """All that is wrong with the fields of a search at `path`, but that one is missing or not known."""
    return _Find(action, path, graph, names, tables, known, facts).run()


class _Find:
    def __init__(
        self,
        action: Action,
        path: str,
        graph: Graph,
        names: RuleNames,
        tables: TableLookup,
        known: Known,
        facts: Facts,
    ) -> None:
        self.action, self.path, self.known, self.facts = action, path, known, facts
        self.rule_names, self.tables = names, tables
        self.connection, self.name = target_of(action, graph)
        found = tables(self.connection, self.name) if self.connection and self.name else None
        self.table: TableModel | None = found
        self.hidden = known.excluded.get((found.connection, found.name), ()) if found else ()
        self.problems: list[Problem] = []

    def run(self) -> list[Problem]:
        fields = self.action.fields
        self._place()
        if fields.get("where") not in (None, "", {}, []):
            self._where(fields["where"])
        if "order" in fields:
            self._order(fields["order"])
        if "limit" in fields:
            self._limit(fields["limit"])
        if "columns" in fields:
            self._columns(fields["columns"])
        if "totals" in fields:
            self._totals(fields["totals"])
        return self.problems

    def add(self, code: str, at: str, message: str, args: JSONObject, fix: Fix | None = None) -> None:
        self.problems.append(Problem(code, at, message, "error", self.action.id, args, fix))

    def _place(self) -> None:
        """Which table of which connection."""
        at = pointer(self.path, "table")
        if not self.connection or not self.name:
            words = "This trigger has no record: say the connection and the table to look in."
            self.add("no-record", at, words, {"part": "find"})
        elif (
            self.table is None
            and self.known.connections.get(self.connection) == "postgres"
            and self.connection not in self.known.unreachable
        ):
            words = f'The connection "{self.connection}" has no table {self.name} (write schema.table).'
            self.add("unknown-table", at, words, {"table": self.name, "connection": self.connection})

    def _where(self, where: JSON) -> None:
        at = pointer(self.path, "where")
        if where is True:
            return
        root = root_of(where) if is_where(where) else None
        if root is None or not asks_record(root):
            words = (
                'Say which records: compare a column of the sought record ("record.…") with a value. '
                "For every record write true."
            )
            self.add("where-without-record", at, words, {})
            return
        names = SoughtNames(
            self.rule_names, self.table, self.tables, self.known.unreachable, self.known.excluded
        )
        scope = Scope(names, at, self.action.id, where, self.facts)
        root.typecheck(scope)
        self.problems.extend(scope.problems)
        reader = SearchReader(lambda node: None)
        search = reader.read(root)
        for one in reader.wrong:
            self.add("cannot-search", at + one.at.path, one.message, _said(one.part, one.at))
        if self.table is not None and not reader.wrong:
            self._kinds(search, names, at)

    def _kinds(self, search: Search, names: SoughtNames, at: str) -> None:
        """Of columns whose values are not of one kind only that they are equal, listed or empty can be asked."""
        for test in tests_in(search):
            for term in sought_in(test):
                column = self._column_at(term.path)
                if column is not None and (what := _unfit(test, term, column)):
                    kind = _KINDS.get(column.type, column.type)
                    words = f'"{term.path}" is {kind}: {what} cannot be searched for in it.'
                    args: JSONObject = {"part": "kind", "column": term.path}
                    self.add("cannot-search", at, words, args)

    def _column_at(self, path: str) -> Column | None:
        assert self.table is not None  # noqa: S101 - the caller looked
        name, _, deeper = path.partition(".")
        column = self.table.column(path) or self.table.column(name)
        if column is None or column.name == path:
            return column
        if column.references:
            target = self.tables(self.table.connection, column.references)
            first = deeper.partition(".")[0]
            return target.column(first) if target else None
        return Column(path, "json")

    def _order(self, order: JSON) -> None:
        at = pointer(self.path, "order")
        if not isinstance(order, dict) or not isinstance(order.get("column"), str):
            words = 'An order is {"column": …, "direction": "asc" or "desc"}.'
            self.add("not-an-object", at, words, {"field": "order"})
            return
        self._known_keys(order, ("column", "direction"), at)
        direction = order.get("direction", "asc")
        if direction not in DIRECTIONS:
            words = f'"direction" is one of: {", ".join(DIRECTIONS)}.'
            args: JSONObject = {"key": "direction", "choices": [*DIRECTIONS]}
            self.add("unknown-word", pointer(at, "direction"), words, args)
        column = self._column(str(order["column"]), pointer(at, "column"))
        if column is not None and column.type in _UNORDERED:
            words = f'"{column.name}" has no order: choose another column.'
            self.add("cannot-order", pointer(at, "column"), words, {"column": column.name})

    def _limit(self, limit: JSON) -> None:
        if not isinstance(limit, int) or isinstance(limit, bool) or not 1 <= limit <= MOST_FOUND:
            words = f'"limit" is a whole number from 1 to {MOST_FOUND:,}.'
            args: JSONObject = {"key": "limit", "low": 1, "high": MOST_FOUND}
            self.add("out-of-range", pointer(self.path, "limit"), words, args)

    def _columns(self, columns: JSON) -> None:
        at = pointer(self.path, "columns")
        if not isinstance(columns, list) or not all(isinstance(name, str) for name in columns):
            self.add("not-a-list", at, '"columns" is a list of the names of columns.', {"key": "columns"})
            return
        for index, name in enumerate(columns):
            self._column(str(name), pointer(at, index))

    def _totals(self, totals: JSON) -> None:
        at = pointer(self.path, "totals")
        if not isinstance(totals, dict):
            words = '"totals" is an object: name → {"sum": column}.'
            self.add("not-an-object", at, words, {"field": "totals"})
            return
        if len(totals) > MOST_TOTALS:
            words = f'"totals" has at most {MOST_TOTALS} of them.'
            self.add("out-of-range", at, words, {"key": "totals", "low": 0, "high": MOST_TOTALS})
        for name, total in totals.items():
            self._total(name, total, pointer(at, name))

    def _total(self, name: str, total: JSON, at: str) -> None:
        if not name or "." in name or len(name) > 60:
            words = "The name of a total has up to 60 characters and no dot."
            self.add("bad-total", at, words, {"name": name, "part": "name"})
        kinds = [*total] if isinstance(total, dict) else []
        if not isinstance(total, dict) or len(kinds) != 1 or kinds[0] not in TOTALS:
            words = f'A total is one of: {", ".join(TOTALS)}, with a column: {{"sum": "amount"}}.'
            self.add("bad-total", at, words, {"name": name, "part": "kind", "choices": [*TOTALS]})
            return
        kind = kinds[0]
        column = self._column(str(total[kind]), pointer(at, kind))
        if column is None or kind == "count" or column.type in _NUMBERS:
            return
        if kind not in ENDS:
            words = f'"{column.name}" holds no numbers, so there is no {kind} of it.'
            args: JSONObject = {"name": column.name, "operator": kind, "found": [column.type]}
            self.add("not-a-number", pointer(at, kind), words, args)
        elif column.type not in TEMPORAL:
            words = f'"{column.name}" holds neither numbers nor dates, so there is no {kind} of it.'
            args = {"part": "dates", "operator": kind, "found": [column.type]}
            self.add("not-a-number", pointer(at, kind), words, args)

    def _column(self, name: str, at: str) -> Column | None:
        """The column that is named at `at`; what is wrong with it is added."""
        if self.table is None:
            return None
        column = self.table.column(name)
        offered = [one.name for one in self.table.columns if one.name not in self.hidden]
        wrong: Unknown | None
        if column is None:
            wrong = unknown_column(self.table, name, "", offered)
        else:
            wrong = unreadable(self.table, column, self.hidden)
        if wrong is not None:
            fix = Fix(f'Use "{wrong.better}"', at, wrong.better) if wrong.better else None
            self.add(wrong.code, at, wrong.message, wrong.args, fix)
            return None
        return column

    def _known_keys(self, value: JSONObject, keys: tuple[str, ...], at: str) -> None:
        for key in value:
            if key not in keys:
                words = f'"{key}" is not known here.{did_you_mean(key, keys)}'
                self.add("unknown-key", pointer(at, key), words, {"key": key, **suggested(key, keys)})


_KINDS: Final = {
    "json": "JSON",
    "array": "a list",
    "other": "of a type of its own",
    "integer": "a number",
    "number": "a number",
    "boolean": "yes or no",
}


def _unfit(test: Test, term: Sought, column: Column) -> str:
    """What of a test no column of this type can be asked; "" where it can."""
    if term.made and column.type not in _TEXTUAL:
        return "its text"
    match test:
        case Compare("<" | "<=" | ">" | ">=") if column.type in (*_UNORDERED, "boolean"):
            return "an order"
        case Compare("==" | "!=") if column.type in _UNORDERED:
            return "what is loosely alike"
        case Edge() if column.type not in _TEXTUAL:
            return "a part of its text"
        case Within(stack=stack) if stack == term and column.type not in (*_TEXTUAL, *_UNORDERED):
            return "a part of its text"
        case _:
            return ""


def _said(part: str, at: Node) -> JSONObject:
    return {"part": part, "operator": at.operator}
