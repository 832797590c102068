"""Our database's clock against this process's own stopwatch: does it run, or was it set?

Leases, waits and ticks are on the database's clock. When that is set forward, every worker looks silent for as long as
its next heartbeat takes; when it is set back, leases of the dead last too long. Knows nothing of runs.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.clock import utc_now
from ruleyard.stores.db import transaction

JUMP_S: Final = 5.0
"""Half a lease: less than that no worker notices."""
SURE_S: Final = 2.0
"""An answer that took longer says too little about when it was given."""
FAR_S: Final = 86_400.0
"""Clocks that are further apart are no measure of what is old enough to go."""


class Stopwatch:
    """One process's view of our database's clock."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._ahead_s: float | None = None

    async def jumped_s(self, engine: AsyncEngine) -> float:
        """By how much that clock was set since the last time, in seconds; 0 where it ran, below 0 where back."""
        began = self._monotonic()
        there = (await database_time(engine)).timestamp()
        if self._monotonic() - began > SURE_S:
            return 0.0
        before, self._ahead_s = self._ahead_s, there - began
        moved_s = 0.0 if before is None else self._ahead_s - before
        return moved_s if abs(moved_s) > JUMP_S else 0.0


async def database_time(engine: AsyncEngine) -> datetime:
    async with transaction(engine) as conn:
        found: datetime = (await conn.execute(text("select clock_timestamp()"))).scalar_one()
        return found


def far_apart(there: datetime) -> bool:
    """Does nobody know what day it is? Then nothing is dropped because of its age."""
    return abs((there - utc_now()).total_seconds()) > FAR_S
