"""What runs set off in our own log, by their idempotency keys: known at every later try.

Knows the table `app.set_off`; what an event holds is none of its business.
"""

from __future__ import annotations

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.types import EventId, RunId


class SetOff(msgspec.Struct, frozen=True):
    """The names of the rules that were started, and the last event that was written; None where nobody listened."""

    rules: tuple[str, ...]
    event: EventId | None


async def earlier(conn: AsyncConnection, key: str) -> SetOff | None:
    """What was done under this key; None the first time. Holds the key until the transaction ends."""
    await conn.execute(text("select pg_advisory_xact_lock(hashtextextended(:key, 75))"), {"key": key})
    row = (
        await conn.execute(text("select rules, event_id from app.set_off where key = :key"), {"key": key})
    ).one_or_none()
    if row is None:
        return None
    return SetOff(tuple(row.rules), None if row.event_id is None else EventId(row.event_id))


async def remember(conn: AsyncConnection, run_id: RunId, key: str, made: SetOff) -> None:
    await conn.execute(
        text("""
            insert into app.set_off (key, run_id, rules, event_id)
            values (:key, :run, cast(:rules as text[]), :event)
        """),
        {"key": key, "run": run_id, "rules": list(made.rules), "event": made.event},
    )
