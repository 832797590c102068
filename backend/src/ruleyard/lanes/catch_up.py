"""Run a version for records of a table: those that already matched when it went on, or all that its schedule visits.

A job that reads the table by key, page by page.

A record gets one run: none where a change made one, or will, for no lane has read it yet. Runs and the place reached
commit together, so another worker goes on where one died. Performs nothing: the runner does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

import asyncpg
import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from ruleyard.bells import Bells
from ruleyard.clock import utc_now, utc_text
from ruleyard.core.already import CAUSE, as_change
from ruleyard.core.calendars import NO_CALENDARS
from ruleyard.core.check_hours import counts_working_days
from ruleyard.core.errors import NotFound, Unavailable
from ruleyard.core.evaluate import Verdict
from ruleyard.core.event import Event
from ruleyard.core.graph import ChangeTrigger, RunLimit
from ruleyard.core.match import listens
from ruleyard.core.plan import Plan
from ruleyard.core.related import Related, home_of
from ruleyard.core.trace import StepError
from ruleyard.core.types import ConnectionId, EventId
from ruleyard.lanes.judging import judge_safely
from ruleyard.lanes.plans import compiled
from ruleyard.lanes.visiting import VISITED, as_visits, look_at
from ruleyard.logs import get_logger
from ruleyard.stores import catch_ups
from ruleyard.stores.calendars import all_calendars
from ruleyard.stores.catch_ups import AHEAD, Order, Page, event_numbers
from ruleyard.stores.cursors import Cursor, list_cursors
from ruleyard.stores.db import transaction
from ruleyard.stores.events import LogPools
from ruleyard.stores.new_runs import NewRun, open_runs
from ruleyard.stores.once import once_of
from ruleyard.stores.owners import tell_owner
from ruleyard.stores.related import RelatedReader
from ruleyard.stores.table_pages import TableRow, about, looking, read_page, source_of, unread_changes
from ruleyard.stores.watches import left_out, watch_of

log = get_logger(__name__)

PAGE: Final = 500
DOWN: Final = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, Unavailable, NotFound)
LOST: Final = (asyncpg.UndefinedTableError, asyncpg.UndefinedColumnError, asyncpg.InsufficientPrivilegeError)
"""Answers that asking again later would not change."""

NOT_LIVE: Final = "The rule was switched off, or a newer version went on."
NOT_WATCHED: Final = "Its table is not watched any more."


class Moved(msgspec.Struct, frozen=True):
    """What a page did. `over`: nothing is left; `full`: enough of its runs wait."""

    rule_id: int
    slots: frozenset[int] = frozenset()
    over: bool = False
    full: bool = False


class CatchUps:
    """Runs the jobs `catch_up:<id>`."""

    def __init__(
        self, engine: AsyncEngine, pools: LogPools, bells: Bells, *, page_size: int | None = None
    ) -> None:
        self._engine = engine
        self._pools = pools
        self._bells = bells
        self._related = RelatedReader(pools.pool)
        self._page_size = page_size or PAGE
        self._visit_size = page_size or VISITED

    async def run(self, catch_up_id: int) -> None:
        """Until it is over, stopped, in another worker's hands, or enough of its runs wait: the next look goes on."""
        while True:
            try:
                moved = await self._page(catch_up_id)
            except LOST as error:
                log.warning("a catch-up ended", catch_up_id=catch_up_id, reason=str(error))
                async with transaction(self._engine) as conn:
                    await catch_ups.end(conn, catch_up_id, "failed", str(error))
                return
            except DOWN as error:
                reason = str(error) or type(error).__name__
                log.warning("a catch-up waits", catch_up_id=catch_up_id, reason=reason)
                async with transaction(self._engine) as conn:
                    await catch_ups.note(conn, catch_up_id, reason)
                return
            if moved is None or moved.full:
                return
            await self._bells.ring_slots(moved.slots)
            await self._bells.publish_live("catch_up", {"id": catch_up_id, "rule_id": moved.rule_id})
            if moved.over:
                await self._bells.publish_live("notification", {})
                return

    async def _page(self, catch_up_id: int) -> Moved | None:
        async with transaction(self._engine) as conn:
            order = await catch_ups.take(conn, catch_up_id)
            if order is None:
                return None
            if not order.live:
                await catch_ups.end(conn, order.id, "stopped", NOT_LIVE)
                return Moved(order.rule_id, over=True)
            if await catch_ups.waiting(conn, order.rule_id, order.version_id) >= AHEAD:
                return Moved(order.rule_id, full=True)
            watch = await watch_of(conn, ConnectionId(int(order.log)), order.table)
            if watch is None:
                await catch_ups.end(conn, order.id, "failed", NOT_WATCHED)
                return Moved(order.rule_id, over=True)
            if order.tick_at is not None or order.until_on is not None:
                return await self._visit(conn, order, watch.key, watch.excluded)
            # Before the records: what a lane has read until here has its runs here, what not is found unread below.
            cursors = [one for one in await list_cursors(conn) if one.log == order.log]
            rows, unread, size = await self._read(order, cursors, watch.key, watch.excluded)
            plan = compiled(order.rule_id, order.version_id, order.document)
            events = _as_changes(order, plan, rows, await event_numbers(conn, len(rows)))
            judged = await self._judge(conn, order, plan, [*events, *unread])
            coming = {
                event.record_key
                for event, _, verdict in judged[len(events) :]
                if not listens(plan, event) and verdict.fires
            }
            fired = [one for one in judged[: len(events)] if one[2].fires and one[2].error is None]
            undecided = sum(verdict.error is not None for _, _, verdict in judged[: len(events)])
            done = await catch_ups.have_run(
                conn, order.version_id, order.log, order.table, [one[0].record_key for one in fired]
            )
            runs = [
                _run(order, plan, event, related)
                for event, related, _ in fired
                if event.record_key not in done and event.record_key not in coming
            ]
            await open_runs(conn, runs)
            over = len(rows) < self._page_size
            page = Page(
                place=rows[-1].place if rows else order.place,
                about=order.about if order.place else size,
                looked=len(rows),
                runs=len(runs),
                undecided=undecided + sum(row.record is None for row in rows),
                over=over,
            )
            await catch_ups.save(conn, order, page)
            if over:
                await _tell(conn, order)
            return Moved(order.rule_id, frozenset(run.slot for run in runs), over)

    async def _visit(
        self, conn: AsyncConnection, order: Order, key: Sequence[str], excluded: Sequence[str]
    ) -> Moved:
        """Each visit is one of its own: who had a run at the last one gets one now.

        Of those whose date fell due before the rule went on, nobody that has one.
        """
        plan = compiled(order.rule_id, order.version_id, order.document)
        pool = await self._pools.pool(order.log)
        asks = counts_working_days(plan.graph)
        calendars = await all_calendars(conn) if asks else NO_CALENDARS
        seen = await look_at(pool, order, plan, key, excluded, self._visit_size, calendars)
        events = as_visits(order, seen.rows)
        judged = await self._judge(conn, order, plan, events)
        fired = [one for one in judged if one[2].fires and one[2].error is None]
        asked = order.tick_at is None
        if asked:
            keys = [one[0].record_key for one in fired]
            done = await catch_ups.have_run(conn, order.version_id, order.log, order.table, keys)
            fired = [one for one in fired if one[0].record_key not in done]
        numbers = await event_numbers(conn, len(fired))
        limit: RunLimit = "off" if asked else plan.graph.policy.limit
        runs = [
            _run(order, plan, msgspec.structs.replace(event, id=number), related, limit=limit)
            for (event, related, _), number in zip(fired, numbers, strict=True)
        ]
        await open_runs(conn, runs)
        page = Page(
            place=seen.place,
            about=order.about if order.place else seen.about,
            looked=seen.looked,
            runs=len(runs),
            undecided=sum(one[2].error is not None for one in judged) + len(seen.rows) - len(events),
            over=seen.over,
        )
        await catch_ups.save(conn, order, page)
        if seen.over:
            await catch_ups.begin_anew(conn, order.id)
        if seen.over and asked:
            await _tell(conn, order)
        return Moved(order.rule_id, frozenset(run.slot for run in runs), seen.over)

    async def _read(
        self,
        order: Order,
        cursors: Sequence[Cursor],
        key: Sequence[str],
        excluded: Sequence[str],
    ) -> tuple[list[TableRow], list[Event], int | None]:
        pool = await self._pools.pool(order.log)
        async with looking(pool) as conn:
            source = await source_of(conn, order.log, order.table, key, excluded)
            if source is None:
                raise asyncpg.UndefinedTableError(f"There is no table {order.table} with this key any more.")
            rows = await read_page(conn, source, order.place, self._page_size)
            unread = await unread_changes(conn, source, cursors, rows)
            return rows, unread, None if order.place else await about(conn, order.table)

    async def _judge(
        self, conn: AsyncConnection, order: Order, plan: Plan, events: Sequence[Event]
    ) -> list[tuple[Event, Related | None, Verdict]]:
        around: list[Related | None] = [None] * len(events)
        if plan.leads:
            home = (order.log, order.table)
            records = [home_of(event) for event in events]
            around = [*await self._related.around(home, plan.leads, records, await left_out(conn))]

        def judge() -> list[tuple[Event, Related | None, Verdict]]:
            return [
                (event, related, judge_safely(plan, event, related))
                for event, related in zip(events, around, strict=True)
            ]

        return await asyncio.to_thread(judge)


