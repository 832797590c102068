"""Random rules within the typed profile, from a seed: what the type check lets pass, in standard operators alone.

On these every JSON Logic engine should agree. Each value is used as what it is (numbers in arithmetic and order, texts
in text), an empty-able column is asked for null first, divisors are numbers other than zero, lists are not compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

NUMBERS = ("attempts", "score")
TEXTS = ("status", "first_name")
TRUTHS = ("done", "vip")
EMPTY_NUMBERS = ("budget",)
EMPTY_TEXTS = ("owner",)
WORDS = ("new", "callback", "won", "Ada", "ada ", "ÅSA", "3", "-1.5", "a.b", "x", "été")
FIGURES = (0, 1, -1, 2, 3, 5, 7, 10, 15, 100, 5000, 0.5, -2.5, 0.25, 123456.75)
DATES = ("2026-11-22", "2026-12-31", "2024-02-29", "2026-01-01")
ORDERS = ("<", "<=", ">", ">=")


def record(rng: Random) -> dict[str, Any]:
    return {
        "attempts": rng.randint(-5, 20),
        "score": rng.choice(FIGURES),
        "budget": rng.choice([None, *FIGURES]),
        "status": rng.choice(WORDS),
        "first_name": rng.choice(WORDS),
        "owner": rng.choice([None, *WORDS]),
        "done": rng.random() < 0.5,
        "vip": rng.random() < 0.5,
        "due_on": rng.choice(DATES),
        "tags": [rng.choice(WORDS) for _ in range(rng.randint(0, 4))],
        "lines": [
            {"qty": rng.randint(0, 9), "sku": rng.choice(WORDS), "sent": rng.random() < 0.5}
            for _ in range(rng.randint(0, 4))
        ],
    }


class Writer:
    """Writes one expression of a type. In the body of a list operator (`line`) columns of the line are read."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng

    def column(self, names: tuple[str, ...]) -> Any:
        return {"var": f"{self.rng.choice(('before', 'after'))}.{self.rng.choice(names)}"}

    def number(self, depth: int, line: bool = False) -> Any:
        rng = self.rng
        if depth <= 0 or rng.random() < 0.3:
            if rng.random() < 0.4:
                return rng.choice(FIGURES)
            return {"var": "qty"} if line else self.column(NUMBERS)
        match rng.randint(0, 7):
            case 0 | 1:
                name = rng.choice(("+", "*", "-"))
                count = 2 if name == "-" else rng.randint(2, 3)
                return {name: [self.number(depth - 1, line) for _ in range(count)]}
            case 2:
                return {"/": [self.number(depth - 1, line), rng.choice((2, 4, 0.5, -8))]}
            case 3:
                return {
                    "%": [{"var": "qty"} if line else self.column(("attempts",)), rng.choice((2, 3, 5, 7))]
                }
            case 4:
                return {
                    rng.choice(("min", "max")): [
                        self.number(depth - 1, line) for _ in range(rng.randint(2, 3))
                    ]
                }
            case 5 if not line:
                body = {"+": [{"var": "accumulator"}, {"var": "current.qty"}]}
                return {"reduce": [self.lines(), body, 0]}
            case _:
                return {
                    "if": [
                        self.truth(depth - 1, line),
                        self.number(depth - 1, line),
                        self.number(depth - 1, line),
                    ]
                }

    def text(self, depth: int, line: bool = False) -> Any:
        rng = self.rng
        if depth <= 0 or rng.random() < 0.4:
            if rng.random() < 0.4:
                return rng.choice(WORDS)
            return {"var": "sku"} if line else self.column(TEXTS)
        match rng.randint(0, 3):
            case 0:
                whole = {"var": "qty"} if line else self.column(("attempts",))
                return {"cat": [self.text(depth - 1, line), whole, self.text(depth - 1, line)]}
            case 1:
                length = [rng.randint(1, 4)] if rng.random() < 0.5 else []
                return {"substr": [self.text(depth - 1, line), rng.randint(0, 3), *length]}
            case _:
                return {
                    "if": [
                        self.truth(depth - 1, line),
                        self.text(depth - 1, line),
                        self.text(depth - 1, line),
                    ]
                }

    def lines(self) -> Any:
        column = self.column(("lines",))
        return {"filter": [column, self.comparison(0, True)]} if self.rng.random() < 0.3 else column

    def texts(self) -> Any:
        rng = self.rng
        match rng.randint(0, 3):
            case 0:
                return {"map": [self.lines(), {"var": "sku"}]}
            case 1:
                return {"merge": [self.column(("tags",)), self.column(("tags",)), self.text(1)]}
            case 2:
                return {
                    "missing": [f"after.{name}" for name in rng.sample(("status", "attempts", "nope"), 2)]
                }
            case _:
                return self.column(("tags",))

    def truth(self, depth: int, line: bool = False) -> Any:
        rng = self.rng
        if depth <= 0:
            return self.comparison(0, line)
        match rng.randint(0, 9):
            case 0 | 1 | 2:
                return {
                    rng.choice(("and", "or")): [self.truth(depth - 1, line) for _ in range(rng.randint(2, 4))]
                }
            case 3:
                return {"!": [self.truth(depth - 1, line)]}
            case 4 if not line:
                return self.guarded(depth)
            case 5 if not line:
                return {
                    rng.choice(("all", "some", "none")): [self.lines(), self.truth(min(depth - 1, 1), True)]
                }
            case 6:
                return {"in": [self.text(depth - 1, line), [rng.choice(WORDS) for _ in range(3)]]}
            case 7 if not line:
                return {"in": [self.text(depth - 1), self.texts()]}
            case 8:
                return {
                    "if": [
                        self.truth(depth - 1, line),
                        self.truth(depth - 1, line),
                        self.truth(depth - 1, line),
                    ]
                }
            case _:
                return self.comparison(depth - 1, line)

    def comparison(self, depth: int, line: bool) -> Any:
        rng = self.rng
        same = rng.choice(("===", "!==", "==", "!="))
        match rng.randint(0, 5):
            case 5 if not line:
                return {rng.choice((*ORDERS, same)): [self.column(("due_on",)), rng.choice(DATES)]}
            case 0 | 1:
                return {
                    rng.choice((*ORDERS, same)): [
                        self.number(depth, line),
                        self.number(depth, line),
                    ]
                }
            case 2 | 3:
                return {same: [self.text(depth, line), self.text(depth, line)]}
            case _:
                return {"===": [{"var": "sent"} if line else self.column(TRUTHS), rng.random() < 0.5]}

    def guarded(self, depth: int) -> Any:
        """An empty-able column is compared behind a question for null, as the builder writes it."""
        rng = self.rng
        if rng.random() < 0.3:
            return {rng.choice(("===", "!==")): [self.column(EMPTY_NUMBERS + EMPTY_TEXTS), None]}
        if rng.random() < 0.5:
            column = self.column(EMPTY_NUMBERS)
            compared = {rng.choice(ORDERS): [column, self.number(depth - 1)]}
        else:
            column = self.column(EMPTY_TEXTS)
            compared = {rng.choice(("===", "!==")): [column, self.text(depth - 1)]}
        return {"and": [{"!==": [column, None]}, compared]}


def profile_cases(seed: int, count: int) -> Iterator[tuple[Any, Any]]:
    """(logic, data) pairs; the same ones for the same seed."""
    rng = Random(seed)
    for _ in range(count):
        writer = Writer(rng)
        depth = rng.randint(1, 4)
        kind = rng.random()
        if kind < 0.1:
            logic = writer.texts()
        else:
            logic = (writer.number if kind < 0.3 else writer.text if kind < 0.4 else writer.truth)(depth)
        yield logic, {"before": record(rng), "after": record(rng)}
