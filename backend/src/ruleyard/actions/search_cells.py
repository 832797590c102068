"""A column of the row in sight as SQL: the number, the text and the JSON that it is. Knows no search."""

from __future__ import annotations

from dataclasses import dataclass

from ruleyard.actions.sought_table import Kind, SoughtColumn


@dataclass(frozen=True)
class Cell:
    """A column of the row in sight, as SQL. `json`: a value inside a JSON column, already JSON."""

    name: str
    sql: str
    kind: Kind
    narrow: bool = False
    json: bool = False


def as_number(cell: Cell) -> str:
    """A narrow float is the number that it is written as."""
    return f"cast({cell.sql}::text as float8)" if cell.narrow else cell.sql


def finite(cell: Cell) -> str:
    return f"coalesce({as_number(cell)} not in ('NaN', 'Infinity', '-Infinity'), true)"


def as_text(cell: Cell) -> str:
    """The text that it is as JSON."""
    return cell.sql if cell.kind == "text" else f"(to_jsonb({cell.sql}) #>> '{{}}')"


def as_json(cell: Cell) -> str:
    return cell.sql if cell.json else f"to_jsonb({cell.sql})"


def made_cell(column: SoughtColumn, alias: str) -> Cell:
    return Cell(column.name, f"{alias}.{column.sql}", column.kind, column.narrow)
