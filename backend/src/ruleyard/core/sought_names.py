"""The types of `record.…` in a where: the columns of the sought record, and of the records its foreign keys lead to.

`record.owner_id.email` is `email` of the record that `owner_id` of the sought one leads to, one level deep. Everything
that is not `record` is the rule's own.
"""

from __future__ import annotations

from collections.abc import Container, Mapping

import msgspec

from ruleyard.core.column_types import column_type
from ruleyard.core.logic.facts import Facts
from ruleyard.core.logic.naming import Unknown
from ruleyard.core.logic.types import ANY, TOLD, Type, of
from ruleyard.core.model import Column, TableLookup, TableModel
from ruleyard.core.names import RuleNames
from ruleyard.core.near import did_you_mean, nearest, suggested
from ruleyard.core.related_names import RelatedNames
from ruleyard.core.searchable import SOUGHT
from ruleyard.core.types import JSON


class SoughtNames:
    """`table`: where is sought; None where that is not known.

    `left_out`: by (connection, table) what no watch captures.
    """

    def __init__(
        self,
        rule: RuleNames,
        table: TableModel | None,
        tables: TableLookup,
        unreachable: Container[str],
        left_out: Mapping[tuple[str, str], Container[str]],
    ) -> None:
        self._rule, self._table = rule, table
        self._hidden = left_out.get((table.connection, table.name), ()) if table else ()
        self._related = RelatedNames(table, tables, unreachable, left_out) if table else None

    def whole(self) -> Type:
        return of("object")

    def type_of(self, path: str, facts: Facts = frozenset()) -> Type | Unknown:
        root, _, rest = path.partition(".")
        if root == SOUGHT:
            return self._of_record(rest, facts) if rest else of("object")
        found = self._rule.type_of(path, facts)
        if not isinstance(found, Unknown) or self._table is None:
            return found
        meant = rest if root == "item" else path
        if self._table.column(meant) and (root == "item" or not found.better):
            words = f'Say whose: "record.{meant}" is {meant} of the sought record.'
            args: dict[str, JSON] = {"variable": path, "suggestion": f"record.{meant}"}
            return Unknown("unknown-variable", words, f"record.{meant}", args=args)
        return found

    def _of_record(self, rest: str, facts: Facts) -> Type | Unknown:
        if self._table is None:
            return TOLD
        name, _, deeper = rest.partition(".")
        column = self._table.column(rest) or self._table.column(name)
        if column is None:
            return unknown_column(self._table, name, "record.", self._offered())
        if (why := unreadable(self._table, column, self._hidden)) is not None:
            return why
        if not deeper or column.name == rest:
            return column_type(column)
        if column.type in ("json", "array", "other"):
            return ANY
        if (column.references or column.composite_reference) and self._related:
            return self._lead(f"{name}.{deeper}", facts)
        words = f'"{name}" is {column.type}, nothing is inside it.'
        args: dict[str, JSON] = {"column": rest, "table": self._table.name, "suggestion": name}
        return Unknown("unknown-column", words, f"record.{name}", args=args)

    def _lead(self, rest: str, facts: Facts) -> Type | Unknown:
        """As related records are called elsewhere, under `record`."""
        assert self._related is not None  # noqa: S101 - there is a table
        seen = frozenset(
            fact.replace("record.", "related.", 1) for fact in facts if fact.startswith("record.")
        )
        found = self._related.type_of(rest, seen)
        if not isinstance(found, Unknown):
            return found
        better = found.better.replace("related.", "record.", 1) if found.better else None
        message = found.message.replace('"related.', '"record.')
        return msgspec.structs.replace(found, better=better, message=message)

    def _offered(self) -> list[str]:
        assert self._table is not None  # noqa: S101 - a column was asked for
        return [one.name for one in self._table.columns if one.name not in self._hidden]


def unknown_column(table: TableModel, name: str, start: str, offered: list[str]) -> Unknown:
    """Of a name that the table has no column for."""
    found = nearest(name, offered)
    words = f'The table {table.name} has no column "{name}".{did_you_mean(name, offered)}'
    args: dict[str, JSON] = {"column": name, "table": table.name, **suggested(name, offered)}
    return Unknown("unknown-column", words, f"{start}{found}" if found else None, args=args)


def unreadable(table: TableModel, column: Column, hidden: Container[str]) -> Unknown | None:
    """Why no search may look at a column; None where it may."""
    args: dict[str, JSON] = {"column": column.name, "table": table.name}
    if column.name in hidden:
        words = f'"{column.name}" is left out of what is captured from {table.name}: no rule reads it.'
        return Unknown("column-not-captured", words, args=args)
    if not column.readable:
        words = f'The connection\'s user may not read "{column.name}" of {table.name}: grant it SELECT.'
        return Unknown("related-unreadable", words, args=args)
    return None
