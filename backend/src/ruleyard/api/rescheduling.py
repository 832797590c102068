"""After a calendar changed: schedules that go by working days get their next moments anew."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.schedule import next_ticks
from ruleyard.stores.calendars import all_calendars
from ruleyard.stores.schedules import NEVER, by_calendar, move_schedule


async def reschedule(conn: AsyncConnection) -> None:
    """In the transaction of the change. A moment that has come already comes all the same."""
    calendars = await all_calendars(conn)
    for due in await by_calendar(conn):
        if due.next_at <= due.now:
            continue
        working = calendars.counting(due.hours, due.schedule.zone)
        upcoming = next_ticks(due.schedule, due.now, 1, working)
        await move_schedule(conn, due.rule_id, upcoming[0] if upcoming else NEVER)
