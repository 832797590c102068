"""The types of `related.<foreign key>.<column>`, and in words why a path of that kind has none."""

from __future__ import annotations

from collections.abc import Container, Mapping

from ruleyard.core.column_types import column_type
from ruleyard.core.logic.facts import Facts
from ruleyard.core.logic.naming import Unknown
from ruleyard.core.logic.types import ANY, Type
from ruleyard.core.model import Column, TableLookup, TableModel
from ruleyard.core.near import did_you_mean, nearest, suggested
from ruleyard.core.types import JSON


class RelatedNames:
    """Names under `related` for a rule whose record is in `home`.

    `unreachable`: connections that did not answer. `left_out`: by (connection, table) what is never captured.
    """

    def __init__(
        self,
        home: TableModel,
        tables: TableLookup,
        unreachable: Container[str],
        left_out: Mapping[tuple[str, str], Container[str]],
    ) -> None:
        self._home, self._tables, self._unreachable, self._left_out = home, tables, unreachable, left_out

    def type_of(self, rest: str, facts: Facts) -> Type | Unknown:
        """`rest` is what follows `related.`."""
        key, _, path = rest.partition(".")
        column = self._home.column(key)
        if column is None or column.references is None:
            return self._no_lead(key, path, column)
        target = self._tables(self._home.connection, column.references)
        if target is None:
            if self._home.connection in self._unreachable:
                return ANY
            words = f'"{key}" leads to a record of {column.references}, which this connection cannot see.'
            return Unknown("related-unreadable", words, args={"column": key, "table": column.references})
        if not path:
            known = column.references_column or next(iter(target.key), target.columns[0].name)
            words = f'Say which field of the related record, for example "related.{key}.{known}".'
            args: dict[str, JSON] = {"column": key, "table": target.name}
            return Unknown("related-without-field", words, f"related.{key}.{known}", args=args)
        return self._field(column, target, path, facts)

    def _no_lead(self, key: str, path: str, column: Column | None) -> Unknown:
        """Of a column that leads nowhere, or that is not there."""
        keys = [one.name for one in self._home.columns if one.references]
        found = nearest(key, keys) or next((one for one in keys if one.startswith(f"{key}_")), None)
        better = f"related.{found}.{path}".rstrip(".") if found else None
        args: dict[str, JSON] = {"column": key, "table": self._home.name}
        if found:
            args["suggestion"] = found
        hint = f' Did you mean "{found}"?' if found else ""
        if column is not None and column.composite_reference:
            words = (
                f'"{key}" leads to a record of {column.composite_reference} only together with other columns; '
                "related records are found by one column."
            )
            args = {"column": key, "table": column.composite_reference}
            return Unknown("composite-reference", words, args=args)
        if column is not None:
            words = f'"{key}" of {self._home.name} is no foreign key, so it leads to no other record.{hint}'
            return Unknown("not-a-reference", words, better, args=args)
        words = f'The table {self._home.name} has no column "{key}".{hint}'
        return Unknown("unknown-column", words, better, args=args)

    def _field(self, column: Column, target: TableModel, path: str, facts: Facts) -> Type | Unknown:
        base = f"related.{column.name}"
        name, _, deeper = path.partition(".")
        found = target.column(name)
        if found is None:
            known = self._offered(target)
            near = nearest(name, known)
            words = f'The table {target.name} has no column "{name}".{did_you_mean(name, known)}'
            args: dict[str, JSON] = {"column": name, "table": target.name, **suggested(name, known)}
            return Unknown("unknown-column", words, f"{base}.{near}" if near else None, args=args)
        if name in self._left_out.get((target.connection, target.name), ()):
            words = f'"{name}" is left out of what is captured from {target.name}: no rule reads it.'
            return Unknown("column-not-captured", words, args={"column": name, "table": target.name})
        key = target.column(column.references_column or "")
        if not found.readable or (key is not None and not key.readable):
            words = f'The connection\'s user may not read "{name}" of {target.name}: grant it SELECT.'
            return Unknown("related-unreadable", words, args={"column": name, "table": target.name})
        if deeper and found.references:
            words = f'Related records lead one level deep: of "{name}" only the key is known here.'
            return Unknown("related-too-deep", words, f"{base}.{name}", args={"column": f"{base}.{name}"})
        if deeper and found.type not in ("json", "array", "other"):
            words = f'"{name}" is {found.type}, nothing is inside it.'
            args = {"column": path, "table": target.name, "suggestion": name}
            return Unknown("unknown-column", words, f"{base}.{name}", args=args)
        if deeper:
            return ANY
        there = any(fact.startswith(f"{base}.") for fact in facts)
        return column_type(found, nullable=found.nullable or not there)

    def _offered(self, target: TableModel) -> list[str]:
        hidden = self._left_out.get((target.connection, target.name), ())
        return [one.name for one in target.columns if one.name not in hidden]

    def misplaced(self, column: Column, rest: str) -> tuple[str, str]:
        """What to write instead of `after.<foreign key>.<rest>`, and a sentence that says so."""
        target = self._tables(self._home.connection, column.references or "")
        name = rest.partition(".")[0]
        known = self._offered(target) if target else [name]
        field = name if name in known else nearest(name, known)
        words = f'"{column.name}" leads to a record of {column.references}: '
        better = f"related.{column.name}.{field}" if field else f"related.{column.name}"
        return better, f'{words}write "{better}".'