def _as_changes(
    order: Order, plan: Plan, rows: Sequence[TableRow], numbers: Sequence[EventId]
) -> list[Event]:
    trigger = plan.graph.trigger
    if not isinstance(trigger, ChangeTrigger):
        return []
    at = utc_text(utc_now())
    events = (
        as_change(
            trigger,
            row.record,
            key=row.key,
            log=order.log,
            event_id=number,
            lane=row.lane,
            at=at,
            cause=f"{CAUSE}{order.id}",
            actor=order.actor,
        )
        for row, number in zip(rows, numbers, strict=True)
        if row.record is not None
    )
    return [event for event in events if event is not None]


def _run(
    order: Order, plan: Plan, event: Event, related: Related | None, *, limit: RunLimit = "off"
) -> NewRun:
    """Limit "off": past the rule's, which guards against what nobody wanted, for somebody was asked about these."""
    kept = None if related is not None and related.error else related
    return NewRun(
        order.rule_id,
        order.version_id,
        event,
        event.lane,
        kept,
        overlap=plan.graph.policy.overlap,
        limit=limit,
        timing=plan.graph.policy.timing.at_rest,
        once=once_of(plan.graph.policy),
    )


async def _tell(conn: AsyncConnection, order: Order) -> None:
    done = await catch_ups.read(conn, order.id)
    await tell_owner(
        conn,
        order.rule_id,
        key=f"catch-up:{order.id}",
        title="“%s” was run for records that already matched",
        why=StepError(
            "caught-up",
            f"It was run for {done.runs} records that matched when it was turned on.",
            args={"runs": done.runs},
        ),
    )
