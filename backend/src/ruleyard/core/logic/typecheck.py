"""The static check of one expression against the types of its data.

The operator classes call these methods from `typecheck`. Knows nothing of databases: `Names` gives each variable's
type. Null flows: what a guard has ruled out is not null behind it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final
from typing import Literal as OneOf

import msgspec

from ruleyard.core.errors import Fix, Problem
from ruleyard.core.logic.dialect import OperatorInfo
from ruleyard.core.logic.facts import ORDERS, Facts, when_false, when_true
from ruleyard.core.logic.moments import is_date
from ruleyard.core.logic.naming import ItemNames, Names, ReduceNames, Unknown, called
from ruleyard.core.logic.needs import PLAIN_NUMBER, judge, may_fail, never_meet, to_number, uncertain
from ruleyard.core.logic.tree import Literal, Node
from ruleyard.core.logic.types import ANY, TOLD, Type, family, inexact, of, of_literal, union
from ruleyard.core.near import nearest
from ruleyard.core.types import JSON

__all__ = ["Names", "Scope", "Type", "Unknown"]

_PASSES: Final = 3
"""So often is the body of a `reduce` looked at before what it makes is called anything."""
_RESULTS: Final = {
    "any": ANY,
    "text": of("text"),
    "number": of("number"),
    "boolean": of("boolean"),
    "date": of("timestamp"),
    "list": of("list"),
}


class Scope:
    """One check of one expression. `problems` grows; `base` is where the logic stands in the document."""

    def __init__(
        self, names: Names | None, base: str, node: str | None, logic: JSON, facts: Facts = frozenset()
    ) -> None:
        self.names, self.base, self.node, self.logic, self.facts = names, base, node, logic, facts
        self.problems: list[Problem] = []
        self.nullable: set[str] = set()
        self.folding = False

    def add(
        self,
        code: str,
        at: Node,
        message: str,
        fix: tuple[str, JSON] | None = None,
        *,
        warn: bool = False,
        args: dict[str, JSON] | None = None,
    ) -> None:
        path = self.base + at.path
        mend = Fix(fix[0], path, fix[1]) if fix else None
        severity: OneOf["error", "warning"] = "warning" if warn else "error"
        self.problems.append(Problem(code, path, message, severity, self.node, args or {}, mend))

    def source(self, node: Node) -> JSON:
        """The node as it was written."""
        value = self.logic
        for part in node.path.split("/")[1:]:
            key = part.replace("~1", "/").replace("~0", "~")
            value = (
                value[int(key)]
                if isinstance(value, list)
                else value[key]
                if isinstance(value, dict)
                else None
            )
        return value

    def anything(self) -> Type:
        return TOLD

    def literal(self, node: Literal) -> Type:
        wide = inexact(node.value)
        if wide is not None:
            words = (
                f"{wide} is a whole number beyond 2^53. A browser rounds it, and may then decide otherwise."
            )
            self.add("inexact-number", node, words, warn=True, args={"number": str(wide)})
        return of_literal(node.value)

    def list_of(self, items: list[Type]) -> Type:
        return of("list", item=union(items) if items else None)

    def variable(self, node: Node) -> Type:
        """The type of `var`; unknown names are problems."""
        default = node.args[1].typecheck(self) if len(node.args) > 1 else None
        path = variable_path(node)
        if path is None:
            judge(self, node.args[0], node.args[0].typecheck(self), "written", node)
            return ANY
        if self.names is None:
            return ANY
        if path == "":
            whole = self.names.whole()
            return whole.without_null() if path in self.facts else whole
        found = self.names.type_of(path, self.facts) if "" not in path.split(".") else _gap(path)
        if isinstance(found, Unknown):
            mended: JSON = {"var": [found.better, *_tail(self.source(node))]} if found.better else None
            if found.better and not _tail(self.source(node)):
                mended = {"var": found.better}
            fix = (f'Use "{found.better}"', mended) if found.better else None
            warn = found.severity == "warning"
            self.add(found.code, node, found.message, fix, warn=warn, args=found.args)
            return TOLD
        if path in self.facts:
            found = found.without_null()
        found = msgspec.structs.replace(found, label=called(path))
        return union([found, default]) if default and found.nullable else found

    def by_table(self, node: Node, info: OperatorInfo, needs: tuple[str, ...] = ()) -> Type:
        """Check each argument by `needs`, else by the table's word for it; the result is the table's."""
        wants = needs or info.arguments or ("any",)
        for index, arg in enumerate(node.args):
            wanted = wants[min(index, len(wants) - 1)]
            found = arg.typecheck(self)
            if found.nullable:
                self.nullable.add(arg.path)
            judge(self, arg, found, wanted, node)
        return _RESULTS.get(info.result, ANY)

    def comparison(self, node: Node) -> Type:
        """Equality and order: each neighbouring pair."""
        types = [arg.typecheck(self) for arg in node.args]
        for index in range(len(types) - 1):
            self._pair(node, node.args[index : index + 2], types[index], types[index + 1])
        return of("boolean")

    def _pair(self, node: Node, args: Sequence[Node], left: Type, right: Type) -> None:
        order = node.operator in ("<", "<=", ">", ">=")
        for (arg, mine), (other_arg, _) in zip(
            ((args[0], left), (args[1], right)), ((args[1], right), (args[0], left)), strict=True
        ):
            if order and mine.nullable and not mine.open:
                self._unguarded(node, arg, mine, other_arg)
            if mine.choices and isinstance(other_arg, Literal):
                self.choice_known(other_arg, other_arg.value, mine)
        a, b = family(left.kinds), family(right.kinds)
        closed = not left.open and not right.open
        if closed and a and b and (not a & b or never_meet(args, left, right)):
            self._mismatch(node, args, left, right)
        elif order and any(kinds and kinds <= {"list", "object"} for kinds in (a, b)):
            self.add("cannot-order", node, "Lists and objects cannot be put in order.")
        elif may_fail(node.operator, left, right):
            self._uncertain(node, args, left, right)
        elif closed:
            self._date_pair(left, args[1])
            self._date_pair(right, args[0])

    def _uncertain(self, node: Node, args: Sequence[Node], left: Type, right: Type) -> None:
        """Two sides of which one may be of another kind than the other. What is looser than `===` has a fix."""
        at, found, other = (args[0], left, right) if left.open or not right.open else (args[1], right, left)
        wanted = ["number", "text"] if other.open else [str(kind) for kind in other.names()]
        strict = {"==": "===", "!=": "!=="}.get(node.operator)
        body = self.source(node)
        if left.told or right.told:
            return
        if strict and isinstance(body, dict):
            fix = (f'Use "{strict}"', {strict: body[node.operator]})
            uncertain(self, node, found, wanted, node.operator, fix)
        else:
            uncertain(self, at, found, wanted, node.operator)

    def _date_pair(self, mine: Type, literal: Node) -> None:
        dates = mine.kinds & {"date", "timestamp"}
        if (
            dates
            and isinstance(literal, Literal)
            and isinstance(literal.value, str)
            and not is_date(literal.value)
        ):
            self.add(
                "not-a-date",
                literal,
                f'"{literal.value}" is not a date; they look like 2026-11-22.',
                args={"found": ["text"], "operator": ""},
            )

    def _unguarded(self, node: Node, arg: Node, mine: Type, other: Node) -> None:
        """An error where empty would count as true (or that cannot be known), else a warning."""
        path = variable_path(arg) if arg.operator == "var" else None
        whole = self.source(node)
        name = f'"{mine.label}"' if mine.label else "One side"
        fix: tuple[str, JSON] | None = None
        if path:
            fix = ("Ask first that it is not empty", {"and": [{"!==": [{"var": path}, None]}, whole]})
        value = other.value if isinstance(other, Literal) else None
        harmless = False
        if isinstance(value, (int, float)) and not isinstance(value, bool) and len(node.args) == 2:
            sides = (0, value) if node.args[0] is arg else (value, 0)
            harmless = not ORDERS[node.operator](*sides)
        counts = "not hold" if harmless else "hold"
        words = (
            f"{name} is sometimes empty, and empty counts as 0 here: the comparison may {counts} by accident."
        )
        self.add("maybe-empty", node, words, fix, warn=harmless, args=_named(mine))

    def _mismatch(self, node: Node, args: Sequence[Node], left: Type, right: Type) -> None:
        for literal, other in ((args[1], left), (args[0], right)):
            if isinstance(literal, Literal) and (value := converted(literal.value, other)) is not None:
                fix = (f"Write {value!r} instead", value)
                words, sides = _mismatch_words(left, right), _mismatch_args(left, right)
                self.add("type-mismatch", literal, words, fix, args=sides)
                return
        self.add("type-mismatch", node, _mismatch_words(left, right), args=_mismatch_args(left, right))

    def choice_known(self, at: Node, value: JSON, wanted: Type) -> None:
        """A text compared with a column of fixed choices must be one of them."""
        if isinstance(value, str) and value not in wanted.choices:
            better = nearest(value, wanted.choices)
            hint = f' Did you mean "{better}"?' if better else ""
            words = f'"{wanted.label}" is never "{value}". It can be: {", ".join(wanted.choices[:12])}.{hint}'
            args: dict[str, JSON] = {"value": value, "choices": [*wanted.choices[:12]], **_named(wanted)}
            if better:
                args["suggestion"] = better
            fix = (f'Use "{better}"', better) if better else None
            self.add("unknown-choice", at, words, fix, args=args)

    def both(self, node: Node) -> Type:
        """`and`: behind each argument its truth is known."""
        return self._flow(node, when_true)

    def either(self, node: Node) -> Type:
        """`or`: behind each argument its falsehood is known, and only the last gives a value that is empty."""
        return self._flow(node, when_false)

    def _flow(self, node: Node, learn: Callable[[Node], Facts]) -> Type:
        kept, types, last = self.facts, [], len(node.args) - 1
        for index, arg in enumerate(node.args):
            found = arg.typecheck(self)
            types.append(found.without_null() if node.operator == "or" and index < last else found)
            self.facts |= learn(arg)
        self.facts = kept
        return union(types)

    def choice(self, node: Node) -> Type:
        """`if`: the value is checked knowing its condition, the rest knowing that it did not hold."""
        kept, types = self.facts, []
        args = node.args
        for index in range(0, len(args) - 1, 2):
            args[index].typecheck(self)
            before = self.facts
            self.facts = before | when_true(args[index])
            types.append(args[index + 1].typecheck(self))
            self.facts = before | when_false(args[index])
        types.append(args[-1].typecheck(self) if len(args) % 2 else of("null"))
        self.facts = kept
        return union(types)

    def membership(self, node: Node) -> Type:
        """`in`: against a list each item is compared; against text a text is looked for."""
        needle, stack = (arg.typecheck(self) for arg in node.args)
        items = node.args[1]
        if needle.choices and isinstance(items, Literal) and isinstance(items.value, list):
            for index, value in enumerate(items.value):
                place = Literal(value)
                place.path = f"{items.path}/{index}"
                self.choice_known(place, value, needle)
        if not stack.open and not stack.kinds & {"list", "text", "null"}:
            self.add(
                "not-a-list",
                items,
                f'"in" looks into a list or a text, not into {stack.words()}.',
                args={"operator": "in", "found": stack.names(), **_named(stack)},
            )
        elif not needle.open and stack.item and not stack.item.open:
            a, b = family(needle.kinds), family(stack.item.kinds)
            if a and b and not a & b:
                words = _mismatch_words(needle, stack.item)
                self.add("type-mismatch", node, words, args=_mismatch_args(needle, stack.item))
        return of("boolean")

    def per_item(self, node: Node) -> Type:
        """List operators: the body sees the item only."""
        stack, body = node.args[0].typecheck(self), node.args[1]
        judge(self, node.args[0], stack, "list", node)
        item = stack.item or ANY
        if node.operator == "reduce":
            return self._fold(node, item)
        made = self._inside(body, ItemNames(node.operator, item), self.problems)
        if node.operator == "map":
            return of("list", item=made)
        if node.operator == "filter":
            kept = item.without_null() if "" in when_true(body) else item
            return of("list", item=kept if stack.item else None)
        return of("boolean")

    def _inside(self, body: Node, names: Names, problems: list[Problem]) -> Type:
        inner = Scope(None if self.names is None else names, self.base, self.node, self.logic)
        inner.folding = self.folding or isinstance(names, ReduceNames)
        made = body.typecheck(inner)
        problems.extend(inner.problems)
        return made

    def _fold(self, node: Node, item: Type) -> Type:
        """`reduce`: what it starts from, and all that its body can make of that. Inside another one: anything."""
        so_far = node.args[2].typecheck(self) if len(node.args) > 2 else of("null")
        if self.folding:
            so_far = ANY
        for _ in range(_PASSES):
            made = self._inside(node.args[1], ReduceNames(item, so_far), [])
            grown = union([so_far, made])
            if grown.kinds == so_far.kinds and grown.item == so_far.item:
                break
            so_far = grown
        else:
            so_far = ANY
        self._inside(node.args[1], ReduceNames(item, so_far), self.problems)
        return so_far

    def keeps_null(self, node: Node, result: Type) -> Type:
        """Operators that answer null for null. Called after `by_table`."""
        return result.with_null() if any(arg.path in self.nullable for arg in node.args) else result

    def words(self, node: Node, index: int, words: tuple[str, ...], result: Type) -> Type:
        """A literal argument that must be one of some words."""
        arg = node.args[index]
        if not isinstance(arg, Literal):
            found = arg.typecheck(Scope(self.names, self.base, self.node, self.logic, self.facts))
            if not found.choices or not set(found.choices) <= set(words) or found.kinds != {"text"}:
                uncertain(self, arg, found, ["text"], node.operator)
        elif arg.value not in words:
            better = nearest(arg.value, words) if isinstance(arg.value, str) else None
            fix = (f'Use "{better}"', better) if better else None
            self.add(
                "unknown-word", arg, f"This is one of: {', '.join(words)}.", fix, args={"choices": [*words]}
            )
        return result


def variable_path(node: Node) -> str | None:
    """The dotted path of a `var` with a fixed one; "" for the whole data, None where it is computed."""
    if not node.args:
        return ""
    path = node.args[0]
    if not isinstance(path, Literal) or isinstance(path.value, (list, dict)):
        return None
    return "" if path.value is None else str(path.value)


def _gap(path: str) -> Unknown:
    """Of a path with nothing before, between or after its dots: it never leads anywhere."""
    better = ".".join(part for part in path.split(".") if part) or None
    args: dict[str, JSON] = {"variable": path, **({"suggestion": better} if better else {})}
    return Unknown("unknown-variable", f'"{path}" has a dot too many.', better, args=args)


def _tail(source: JSON) -> list[JSON]:
    body = source.get("var") if isinstance(source, dict) else None
    return body[1:] if isinstance(body, list) else []


def _mismatch_words(left: Type, right: Type) -> str:
    name = f'"{left.label}"' if left.label else "The first side"
    other = f'"{right.label}"' if right.label else "the other side"
    return f"{name} is {left.without_null().words()}, {other} is {right.without_null().words()}: they are never alike."


def _mismatch_args(left: Type, right: Type) -> dict[str, JSON]:
    sides = (left, right) if left.label else (right, left)
    return {"left": sides[0].names(), "right": sides[1].names(), **_named(sides[0])}


def _named(one: Type) -> dict[str, JSON]:
    return {"name": one.label} if one.label else {}


def converted(value: JSON, wanted: Type) -> JSON:
    """The literal in the other side's type where that is plain to see, else None."""
    if isinstance(value, str) and "number" in wanted.kinds and PLAIN_NUMBER.fullmatch(value.strip()):
        return to_number(value.strip())
    if isinstance(value, str) and "boolean" in wanted.kinds and value.lower() in ("true", "false"):
        return value.lower() == "true"
    if isinstance(value, int) and not isinstance(value, bool) and "text" in wanted.kinds:
        return str(value) if not wanted.choices or str(value) in wanted.choices else None
    return None
