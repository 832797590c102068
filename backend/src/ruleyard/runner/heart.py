"""One heartbeat for all runs that a process holds, on a connection of its own: a busy pool must not look like death.

Whoever holds runs says whom to tell when they were taken away. Knows nothing of what is done with them.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.core.types import RunId
from ruleyard.endings import end_tasks
from ruleyard.stores.claims import Claim
from ruleyard.stores.db import AWAY, transaction
from ruleyard.stores.runs import forgive, renew

log = logging.getLogger(__name__)

AGAIN_S: Final = 0.5
"""A heartbeat that could not be given is tried again so soon: the database may just have come back."""

Lost = Callable[[Claim], None]


class Heart:
    """Beats three times a lease from `start` to `stop`. The engine is its own."""

    def __init__(self, engine: AsyncEngine, lease_s: float) -> None:
        self._engine = engine
        self._lease_s = lease_s
        self._held: dict[RunId, tuple[Claim, Lost]] = {}
        self._beating: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._beating = asyncio.create_task(self._beat())

    async def stop(self) -> None:
        if self._beating is not None:
            await end_tasks([self._beating])
        await self._engine.dispose()

    def keep(self, one: Claim, lost: Lost) -> None:
        """From now on. `lost` is called once if it is not ours any more."""
        self._held[one.id] = (one, lost)

    def drop(self, one: Claim) -> None:
        """Performed or given back."""
        known = self._held.get(one.id)
        if known is not None and known[0] is one:
            del self._held[one.id]

    async def _beat(self) -> None:
        pause_s = self._lease_s / 3
        while True:
            await asyncio.sleep(pause_s)
            pause_s = self._lease_s / 3
            held = tuple(self._held.values())
            if not held:
                continue
            try:
                async with asyncio.timeout(self._lease_s / 4), transaction(self._engine) as conn:
                    ours = await renew(
                        conn, [(one.id, one.attempt) for one, _ in held], lease_s=self._lease_s
                    )
                    gone = [(one, lost) for one, lost in held if one.id not in ours and self._holds(one)]
                    await forgive(conn, [(one.id, one.attempt) for one, _ in gone])
            except AWAY as error:
                log.warning("leases could not be renewed: %s", error)
                pause_s = min(AGAIN_S, pause_s)
                continue
            for one, lost in gone:
                if self._holds(one):
                    self.drop(one)
                    lost(one)

    def _holds(self, one: Claim) -> bool:
        known = self._held.get(one.id)
        return known is not None and known[0] is one
