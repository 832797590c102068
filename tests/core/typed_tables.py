"""Random tables, and records that fit them as PostgreSQL's to_jsonb writes them, from a seed."""

from __future__ import annotations

from random import Random
from typing import Any

from ruleyard.core.model import Column, ColumnType, TableModel

CHOICES = ("new", "callback", "won")
TEXTS = (
    "",
    " ",
    "new",
    "won",
    "Ada",
    "3",
    "-1.5",
    "1e3",
    "NaN",
    "2026-11-22",
    "😀",
    "a,b",
    "null",
    "true",
)
NUMBERS: tuple[Any, ...] = (
    0,
    1,
    -1,
    3,
    5,
    0.5,
    -2.25,
    2**31,
    2**53,
    2**63 - 1,
    10**40,
    1.7e308,
    -1.7e308,
)
"""What numeric and double precision can hold besides; `to_jsonb` writes the first three as text."""
ODD_NUMBERS: tuple[Any, ...] = ("NaN", "Infinity", "-Infinity", 10**400, -(10**400))
DATES = ("2026-11-22", "2024-02-29", "0001-01-01", "9999-12-31")
ODD_DATES = ("infinity", "-infinity", "0044-03-15 BC", "20000-01-01")
MOMENTS = (
    "2026-11-22T12:00:00+00:00",
    "2026-11-22T23:30:00.25",
    "0001-01-01T00:00:00+00:00",
)
ODD_MOMENTS = (
    "infinity",
    "-infinity",
    "0044-03-15T00:00:00+00:00 BC",
    "20000-01-01T00:00:00",
)
TIMES = ("09:00:00", "24:00:00", "23:59:59.999+02:00")
SHAPES: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    7,
    -0.5,
    "",
    "x",
    "5",
    "2026-11-22",
    [],
    {},
    [1, "a", None],
    [[1], {"a": 1}],
    {"a": 1, "n": 5, "t": "x"},
    {"a": {"b": "2026-02-30"}, "n": "many", "t": [1]},
    {"a": None, "n": None},
)
ARRAYS: dict[str, tuple[Any, ...]] = {
    "text[]": TEXTS,
    "integer[]": (0, 1, -5, 2**31),
    "numeric(10,2)[]": (*NUMBERS, *ODD_NUMBERS),
    "boolean[]": (True, False),
    "date[]": (*DATES, *ODD_DATES),
    "jsonb[]": SHAPES,
    "": SHAPES,
}
TYPES: tuple[ColumnType, ...] = (
    "text",
    "text",
    "integer",
    "integer",
    "number",
    "boolean",
    "date",
    "timestamp",
    "time",
    "uuid",
    "json",
    "array",
    "other",
)


def table(rng: Random, name: str = "public.things") -> TableModel:
    columns = [Column("id", "integer", nullable=False, primary_key=True)]
    for index in range(rng.randint(4, 9)):
        kind = rng.choice(TYPES)
        columns.append(
            Column(
                f"{kind[:2]}{index}",
                kind,
                nullable=rng.random() < 0.5,
                choices=CHOICES if kind == "text" and rng.random() < 0.4 else (),
                db_type=rng.choice(list(ARRAYS)) if kind == "array" else "",
            )
        )
    return TableModel("crm", name, tuple(columns), ("id",))


def value(rng: Random, column: Column) -> Any:
    """What the column can hold, the extremes included."""
    if column.nullable and rng.random() < 0.3:
        return None
    odd = rng.random() < 0.12
    match column.type:
        case "text":
            return rng.choice(column.choices or TEXTS)
        case "integer":
            return rng.choice((0, 1, -1, 3, 5, 2**31, 2**63 - 1, -(2**63)))
        case "number":
            return rng.choice(ODD_NUMBERS if odd else NUMBERS)
        case "boolean":
            return rng.random() < 0.5
        case "date":
            return rng.choice(ODD_DATES if odd else DATES)
        case "timestamp":
            return rng.choice(ODD_MOMENTS if odd else MOMENTS)
        case "time":
            return rng.choice(TIMES)
        case "uuid":
            return "6b1f2f6e-0000-4000-8000-00000000000a"
        case "array":
            items = ARRAYS[column.db_type]
            return [None if rng.random() < 0.15 else rng.choice(items) for _ in range(rng.randint(0, 3))]
        case _:
            return rng.choice([shape for shape in SHAPES if shape is not None])


def record(rng: Random, of: TableModel) -> dict[str, Any]:
    return {column.name: value(rng, column) for column in of.columns}
