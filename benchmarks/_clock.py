"""Timing for the benchmarks: the best of some rounds, so that a busy machine disturbs least."""

from __future__ import annotations

import time
from collections.abc import Callable


def best_s(work: Callable[[], object], rounds: int = 5) -> float:
    """The shortest of `rounds` runs, in seconds."""
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times)
