"""Expressions and values in plain English, for the sentence of a rule and for reasons."""

from __future__ import annotations

from typing import Final

from ruleyard.core.logic.dialect import BY_NAME
from ruleyard.core.logic.naming import called
from ruleyard.core.logic.values import number_text
from ruleyard.core.types import JSON
from ruleyard.core.zones import zone_words

_LONGEST: Final = 60
_MOST: Final = 6


class Name(str):
    """A text that is said as it stands, without quotes."""

    __slots__ = ()


def value_words(value: JSON) -> str:
    """A literal: `"won"`, `3`, `empty`, `"new" or "won"`."""
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        return number_text(value)
    if isinstance(value, Name):
        return value
    if isinstance(value, str):
        return f'"{value[:_LONGEST]}…"' if len(value) > _LONGEST else f'"{value}"'
    if isinstance(value, list):
        parts = [value_words(item) for item in value[:_MOST]]
        return " or ".join(parts) if len(value) <= _MOST else ", ".join(parts) + ", …"
    return "…"


def path_words(path: str) -> str:
    """`after.first_name` → `first name`; `before.status` → `status before`."""
    root, _, rest = path.partition(".")
    name = rest.replace("_", " ")
    if root == "after" and rest:
        return name
    if root == "received" and rest:
        return f"received {name}"
    if root == "record" and rest:
        return f"its {name}" if "." not in rest else f"its {called(f'related.{rest}')}"
    if root == "before" and rest:
        return f"{name} before"
    if root == "related" and "." in rest:
        return called(path)
    return "the time" if path == "now" else path.replace("_", " ")


_PARTS: Final = {
    "year": "the year",
    "month": "the month",
    "day": "the day of the month",
    "weekday": "the day of the week",
    "hour": "the hour",
    "minute": "the minute",
    "date": "the date",
    "time": "the time of day",
}
_TODAY: Final = {"weekday": "today", "date": "today", "time": "the time of day", "month": "the month"}
_WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_NAMED: Final = {"weekday": _WEEKDAYS, "month": _MONTHS}


def _part_words(args: list[JSON]) -> str:
    """`today (Seoul time)`, `the month of due on`."""
    part = str(args[1])
    zone = f" ({zone_words(args[2])})" if len(args) > 2 and isinstance(args[2], str) else ""
    if args[0] == {"var": "now"} and part in _TODAY:
        return f"{_TODAY[part]}{zone}"
    of = "today" if args[0] == {"var": "now"} else logic_words(args[0], 1)
    return f"{_PARTS.get(part, part)} of {of}{zone}"


def _names_of(logic: JSON) -> tuple[str, ...]:
    """What the numbers of an expression are called: days of the week, months. () where they are plain numbers."""
    call = _call(logic)
    if call is None or call[0] != "date_part" or len(call[1]) < 2:
        return ()
    return _NAMED.get(str(call[1][1]), ())


def _named(value: JSON, names: tuple[str, ...]) -> JSON:
    if isinstance(value, list):
        return [_named(item, names) for item in value]
    if not isinstance(value, int) or isinstance(value, bool):
        return value
    return Name(names[value - 1]) if 1 <= value <= len(names) else value


def _is_workdays(days: JSON) -> bool:
    return isinstance(days, list) and sorted(map(str, days)) == ["1", "2", "3", "4", "5"]


def seen_words(logic: JSON, value: JSON) -> str:
    """What an expression came to: `Saturday` where it is the day of the week, else as `value_words` says."""
    return value_words(_named(value, _names_of(logic)))


def _call(logic: JSON) -> tuple[str, list[JSON]] | None:
    if isinstance(logic, dict) and len(logic) == 1:
        [(operator, body)] = logic.items()
        return operator, body if isinstance(body, list) else [body]
    return None


def logic_words(logic: JSON, depth: int = 0) -> str:
    """An expression as words; `…` where it gets too deep."""
    call = _call(logic)
    if call is None:
        return value_words(logic)
    operator, args = call
    if depth > 4:
        return "…"
    names = next(filter(None, map(_names_of, args)), ())
    parts = [logic_words(_named(arg, names), depth + 1) for arg in args[:8]]
    if operator == "date_part" and len(args) > 1:
        return _part_words(args)
    if operator == "in" and names:
        return (
            f"{parts[0]} is a weekday" if names is _WEEKDAYS and _is_workdays(args[1]) else " is ".join(parts)
        )
    if operator == "<=" and len(parts) == 3:
        return f"{parts[1]} is between {parts[0]} and {parts[2]}"
    if operator == "var":
        return path_words(args[0]) if args and isinstance(args[0], str) else "a value"
    if operator in ("and", "or"):
        joined = f" {operator} ".join(parts)
        return f"({joined})" if depth and len(parts) > 1 else joined
    if operator == "cat":
        return "".join(
            p.strip('"') if isinstance(a, str) else f"{{{p}}}" for p, a in zip(parts, args, strict=False)
        )
    if operator in ("===", "==", "!==", "!=") and len(parts) == 2 and args[1] is None:
        return f"{parts[0]} is {'not ' if operator[0] == '!' else ''}empty"
    info = BY_NAME.get(operator)
    label = info.label if info else operator
    if operator in ("is_empty", "!!"):
        return f"{parts[0]} {label}" if parts else label
    if info and (
        info.group == "compare" or operator in ("in", "starts_with", "ends_with", "+", "-", "*", "/")
    ):
        return f" {label} ".join(parts)
    return f"{label} {', '.join(parts)}" if parts else label
