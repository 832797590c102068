"""What the log cannot know of a record since its last known change: the table was emptied, nobody watched it, or
changes were not captured: a trigger was gone, an event could not be written, the database was restored.

Says it as reasons of an explanation. Knows nothing of rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.clock import utc_text
from ruleyard.core.event import Event
from ruleyard.core.explain import Reason
from ruleyard.core.types import ConnectionId, JSONObject, LogId
from ruleyard.stores.events import list_events
from ruleyard.stores.log_health import Gap, GapCause, list_gaps
from ruleyard.stores.watches import list_watches

_BECAUSE: Final[Mapping[GapCause, str]] = {
    "unwatched": "the table was not watched",
    "broken": "they were not captured",
    "missed": "some could not be captured",
    "restored": "the database was restored",
}


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
    lost = await lost_changes(conn, event.log, event.table, datetime.fromisoformat(event.at), until)
    return None if lost is None else Reason("gap", _lost_args(lost), f"After this change: {lost_words(lost)}")


async def lost_changes(
    conn: AsyncConnection, log: LogId, table: str, since: datetime | None, until: datetime | None
) -> Gap | None:
    """The newest time between the two in which changes of a watched table were not captured."""
    for gap in await list_gaps(conn, log):
        ends_too_early = since is not None and gap.to_at is not None and gap.to_at <= since
        begins_too_late = until is not None and gap.from_at >= until
        if gap.cause != "unwatched" and gap.table in ("", table) and not (ends_too_early or begins_too_late):
            return gap
    return None


def lost_words(gap: Gap) -> str:
    """One sentence in plain English."""
    from_at = utc_text(gap.from_at)
    when = f"since {from_at}" if gap.to_at is None else f"from {from_at} to {utc_text(gap.to_at)}"
    return f"changes {when} are not known: {_BECAUSE[gap.cause]}."


def _lost_args(gap: Gap) -> JSONObject:
    """Kind `losing` while it lasts, `lost` once it is over."""
    args: JSONObject = {"kind": "losing", "cause": gap.cause, "from": utc_text(gap.from_at)}
    return args if gap.to_at is None else {**args, "kind": "lost", "to": utc_text(gap.to_at)}


def _gap(kind: str, message: str, at: str | None = None) -> Reason:
    args: JSONObject = {"kind": kind} if at is None else {"kind": kind, "at": at}
    return Reason("gap", args, message)
