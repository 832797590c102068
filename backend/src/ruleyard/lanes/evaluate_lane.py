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
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.bells import Bells
from ruleyard.clock import utc_now, utc_text
from ruleyard.core.errors import NotFound, Unavailable
from ruleyard.core.evaluate import Verdict, judge
from ruleyard.core.event import Event
from ruleyard.core.match import Index
from ruleyard.core.plan import Plan
from ruleyard.core.related import Related, home_of
from ruleyard.core.trace import StepError
from ruleyard.core.types import OWN_LOG, ConnectionId, LogId, RunId, VersionId
from ruleyard.lanes.cascades import CASCADE_RUNS, with_ends
from ruleyard.lanes.plans import Plans
from ruleyard.lanes.reader import BATCH, LogReplaced, read_lane
from ruleyard.logs import get_logger
from ruleyard.stores.connections import set_state
from ruleyard.stores.cursors import move_cursor, take_cursor
from ruleyard.stores.db import transaction
from ruleyard.stores.events import LogPools
from ruleyard.stores.judged import Tally, count_judged
from ruleyard.stores.new_runs import NewRun, open_runs
from ruleyard.stores.related import NOTHING, Fetched, RelatedReader, Wishes, failed, wish

log = get_logger(__name__)

TURN_S: Final = 10.0
"""A lane with a long backlog lets others have their turn this often."""
TAKEN_RETRIES: Final = 3
LOG_ERRORS: Final = (
    OSError,
    TimeoutError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    Unavailable,
    NotFound,
)


class Judged(msgspec.Struct, frozen=True):
    """What a batch of events came to: the runs to open and the counts per version."""

    runs: tuple[NewRun, ...]
    tallies: dict[VersionId, Tally]


class Outcome(msgspec.Struct, frozen=True):
    """What one batch did. `taken`: somebody else has the lane."""

    events: int = 0
    runs: tuple[RunId, ...] = ()
    slots: tuple[int, ...] = ()
    quiet: bool = False
    taken: bool = False


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
    ) -> None:
        self._engine = engine
        self._pools = pools
        self._bells = bells
        self._plans = Plans()
        self._related = RelatedReader(pools.pool)
        self._batch = batch
        self._cascade_runs = cascade_runs

    async def drain(self, log_id: LogId, lane: int) -> None:
        """Until the lane is quiet. A log that cannot be read is marked failing and left for the next bell."""
        until = time.monotonic() + TURN_S
        taken = 0
        while True:
            try:
                outcome = await self.read_batch(log_id, lane)
            except LOG_ERRORS as error:
                await self._note_failure(log_id, error)
                return
            if outcome.taken:
                taken += 1
                if taken > TAKEN_RETRIES:
                    return
                await asyncio.sleep(0.02 * taken)
                continue
            if outcome.runs:
                await self._bells.ring_slots(outcome.slots)
                await self._bells.publish_live("run", {"ids": [int(run) for run in outcome.runs[:100]]})
            if outcome.quiet:
                return
            if time.monotonic() > until:
                await self._bells.ring_lanes([(log_id, lane)])
                return

    async def read_batch(self, log_id: LogId, lane: int) -> Outcome:
        """One batch in one transaction."""
        pool = await self._pools.pool(log_id)
        async with transaction(self._engine) as conn:
            cursor = await take_cursor(conn, log_id, lane)
            if cursor is None:
                return Outcome(taken=True)
            batch = await read_lane(pool, cursor, self._batch)
            if batch.events:
                index = await self._plans.index(conn)
                fetched = await self._fetch(log_id, index, batch.events) if index.reads_related else NOTHING
                judged = judge_all(index, batch.events, utc_text(utc_now()), fetched)
                opened = await open_runs(conn, await with_ends(conn, judged.runs, self._cascade_runs))
                await count_judged(conn, log_id, lane, judged.tallies)
            else:
                opened = []
            await move_cursor(conn, batch.cursor)
        return Outcome(
            events=len(batch.events),
            runs=tuple(opened),
            slots=tuple(sorted({run.slot for run in judged.runs})) if batch.events else (),
            quiet=batch.quiet,
        )

    async def _fetch(self, log_id: LogId, index: Index, events: Sequence[Event]) -> Fetched:
        """The related records that the candidates of a batch read. A watched log that fails is read again later.

        Our own log carries every rule's ticks: one database that is down must not hold the others up, so whoever
        performs such a run reads them then.
        """
        wishes: Wishes = {}
        for event in events:
            for plan in index.candidates(event):
                if plan.leads and (home := index.home(plan)) is not None:
                    wish(wishes, home, plan.leads, home_of(event))
        try:
            return await self._related.fetch(wishes) if wishes else NOTHING
        except LOG_ERRORS as error:
            if log_id != OWN_LOG:
                raise
            return failed(f"The watched database does not answer: {error}")

    async def _note_failure(self, log_id: LogId, error: BaseException) -> None:
        reason = str(error) or type(error).__name__
        log.warning("a log cannot be read", log_id=log_id, reason=reason)
        if log_id != OWN_LOG and isinstance(error, LogReplaced):
            async with transaction(self._engine) as conn:
                await set_state(conn, ConnectionId(int(log_id)), "failing", reason)


def judge_all(index: Index, events: Sequence[Event], now: str, fetched: Fetched = NOTHING) -> Judged:
    """Every event by every plan that listens to it. `now` is UTC text, frozen for the batch."""
    runs: list[NewRun] = []
    tallies: dict[VersionId, Tally] = {}
    for event in events:
        for plan in index.candidates(event):
            tally = tallies.get(plan.version_id)
            if tally is None:
                tally = tallies[plan.version_id] = Tally(plan.rule_id)
            related = related_of(index, plan, event, fetched) if plan.leads else None
            verdict = judge_safely(plan, event, now, related)
            if verdict.error is not None:
                tally.errors += 1
            elif verdict.fires:
                tally.matched += 1
            else:
                tally.unmatched += 1
            if verdict.fires:
                kept = None if related is not None and related.error else related
                overlap = plan.graph.policy.overlap
                runs.append(NewRun(plan.rule_id, plan.version_id, event, event.lane, kept, overlap=overlap))
    return Judged(tuple(runs), tallies)


def related_of(index: Index, plan: Plan, event: Event, fetched: Fetched) -> Related | None:
    home = index.home(plan)
    return None if home is None else fetched.of(home, plan.leads, home_of(event))


def judge_safely(plan: Plan, event: Event, now: str, related: Related | None) -> Verdict:
    """A plan that breaks our own promise must not stop the lane: its run is opened and fails in the open."""
    try:
        return judge(plan, event, now, related)
    except Exception:
        log.exception("judging broke", rule_id=plan.rule_id, version_id=plan.version_id, event_id=event.id)
        return Verdict(fires=True, error=StepError("internal", "This rule could not be judged."))
