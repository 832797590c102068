"""Events that are told under a type, by another system or by a rule: kept once each, for runs that wait for one.

The event goes to our own log, where lanes find who waits. Rules that start with its type are none of its business.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.types import EventId, JSONObject, RunId

TABLE: Final = "@event"
KEPT_DAYS: Final = 7
"""So long one that comes again is known; a run that comes to its wait finds what was told meanwhile."""
LOOKED_AT: Final = 1_000


async def tell(
    conn: AsyncConnection,
    kind: str,
    key: str,
    data: JSONObject,
    *,
    actor: str | None,
    cause: str | None = None,
) -> EventId | None:
    """The event's id in our own log. None where it was told before. `key`: what the teller calls it."""
    new = await conn.execute(
        text("""
            insert into app.told as t (type, key) values (:type, :key)
            on conflict (type, key) do update set at = clock_timestamp()
              where t.at < now() - make_interval(days => :days)
            returning type
        """),
        {"type": kind, "key": key, "days": KEPT_DAYS},
    )
    if new.one_or_none() is None:
        return None
    made = await conn.execute(
        text("select ruleyard.emit(:table, 'webhook', :key, null, :after, :cause, :actor)"),
        {"table": TABLE, "key": {"type": kind, "id": key}, "after": data, "cause": cause, "actor": actor},
    )
    event = EventId(made.scalar_one())
    await conn.execute(
        text("update app.told set event_id = :event where type = :type and key = :key"),
        {"event": event, "type": kind, "key": key},
    )
    return event


async def told_since(
    conn: AsyncConnection, kind: str, since: datetime, *, but_not_by: RunId
) -> list[JSONObject]:
    """The data of what was told under the type since then, the oldest first; of very many the newest.

    What the run told itself is none of it.
    """
    rows = await conn.execute(
        text("""
            select e.after, e.cause from (
              select event_id from app.told
              where type = :type and at >= :since and event_id is not null order by event_id desc limit :most) t
            join ruleyard.event e on e.id = t.event_id
            order by e.id
        """),
        {"type": kind, "since": since, "most": LOOKED_AT},
    )
    own = f"run:{but_not_by} "
    return [
        row.after for row in rows if isinstance(row.after, dict) and not (row.cause or "").startswith(own)
    ]
