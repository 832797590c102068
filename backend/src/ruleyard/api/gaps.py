"""What the log cannot know of a record since its last known change: the table was emptied, or nobody watched it.

Says it as reasons of an explanation. Knows nothing of rules.
"""

from __future__ import annotations

from datetime import datetime

import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.event import Event
from ruleyard.core.explain import Reason
from ruleyard.core.types import ConnectionId, JSONObject
from ruleyard.stores.events import list_events
from ruleyard.stores.watches import list_watches


async def gap_after(
    conn: AsyncConnection, pool: asyncpg.Pool, event: Event, until: datetime | None
) -> Reason | None:
    """Why the record may be otherwise by now (or by `until`) than after `event`. `args`: `kind`, and `at` if known."""
    emptied = await list_events(pool, event.log, table=event.table, op="truncate", until=until, limit=1)
    if emptied and emptied[0].id > event.id:
        at = emptied[0].at
        words = f"After this change all records of {event.table} were removed at once (TRUNCATE), at {at}."
        return _gap("emptied", words, at)
    watches = await list_watches(conn, ConnectionId(int(event.log)))
    since = next((one.created_at for one in watches if one.table == event.table), None)
    if since is None:
        return _gap("unwatched", f"{event.table} is not watched any more: later changes are not known.")
    began = datetime.fromisoformat(since)
    if datetime.fromisoformat(event.at) < began and (until is None or began <= until):
        words = (
            f"After this change {event.table} was not watched for a while, until {since}: "
            "what changed then is not known."
        )
        return _gap("watched-again", words, since)
    return None


def _gap(kind: str, message: str, at: str | None = None) -> Reason:
    args: JSONObject = {"kind": kind} if at is None else {"kind": kind, "at": at}
    return Reason("gap", args, message)
