"""Looks for work that nobody rings for: waits that are over, leases of dead workers, bells that were lost."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.stores.db import transaction
from ruleyard.stores.runs import due_slots, sweep_leases


async def slots_to_ring(engine: AsyncEngine) -> list[int]:
    """Takes over from silent workers, wakes what waited long enough; the slots that have queued runs."""
    async with transaction(engine) as conn:
        await sweep_leases(conn)
        return await due_slots(conn)
