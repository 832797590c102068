"""What stands in the cells of a report: values of any JSON, typed, under columns with labels. Pure.

A text that is a whole ISO date or moment becomes one; moments are told by the clock of the report's zone. Must not know
where rows come from, nor in which format they are written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, tzinfo
from typing import Final, TypeAlias

import msgspec

from ruleyard.core.types import JSON

Cell: TypeAlias = str | int | float | bool | date | datetime | None
MOST_COLUMNS: Final = 100
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d(:?\d\d)?)?")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class ReportColumn(msgspec.Struct, frozen=True, omit_defaults=True):
    """`key`: a field of a row, dots lead into objects ("" is the whole row). `label`: what stands in the head."""

    key: str
    label: str = ""


def columns_of(rows: Sequence[JSON]) -> tuple[ReportColumn, ...]:
    """The columns of rows that nobody named: every field in the order in which it first comes."""
    keys: dict[str, None] = {}
    for row in rows:
        if isinstance(row, dict):
            keys.update(dict.fromkeys(row))
        if len(keys) >= MOST_COLUMNS:
            break
    if not keys:
        return (ReportColumn("", "Value"),)
    return tuple(ReportColumn(key, humanised(key)) for key in [*keys][:MOST_COLUMNS])


def humanised(name: str) -> str:
    """`first_name` as `First name`."""
    words = name.replace("_", " ").replace(".", " ").strip()
    return words[:1].upper() + words[1:]


def row_cells(row: JSON, columns: Iterable[ReportColumn], zone: tzinfo) -> list[Cell]:
    return [cell_of(value_at(row, column.key), zone) for column in columns]


def value_at(row: JSON, key: str) -> JSON:
    """The field itself where there is one of that name, else what the dots lead to; null where nothing is."""
    if key == "":
        return row
    if isinstance(row, dict):
        if key in row:
            return row[key]
        first, dot, rest = key.partition(".")
        return value_at(row.get(first), rest) if dot else None
    return None


def cell_of(value: JSON, zone: tzinfo) -> Cell:
    if isinstance(value, str):
        return _typed(value, zone) if 10 <= len(value) <= 35 and value[4:5] == "-" else value
    if isinstance(value, list | dict):
        return msgspec.json.encode(value).decode()
    return value


def _typed(text: str, zone: tzinfo) -> Cell:
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
        if _MOMENT.fullmatch(text):
            moment = datetime.fromisoformat(text)
            return moment.astimezone(zone).replace(tzinfo=None) if moment.tzinfo else moment
    except (ValueError, OverflowError):
        return text
    return text


YES_NO: Final = {"en": ("yes", "no"), "ko": ("예", "아니요"), "zh": ("是", "否"), "ru": ("да", "нет")}
"""What yes and no are called where people read them, by language."""
TRUE_FALSE: Final = ("true", "false")
"""What they are called where machines do."""


def cell_text(cell: Cell, yes_no: tuple[str, str] = TRUE_FALSE) -> str:
    """A cell as a person reads it; moments to the minute, or to the second where it has any."""
    match cell:
        case None:
            return ""
        case bool():
            return yes_no[0] if cell else yes_no[1]
        case str():
            return cell
        case datetime():
            return cell.strftime("%Y-%m-%d %H:%M:%S" if cell.second else "%Y-%m-%d %H:%M")
        case date():
            return cell.isoformat()
        case float():
            return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
        case _:
            return str(cell)


def without_control(text: str) -> str:
    """Tabs and line ends stay; what no document may hold goes."""
    return _CONTROL.sub("", text)
