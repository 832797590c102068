"""A telemarketing file becomes changes in `crm.bank_calls`: every call is an INSERT, then an UPDATE.

Knows the file's columns and the table; knows nothing of rules or runs.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

import asyncpg

from ruleyard.core.errors import Invalid

Client: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

COLUMNS: Final = (
    "age", "job", "marital", "education", "default", "balance", "housing", "loan", "contact",
    "day", "month", "duration", "campaign", "pdays", "previous", "poutcome", "y",
)  # fmt: skip
_NUMBERS: Final = frozenset({"age", "balance", "day", "duration", "campaign", "pdays", "previous"})
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "default": ("yes", "no"),
    "housing": ("yes", "no"),
    "loan": ("yes", "no"),
    "contact": ("cellular", "telephone", "unknown"),
    "month": _MONTHS,
    "poutcome": ("success", "failure", "other", "unknown"),
    "y": ("yes", "no"),
}

INSERT: Final = """
    insert into public.bank_calls (replay, line, age, job, marital, education, in_default, balance, housing,
      loan, contact, day, month, campaign, pdays, previous, poutcome)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
"""
UPDATE: Final = "update public.bank_calls set duration = $3, y = $4 where replay = $1 and line = $2"

_TOGETHER: Final = 500
"""Calls in one transaction when no rate is asked for."""


class Call(NamedTuple):
    """One line of the file: what is known when the call begins, and how it ended. Line 1 is the heading."""

    line: int
    begun: tuple[int | str, ...]
    duration: int
    y: str


def read_calls(path: Path) -> Iterator[Call]:
    """The calls of a `.csv` or `.csv.gz`, streamed in file order. Invalid names the line at fault."""
    try:
        with (
            gzip.open(path, "rt", encoding="utf-8", newline="")
            if path.suffix == ".gz"
            else path.open(encoding="utf-8", newline="") as file
        ):
            yield from parse_calls(file)
    except FileNotFoundError:
        raise Invalid(f"There is no file {path}.") from None
    except (gzip.BadGzipFile, EOFError) as error:
        raise Invalid(f"{path.name} is not a whole gzip file: {error}.") from None
    except UnicodeDecodeError:
        raise Invalid(f"{path.name} is not UTF-8 text.") from None
    except OSError as error:
        raise Invalid(f"{path} cannot be read: {error.strerror or error}.") from None


def parse_calls(lines: Iterable[str]) -> Iterator[Call]:
    """Calls from CSV text with a heading line; columns may come in any order, others are ignored."""
    reader = csv.reader(lines)
    try:
        heading = next(reader, None)
        if heading is None:
            raise Invalid("The file is empty: it needs a heading line.")
        names = [name.strip() for name in heading]
        missing = [name for name in COLUMNS if name not in names]
        if missing:
            raise Invalid(f"Line 1: missing column {', '.join(missing)}. A call needs {', '.join(COLUMNS)}.")
        places = [names.index(name) for name in COLUMNS]
        for row in reader:
            if not row:
                continue
            if len(row) != len(names):
                raise Invalid(
                    f"Line {reader.line_num}: {len(row)} values where the heading has {len(names)}."
                )
            yield _call(reader.line_num, [row[place] for place in places])
    except csv.Error as error:
        raise Invalid(f"Line {reader.line_num}: not CSV: {error}.") from None


def _call(line: int, texts: list[str]) -> Call:
    values: dict[str, int | str] = {}
    for name, text in zip(COLUMNS, texts, strict=True):
        if name in _NUMBERS:
            try:
                values[name] = int(text)
            except ValueError:
                raise Invalid(f"Line {line}: {name} must be a whole number, not {text[:40]!r}.") from None
            if not -(2**31) <= int(text) < 2**31:
                raise Invalid(f"Line {line}: {name} is too large a number: {text[:40]}.")
        elif name in _CHOICES and text not in _CHOICES[name]:
            raise Invalid(f"Line {line}: {name} must be {' or '.join(_CHOICES[name])}, not {text[:40]!r}.")
        else:
            values[name] = text
    if not 1 <= int(values["day"]) <= 31:
        raise Invalid(f"Line {line}: day must be from 1 to 31, not {values['day']}.")
    if int(values["duration"]) < 0:
        raise Invalid(f"Line {line}: duration must not be negative.")
    duration, y = int(values.pop("duration")), str(values.pop("y"))
    return Call(line, tuple(values.values()), duration, y)


async def next_replay(conn: Client) -> int:
    """The number of this replay, of which no two get the same."""
    return int(await conn.fetchval("select nextval('public.bank_replay')"))


async def replay_batch(conn: Client, replay: int, calls: list[Call]) -> None:
    """Each call its own INSERT, then its own UPDATE, in file order; all in one transaction."""
    async with conn.transaction():
        for call in calls:
            await replay_one(conn, replay, call)


async def replay_one(conn: Client, replay: int, call: Call) -> None:
    """A call as it happens: it begins, then it ends. Two transactions, unless one is open."""
    await conn.execute(INSERT, replay, call.line, *call.begun)
    await conn.execute(UPDATE, replay, call.line, call.duration, call.y)


async def replay_all(
    conn: Client,
    replay: int,
    calls: Iterator[Call],
    *,
    told: Callable[[int], None],
    together: int = _TOGETHER,
) -> int:
    """Every call as fast as the database takes it; `told` hears the count after each batch."""
    count = 0
    while batch := list(islice(calls, together)):
        await replay_batch(conn, replay, batch)
        count += len(batch)
        told(count)
    return count
