"""What a schedule looks at: every record of a table, page by page, or those whose date falls due, or fell due before.

Reads the watched table; judges nothing and opens no run.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import asyncpg
import msgspec

from ruleyard.clock import utc_now, utc_text
from ruleyard.core.already import CAUSE, VISIT, as_visit
from ruleyard.core.calendars import NO_CALENDARS, Calendars
from ruleyard.core.due_dates import due_between
from ruleyard.core.event import Event
from ruleyard.core.graph import DateTrigger
from ruleyard.core.plan import Plan
from ruleyard.core.types import EventId
from ruleyard.stores.catch_ups import Order
from ruleyard.stores.table_pages import (
    WINDOW,
    Dated,
    TableRow,
    about,
    looking,
    read_dated,
    read_page,
    source_of,
)

VISITED: Final = 2_000
"""Records of a page: more than of a catch-up, for most of them get no run."""


class Seen(msgspec.Struct, frozen=True):
    """One page. `looked` records were asked about up to `place`; `rows` are those that may get a run."""

    rows: Sequence[TableRow]
    place: tuple[str, ...]
    looked: int
    over: bool
    about: int | None


async def look_at(
    pool: asyncpg.Pool,
    order: Order,
    plan: Plan,
    key: Sequence[str],
    excluded: Sequence[str],
    size: int,
    calendars: Calendars = NO_CALENDARS,
) -> Seen:
    """The next page of a visit; working days are those of the rule's calendar.

    Raises what asyncpg raises; UndefinedTableError where the table or its key is gone."""
    async with looking(pool) as conn:
        source = await source_of(conn, order.log, order.table, key, excluded)
        if source is None:
            raise asyncpg.UndefinedTableError(f"There is no table {order.table} with this key any more.")
        size_of_table = None if order.place else await about(conn, order.table)
        dated = _dated(order, plan, calendars)
        if dated is None:
            rows = await read_page(conn, source, order.place, size)
            place = rows[-1].place if rows else order.place
            return Seen(rows, place, len(rows), len(rows) < size, size_of_table)
        found, end = await read_dated(conn, source, order.place, dated)
        looked = WINDOW if end else len(found)
        return Seen(found, end or order.place, looked, end is None, size_of_table)


def _dated(order: Order, plan: Plan, calendars: Calendars) -> Dated | None:
    trigger = plan.graph.trigger
    if not isinstance(trigger, DateTrigger) or order.since_on is None or order.until_on is None:
        return None
    working = calendars.counting(plan.graph.policy.hours, trigger.zone)
    due = due_between(trigger, order.since_on, order.until_on, working)
    return Dated(trigger.column, trigger.zone, due.dates, due.yearly)


def as_visits(order: Order, rows: Sequence[TableRow]) -> list[Event]:
    """The events of the records that are not too large. Numbered when they fire: most do not."""
    at = utc_text(order.tick_at or utc_now())
    cause = CAUSE if order.tick_at is None else VISIT
    return [
        as_visit(
            row.record,
            table=order.table,
            key=row.key,
            log=order.log,
            event_id=EventId(0),
            lane=row.lane,
            at=at,
            cause=f"{cause}{order.id}",
        )
        for row in rows
        if row.record is not None
    ]
