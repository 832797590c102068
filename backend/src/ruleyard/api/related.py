"""Related records as they are now, for answers about events and records without a run that kept what it saw."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.api.house import House
from ruleyard.api.reach import asking
from ruleyard.core.event import Event
from ruleyard.core.plan import Plan
from ruleyard.core.related import Leads, Related, home_of, joined_leads
from ruleyard.core.types import LogId
from ruleyard.stores.connections import connection_named
from ruleyard.stores.related import RelatedReader
from ruleyard.stores.watches import left_out

AS_THEY_ARE: Final = "Related records are taken as they are now."


async def related_now(
    house: House, conn: AsyncConnection, plans: Sequence[Plan], events: Sequence[Event]
) -> list[Related | None]:
    """What the plans, which start on one table, read around each event; None for each where they read nothing.

    Unavailable where the watched database does not answer.
    """
    leads: Leads = joined_leads([plan.leads for plan in plans])
    trigger = plans[-1].graph.trigger
    if not leads or not trigger.connection or not trigger.table:
        return [None] * len(events)
    log = LogId(int((await connection_named(conn, trigger.connection)).id))
    hidden = await left_out(conn)
    async with asking(house.logs, log):
        reader = RelatedReader(house.logs.pool)
        records = [home_of(event) for event in events]
        return [*await reader.around((log, trigger.table), leads, records, hidden)]
