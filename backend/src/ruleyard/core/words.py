"""Expressions and values in plain English, for the sentence of a rule and for reasons."""

from __future__ import annotations

from typing import Final

from ruleyard.core.logic.dialect import BY_NAME
from ruleyard.core.logic.naming import called
from ruleyard.core.logic.values import number_text
from ruleyard.core.types import JSON

_LONGEST: Final = 60


def value_words(value: JSON) -> str:
    """A literal: `"won"`, `3`, `empty`, `"new" or "won"`."""
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        return number_text(value)
    if isinstance(value, str):
        return f'"{value[:_LONGEST]}…"' if len(value) > _LONGEST else f'"{value}"'
    if isinstance(value, list):
        parts = [value_words(item) for item in value[:6]]
        return " or ".join(parts) if len(value) <= 6 else ", ".join(parts) + ", …"
    return "…"


def path_words(path: str) -> str:
    """`after.first_name` → `first name`; `before.status` → `status before`."""
    root, _, rest = path.partition(".")
    name = rest.replace("_", " ")
    if root == "after" and rest:
        return name
    if root == "before" and rest:
        return f"{name} before"
    if root == "related" and "." in rest:
        return called(path)
    return "the time" if path == "now" else path.replace("_", " ")


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
    parts = [logic_words(arg, depth + 1) for arg in args[:8]]
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
