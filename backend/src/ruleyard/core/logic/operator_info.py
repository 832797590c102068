"""What the table of operators says about each of them."""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from ruleyard.core.types import JSON

Group = Literal["data", "compare", "decide", "number", "text", "list", "date"]

DATE_UNITS: Final = ("seconds", "minutes", "hours", "days", "weeks", "months", "years")
DATE_PARTS: Final = ("year", "month", "day", "weekday", "hour", "minute", "date", "time")


class Example(msgspec.Struct, frozen=True):
    """A case that is shown in the docs and run by the tests."""

    logic: JSON
    data: JSON
    result: JSON


class OperatorInfo(msgspec.Struct, frozen=True):
    """One operator. `max_args` None = any number; the last of `arguments` repeats."""

    name: str
    label: str
    group: Group
    min_args: int
    max_args: int | None
    arguments: tuple[str, ...]
    result: str
    words: str
    examples: tuple[Example, ...]
    standard: bool = True


def op(
    name: str,
    label: str,
    group: Group,
    arity: tuple[int, int | None],
    arguments: str,
    result: str,
    words: str,
    *examples: tuple[JSON, JSON, JSON],
    standard: bool = True,
) -> OperatorInfo:
    return OperatorInfo(
        name,
        label,
        group,
        arity[0],
        arity[1],
        tuple(arguments.split()),
        result,
        words,
        tuple(Example(*example) for example in examples),
        standard,
    )
