"""The live schema of a watched table, as the type check sees it. Made by `intake/introspect.py`, read by `check`.

Pure values; knows nothing of how PostgreSQL was asked.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from datetime import date
from typing import Literal, TypeAlias

import msgspec

from ruleyard.core.calendars import Calendars
from ruleyard.core.rule_refs import RuleCard
from ruleyard.core.types import RuleId

ColumnType = Literal[
    "text", "integer", "number", "boolean", "date", "timestamp", "time", "uuid", "json", "array", "other"
]


class Column(msgspec.Struct, frozen=True, omit_defaults=True):
    """One column. `type` is ours (few words), `db_type` PostgreSQL's own; `choices` come from an enum or a check.

    `references`: the table that a foreign key of this column alone leads to, by its `references_column`;
    `composite_reference`: the table that one of several columns leads to. `readable`: our role may select it.
    """

    name: str
    type: ColumnType
    nullable: bool = True
    choices: tuple[str, ...] = ()
    primary_key: bool = False
    generated: bool = False
    max_length: int | None = None
    db_type: str = ""
    references: str | None = None
    has_default: bool = False
    references_column: str | None = None
    composite_reference: str | None = None
    readable: bool = True


class TableModel(msgspec.Struct, frozen=True, omit_defaults=True):
    """A table of a connection. `name` is `schema.table`, `key` the primary key's columns in order."""

    connection: str
    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()

    def column(self, name: str) -> Column | None:
        """The column with this name, None where there is none."""
        return next((column for column in self.columns if column.name == name), None)


TableLookup: TypeAlias = Callable[[str, str], TableModel | None]
"""(connection name, table) → its model; None where the table does not exist or cannot be read."""


class Known(msgspec.Struct, frozen=True):
    """What the house knows at the moment of the check.

    connections: name → kind (`postgres`, `smtp`). watched: (connection name, table) pairs. excluded: the columns of
    watched tables that are never captured. unreachable: connections
    that did not answer, so that their tables are not called missing. people: the addresses of accounts, in small
    letters; None where nobody looked. home_countries: of sms connections, by name, the calling code of numbers that
    are written without one; "" where none is set.
    """

    connections: Mapping[str, str] = {}
    watched: Container[tuple[str, str]] = frozenset()
    unreachable: Container[str] = frozenset()
    excluded: Mapping[tuple[str, str], Container[str]] = {}
    rules: Mapping[RuleId, RuleCard] | None = None
    rule_id: RuleId | None = None
    calendars: Calendars | None = None
    today: date | None = None
    people: Container[str] | None = None
    home_countries: Mapping[str, str] = {}
