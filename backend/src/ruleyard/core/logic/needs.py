"""Does a type do where an operator needs a number, a date, text, a list? Always, sometimes or never, and the problem.

What never does is an error. What only sometimes does (what lies inside a JSON column, text that may be a date) is a
warning: such a run can end with an error, and a draft without problems must not.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal

from ruleyard.core.logic.moments import is_date
from ruleyard.core.logic.tree import Literal as LiteralNode
from ruleyard.core.logic.tree import Node
from ruleyard.core.logic.types import TEXTUAL, Type
from ruleyard.core.logic.values import shown
from ruleyard.core.types import JSON
from ruleyard.core.zones import zone_like, zone_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ruleyard.core.logic.typecheck import Scope

Fit = Literal["always", "sometimes", "never"]

PLAIN_NUMBER: Final = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d{1,9})?", re.ASCII)
TIME: Final = re.compile(
    r"(?:[01]\d|2[0-4]):[0-5]\d(?::[0-5]\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d(?::?[0-5]\d)?)?", re.ASCII
)
"""A time of day as text, with or without seconds and an offset."""
_ALL: Final = frozenset({"text", "number", "boolean", "null", "date", "timestamp", "time", "list", "object"})
_DOES: Final[dict[str, frozenset[str]]] = {
    "number": frozenset({"number", "boolean", "null"}),
    "date": frozenset({"date", "timestamp", "null"}),
    "text": _ALL - {"object", "list"},
    "written": _ALL - {"object"},
    "paths": frozenset({"list"}),
}
_MAY: Final = {"date": frozenset({"text"})}
_WANTED: Final[dict[str, str]] = {"written": "text", "paths": "list"}
_OF_LISTS: Final = frozenset({"+", "*", "-", "/", "min", "max"})
"""They open their only argument where it is not written as a list."""


def opens(node: Node) -> bool:
    """Does a list as the only argument stand for its items?"""
    return node.single and node.operator in _OF_LISTS


def fit(found: Type, wanted: str, *, opened: bool = False) -> Fit:
    """`wanted`: a key of the table above; other words are always met."""
    does = _DOES.get(wanted)
    if does is None:
        return "always"
    if found.open:
        return "sometimes"
    fits = {kind: _fit_of(kind, found, wanted, does, opened) for kind in found.kinds}
    if set(fits.values()) == {"always"}:
        return "always"
    return "never" if all(one == "never" for kind, one in fits.items() if kind != "null") else "sometimes"


def _fit_of(kind: str, found: Type, wanted: str, does: frozenset[str], opened: bool) -> Fit:
    if kind == "list" and (opened or wanted in ("written", "paths")):
        inside = "written" if wanted == "paths" else wanted
        return fit(found.item, inside) if found.item else "sometimes"
    if kind in does:
        return "always"
    return "sometimes" if kind in _MAY.get(wanted, ()) else "never"


def judge(scope: Scope, arg: Node, found: Type, wanted: str, node: Node) -> None:
    """Add what is wrong with an argument."""
    literal = arg.value if isinstance(arg, LiteralNode) else None
    if wanted == "zone":
        _judge_zone(scope, arg, found, node)
        return
    if wanted == "date" and isinstance(literal, str):
        if not is_date(literal):
            words = f'"{literal}" is not a date; they look like 2026-11-22.'
            scope.add("not-a-date", arg, words, args={"operator": node.operator, "found": ["text"]})
        return
    if wanted == "list" and not found.open and not found.kinds & {"list", "null"}:
        _never(scope, arg, found, wanted, node.operator)
        return
    fits = fit(found, wanted, opened=opens(node))
    if fits == "never" and found.kinds - {"null"}:
        _never(scope, arg, found, wanted, node.operator)
    elif fits != "always":
        uncertain(scope, arg, found, [_WANTED.get(wanted, wanted)], node.operator)
    elif wanted == "number" and found.nullable:
        called = f'"{found.label}" is' if found.label else "This is"
        words = f'{called} sometimes empty; "{node.operator}" takes that as 0.'
        scope.add("maybe-empty", arg, words, warn=True, args=_args(found, node.operator))


def _judge_zone(scope: Scope, arg: Node, found: Type, node: Node) -> None:
    """The name of a time zone, written out. What is made of data may be none."""
    if not isinstance(arg, LiteralNode):
        uncertain(scope, arg, found, ["text"], node.operator)
        return
    name = arg.value if isinstance(arg.value, str) else shown(arg.value)
    if isinstance(arg.value, str) and zone_of(name):
        return
    better = zone_like(name) if isinstance(arg.value, str) else None
    hint = f' Did you mean "{better}"?' if better else ""
    words = f'There is no time zone "{name}" (they look like Europe/Moscow).{hint}'
    args: dict[str, JSON] = {"zone": name, **({"suggestion": better} if better else {})}
    scope.add("unknown-zone", arg, words, (f'Use "{better}"', better) if better else None, args=args)


def _never(scope: Scope, arg: Node, found: Type, wanted: str, operator: str) -> None:
    called = f'"{found.label}" is' if found.label else "This is"
    kind = _WANTED.get(wanted, wanted)
    words = f'{called} {found.without_null().words()}; "{operator}" needs {_WORDS[kind]}.'
    args = _args(found, operator)
    if kind == "number":
        fix: tuple[str, JSON] | None = None
        if isinstance(arg, LiteralNode) and isinstance(arg.value, str) and PLAIN_NUMBER.fullmatch(arg.value):
            fix = ("Use the number", to_number(arg.value))
        scope.add("not-a-number", arg, words, fix, args=args)
    elif kind == "date":
        scope.add("not-a-date", arg, words, args=args)
    elif kind == "text":
        scope.add("not-text", arg, words, args=args)
    else:
        scope.add("not-a-list", arg, words, args=args)


_WORDS: Final = {
    "number": "a number",
    "date": "a date",
    "text": "text",
    "list": "a list",
    "boolean": "yes or no",
    "timestamp": "a moment",
    "time": "a time of day",
    "object": "an object",
}


def uncertain(
    scope: Scope, at: Node, found: Type, wanted: list[str], operator: str, fix: tuple[str, JSON] | None = None
) -> None:
    """A warning: whether it does is known only when the rule runs."""
    if found.told:
        return
    called = f'"{found.label}"' if found.label else "This"
    needs = " or ".join(_WORDS.get(kind, kind) for kind in wanted)
    words = f'{called} may also be something else than "{operator}" needs ({needs}): then the run ends with an error.'
    args: dict[str, JSON] = {"operator": operator, "wanted": [*wanted]}
    if found.label:
        args["name"] = found.label
    scope.add("maybe-wrong-type", at, words, fix, warn=True, args=args)


def _args(found: Type, operator: str) -> dict[str, JSON]:
    args: dict[str, JSON] = {"operator": operator, "found": found.names()}
    return args | {"name": found.label} if found.label else args


def may_fail(operator: str, left: Type, right: Type) -> bool:
    """Can comparing two values of these types end with an error? Empty ones are judged elsewhere."""
    if operator in ("===", "!=="):
        return False
    order = operator in ("<", "<=", ">", ">=")
    if not order and (left.kinds == {"null"} or right.kinds == {"null"}):
        return False
    if left.open or right.open:
        return True
    return any(not _comparable(a, b, order) for a in left.kinds - {"null"} for b in right.kinds - {"null"})


def never_meet(args: Sequence[Node], left: Type, right: Type) -> bool:
    """Are both text in the data, but certainly of another kind? A time of day is no day, and neither is a word."""
    sides = ((left, args[0], right.kinds - {"null"}), (right, args[1], left.kinds - {"null"}))
    for mine, arg, other in sides:
        kinds = mine.kinds - {"null"}
        if kinds == {"time"} and other <= {"date", "timestamp"}:
            return True
        if kinds != {"text"} or not other <= {"date", "timestamp", "time"}:
            continue
        fits = TIME.fullmatch if other == {"time"} else is_date
        said = (arg.value,) if isinstance(arg, LiteralNode) and other == {"time"} else mine.choices
        if said and not any(isinstance(one, str) and fits(one) for one in said):
            return True
    return False


def _comparable(left: str, right: str, order: bool) -> bool:
    if left in TEXTUAL and right in TEXTUAL:
        return True
    numbers = _DOES["number"]
    return (left in numbers and right in numbers) or (not order and left == right)


def to_number(text: str) -> int | float:
    number = float(text)
    return int(number) if number.is_integer() else number
