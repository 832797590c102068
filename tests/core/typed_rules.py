"""Random expressions on the columns of a table: mostly well typed and guarded, now and then wrong.

The check must tell which is which.
"""

from __future__ import annotations

from random import Random
from typing import Any

from typed_tables import CHOICES, DATES, MOMENTS, SHAPES, TEXTS, TIMES

from ruleyard.core.logic.dialect import DATE_PARTS, DATE_UNITS
from ruleyard.core.model import Column, TableModel

ZONES = ("UTC", "Asia/Seoul", "America/New_York", "Pacific/Apia")
KIND = {
    "integer": "number",
    "uuid": "text",
    "json": "any",
    "other": "any",
    "timestamp": "moment",
}


class Writer:
    """Writes expressions on the columns of a table. `wrong` is how often it takes another kind than it should."""

    def __init__(self, rng: Random, of: TableModel, roots: tuple[str, ...], wrong: float) -> None:
        self.rng, self.table, self.roots, self.wrong = rng, of, roots, wrong

    def columns(self, kind: str) -> list[Column]:
        return [c for c in self.table.columns if KIND.get(c.type, c.type) == kind]

    def variable(self, kind: str) -> Any:
        rng = self.rng
        found = self.columns(kind) or list(self.table.columns)
        if rng.random() < self.wrong:
            found = list(self.table.columns)
        path = f"{rng.choice(self.roots)}.{rng.choice(found).name}"
        roll = rng.random()
        if roll < 0.03:
            path = rng.choice(
                (
                    "now",
                    "event.op",
                    "event.at",
                    "event.key.id",
                    "changed",
                    "after",
                    "before",
                    "",
                    "event",
                    "changed.0",
                    path + ".",
                    path + ".n",
                    "now.",
                    "event.at.x",
                    "steps.a.output",
                )
            )
        elif kind == "any" and roll < 0.6:
            path += rng.choice((".a", ".n", ".a.b", ".0"))
        return {"var": [path, self.literal(kind)]} if rng.random() < 0.08 else {"var": path}

    def literal(self, kind: str) -> Any:
        rng = self.rng
        if rng.random() < self.wrong:
            return rng.choice((*SHAPES, "days", "year"))
        match kind:
            case "text":
                return rng.choice((*TEXTS, *CHOICES))
            case "number":
                return rng.choice((0, 1, -1, 3, 0.5, 1e300))
            case "boolean":
                return rng.random() < 0.5
            case "date":
                return rng.choice((*DATES, "2026-13-45"))
            case "moment":
                return rng.choice((*MOMENTS, "2026-11-22T99:00"))
            case "time":
                return rng.choice(TIMES)
            case "array":
                return [rng.choice((*TEXTS, 1, 2)) for _ in range(rng.randint(0, 3))]
            case _:
                return rng.choice(SHAPES)

    def write(self, kind: str, depth: int) -> Any:
        rng = self.rng
        if rng.random() < self.wrong / 2:
            kind = rng.choice(("text", "number", "boolean", "date", "array", "any"))
        if depth <= 0 or rng.random() < 0.2:
            return self.variable(kind) if rng.random() < 0.75 else self.literal(kind)
        if rng.random() < 0.1:
            other = "number" if rng.random() < self.wrong else kind
            return {
                "if": [
                    self.write("boolean", depth - 1),
                    self.write(kind, depth - 1),
                    self.write(other, depth - 1),
                ]
            }
        if rng.random() < 0.06:
            return {
                rng.choice(("or", "and")): [
                    self.write(kind, depth - 1),
                    self.write(kind, depth - 1),
                ]
            }
        match kind:
            case "boolean":
                return self.truth(depth - 1)
            case "number":
                return self.number(depth - 1)
            case "text":
                return self.text(depth - 1)
            case "date" | "time" if rng.random() < 0.5:
                return self.part(depth - 1, kind)
            case "date" | "moment":
                unit = rng.choice(DATE_UNITS) if rng.random() < 0.9 else self.write("text", 0)
                return {
                    "date_add": [
                        self.date(depth - 1),
                        self.write("number", depth - 2),
                        unit,
                    ]
                }
            case "array":
                return self.array(depth - 1)
            case _:
                return self.variable(kind)

    def part(self, depth: int, part: str) -> Any:
        """A part of a date, half the time by the clock of a zone."""
        rng = self.rng
        date = {"var": "now"} if rng.random() < 0.3 else self.date(depth)
        if rng.random() < self.wrong / 4:
            part = rng.choice(DATE_PARTS)
        if rng.random() < 0.5:
            return {"date_part": [date, part]}
        zone = self.write("text", 0) if rng.random() < self.wrong / 2 else rng.choice(ZONES)
        return {"date_part": [date, part, zone]}

    def date(self, depth: int) -> Any:
        return self.write(self.rng.choice(("date", "moment")), depth)

    def truth(self, depth: int) -> Any:
        rng = self.rng
        kind = rng.choice(
            (
                "text",
                "number",
                "number",
                "date",
                "moment",
                "boolean",
                "time",
                "any",
                "array",
            )
        )
        match rng.randint(0, 11):
            case 0 | 1:
                return {
                    rng.choice(("===", "!==", "==", "!=")): [
                        self.write(kind, depth),
                        self.write(kind, depth),
                    ]
                }
            case 2 | 3:
                return self.guarded(kind, depth)
            case 4:
                left, right = self.write(kind, depth), self.write(kind, depth)
                return {
                    rng.choice(("<", "<=", ">", ">=")): [
                        left,
                        right,
                        *([right] if rng.random() < 0.1 else []),
                    ]
                }
            case 5 | 6:
                return {rng.choice(("and", "or")): [self.truth(depth - 1) for _ in range(rng.randint(1, 3))]}
            case 7:
                return {rng.choice(("!", "!!", "is_empty")): [self.write(kind, depth)]}
            case 8:
                return {
                    "in": [
                        self.write(kind, depth),
                        self.write(rng.choice(("array", "text")), depth),
                    ]
                }
            case 9:
                body = self.body(rng.choice(("text", "number", "date")), depth)
                return {
                    rng.choice(("all", "some", "none")): [
                        self.write("array", depth),
                        body,
                    ]
                }
            case 10:
                edge = rng.choice(("starts_with", "ends_with"))
                return {edge: [self.write("text", depth), self.write("text", depth)]}
            case _:
                return {
                    "!": {
                        "missing": [
                            self.variable(kind)["var"],
                            *([["x"]] if rng.random() < 0.1 else []),
                        ]
                    }
                }

    def guarded(self, kind: str, depth: int) -> Any:
        """A comparison or a sum behind a question whether there is a value: one of the ways in which people ask."""
        rng = self.rng
        var = self.variable(kind)
        path = var["var"]
        use = {
            rng.choice(("<", "<=", ">", ">=")): rng.choice(
                ([var, self.write(kind, depth)], [self.write(kind, 0), var])
            )
        }
        not_null: Any = rng.choice(
            (
                {"!==": [var, None]},
                {"!=": [None, var]},
                {"!!": [var]},
                var,
                {"!": [{"is_empty": [var]}]},
                {"!": [{"===": [var, None]}]},
                {"!": {"missing": path}},
                {"!": {"missing": [path]}},
                {"!": {"missing": [[path], "after.id"]}},
                {"!": {"missing": [["after.id"], path]}},
                {"!": {"missing": [{"var": "changed"}, path]}},
                {"!": [{"missing": [path, ["after.id"]]}]},
                {"in": [var, list(CHOICES)]},
                {"in": [var, [None, "new"]]},
                {">": [var, 0]},
                {"===": [{"var": "event.op"}, rng.choice(("insert", "update", "delete"))]},
                {"!==": [{"var": "event.op"}, rng.choice(("insert", "delete"))]},
                {"and": [{"!==": [var, None]}, self.truth(0)]},
                {"or": [{"!==": [var, None]}, self.truth(0)]},
                {"if": [{"===": [var, None]}, False, True]},
                {"if": [{"!==": [var, None]}, self.truth(0)]},
            )
        )
        match rng.randint(0, 4):
            case 0 | 1:
                return {
                    "and": [
                        not_null,
                        *([self.truth(0)] if rng.random() < 0.3 else []),
                        use,
                    ]
                }
            case 2:
                return {"or": [{"!": [not_null]}, use]}
            case 3:
                return {"if": [not_null, use, False]}
            case _:
                return {"if": [{"!": [not_null]}, False, use]}

    def body(self, kind: str, depth: int) -> Any:
        """For each item of a list."""
        rng = self.rng
        item = {"var": "" if rng.random() < 0.8 else rng.choice(("n", "a", "t"))}
        use = rng.choice(
            (
                {rng.choice(("<", ">=")): [item, self.literal(kind)]},
                {rng.choice(("===", "==", "!=")): [item, self.literal(kind)]},
                {"starts_with": [item, "a"]},
                {">": [{"length": item}, 1]},
                {"+": [item, 1]},
                {"cat": [item, "!"]},
                {"date_part": [item, "year"]},
            )
        )
        return {"and": [{"!==": [item, None]}, use]} if rng.random() < 0.5 else use

    def number(self, depth: int) -> Any:
        rng = self.rng
        match rng.randint(0, 8):
            case 0 | 1 | 2:
                return {
                    rng.choice(tuple("+-*/%")): [
                        self.write("number", depth),
                        self.write("number", depth),
                    ]
                }
            case 3:
                return {
                    rng.choice(("min", "max", "+")): rng.choice(
                        (self.write("array", depth), [self.write("array", 0)])
                    )
                }
            case 4:
                return {"length": [self.write(rng.choice(("text", "array", "any")), depth)]}
            case 5:
                unit = rng.choice(DATE_UNITS) if rng.random() < 0.9 else self.write("text", 0)
                return {"date_diff": [self.date(depth), self.date(depth), unit]}
            case 6:
                return self.part(depth, rng.choice(DATE_PARTS[:6]))
            case 7:
                body = {
                    rng.choice(("+", "max", "cat")): [
                        {"var": "accumulator"},
                        rng.choice(({"var": "current"}, 1)),
                    ]
                }
                start = [] if rng.random() < 0.2 else [self.literal("number")]
                return {"reduce": [self.write("array", depth), body, *start]}
            case _:
                guard = self.variable("number")
                return {"if": [{"!==": [guard, None]}, {"*": [guard, 2]}, 0]}

    def text(self, depth: int) -> Any:
        rng = self.rng
        anything = ("text", "number", "date", "boolean", "array", "any")
        match rng.randint(0, 4):
            case 0 | 1:
                return {"cat": [self.write(rng.choice(anything), depth) for _ in range(rng.randint(1, 3))]}
            case 2:
                return {
                    "substr": [
                        self.write("text", depth),
                        *(self.write("number", 0) for _ in range(rng.randint(1, 2))),
                    ]
                }
            case 3:
                return {rng.choice(("lower", "trim")): [self.write("text", depth)]}
            case _:
                return {"var": self.write("text", depth)}

    def array(self, depth: int) -> Any:
        rng = self.rng
        match rng.randint(0, 5):
            case 0:
                return {
                    "filter": [
                        self.write("array", depth),
                        self.body(rng.choice(("text", "number")), depth),
                    ]
                }
            case 1:
                return {
                    "map": [
                        self.write("array", depth),
                        self.body(rng.choice(("text", "number")), depth),
                    ]
                }
            case 2:
                return {
                    "merge": [self.write(rng.choice(("array", "number", "text")), depth) for _ in range(2)]
                }
            case 3:
                paths = [self.variable("text")["var"] for _ in range(2)]
                return rng.choice(
                    (
                        {"missing": paths},
                        {
                            "missing_some": [
                                self.write("number", 0),
                                self.write("array", 0),
                            ]
                        },
                    )
                )
            case 4:
                return [self.write(rng.choice(("number", "text")), depth) for _ in range(rng.randint(0, 3))]
            case _:
                return self.variable("array")
