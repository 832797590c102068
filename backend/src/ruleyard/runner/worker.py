"""The runner of one process: claims runs of a slot, performs them side by side, keeps their leases alive.

A slot's job goes on until nothing of the slot is due. Rules take turns, and one whose actions are slow leaves a few
places to others. Two workers on one slot do no harm: rows are claimed
with `for update skip locked`. Knows arq only as "somebody calls perform_slot".
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import time
from collections import deque
from collections.abc import Callable
from datetime import datetime
from types import TracebackType
from typing import Final, Self
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.clock import utc_now
from ruleyard.core.types import RuleId, RunId
from ruleyard.runner.awaiting import Awaiting
from ruleyard.runner.breaker import Breaker
from ruleyard.runner.heart import Heart
from ruleyard.runner.hours import KeptHours
from ruleyard.runner.ledger import Ledger
from ruleyard.runner.looks import Records, looks_of
from ruleyard.runner.news import News, Publish
from ruleyard.runner.perform import Performer
from ruleyard.runner.plans import Plans
from ruleyard.runner.post import Post
from ruleyard.runner.related import RunRelated
from ruleyard.runner.retry import RetryPolicy
from ruleyard.runner.tools import RunnerTools
from ruleyard.settings import Settings
from ruleyard.stores.claims import Claim, claim, claim_suspects, with_steps
from ruleyard.stores.connections import Watched
from ruleyard.stores.db import AWAY, create_engine, transaction
from ruleyard.stores.runs import LEASE_S, release

log = logging.getLogger(__name__)

BATCH: Final = 32
OTHERS_S: Final = 1.0
"""How often runs of other rules are asked for while those that are claimed wait for a place."""
SUSPECTS_S: Final = 1.0
"""How often a process asks for runs that may kill it: finding none costs a walk through the slot's queue."""


