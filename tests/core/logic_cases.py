"""Random typed rules and records, from a seed: mostly what people write, now and then what nobody should.

Whole numbers stay within 2^53, beyond which the browser's JSON has no exact ones.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from ruleyard.core.logic.compile import Compiled, Outcome
from ruleyard.core.logic.dialect import BY_NAME, DATE_PARTS, DATE_UNITS
from ruleyard.core.logic.values import number_text

TEXTS = (
    "",
    " ",
    "new",
    "callback",
    "won",
    "Ada",
    "ada ",
    "ÅSA",
    "3",
    "-1.5",
    " 7 ",
    "1e3",
    "0x10",
    "a.b",
    "😀x",
    "\u00a0",
)
NUMBERS = (0, 1, -1, 2, 3, 5, 7, 10, 15, 100, 5000, 0.1, 0.2, -2.5, 1e21, 1e-7, 2**53, 1.5e300, 123456.789)
DATES = ("2026-11-22", "2026-12-31", "2024-02-29", "0001-01-01", "9999-12-31")
MOMENTS = (
    "2026-11-22T12:00:00+00:00",
    "2026-11-22T23:30:00.25+02:00",
    "2026-03-29T01:59:59Z",
    "2026-11-22 08:00",
    "2026-11-01T05:59:59.999999Z",
    "1883-11-18 12:00",
    "9999-12-31T20:00:00Z",
    "0001-01-01T03:00:00Z",
)
ZONES = (
    *("UTC", "Asia/Seoul", "America/New_York", "Europe/Moscow", "Pacific/Apia"),
    *("Australia/Lord_Howe", "Asia/Kathmandu", "Asia/Soul", "asia/seoul", "", 7, None),
)
WRONG_DATES = ("2026-02-30", "tomorrow", "2026-13-01")
FIELDS: dict[str, tuple[str, ...]] = {
    "number": ("attempts", "budget", "score"),
    "text": ("status", "first_name", "owner"),
    "boolean": ("done", "vip"),
    "date": ("due_on", "created_at"),
    "texts": ("tags",),
    "numbers": ("amounts",),
    "lines": ("lines",),
}
ODD_PATHS = (
    "",
    "after",
    "nope",
    "after.nope",
    "after.tags.0",
    "after.lines.1.qty",
    "__proto__",
    "constructor.name",
    "after.tags.length",
    1,
)


def scalar(rng: Random, kind: str) -> Any:
    match kind:
        case "number":
            return rng.choice(NUMBERS) if rng.random() < 0.6 else rng.randint(-20, 20)
        case "text":
            return rng.choice(TEXTS)
        case "boolean":
            return rng.random() < 0.5
        case "date":
            return rng.choice(WRONG_DATES if rng.random() < 0.03 else DATES + MOMENTS)
        case "texts":
            return [rng.choice(TEXTS) for _ in range(rng.randint(0, 4))]
        case "numbers":
            return [rng.choice(NUMBERS) for _ in range(rng.randint(0, 4))]
        case _:
            return [{"qty": rng.randint(0, 5), "sku": rng.choice(TEXTS)} for _ in range(rng.randint(0, 3))]


def record(rng: Random) -> dict[str, Any]:
    """Every field, empty one time in six, now and then of another type."""
    kinds = list(FIELDS)
    return {
        name: None if rng.random() < 0.17 else scalar(rng, rng.choice(kinds) if rng.random() < 0.03 else kind)
        for kind, names in FIELDS.items()
        for name in names
    }


class Writer:
    """Writes one expression. `scope` is what `var` sees: the whole data, an item, or a pair of reduce."""

    def __init__(self, rng: Random, wild: float) -> None:
        self.rng, self.wild = rng, wild

    def expression(self, kind: str, depth: int, scope: str = "data") -> Any:
        rng = self.rng
        if rng.random() < self.wild:
            return self.anything(depth, scope)
        if depth <= 0 or rng.random() < 0.15:
            return self.leaf(kind, scope)
        return self._deeper(kind, depth - 1, scope)

    def leaf(self, kind: str, scope: str) -> Any:
        rng = self.rng
        if rng.random() < 0.35:
            value = scalar(rng, kind)
            return None if rng.random() < 0.05 else value
        if scope == "line":
            return {"var": "qty" if kind == "number" else "sku"}
        if scope == "item":
            return {"var": ""}
        if scope == "pair":
            return {"var": rng.choice(("current", "accumulator"))}
        name = rng.choice(FIELDS[kind])
        path = f"{rng.choice(('before', 'after'))}.{name}"
        return {"var": [path, scalar(rng, kind)]} if rng.random() < 0.1 else {"var": path}

    def anything(self, depth: int, scope: str) -> Any:
        rng = self.rng
        match rng.randint(0, 5):
            case 0:
                return {"var": rng.choice(ODD_PATHS)}
            case 1:
                return rng.choice([None, {}, [], {"a": 1, "b": 2}, [None], [[1], {"x": [2]}], True, "x"])
            case 2:
                names = [*BY_NAME, "nope", "constructor"]
                args = [
                    self.expression(rng.choice(list(FIELDS)), depth - 2, scope)
                    for _ in range(rng.randint(0, 3))
                ]
                return {rng.choice(names): args}
            case 3:
                return {rng.choice([*BY_NAME]): self.expression(rng.choice(list(FIELDS)), depth - 2, scope)}
            case 4:
                return [
                    self.expression(rng.choice(list(FIELDS)), depth - 2, scope)
                    for _ in range(rng.randint(0, 3))
                ]
            case _:
                return self.expression(rng.choice(list(FIELDS)), depth - 1, scope)

    def _deeper(self, kind: str, depth: int, scope: str) -> Any:
        rng = self.rng
        if rng.random() < 0.08:
            branches = [self.expression("boolean", depth, scope), self.expression(kind, depth, scope)]
            return {
                rng.choice(("if", "?:")): [*branches * rng.randint(1, 2), self.expression(kind, depth, scope)]
            }
        write: Callable[[str], Any] = lambda wanted: self.expression(wanted, depth, scope)  # noqa: E731
        return rng.choice(_WRITERS[kind])(self, write, depth, scope)

    def body(self, kind: str, over: str, depth: int) -> Any:
        return self.expression(kind, min(depth, 2), {"lines": "line"}.get(over, "item"))

    def some_of(self, write: Callable[[str], Any], kind: str, least: int, most: int) -> list[Any]:
        return [write(kind) for _ in range(self.rng.randint(least, most))]


_SCALARS = ("number", "text", "boolean", "date")
_LISTS = ("texts", "numbers", "lines")


def _equal(w: Writer, write: Any, depth: int, scope: str) -> Any:
    kind = w.rng.choice((*_SCALARS, *_SCALARS, *_LISTS))
    right = None if w.rng.random() < 0.15 else write(kind)
    return {w.rng.choice(("===", "!==", "==", "!=")): [write(kind), right]}


def _order(w: Writer, write: Any, depth: int, scope: str) -> Any:
    kind = w.rng.choice(("number", "number", "date", "text"))
    return {w.rng.choice(("<", "<=", ">", ">=")): w.some_of(write, kind, 2, 2 + (w.rng.random() < 0.15))}


def _among(w: Writer, write: Any, depth: int, scope: str) -> Any:
    kind = w.rng.choice(("text", "number"))
    whole = scalar(w.rng, kind + "s") if w.rng.random() < 0.5 else write(kind + "s")
    return {"in": [write(kind), whole if w.rng.random() < 0.8 else write("text")]}


def _quantified(w: Writer, write: Any, depth: int, scope: str) -> Any:
    over = w.rng.choice(_LISTS)
    return {w.rng.choice(("all", "some", "none")): [write(over), w.body("boolean", over, depth)]}


def _arithmetic(w: Writer, write: Any, depth: int, scope: str) -> Any:
    name = w.rng.choice(("+", "-", "*", "/", "%", "min", "max"))
    if w.rng.random() < 0.1:
        return {name: write("numbers")}
    return {name: w.some_of(write, "number", 2, 2 if name in ("-", "/", "%") else 3)}


def _reduced(w: Writer, write: Any, depth: int, scope: str) -> Any:
    body = w.expression("number", min(depth, 2), "pair")
    return {"reduce": [write("numbers"), body, *([0] if w.rng.random() < 0.8 else [])]}


def _date(w: Writer, write: Any, depth: int, scope: str) -> Any:
    amount = w.rng.randint(-400, 400) if w.rng.random() < 0.6 else write("number")
    return {"date_add": [write("date"), amount, w.rng.choice(DATE_UNITS)]}


def _part(w: Writer, write: Any, depth: int, scope: str) -> Any:
    zone = () if w.rng.random() < 0.4 else (w.rng.choice(ZONES),)
    return {"date_part": [write("date"), w.rng.choice(DATE_PARTS), *zone]}


_WRITERS: dict[str, tuple[Callable[[Writer, Any, int, str], Any], ...]] = {
    "boolean": (
        _equal,
        _equal,
        _order,
        _order,
        _among,
        _quantified,
        lambda w, write, d, s: {w.rng.choice(("and", "or")): w.some_of(write, "boolean", 1, 5)},
        lambda w, write, d, s: {w.rng.choice(("and", "or")): w.some_of(write, "boolean", 2, 4)},
        lambda w, write, d, s: {w.rng.choice(("!", "!!")): [write(w.rng.choice(tuple(FIELDS)))]},
        lambda w, write, d, s: {"is_empty": write(w.rng.choice(tuple(FIELDS)))},
        lambda w, write, d, s: {w.rng.choice(("starts_with", "ends_with")): [write("text"), write("text")]},
    ),
    "number": (
        _arithmetic,
        _arithmetic,
        _reduced,
        lambda w, write, d, s: {"length": write(w.rng.choice(("text", "texts", "lines")))},
        lambda w, write, d, s: {"date_diff": [write("date"), write("date"), w.rng.choice(DATE_UNITS)]},
        _part,
    ),
    "text": (
        lambda w, write, d, s: {"cat": [write(w.rng.choice(("text", "number", "texts"))) for _ in range(3)]},
        lambda w, write, d, s: {
            "substr": [write("text"), w.rng.randint(-3, 4), *w.some_of(write, "number", 0, 1)]
        },
        lambda w, write, d, s: {w.rng.choice(("lower", "trim")): write("text")},
        lambda w, write, d, s: {w.rng.choice(("and", "or")): w.some_of(write, "text", 1, 3)},
    ),
    "date": (_date,),
    "texts": (
        lambda w, write, d, s: {"filter": [write("texts"), w.body("boolean", "texts", d)]},
        lambda w, write, d, s: {"map": [write("lines"), w.body("text", "lines", d)]},
        lambda w, write, d, s: {"merge": [write("texts"), write(w.rng.choice(("text", "texts")))]},
        lambda w, write, d, s: {
            "missing": [f"after.{w.rng.choice(('owner', 'nope', 'tags.0'))}", "before.score"]
        },
        lambda w, write, d, s: {
            "missing_some": [w.rng.randint(0, 2), ["after.owner", "after.score", "nope"]]
        },
        lambda w, write, d, s: w.some_of(write, "text", 1, 3),
    ),
    "numbers": (
        lambda w, write, d, s: {"map": [write("lines"), w.body("number", "lines", d)]},
        lambda w, write, d, s: {"filter": [write("numbers"), w.body("boolean", "numbers", d)]},
        lambda w, write, d, s: {"preserve": scalar(w.rng, "numbers")},
    ),
    "lines": (lambda w, write, d, s: {"filter": [write("lines"), w.body("boolean", "lines", d)]},),
}


def cases(seed: int, count: int, wild: float = 0.04) -> Iterator[tuple[Any, Any]]:
    """(logic, data) pairs; the same ones for the same seed."""
    rng = Random(seed)
    for _ in range(count):
        writer = Writer(rng, wild)
        kind = "boolean" if rng.random() < 0.7 else rng.choice(list(FIELDS))
        logic = writer.expression(kind, rng.randint(1, 5))
        data = {"before": None if rng.random() < 0.1 else record(rng), "after": record(rng)}
        yield logic, data


def canonical(value: Any) -> str:
    """JSON with sorted keys, and numbers as JavaScript writes them: the bytes that both sides must agree on."""
    match value:
        case bool() | None:
            return json.dumps(value)
        case str():
            return json.dumps(value, ensure_ascii=False)
        case list():
            return f"[{','.join(map(canonical, value))}]"
        case dict():
            keys = sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
            return "{" + ",".join(f"{canonical(key)}:{canonical(value[key])}" for key in keys) + "}"
        case _:
            return number_text(value)


def answer(outcome: Outcome) -> str:
    """One line for what came out: the value, or the code and place of the error."""
    if outcome.error:
        return f"error {outcome.error.reason} {outcome.error.path}"
    return f"value {canonical(outcome.value)}"


def answer_of(logic: Any, data: Any) -> str:
    """Python's answer. AssertionError where the traced evaluation says something else."""
    compiled = Compiled(logic)
    plain = answer(compiled.evaluate(data))
    traced = answer(compiled.trace(data)[0])
    assert traced == plain, f"plain {plain}, traced {traced}: {json.dumps([logic, data])}"
    return plain
