"""What goes wrong when, drawn from a seed before anything starts. Pure: performs nothing."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Final

KINDS: Final = {
    "kill-work": 6,
    "kill-listen": 3,
    "kill-serve": 1,
    "pause-work": 3,
    "term-work": 3,
    "flush-redis": 3,
    "kill-redis": 3,
    "terminate-own": 2,
    "terminate-watched": 2,
    "crash-own": 3,
    "crash-watched": 3,
    "delay-own": 2,
    "delay-watched": 1,
    "delay-receiver": 2,
    "stall-own": 2,
    "stall-watched": 1,
    "cut-own": 2,
    "cut-watched": 2,
    "cut-redis": 1,
    "cut-receiver": 2,
    "freeze-own": 2,
    "freeze-watched": 2,
    "freeze-redis": 2,
}
"""Every kind of fault, and how often it comes in a long list."""

SMALL: Final = (
    "kill-work",
    "crash-own",
    "flush-redis",
    "terminate-watched",
    "kill-listen",
    "kill-redis",
    "cut-own",
    "crash-watched",
    "cut-receiver",
)
"""What a short list draws from first: kinds that are over within seconds."""


@dataclass(frozen=True)
class Fault:
    """One thing to do, `at_s` seconds after the load begins; `chance` (0..1) decides whom and how long."""

    at_s: float
    kind: str
    chance: float

    @property
    def target(self) -> str:
        return self.kind.partition("-")[2]

    def seconds(self, low: float, high: float) -> float:
        return low + (high - low) * self.chance


def plan_faults(seed: int, count: int, *, gap_s: float) -> tuple[Fault, ...]:
    """`count` faults in order, about `gap_s` apart. A list of 50 has every kind."""
    dice = random.Random(seed)
    deck: list[str] = list(dice.sample(SMALL, min(count, len(SMALL)))) if count < len(KINDS) else []
    while len(deck) < count:
        hand = list(KINDS) if len(deck) == 0 else dice.choices(list(KINDS), list(KINDS.values()), k=count)
        deck += hand[: count - len(deck)]
    dice.shuffle(deck)
    at = 0.0
    faults = []
    for kind in deck:
        at += gap_s * dice.uniform(0.4, 1.6)
        faults.append(Fault(round(at, 2), kind, dice.random()))
    return tuple(faults)
