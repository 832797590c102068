"""Figures beside their target and the machine's own limit, and the tables that they are printed in."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

MANY: Final = 100
"""From here on a value is printed without a fraction."""


@dataclass(frozen=True)
class Figure:
    """One measured value. `target`: at least so much, or at most where `at_most`. `limit`: what the machine does bare,
    in the same unit. `low` and `high`: quartiles where there were rounds."""

    part: str
    what: str
    value: float
    unit: str
    target: float | None = None
    at_most: bool = False
    limit: float | None = None
    limit_of: str = ""
    low: float | None = None
    high: float | None = None

    @property
    def holds(self) -> bool | None:
        if self.target is None:
            return None
        return self.value <= self.target if self.at_most else self.value >= self.target

    @property
    def ratio(self) -> float | None:
        """Of the machine's limit."""
        return self.value / self.limit if self.limit else None


def of_rounds(values: Sequence[float]) -> dict[str, float]:
    """Median and quartiles as a Figure takes them."""
    if len(values) < 2:
        return {"value": values[0]}
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return {"value": middle, "low": low, "high": high}


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that this share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= MANY else f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"


def cells(one: Figure) -> list[str]:
    spread = "" if one.low is None else f" ({number(one.low)}–{number(one.high)})"
    target = "" if one.target is None else f"{'≤' if one.at_most else '≥'} {number(one.target)}"
    verdict = {True: "yes", False: "**no**", None: ""}[one.holds]
    limit = "" if one.limit is None else f"{number(one.limit)} ({one.limit_of})"
    ratio = "" if one.ratio is None else f"{one.ratio:.2f}"
    return [one.what, one.unit, target, number(one.value) + spread, verdict, limit, ratio]


HEADS: Final = ["what", "unit", "target", "measured", "holds", "the machine's limit", "ratio"]


def as_text(figures: Sequence[Figure]) -> str:
    rows = [HEADS, *(cells(one) for one in figures)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(HEADS))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return "\n".join(line.rstrip().replace("**", "") for line in lines)


def as_markdown(figures: Sequence[Figure]) -> str:
    rows = [HEADS, ["---"] * len(HEADS), *(cells(one) for one in figures)]
    return "\n".join(f"| {' | '.join(row)} |".replace("|  ", "| ").replace("|  ", "| ") for row in rows)
