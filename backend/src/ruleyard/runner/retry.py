"""When is a failed action tried again? Told how often it was tried and what the other side asked for."""

from __future__ import annotations

import random
from dataclasses import dataclass


@dataclass(frozen=True)
class RetryPolicy:
    """`delays_s` between tries, each lengthened by up to `jitter` of itself; the last one repeats."""

    attempts: int = 5
    delays_s: tuple[float, ...] = (1.0, 5.0, 30.0, 120.0, 600.0)
    jitter: float = 0.25

    def delay_s(
        self,
        number: int,
        retry_after_s: float | None,
        chance: float | None = None,
        *,
        attempts: int | None = None,
    ) -> float | None:
        """Seconds until the next try after try `number` (from 1) failed; None = give up.

        Every `attempts` tries (None: as usual) are one series: a retry by hand after giving up begins another. What the
        other side asked for (Retry-After) is obeyed where it is longer. `chance` in 0..1 stands in for the dice.
        """
        series = self.attempts if attempts is None else attempts
        place = (number - 1) % series
        if place + 1 >= series:
            return None
        delay = self.delays_s[min(place, len(self.delays_s) - 1)]
        delay *= 1 + self.jitter * (random.random() if chance is None else chance)  # noqa: S311
        return max(delay, retry_after_s or 0.0)