class Runner:
    """`async with Runner(...) as runner`; `runner.perform_slot` is the job; `runner.stop()` on SIGTERM."""

    def __init__(
        self,
        engine: AsyncEngine,
        settings: Settings,
        watched: Watched,
        publish: Publish,
        *,
        retry: RetryPolicy = RetryPolicy(),  # noqa: B008 (frozen)
        lease_s: float = LEASE_S,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        """`now`: by which clock rules keep their hours."""
        self.name = f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"
        self._engine = engine
        self._at_once = settings.worker_concurrency
        self._others = max(1, self._at_once // 4)
        self._turns: dict[int, RuleId] = {}
        self._lease_s = lease_s
        self._stopping = asyncio.Event()
        self._suspects: set[RunId] = set()
        self._suspects_at = 0.0
        self._heart = Heart(create_engine(settings, pool_size=1, patience_s=lease_s / 4), lease_s)
        self._news = News(publish)
        self._post = Post(engine, settings, self._news)
        self._tools = RunnerTools(engine, settings, watched, self._news, self._post)
        related = RunRelated(engine, watched)
        records = Records(engine, self._tools)
        self._performer = Performer(
            engine,
            Plans(engine),
            related,
            Ledger(engine),
            self._tools,
            self._news,
            retry,
            Breaker(engine),
            self._stopping,
            Awaiting(engine, looks_of(records), records),
            KeptHours(engine, now),
        )

    async def __aenter__(self) -> Self:
        self._heart.start()
        self._post.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._heart.stop()
        await self._post.stop()
        await self._news.close()
        await self._tools.close()

    def stop(self) -> None:
        """Claim nothing more; `perform_slot` ends the actions that are begun, gives back the rest, and returns."""
        self._stopping.set()

    async def perform_slot(self, slot: int) -> None:
        """Performs runs of the slot until none is due."""
        waiting: deque[Claim] = deque()
        running: dict[asyncio.Task[None], Claim] = {}
        stopped = asyncio.create_task(self._stopped())

        def lost(one: Claim) -> None:
            """Somebody else has it."""
            if one in waiting:
                waiting.remove(one)
                self._over(one)
            for task, performed in running.items():
                if performed is one:
                    task.cancel()

        try:
            maybe_more = True
            others_at = time.monotonic() + OTHERS_S
            while True:
                if self._stopping.is_set():
                    await self._give_back(waiting)
                elif maybe_more and len(waiting) < self._at_once:
                    claimed = await self._claim(slot)
                    for one in reversed(claimed):
                        if one.id in self._suspects:
                            waiting.appendleft(one)
                    waiting.extend(one for one in claimed if one.id not in self._suspects)
                    for one in claimed:
                        self._heart.keep(one, lost)
                    maybe_more = len(claimed) >= BATCH
                elif waiting and time.monotonic() > others_at:
                    others = await self._claim_others(slot, waiting)
                    waiting.extend(others)
                    for one in others:
                        self._heart.keep(one, lost)
                    others_at = time.monotonic() + OTHERS_S
                while (following := self._next(waiting, running)) is not None:
                    running[asyncio.create_task(self._performer.perform(following))] = following
                if not running:
                    return
                signs = running if stopped.done() else (*running, stopped)
                patience_s = OTHERS_S if waiting else None
                await asyncio.wait(signs, timeout=patience_s, return_when=asyncio.FIRST_COMPLETED)
                for task in [task for task in running if task.done()]:
                    self._over(running.pop(task))
                    maybe_more = True
        finally:
            for task in (stopped, *running):
                task.cancel()
            await asyncio.gather(stopped, *running, return_exceptions=True)
            for one in (*running.values(), *waiting):
                self._over(one)
            if waiting:
                await asyncio.shield(self._give_back(waiting))

    async def _claim(self, slot: int) -> list[Claim]:
        """[] while our database is away: what runs already goes on, the slow look comes back for the rest."""
        suspects: list[Claim] = []
        try:
            async with transaction(self._engine) as conn:
                turn = self._turns.get(slot, RuleId(0))
                found = await claim(conn, slot, self.name, BATCH, turn=turn, lease_s=self._lease_s)
                if not self._suspects and time.monotonic() > self._suspects_at:
                    self._suspects_at = time.monotonic() + SUSPECTS_S
                    suspects = await claim_suspects(conn, slot, self.name, lease_s=self._lease_s)
                claims = await with_steps(conn, [*suspects, *found.claims])
        except AWAY as error:
            log.warning("slot %s could not be looked at: %s", slot, error)
            return []
        self._suspects |= {one.id for one in suspects}
        self._turns[slot] = found.turn
        return claims

    async def _claim_others(self, slot: int, waiting: deque[Claim]) -> list[Claim]:
        """Runs of rules that have none among those that wait for a place."""
        try:
            async with transaction(self._engine) as conn:
                found = await claim(
                    conn,
                    slot,
                    self.name,
                    self._others,
                    but_not={one.rule_id for one in waiting},
                    lease_s=self._lease_s,
                )
        except AWAY:
            return []
        return list(found.claims)

    def _next(self, waiting: deque[Claim], running: dict[asyncio.Task[None], Claim]) -> Claim | None:
        """The next to perform; past the usual number only runs of a rule that has none running."""
        if not waiting or len(running) >= self._at_once + self._others:
            return None
        if len(running) < self._at_once:
            return waiting.popleft()
        busy = {one.rule_id for one in running.values()}
        other = next((one for one in waiting if one.rule_id not in busy), None)
        if other is not None:
            waiting.remove(other)
        return other

    async def _stopped(self) -> None:
        await self._stopping.wait()

    def _over(self, one: Claim) -> None:
        """Performed, or not ours any more: after the last suspect the next ones may come."""
        self._heart.drop(one)
        if one.id in self._suspects:
            self._suspects.discard(one.id)
            self._suspects_at = 0.0

    async def _give_back(self, waiting: deque[Claim]) -> None:
        if waiting:
            held = [(one.id, one.attempt) for one in waiting]
            for one in waiting:
                self._over(one)
            waiting.clear()
            async with transaction(self._engine) as conn:
                await release(conn, held)
