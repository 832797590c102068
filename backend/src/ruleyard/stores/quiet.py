"""Until when a rule is closed, by the hours that its version keeps and the calendars that there are now."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.calendars import Timetable, own_timetable
from ruleyard.core.graph import Hours
from ruleyard.core.types import VersionId
from ruleyard.stores.calendars import calendar_named

LOOK_AGAIN: Final = timedelta(hours=1)
"""What never opens is asked again so often: its calendar may be mended."""


async def closed_until(conn: AsyncConnection, version_id: VersionId, now: datetime) -> datetime | None:
    """None where it is open, or keeps no hours. A calendar that is gone holds nothing up: its runs then say so."""
    found = await conn.execute(
        text("select document #>> '{policy,hours}' as hours from app.version where id = :id"),
        {"id": version_id},
    )
    words = found.scalar_one_or_none()
    if words is None:
        return None
    hours = msgspec.json.decode(words, type=Hours)
    table = await _timetable(conn, hours)
    if hours.outside != "wait" or table is None or table.is_open(now):
        return None
    return table.next_open(now) or now + LOOK_AGAIN


async def _timetable(conn: AsyncConnection, hours: Hours) -> Timetable | None:
    if hours.calendar is None:
        return own_timetable(hours)
    calendar = await calendar_named(conn, hours.calendar)
    return None if calendar is None else Timetable(calendar)
