"""What an evaluation may spend, and how it ends early: errors that become values at the door (`compile.Compiled`).

Limits hold on both sides (Python and TypeScript) with the same arithmetic, so both stop at the same place.
"""

from __future__ import annotations

from typing import Final

import msgspec

from ruleyard.core.trace import Seen

MAX_DEPTH: Final = 32
"""Levels of JSON nesting in a document, in a comparison of lists or objects, and in a result."""

MAX_NODES: Final = 2_000
"""JSON values in a document or in one expression."""

MAX_STEPS: Final = 100_000
"""Each pass of a list operator costs as many steps as its body has JSON values; comparing lists costs their length,
comparing and searching long texts a step for each 64 characters."""

CHARACTERS_A_STEP: Final = 64
"""Of text that is compared, measured or searched."""

MAX_PRODUCED: Final = 1_000_000
"""Characters of text produced, plus LIST_ITEM_COST for each element of a produced list."""

LIST_ITEM_COST: Final = 8

MAX_PATH: Final = 10_000
"""Characters of a variable's path."""

MAX_NUMBER: Final = 400
"""Characters of a text that is read as a number; a date has fewer."""


class LogicError(msgspec.Struct, frozen=True):
    """Why an expression has no value. `path` is a JSON Pointer inside the logic, `reason` a code, `message` words."""

    path: str
    reason: str
    message: str


class Broken(Exception):
    """Raised inside closures only; `Compiled` turns it into a LogicError."""

    def __init__(self, path: str, reason: str, message: str) -> None:
        super().__init__(message)
        self.error = LogicError(path, reason, message)


class Budget:
    """Counts down during one evaluation. `seen` is there only where what is seen is kept (traced.py).

    Class attributes until something is spent: most evaluations spend nothing, and making one then costs nothing.
    """

    steps = MAX_STEPS
    produced = MAX_PRODUCED
    seen: list[Seen]

    def spend(self, steps: int, path: str) -> None:
        """Take steps. Raises Broken when there are none left."""
        self.steps -= steps
        if self.steps < 0:
            raise Broken(path, "too-many-steps", f"This takes more than {MAX_STEPS:,} steps.")

    def read(self, characters: int, path: str) -> None:
        """Take steps for text that is looked at from end to end; short text costs none."""
        if characters >= CHARACTERS_A_STEP:
            self.spend(characters // CHARACTERS_A_STEP, path)

    def produce(self, size: int, path: str) -> None:
        """Take produced size. Raises Broken when there is none left."""
        self.produced -= size
        if self.produced < 0:
            raise Broken(path, "too-big", "This makes more than 1 MB of text or lists.")
