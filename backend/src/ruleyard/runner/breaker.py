"""The circuit breaker: outside systems that do not answer are asked by one run at a time; the others wait for it.

The truth is `app.target`, shared by every worker; a process looks at it once a second at most, and says nothing while
all is well. Knows targets by name only (`smtp://host:port`), not what is sent to them.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from dataclasses import dataclass
from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.actions.failure import ActionFailed
from ruleyard.core.trace import StepError
from ruleyard.stores import targets
from ruleyard.stores.db import AWAY, transaction

log = logging.getLogger(__name__)

FRESH_S: Final = 1.0


@dataclass(frozen=True)
class Held:
    """`target` does not answer: look again after `wait_s`."""

    target: str
    wait_s: float


@dataclass(frozen=True)
class Passed:
    """May go. `probe`: as the only one, to see whether it answers again."""

    probe: bool = False


def away_fault(target: str, until: str | None) -> StepError:
    """Why a run waits for a system, or has waited for too long. `until` is UTC text."""
    if until is None:
        return StepError("target-gone", f"{target} has not answered for a day.", args={"target": target})
    words = f"{target} does not answer: waiting until {until}."
    return StepError("target-away", words, args={"target": target, "until": until})


class Breaker:
    """Shared by all runs of a process."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._troubled: dict[str, bool] = {}
        self._looked_at = float("-inf")
        self._looking = asyncio.Lock()

    async def enter(self, target: str) -> Passed | Held:
        """Before anything is sent."""
        await self._look()
        if not self._troubled.get(target):
            return Passed()
        async with transaction(self._engine) as conn:
            if await targets.take_probe(conn, target):
                return Passed(probe=True)
            wait_s = await targets.wait_s(conn, target)
        return Passed() if wait_s is None else Held(target, _spread(wait_s))

    async def left(self, target: str, passed: Passed, failure: ActionFailed | None) -> None:
        """After it: how it went. Our own database being away must not hide what happened outside."""
        try:
            if failure is not None and failure.away:
                self._troubled.setdefault(target, False)
                async with transaction(self._engine) as conn:
                    words = f"{failure.message} {failure.detail}".strip()
                    self._troubled[target] = await targets.failed(conn, target, words, probe=passed.probe)
            elif target in self._troubled:
                async with transaction(self._engine) as conn:
                    await targets.answered(conn, target)
                self._troubled.pop(target, None)
        except AWAY as error:
            log.warning("how %s is cannot be written: %s", target, error)

    async def held(self, target: str) -> Held | None:
        """Whether it is left in peace just now."""
        if not self._troubled.get(target):
            return None
        async with self._engine.connect() as conn:
            wait_s = await targets.wait_s(conn, target)
        return None if wait_s is None else Held(target, _spread(wait_s))

    async def _look(self) -> None:
        async with self._looking:
            if time.monotonic() - self._looked_at > FRESH_S:
                async with self._engine.connect() as conn:
                    self._troubled = await targets.troubled(conn)
                self._looked_at = time.monotonic()


def _spread(wait_s: float) -> float:
    """Those who wait do not all come back at the same moment."""
    return max(0.5, wait_s) * (1 + random.random() / 4)  # noqa: S311
