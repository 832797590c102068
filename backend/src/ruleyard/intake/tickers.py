"""The clock: due schedules become ticks, waits that are over and silent leases ring their slots.

Any number of `listen` processes may run it: a transaction lock lets one look at a time, and a tick's primary
key makes it once even without that. Knows calendars through core; performs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from ruleyard.clock import utc_text
from ruleyard.core.calendars import NO_CALENDARS, Timetable
from ruleyard.core.schedule import next_ticks
from ruleyard.core.zones import zone_of
from ruleyard.stores import held, waiting
from ruleyard.stores.awaited import wake_answered
from ruleyard.stores.bulk import Carry, Kind, go_on
from ruleyard.stores.bulk_retries import retry_some
from ruleyard.stores.calendars import all_calendars
from ruleyard.stores.catch_ups import begin_visit
from ruleyard.stores.db import transaction
from ruleyard.stores.emit import emit
from ruleyard.stores.items import answer_ended
from ruleyard.stores.runs import due_slots, sweep_leases
from ruleyard.stores.schedules import NEVER, Due, Visited, due_schedules, keep_tick, looked, move_schedule
from ruleyard.stores.stopping import stop_some
from ruleyard.stores.turns import due_turns

LATE: Final = timedelta(seconds=90)
"""A tick that is made later than this was missed: the schedule's `missed` decides."""

CATCH_UP: Final = 100
"""At most so many missed ticks are made up for."""

WORKS: Final[Mapping[Kind, Carry]] = {
    "retry": retry_some,
    "release": held.release_some,
    "cancel": held.cancel_some,
    "recall": held.recall_some,
    "stop": stop_some,
    "begin": waiting.begin_some,
    "drop": waiting.drop_some,
}


def ticks_to_make(due: Due, working: Timetable | None = None) -> tuple[tuple[datetime, ...], datetime | None]:
    """The moments to make up for now, in order, and the next moment to come."""
    past = [due.next_at]
    upcoming: datetime | None = None
    while upcoming is None:
        found = next_ticks(due.schedule, past[-1], CATCH_UP, working)
        past += [at for at in found if at <= due.now]
        later = [at for at in found if at > due.now]
        if later:
            upcoming = later[0]
        elif not found:
            break
        past = past[-CATCH_UP:]
    on_time = tuple(at for at in past if due.now - at <= LATE)
    match due.schedule.missed:
        case "all":
            return tuple(past), upcoming
        case "last":
            return tuple(past[-1:]), upcoming
        case "skip":
            return on_time[-1:], upcoming


async def make_ticks(engine: AsyncEngine) -> int:
    """Write an event for every due moment, or begin the visit of its table, each once. Returns how many were new."""
    made = 0
    async with transaction(engine) as conn:
        coming = await due_schedules(conn)
        ask = any(due.schedule.days_off != "run" for due in coming)
        calendars = await all_calendars(conn) if ask else NO_CALENDARS
        for due in coming:
            ticks, upcoming = ticks_to_make(due, calendars.counting(due.hours, due.schedule.zone))
            for tick_at in ticks:
                if not await keep_tick(conn, due.rule_id, tick_at):
                    continue
                if due.visited is not None:
                    await _visit(conn, due, due.visited, tick_at)
                else:
                    await emit(conn, due.rule_id, "tick", {"tick_at": utc_text(tick_at)}, actor="clock")
                made += 1
            if upcoming is None and due.schedule.days_off != "run":
                upcoming = NEVER
            await move_schedule(conn, due.rule_id, upcoming)
    return made


async def _visit(conn: AsyncConnection, due: Due, visited: Visited, tick_at: datetime) -> None:
    """Of dates: what is due by this day and was not looked at; days that were missed are among them."""
    until: date | None = None
    if visited.looked_on is not None:
        until = tick_at.astimezone(zone_of(due.schedule.zone) or UTC).date()
        await looked(conn, due.rule_id, until)
    await begin_visit(
        conn,
        rule_id=due.rule_id,
        version_id=due.version_id,
        log=visited.log,
        table=visited.table,
        tick_at=tick_at,
        since_on=visited.looked_on,
        until_on=until,
    )


async def due_work(engine: AsyncEngine) -> list[int]:
    """Slots to ring: queued runs, waits that ended or were answered, leases whose worker is silent, the next batch of
    works on many.

    [] while another looks.
    """
    async with transaction(engine) as conn:
        if not await _first(conn):
            return []
        swept = await sweep_leases(conn)
        moved = await go_on(conn, WORKS)
        await answer_ended(conn)
        await wake_answered(conn)
        await due_turns(conn)
        return sorted({*swept, *moved, *await due_slots(conn)})


async def due_runs(engine: AsyncEngine) -> list[int]:
    """The same, and no lease is judged: for a clock that was blind itself."""
    async with transaction(engine) as conn:
        if not await _first(conn):
            return []
        await wake_answered(conn)
        await due_turns(conn)
        return await due_slots(conn)


async def more_due(engine: AsyncEngine) -> bool:
    """More waits are over than one look takes."""
    async with engine.connect() as conn:
        found = await conn.execute(
            text(
                "select exists (select from app.run where state = 'waiting' and wake_at <= clock_timestamp())"
            )
        )
        return bool(found.scalar_one())


async def _first(conn: AsyncConnection) -> bool:
    mine = await conn.execute(text("select pg_try_advisory_xact_lock(hashtext('ruleyard.clock'))"))
    return bool(mine.scalar_one())
