"""JSON values as JSON Logic sees them: truth, numbers, text, equality, order. Twin of frontend/src/logic/values.ts.

Coercion follows jsonlogic.com (JavaScript) with one rule more: where JavaScript would go on with NaN, this raises
`Broken(not-a-number)`, because NaN is not JSON and a comparison with it is silently false.
"""

from __future__ import annotations

import math
import re
from typing import Final

from ruleyard.core.logic.budget import MAX_DEPTH, MAX_NUMBER, MAX_PRODUCED, Broken, Budget
from ruleyard.core.types import JSON

BLANKS: Final = (
    "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)
"""What JavaScript's String.prototype.trim takes away."""

SAFE_INTEGER: Final = 2**53

NOT_FINITE: Final = ("NaN", "Infinity", "-Infinity")
"""How PostgreSQL's to_jsonb writes, as text, what numeric and double precision columns can hold besides numbers."""

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?", re.ASCII)


def truthy(value: JSON) -> bool:
    """Falsy: false, null, 0, "", []. Everything else is truthy, {} and "0" too (jsonlogic.com/truthy.html)."""
    if type(value) is dict:
        return True
    return bool(value)


def clean_number(number: float, path: str) -> float:
    """A result as JSON writes it: whole floats become int, -0 becomes 0. Raises Broken where it is no number."""
    if type(number) is float:
        if not math.isfinite(number):
            raise Broken(
                path, "not-a-number", "The result is not a number (division by zero, or far too large)."
            )
        if number.is_integer() and -SAFE_INTEGER <= number <= SAFE_INTEGER:
            return int(number)
        return number
    if -SAFE_INTEGER <= number <= SAFE_INTEGER:
        return number
    return clean_number(float(number), path)


def number_of(value: JSON, path: str) -> float:
    """The value as a number: null and "" are 0, true is 1, text is read. Raises Broken where it is none."""
    kind = type(value)
    if kind is int:
        if -SAFE_INTEGER <= value <= SAFE_INTEGER:  # type: ignore[operator]
            return value  # type: ignore[return-value]
        return _wide(value, path)  # type: ignore[arg-type]
    if kind is float and math.isfinite(value):  # type: ignore[arg-type]
        return value  # type: ignore[return-value]
    if value is None or value is False:
        return 0
    if value is True:
        return 1
    if isinstance(value, str) and len(value) <= MAX_NUMBER:
        text = value.strip(BLANKS)
        if not text:
            return 0
        if _NUMBER.fullmatch(text):
            number = float(text)
            if math.isfinite(number):
                return int(number) if number.is_integer() and abs(number) <= SAFE_INTEGER else number
            raise Broken(path, "not-a-number", "This number is far too large.")
        if text in NOT_FINITE:
            raise Broken(path, "not-a-number", f"{shown(value)} is not a finite number.")
    raise Broken(path, "not-a-number", f"{shown(value)} is not a number.")


def _wide(value: int, path: str) -> float:
    try:
        return float(value)
    except OverflowError:
        raise Broken(path, "not-a-number", "This number is far too large.") from None


def number_text(number: float) -> str:
    """A number as JavaScript writes it: `5`, `0.5`, `1e+21`, `1e-7`."""
    if type(number) is int and -SAFE_INTEGER <= number <= SAFE_INTEGER:
        return str(number)
    try:
        number = float(number)
    except OverflowError:
        return "Infinity"
    if number == 0:
        return "0"
    sign = "-" if number < 0 else ""
    mantissa, _, exponent_text = f"{abs(number)!r}".partition("e")
    whole, _, fraction = mantissa.partition(".")
    if fraction == "0":
        fraction = ""
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + int(exponent_text or 0) - (len(whole + fraction) - len(digits))
    digits = digits.rstrip("0") or "0"
    if 0 < point <= 21:
        if len(digits) <= point:
            return sign + digits.ljust(point, "0")
        return f"{sign}{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    exponent = point - 1
    head = digits[0] + ("." + digits[1:] if len(digits) > 1 else "")
    return f"{sign}{head}e{'+' if exponent > 0 else '-'}{abs(exponent)}"


def text_of(value: JSON, path: str, depth: int = 0) -> str:
    """The value as text: null is "", lists are joined with commas. Raises Broken for objects."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return number_text(value)
    if isinstance(value, list):
        if depth >= MAX_DEPTH or len(value) > 10_000:
            raise Broken(path, "too-big", "This list is too long or too deep to be written as text.")
        parts, left = [], MAX_PRODUCED + 1
        for item in value:
            part = text_of(item, path, depth + 1)
            left -= len(part) + 1
            if left < 0:
                raise Broken(path, "too-big", "This makes more than 1 MB of text or lists.")
            parts.append(part)
        return ",".join(parts)
    raise Broken(path, "bad-arguments", "An object cannot be written as text.")


def same(left: JSON, right: JSON, budget: Budget, path: str, depth: int = 0) -> bool:
    """Strict equality. Numbers by value, lists and objects by content; never across types."""
    if type(left) is str and type(right) is str:
        budget.read(min(len(left), len(right)), path)
        return left == right
    if isinstance(left, bool) or isinstance(right, bool) or left is None or right is None:
        return left is right
    if isinstance(left, (int, float)):
        return isinstance(right, (int, float)) and left == right
    if isinstance(left, str):
        return False
    if depth >= MAX_DEPTH:
        raise Broken(path, "too-deep", f"These values are nested more than {MAX_DEPTH} levels deep.")
    if isinstance(left, list):
        if not isinstance(right, list) or len(left) != len(right):
            return False
        budget.spend(len(left), path)
        return all(same(a, b, budget, path, depth + 1) for a, b in zip(left, right, strict=True))
    if not isinstance(right, dict) or len(left) != len(right):
        return False
    budget.spend(len(left), path)
    return all(k in right and same(v, right[k], budget, path, depth + 1) for k, v in left.items())


def _container(value: JSON) -> bool:
    return isinstance(value, (list, dict))


def loosely_same(left: JSON, right: JSON, budget: Budget, path: str) -> bool:
    """`==`: equal types as `===`; null equals only null; otherwise as numbers. Raises Broken where one is no number."""
    if left is None or right is None:
        return left is right
    if isinstance(left, str) and isinstance(right, str):
        return same(left, right, budget, path)
    if _container(left) and type(left) is type(right):
        return same(left, right, budget, path)
    return number_of(left, path) == number_of(right, path)


def shown(value: JSON) -> str:
    """The value in an error message: short, quoted text."""
    if isinstance(value, str):
        return f'"{value[:40]}…"' if len(value) > 40 else f'"{value}"'
    if isinstance(value, list):
        return "A list"
    if isinstance(value, dict):
        return "An object"
    return (
        "Empty"
        if value is None
        else ("true" if value is True else "false" if value is False else number_text(value))
    )
