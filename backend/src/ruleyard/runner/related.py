"""What a run's rule reads of related records: as kept when its event was judged; else read now, and kept for good.

A run has nothing kept where they could not be read then, and where somebody fired it by hand.
"""

from __future__ import annotations

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.core.errors import RuleyardError
from ruleyard.core.plan import Plan
from ruleyard.core.related import Related, home_of
from ruleyard.core.types import ConnectionId, LogId
from ruleyard.stores.claims import Claim
from ruleyard.stores.connections import Watched, connection_named
from ruleyard.stores.db import transaction
from ruleyard.stores.related import RelatedReader
from ruleyard.stores.runs import keep_related
from ruleyard.stores.watches import left_out


class RunRelated:
    def __init__(self, engine: AsyncEngine, watched: Watched) -> None:
        self._engine = engine
        self._reader = RelatedReader(lambda log: watched.pool(ConnectionId(int(log))))

    async def of(self, claim: Claim, plan: Plan) -> Related | None:
        """None for a rule that reads none. With `error` where they cannot be read: the next try reads again."""
        trigger = plan.graph.trigger
        if not plan.leads or claim.related is not None or not trigger.table:
            return claim.related
        try:
            async with self._engine.connect() as conn:
                found = await connection_named(conn, trigger.connection or "")
                hidden = await left_out(conn)
            home = LogId(int(found.id)), trigger.table or ""
            (related,) = await self._reader.around(home, plan.leads, [home_of(claim.event)], hidden)
        except (RuleyardError, OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            return Related(error=f"The related records could not be read: {error}")
        if not related.error:
            async with transaction(self._engine) as conn:
                await keep_related(conn, claim.id, claim.attempt, related)
        return related
