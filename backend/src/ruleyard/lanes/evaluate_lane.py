"""Drain a lane: read its new events, judge them by the live plans, open runs, move the cursor.

Runs, counters and the moved cursor commit in one transaction of our own database; `unique (version, log,
event)` stands behind it. Bells ring after the commit. Performs nothing: the runner does.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Final

import asyncpg
import msgspec
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from ruleyard.bells import Bells
from ruleyard.core.errors import NotFound, Unavailable
from ruleyard.core.fuse import FLOOR
from ruleyard.core.match import Index
from ruleyard.core.trouble import Trouble
from ruleyard.core.types import OWN_LOG, ConnectionId, EventId, LogId, RuleId, RunId
from ruleyard.lanes.apart import follow, part_ways, tables_of
from ruleyard.lanes.cascades import CASCADE_RUNS, with_ends
from ruleyard.lanes.judging import Asking, ask, judge_all, wishes_of
from ruleyard.lanes.nets import pause_loops
from ruleyard.lanes.places import Places
from ruleyard.lanes.plans import Plans
from ruleyard.lanes.reader import BATCH, Batch, LogReplaced, events_of, read_lane
from ruleyard.lanes.settling import absorb
from ruleyard.lanes.waking import hear, wake
from ruleyard.logs import get_logger
from ruleyard.stores.awaited import news_of
from ruleyard.stores.connections import set_state
from ruleyard.stores.cursors import Cursor, move_cursor, take_cursor
from ruleyard.stores.db import of_the_data, transaction
from ruleyard.stores.events import LogPools
from ruleyard.stores.judged import count_heard, count_judged
from ruleyard.stores.new_runs import NewRun, open_runs
from ruleyard.stores.related import NOTHING, Fetched, RelatedReader, failed
from ruleyard.stores.undecided import tell_undecided
from ruleyard.stores.unreadable import Unreadable, set_aside
from ruleyard.stores.watches import left_out

log = get_logger(__name__)

TURN_S: Final = 10.0
"""A lane with a long backlog lets others have their turn this often."""
TAKEN_RETRIES: Final = 3
SAY_AGAIN_S: Final = 30.0
"""A log that stays away is told of this often, however often its lanes are asked for."""
LOG_ERRORS: Final = (
    OSError,
    TimeoutError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    Unavailable,
    NotFound,
)


class Outcome(msgspec.Struct, frozen=True):
    """What one batch did. `taken`: somebody else has the lane. `aside`: an event was set aside.

    `caused`: runs that runs set off. `holding`: rules that hold their runs from now on.
    `undecided`: rules whose owners were told that most changes cannot be decided.
    `answered`: runs that waited for one of these events.
    `others`: tables of the lane that stand apart. `joined`: this one does no longer.
    """

    events: int = 0
    runs: tuple[RunId, ...] = ()
    slots: tuple[int, ...] = ()
    quiet: bool = False
    taken: bool = False
    aside: bool = False
    caused: tuple[NewRun, ...] = ()
    holding: tuple[RuleId, ...] = ()
    undecided: tuple[RuleId, ...] = ()
    answered: tuple[RunId, ...] = ()
    others: tuple[str, ...] = ()
    joined: bool = False


class ReadOn(msgspec.Struct, frozen=True):
    """How far reading came: up to the present, or `left` to the next bell. `others`: tables that stand apart.

    `joined`: this table does no longer; what came for the lane meanwhile found it taken.
    """

    quiet: bool = False
    left: bool = False
    others: tuple[str, ...] = ()
    joined: bool = False


SPOILING: Final = (DBAPIError, ValueError, RecursionError)


class Spoiled(Exception):
    """Inside this module only: a batch that its own data spoil. `only`: the event, where it was a batch of one."""

    def __init__(self, rows: Sequence[asyncpg.Record], error: BaseException) -> None:
        super().__init__(str(error))
        self.only: Unreadable | None = None
        if len(rows) == 1:
            (row,) = rows
            cause = getattr(error, "orig", None) or error
            reason = f"{type(cause).__name__}: {cause}"
            self.only = Unreadable(EventId(row["id"]), row["lane"], row["table_name"], reason)


class Lanes:
    """Drains lanes for one process; keeps only compiled plans."""

    def __init__(
        self,
        engine: AsyncEngine,
        pools: LogPools,
        bells: Bells,
        *,
        batch: int = BATCH,
        cascade_runs: int = CASCADE_RUNS,
        fuse_runs: int = FLOOR,
    ) -> None:
        self._engine = engine
        self._pools = pools
        self._bells = bells
        self._plans = Plans()
        self._related = RelatedReader(pools.pool)
        self._batch = batch
        self._cascade_runs = cascade_runs
        self._fuse_runs = fuse_runs
        self._places = Places()
        self._waited: dict[LogId, frozenset[str]] = {}
        self._said: dict[LogId, tuple[str, float]] = {}

    async def drain(self, log_id: LogId, lane: int) -> None:
        """Until the lane is quiet. A log that cannot be read is marked failing and left for the next bell.

        Tables that stand apart have a batch each between two looks at the others.
        """
        async with self._places.place(log_id) as mine:
            if mine:
                await self._drain(log_id, lane)

    async def _drain(self, log_id: LogId, lane: int) -> None:
        until = time.monotonic() + TURN_S
        while True:
            own = await self._read_on(log_id, lane, until)
            if own.left or (own.quiet and not own.others):
                return
            parts = [await self._read_on(log_id, lane, until, table) for table in own.others]
            if (
                own.quiet
                and all(part.quiet or part.left for part in parts)
                and not any(p.joined for p in parts)
            ):
                return
            if time.monotonic() > until:
                await self._bells.ring_lanes([(log_id, lane)])
                return

    async def _read_on(self, log_id: LogId, lane: int, until: float, apart: str = "") -> ReadOn:
        """The lane's own cursor until it is quiet or its time is over; a table apart for one batch."""
        taken, one_by_one, aside = 0, 0, None
        while True:
            try:
                limit = 1 if one_by_one else self._batch
                outcome = await self.read_batch(log_id, lane, limit, aside=aside, apart=apart)
            except LOG_ERRORS as error:
                self._places.failed(log_id)
                await self._note_failure(log_id, error)
                return ReadOn(left=True)
            except Spoiled as error:  # an event that cannot be kept: found one by one, then passed by
                one_by_one = one_by_one or self._batch
                aside = error.only
                continue
            self._places.answered(log_id)
            aside = None
            one_by_one = 0 if outcome.quiet or outcome.aside else max(0, one_by_one - 1)
            if outcome.taken:
                taken += 1
                if apart or taken > TAKEN_RETRIES:
                    return ReadOn(left=True)
                await asyncio.sleep(0.02 * taken)
                continue
            if outcome.runs:
                await self._bells.ring_slots(outcome.slots)
                await self._bells.publish_live("run", {"ids": [int(run) for run in outcome.runs[:100]]})
            if outcome.answered:
                await self._bells.ring_slots(await wake(self._engine, outcome.answered))
            if outcome.caused:
                await self._pause_loops(outcome.caused)
            for rule in outcome.holding:
                log.warning("a rule holds its runs", rule_id=rule)
            await self._tell((*outcome.holding, *outcome.undecided))
            if outcome.quiet or (apart and not one_by_one) or time.monotonic() > until:
                return ReadOn(outcome.quiet, others=outcome.others, joined=outcome.joined)

    async def _pause_loops(self, caused: Sequence[NewRun]) -> None:
        await self._tell(await pause_loops(self._engine, caused))

    async def _tell(self, rules: Sequence[RuleId]) -> None:
        for rule in rules:
            await self._bells.publish_live("rule", {"rule_id": rule})
            await self._bells.publish_live("notification", {})

    async def read_batch(
        self,
        log_id: LogId,
        lane: int,
        limit: int | None = None,
        *,
        aside: Unreadable | None = None,
        apart: str = "",
    ) -> Outcome:
        """One batch in one transaction. An event that comes next and is the one to stand `aside` is not judged.

        `apart`: of this table alone, which stands apart from the lane.
        """
        await self._plans.ready(self._engine)
        pool = await self._pools.pool(log_id)
        batch = None
        try:
            async with transaction(self._engine) as conn:
                cursor = await take_cursor(conn, log_id, lane, apart)
                if cursor is None:
                    return Outcome(taken=True)
                place = await follow(conn, cursor) if apart else cursor
                if place is None:
                    return Outcome(taken=True)
                index, batch, waited = await self._read(conn, pool, place, limit or self._batch)
                events, unreadable = events_of(log_id, batch.rows)
                if aside is not None and events and events[0].id == aside.event_id:
                    unreadable.append(aside)
                    del events[0]
                asking, heard = ask(index, events)
                judged = judge_all(asking, await self._fetch(conn, log_id, asking))
                settled = await absorb(conn, index, log_id, events, judged.runs)
                runs = await with_ends(conn, settled, self._cascade_runs)
                opened = await open_runs(conn, runs, floor=self._fuse_runs)
                await count_judged(conn, log_id, lane, judged.tallies)
                undecided = await tell_undecided(conn, judged.faults)
                await count_heard(conn, log_id, lane, heard)
                await set_aside(conn, log_id, unreadable)
                answered = await hear(conn, log_id, events, waited)
                if batch.cursor != cursor:
                    await move_cursor(conn, batch.cursor)
                after = await part_ways(conn, cursor, batch, index, waited)
        except SPOILING as error:
            if batch is None or not of_the_data(error):
                raise
            raise Spoiled(batch.rows, error) from error
        for one in unreadable:
            log.error("an event stands aside", log_id=log_id, event_id=one.event_id, reason=one.error)
        return Outcome(
            events=len(batch.rows),
            runs=opened.runs,
            holding=opened.holding,
            undecided=tuple(undecided),
            answered=tuple(answered),
            slots=tuple(sorted({run.slot for run in judged.runs} | opened.slots)),
            quiet=batch.quiet or after is None,
            others=() if after is None else after.others,
            joined=after is None,
            aside=bool(unreadable),
            caused=tuple(run for run in runs if run.event.cause),
        )

    async def _read(
        self, conn: AsyncConnection, pool: asyncpg.Pool, cursor: Cursor, limit: int
    ) -> tuple[Index, Batch, frozenset[str]]:
        """Of the tables that rules listen to, and those whose changes runs wait for (the last). Both are looked at
        after the events: a rule that was published before a change judges it, a run that came to its wait hears it.
        What is read first goes by what was known of both.
        """
        index = await self._plans.known(conn)
        waited = self._waited.get(cursor.log, frozenset())
        while True:
            tables = tables_of(cursor, index, waited)
            batch = await read_lane(pool, cursor, limit, tables)
            generation, waited = await news_of(conn, cursor.log)
            index = await self._plans.index(conn, generation)
            self._waited[cursor.log] = waited
            if tables is None or (tables_of(cursor, index, waited) or frozenset()) <= tables:
                return index, batch, waited

    async def _fetch(self, conn: AsyncConnection, log_id: LogId, asking: Sequence[Asking]) -> Fetched:
        """The related records that plans read. A watched log that fails is read again later.

        Our own log carries every rule's ticks: one database that is down must not hold the others up, so whoever
        performs such a run reads them then.
        """
        wishes = wishes_of(asking)
        if not wishes:
            return NOTHING
        hidden = await left_out(conn)
        try:
            return await self._related.fetch(wishes, hidden)
        except LOG_ERRORS as error:
            if log_id != OWN_LOG:
                raise
            return failed(f"The watched database does not answer: {error}")

    async def _note_failure(self, log_id: LogId, error: BaseException) -> None:
        reason = str(error) or type(error).__name__
        said, at = self._said.get(log_id, ("", 0.0))
        if reason != said or time.monotonic() - at > SAY_AGAIN_S:
            self._said[log_id] = (reason, time.monotonic())
            log.warning("a log cannot be read", log_id=log_id, reason=reason)
        if log_id != OWN_LOG and isinstance(error, LogReplaced):
            async with transaction(self._engine) as conn:
                await set_state(
                    conn, ConnectionId(int(log_id)), "failing", Trouble(error.code, error.message)
                )
