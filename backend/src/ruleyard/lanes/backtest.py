"""Back-test a document over the stored events of its table: a job that reads in pages and performs nothing.

Newest first, and at most so many as were asked for, so that what is there when somebody cancels is the recent past.
Every page commits its counts and its place, so another worker goes on where one died. Memory does not grow with the
history.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.core.backtest import Backtest, Match, Tally
from ruleyard.core.calendars import Timetable
from ruleyard.core.document import parse
from ruleyard.core.errors import NotFound, Unavailable
from ruleyard.core.event import Event
from ruleyard.core.graph import Graph
from ruleyard.core.plan import Plan, compile_plan
from ruleyard.core.related import Leads, Related, home_of
from ruleyard.core.types import JSON, EventId, RuleId, VersionId
from ruleyard.logs import get_logger
from ruleyard.stores import backtests
from ruleyard.stores.backtests import BacktestRow
from ruleyard.stores.calendars import all_calendars
from ruleyard.stores.db import transaction
from ruleyard.stores.events import EVENT_COLUMNS, LogPools, event_of
from ruleyard.stores.related import RelatedReader
from ruleyard.stores.watches import left_out

log = get_logger(__name__)

PAGE: Final = 1_000
PAGE_S: Final = 1.0
"""A page of a slow rule ends early, so that progress shows, a cancel is heard and the lease is renewed."""

SLICE: Final = 20
"""Events judged between two looks at the clock."""

DOWN: Final = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, Unavailable, NotFound)
NEWEST: Final = 2**63 - 1
"""Above every id. A condition that may be null would keep PostgreSQL from entering the index at the right place."""

OURS: Final = "e.table_name = $1 and e.op = any($2::text[]) and e.at >= $3 and e.at < $4"

Progress = Callable[[int], Awaitable[None]]


class Backtests:
    """Runs the jobs `backtest:<id>`. `progress` is told the id after each page."""

    def __init__(
        self,
        engine: AsyncEngine,
        pools: LogPools,
        progress: Progress,
        *,
        page_size: int = PAGE,
        page_s: float = PAGE_S,
    ) -> None:
        self._engine = engine
        self._pools = pools
        self._progress = progress
        self._page_size = page_size
        self._page_s = page_s
        self._worker = f"backtests-{secrets.token_hex(6)}"

    async def run(self, backtest_id: int) -> None:
        """Until it is over, cancelled or taken by another worker. A log that is down ends it with the reason."""
        token = f"{self._worker}-{secrets.token_hex(4)}"
        async with transaction(self._engine) as conn:
            row = await backtests.take_backtest(conn, backtest_id, token)
        if row is None:
            return
        try:
            await self._judge(row, token)
        except DOWN as error:
            log.warning("back-test ended", backtest_id=backtest_id, error=str(error))
            async with transaction(self._engine) as conn:
                words = f"The history could not be read: {error}"
                await backtests.fail_backtest(conn, backtest_id, token, words)
        await self._progress(backtest_id)

    async def _judge(self, row: BacktestRow, token: str) -> None:
        plan, other = _plan(row.document), _plan(row.other_document)
        if plan is None:
            async with transaction(self._engine) as conn:
                await backtests.fail_backtest(conn, row.id, token, "This rule cannot be read any more.")
            return
        pool = await self._pools.pool(row.log)
        if row.total is None:
            total, since = await _extent(pool, row)
            async with transaction(self._engine) as conn:
                await backtests.set_extent(conn, row.id, total=total, history_since=since)
        judged, tally, below = Backtest(plan, other, await self._hours(plan)), row.tally, row.below_id
        leads, reader = judged.leads, RelatedReader(self._pools.pool)
        left = row.most - tally.events
        reading = asyncio.create_task(_page(pool, row, below, min(self._page_size, left)))
        try:
            while True:
                events = await reading
                left -= len(events)
                last = len(events) < self._page_size
                if not last:  # the next page is read while this one is judged: one ahead, never more
                    read_to = int(events[-1].id)
                    reading = asyncio.create_task(_page(pool, row, read_to, min(self._page_size, left)))
                related = await self._related(reader, row, leads, events)
                while True:
                    done, matches = await asyncio.to_thread(self._judge_some, judged, events, tally, related)
                    below = int(events[done - 1].id) if done else below or 0
                    events = events[done:]
                    over = last and not events
                    async with transaction(self._engine) as conn:
                        held = await backtests.save_page(
                            conn, row.id, token, below_id=below, tally=tally, matches=matches, over=over
                        )
                    if over or not held:
                        return
                    await self._progress(row.id)
                    if not events:
                        break
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)

    async def _hours(self, plan: Plan) -> Timetable | None:
        """The hours that its runs keep, as the calendars are now."""
        hours = plan.graph.policy.hours
        if hours is None or hours.outside == "run":
            return None
        async with transaction(self._engine) as conn:
            return (await all_calendars(conn)).hours_of(hours)

    async def _related(
        self, reader: RelatedReader, row: BacktestRow, leads: Leads, events: list[Event]
    ) -> dict[EventId, Related]:
        """Related records as they are now. Unavailable where they cannot be read: the history would mislead."""
        if not leads or not events:
            return {}
        async with transaction(self._engine) as conn:
            hidden = await left_out(conn)
        home = row.log, row.table_name
        found = await reader.around(home, leads, [home_of(event) for event in events], hidden)
        for one in found:
            if one.error:
                raise Unavailable(one.error)
        return {event.id: one for event, one in zip(events, found, strict=True)}

    def _judge_some(
        self, judged: Backtest, events: list[Event], tally: Tally, related: dict[EventId, Related]
    ) -> tuple[int, list[Match]]:
        """How many of `events` were judged until the page's time was over, and the matches among them."""
        until = time.monotonic() + self._page_s
        matches: list[Match] = []
        for start in range(0, len(events), SLICE):
            matches += judged.page(events[start : start + SLICE], tally, related)
            if time.monotonic() >= until:
                return min(start + SLICE, len(events)), matches
        return len(events), matches


async def _extent(pool: asyncpg.Pool, row: BacktestRow) -> tuple[int, datetime | None]:
    """How many events there are (past COUNTED: one more), and since when the log knows changes of the table."""
    if await pool.fetchval("select to_regclass('ruleyard.event') is null"):
        return 0, None
    total = await pool.fetchval(
        f"select count(*) from (select from ruleyard.event e where {OURS} limit $5) as known",
        *_where(row),
        max(row.most, backtests.COUNTED) + 1,
    )
    since = await pool.fetchval("select min(at) from ruleyard.event where table_name = $1", row.table_name)
    return int(total), since


async def _page(pool: asyncpg.Pool, row: BacktestRow, below: int | None, limit: int) -> list[Event]:
    if limit <= 0 or row.total == 0 or await pool.fetchval("select to_regclass('ruleyard.event') is null"):
        return []
    rows = await pool.fetch(
        f"""
        select {EVENT_COLUMNS} from ruleyard.event e
        where {OURS} and e.id < $5 order by e.id desc limit $6
        """,
        *_where(row),
        NEWEST if below is None else below,
        limit,
    )
    return [event_of(row.log, one) for one in rows]


def _where(row: BacktestRow) -> tuple[object, ...]:
    return row.table_name, list(row.ops), row.from_at, row.to_at


def _plan(document: JSON) -> Plan | None:
    graph = None if document is None else parse(document)
    return compile_plan(RuleId(0), VersionId(0), graph) if isinstance(graph, Graph) else None
