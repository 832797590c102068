"""Check of the action `assign`: who takes turns, the column that is written, what is counted.

The part of an action's check (`check_actions`) that only this kind needs; the rest of it is asked for by name.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

import msgspec

from ruleyard.core.graph import Action
from ruleyard.core.logic.tree import pointer
from ruleyard.core.logic.types import Type, of_literal
from ruleyard.core.model import Column, TableModel
from ruleyard.core.near import did_you_mean, nearest, suggested
from ruleyard.core.turns import literal_people
from ruleyard.core.types import JSON, JSONObject


class AssignChecks(ABC):
    action: Action
    path: str

    @abstractmethod
    def add(
        self,
        code: str,
        at: str,
        message: str,
        args: JSONObject,
        fix: tuple[str, JSON] | None = None,
        *,
        warn: bool = False,
    ) -> None: ...

    @abstractmethod
    def _expression(self, value: JSON, at: str) -> tuple[Type | None, bool]: ...

    @abstractmethod
    def _assign(self, column: Column, found: Type, value: JSON, at: str, *, literal: bool) -> None: ...

    @abstractmethod
    def _target(self) -> tuple[str | None, str | None, bool]: ...

    @abstractmethod
    def _written(self, fields: JSONObject) -> TableModel | None: ...

    @abstractmethod
    def _known_table(self, connection: str, name: str, field: str) -> TableModel | None: ...

    @abstractmethod
    def _which(self, fields: JSONObject, table: TableModel) -> None: ...

    def _people(self, fields: JSONObject) -> None:
        """Who takes turns, the column that is written, what is counted."""
        people, table = literal_people(fields.get("people")), None
        if isinstance(people, str):
            words = f"These are no people to choose from: {people}."
            self.add("bad-people", pointer(self.path, "people"), words, {"why": people})
        elif people == () and fields.get("people") not in (None, "", {}, []):
            words = "Nobody stands in this list."
            self.add("missing-field", pointer(self.path, "people"), words, {"field": "people"})
        if "column" in fields and (table := self._written(fields)) is not None:
            self._which(fields, table)
            column = self._column_named(fields, "column", table)
            for index, one in enumerate(people if isinstance(people, tuple) else ()):
                if column is not None and isinstance(fields["people"], list):
                    found, at = of_literal(one.person), pointer(self.path, "people", index)
                    self._assign(column, found, one.person, at, literal=True)
        if fields.get("by") != "least_busy":
            return
        if "column" not in fields and "count_column" not in fields:
            words = "Say in which column the people stand whose records are counted."
            self.add("missing-field", pointer(self.path, "count_column"), words, {"field": "count_column"})
        connection, name, _ = self._target()
        counted = fields.get("count_table", name)
        if connection is None or not isinstance(counted, str):
            words = "This trigger has no table: say where to count."
            self.add("missing-field", pointer(self.path, "count_table"), words, {"field": "count_table"})
        elif (there := self._known_table(connection, counted, "count_table")) is not None:
            if "count_column" in fields:
                self._column_named(fields, "count_column", there)
            elif there is not table and isinstance(fields.get("column"), str):
                self._column_named({"count_column": fields["column"]}, "count_column", there)
            self._counted(fields.get("count_where"), there)

    def _counted(self, values: JSON, table: TableModel) -> None:
        """A list stands for any of its values."""
        for name, value in values.items() if isinstance(values, dict) else ():
            column = self._column_named({name: name}, name, table, pointer(self.path, "count_where", name))
            at = pointer(self.path, "count_where", name)
            items = value if isinstance(value, list) else [value]
            for index, one in enumerate(items):
                place = pointer(at, index) if items is value else at
                found, literal = self._expression(one, place)
                if column is not None and found is not None and "list" not in found.kinds:
                    nullable = msgspec.structs.replace(column, nullable=True)
                    self._assign(nullable, found, one, place, literal=literal)

    def _column_named(
        self, fields: JSONObject, field: str, table: TableModel, at: str | None = None
    ) -> Column | None:
        name, at = str(fields.get(field)), at or pointer(self.path, field)
        column, names = table.column(name), [one.name for one in table.columns]
        if column is None:
            words = f'The table {table.name} has no column "{name}".{did_you_mean(name, names)}'
            better = nearest(name, names)
            fix = (f'Use "{better}"', better) if better and field in self.action.fields else None
            args: JSONObject = {"column": name, "table": table.name, **suggested(name, names)}
            self.add("unknown-column", at, words, args, fix)
        elif column.generated and field == "column":
            words = f'"{name}" is made by the database and cannot be set.'
            self.add("generated-column", at, words, {"column": name})
        return column
