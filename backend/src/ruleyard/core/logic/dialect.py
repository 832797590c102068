"""Dialect 1: the one table of operators. Feeds both evaluators' arity checks, the palette, the docs and operators.json.

Types are words: any, text, number, boolean, date (a date or a moment as text), list, logic (evaluated per item), unit.
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from ruleyard.core.types import JSON

DIALECT: Final = 1

Group = Literal["data", "compare", "decide", "number", "text", "list", "date"]

DATE_UNITS: Final = ("seconds", "minutes", "hours", "days", "weeks", "months", "years")
DATE_PARTS: Final = ("year", "month", "day", "weekday", "hour", "minute")


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


def _op(
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


_ORDER = "Both text: by Unicode characters. Otherwise as numbers; what is no number is an error. More arguments: each pair."
_EACH = 'Inside the second argument the data are the item itself: {"var": ""} is the item.'

OPERATORS: Final[tuple[OperatorInfo, ...]] = (
    _op(
        "var",
        "value of",
        "data",
        (0, 2),
        "text any",
        "any",
        "The value at a dotted path of the data, or the second argument (else null) where there is none. "
        'Only own keys and list positions; "" is the whole data.',
        ({"var": "after.status"}, {"after": {"status": "won"}}, "won"),
        ({"var": ["after.owner", "nobody"]}, {"after": {}}, "nobody"),
    ),
    _op(
        "missing",
        "missing of",
        "data",
        (0, None),
        "text",
        "list",
        'The paths, of those given, where the data hold nothing, null or "".',
        ({"missing": ["a", "b"]}, {"a": 1}, ["b"]),
    ),
    _op(
        "missing_some",
        "missing of at least",
        "data",
        (2, 2),
        "number list",
        "list",
        "Empty when at least so many of the paths hold something, else the paths that are missing.",
        ({"missing_some": [1, ["a", "b"]]}, {"a": 1}, []),
    ),
    _op(
        "preserve",
        "exactly",
        "data",
        (0, None),
        "any",
        "any",
        "Its argument as it stands, nothing inside is evaluated: for a literal object with one key.",
        ({"preserve": {"var": "a"}}, {"a": 1}, {"var": "a"}),
        standard=False,
    ),
    _op(
        "===",
        "is",
        "compare",
        (2, None),
        "any",
        "boolean",
        "Equal in type and value; lists and objects by their content.",
        ({"===": [1, "1"]}, {}, False),
    ),
    _op(
        "!==",
        "is not",
        "compare",
        (2, None),
        "any",
        "boolean",
        "The opposite of ===.",
        ({"!==": [1, "1"]}, {}, True),
    ),
    _op(
        "==",
        "equals",
        "compare",
        (2, None),
        "any",
        "boolean",
        "Equal types as ===. Null equals only null. Otherwise as numbers; what is no number is an error.",
        ({"==": [1, "1"]}, {}, True),
        ({"==": [None, 0]}, {}, False),
    ),
    _op(
        "!=",
        "differs from",
        "compare",
        (2, None),
        "any",
        "boolean",
        "The opposite of ==.",
        ({"!=": [1, "1"]}, {}, False),
    ),
    _op("<", "is less than", "compare", (2, None), "any", "boolean", _ORDER, ({"<": [1, 2, 3]}, {}, True)),
    _op(
        "<=",
        "is at most",
        "compare",
        (2, None),
        "any",
        "boolean",
        _ORDER,
        ({"<=": ["2026-01-01", "2026-01-02"]}, {}, True),
    ),
    _op(">", "is more than", "compare", (2, None), "any", "boolean", _ORDER, ({">": [2, 1]}, {}, True)),
    _op(
        ">=",
        "is at least",
        "compare",
        (2, None),
        "any",
        "boolean",
        _ORDER,
        ({">=": [{"var": "n"}, 3]}, {"n": 3}, True),
    ),
    _op(
        "!",
        "not",
        "decide",
        (0, 1),
        "any",
        "boolean",
        'True for false, null, 0, "" and [].',
        ({"!": [0]}, {}, True),
    ),
    _op(
        "!!",
        "has a value",
        "decide",
        (0, 1),
        "any",
        "boolean",
        'False for false, null, 0, "" and [].',
        ({"!!": ["0"]}, {}, True),
    ),
    _op(
        "and",
        "all of",
        "decide",
        (0, None),
        "any",
        "any",
        "The first falsy argument, or the last one. Stops at the first falsy one.",
        ({"and": [True, 3]}, {}, 3),
    ),
    _op(
        "or",
        "any of",
        "decide",
        (0, None),
        "any",
        "any",
        "The first truthy argument, or the last one. Stops at the first truthy one.",
        ({"or": [False, 3]}, {}, 3),
    ),
    _op(
        "if",
        "if",
        "decide",
        (0, None),
        "any",
        "any",
        "condition, value, condition, value, …, otherwise. Null where nothing holds and there is no otherwise.",
        ({"if": [{"var": "vip"}, "call", "mail"]}, {"vip": True}, "call"),
    ),
    _op("?:", "if", "decide", (0, None), "any", "any", "Another name of if.", ({"?:": [False, 1, 2]}, {}, 2)),
    _op(
        "+",
        "plus",
        "number",
        (0, None),
        "number",
        "number",
        "The sum. With one text, that text as a number.",
        ({"+": [1, "2"]}, {}, 3),
    ),
    _op(
        "-",
        "minus",
        "number",
        (1, None),
        "number",
        "number",
        "The difference; with one argument, its negative.",
        ({"-": [5, 2]}, {}, 3),
    ),
    _op("*", "times", "number", (0, None), "number", "number", "The product.", ({"*": [2, 3]}, {}, 6)),
    _op(
        "/",
        "divided by",
        "number",
        (1, None),
        "number",
        "number",
        "The quotient; with one argument, 1 divided by it. Division by zero is an error.",
        ({"/": [1, 4]}, {}, 0.25),
    ),
    _op(
        "%",
        "remainder of",
        "number",
        (2, None),
        "number",
        "number",
        "The remainder, with the sign of the first argument.",
        ({"%": [-8, 3]}, {}, -2),
    ),
    _op(
        "min",
        "smallest of",
        "number",
        (1, None),
        "number",
        "number",
        "The smallest.",
        ({"min": [3, 1, 2]}, {}, 1),
    ),
    _op(
        "max",
        "largest of",
        "number",
        (1, None),
        "number",
        "number",
        "The largest.",
        ({"max": [3, 1, 2]}, {}, 3),
    ),
    _op(
        "cat",
        "joined text",
        "text",
        (0, None),
        "any",
        "text",
        "The arguments as text, one after the other. Null is nothing.",
        ({"cat": ["Hello ", {"var": "name"}]}, {"name": "Ji-woo"}, "Hello Ji-woo"),
    ),
    _op(
        "substr",
        "part of text",
        "text",
        (2, 3),
        "text number",
        "text",
        "From a position (negative: from the end), a length (negative: without so many at the end). Counts Unicode characters.",
        ({"substr": ["jsonlogic", -5]}, {}, "logic"),
        ({"substr": ["jsonlogic", 1, -5]}, {}, "son"),
    ),
    _op(
        "in",
        "is in",
        "text",
        (2, 2),
        "any any",
        "boolean",
        "Whether a list holds the value (as ===) or a text holds the text.",
        ({"in": ["new", ["new", "won"]]}, {}, True),
        ({"in": ["i", "team"]}, {}, False),
    ),
    _op(
        "lower",
        "in small letters",
        "text",
        (1, 1),
        "text",
        "text",
        "The text in small letters.",
        ({"lower": ["ДА Yes"]}, {}, "да yes"),
        standard=False,
    ),
    _op(
        "trim",
        "without outer spaces",
        "text",
        (1, 1),
        "text",
        "text",
        "The text without spaces at both ends.",
        ({"trim": ["  a b "]}, {}, "a b"),
        standard=False,
    ),
    _op(
        "starts_with",
        "starts with",
        "text",
        (2, 2),
        "text text",
        "boolean",
        "Whether the text starts so. Null never does.",
        ({"starts_with": ["+82 10", "+82"]}, {}, True),
        standard=False,
    ),
    _op(
        "ends_with",
        "ends with",
        "text",
        (2, 2),
        "text text",
        "boolean",
        "Whether the text ends so. Null never does.",
        ({"ends_with": ["a@b.ru", ".ru"]}, {}, True),
        standard=False,
    ),
    _op(
        "length",
        "length of",
        "text",
        (1, 1),
        "any",
        "number",
        "Characters of a text, items of a list, keys of an object; null is 0.",
        ({"length": ["안녕"]}, {}, 2),
        standard=False,
    ),
    _op(
        "is_empty",
        "is empty",
        "decide",
        (1, 1),
        "any",
        "boolean",
        "True for null, text of nothing but spaces, [] and {}. 0 and false are not empty.",
        ({"is_empty": [" "]}, {}, True),
        ({"is_empty": [0]}, {}, False),
        standard=False,
    ),
    _op(
        "merge",
        "joined lists",
        "list",
        (0, None),
        "any",
        "list",
        "One list of all arguments; lists are opened.",
        ({"merge": [1, [2, 3]]}, {}, [1, 2, 3]),
    ),
    _op(
        "map",
        "each of",
        "list",
        (2, 2),
        "list logic",
        "list",
        "A list of what the second argument makes of each item. " + _EACH,
        ({"map": [[1, 2], {"*": [{"var": ""}, 2]}]}, {}, [2, 4]),
    ),
    _op(
        "filter",
        "those of",
        "list",
        (2, 2),
        "list logic",
        "list",
        "The items for which the second argument is truthy. " + _EACH,
        ({"filter": [[1, 2], {">": [{"var": ""}, 1]}]}, {}, [2]),
    ),
    _op(
        "reduce",
        "folded",
        "list",
        (2, 3),
        "list logic any",
        "any",
        'Goes through the items with {"var": "current"} and {"var": "accumulator"}, starting from the third argument.',
        ({"reduce": [[1, 2, 3], {"+": [{"var": "current"}, {"var": "accumulator"}]}, 0]}, {}, 6),
    ),
    _op(
        "all",
        "all items",
        "list",
        (2, 2),
        "list logic",
        "boolean",
        "Whether the second argument holds for every item; false for an empty list. " + _EACH,
        ({"all": [[1, 2], {">": [{"var": ""}, 0]}]}, {}, True),
    ),
    _op(
        "some",
        "some item",
        "list",
        (2, 2),
        "list logic",
        "boolean",
        "Whether it holds for at least one item. " + _EACH,
        ({"some": [[1, 2], {">": [{"var": ""}, 1]}]}, {}, True),
    ),
    _op(
        "none",
        "no item",
        "list",
        (2, 2),
        "list logic",
        "boolean",
        "Whether it holds for no item. " + _EACH,
        ({"none": [[1, 2], {">": [{"var": ""}, 2]}]}, {}, True),
    ),
    _op(
        "date_add",
        "date plus",
        "date",
        (3, 3),
        "date number unit",
        "date",
        "The date moved by so many "
        + ", ".join(DATE_UNITS)
        + ". A date stays a date with days or longer units. "
        "The last day of a shorter month stands in for a missing one. Null stays null.",
        ({"date_add": ["2026-01-31", 1, "months"]}, {}, "2026-02-28"),
        standard=False,
    ),
    _op(
        "date_diff",
        "time between",
        "date",
        (3, 3),
        "date date unit",
        "number",
        "Whole units from the second date to the first, cut towards zero. Null where one is null.",
        ({"date_diff": ["2026-03-01", "2026-02-01", "days"]}, {}, 28),
        standard=False,
    ),
    _op(
        "date_part",
        "part of date",
        "date",
        (2, 2),
        "date unit",
        "number",
        "One of " + ", ".join(DATE_PARTS) + " (weekday: 1 Monday to 7 Sunday), in UTC. Null stays null.",
        ({"date_part": ["2026-11-22", "weekday"]}, {}, 7),
        standard=False,
    ),
)

BY_NAME: Final = {info.name: info for info in OPERATORS}
