"""A run that rests for something from outside: how it comes to rest, and how its step finishes when it goes on.

Knows rows of app.awaited and the book of a run; what is waited for, and when it holds, is `runner/looks.py`.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import asyncpg
import msgspec
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.actions.failure import ActionFailed
from ruleyard.clock import utc_now, utc_text
from ruleyard.core.awaiting import Answer, Awaits
from ruleyard.core.errors import RuleyardError
from ruleyard.core.graph import is_timed
from ruleyard.core.plan import Plan
from ruleyard.core.trace import Step
from ruleyard.core.types import FAILED, LogId, NodeId
from ruleyard.runner.book import Book
from ruleyard.stores import awaited
from ruleyard.stores.awaited import Awaited
from ruleyard.stores.claims import Claim
from ruleyard.stores.db import AWAY, transaction
from ruleyard.stores.resting import Resting

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Looking:
    """What a look is given: the run that rests, at which step, and for what.

    `engine` is of our own database. A look keeps no line of it while it asks elsewhere: others need them to go on.
    """

    engine: AsyncEngine
    claim: Claim
    plan: Plan
    node: NodeId
    awaits: Awaits


Look: TypeAlias = Callable[[Looking], Awaitable[Answer | None]]
"""Whether it holds already: the answer, None where not. Asked after the run rests, so that nothing falls between. Where
it cannot be known (it raises), the clock wakes the run, and it is asked again."""


class Places(Protocol):
    async def at_home(self, claim: Claim, awaits: Awaits) -> tuple[LogId, Awaits]:
        """The log of the table whose changes are waited for, and the run's record there as `topic`."""
        ...


class Awaiting:
    """Shared by all slots of a process. `looks`: by kind, for kinds that can be looked at."""

    def __init__(self, engine: AsyncEngine, looks: Mapping[str, Look], places: Places) -> None:
        self._engine = engine
        self._looks = looks
        self._places = places

    async def take_up(self, claim: Claim, plan: Plan, book: Book) -> None:
        """Finishes the step that was answered, by its time-out too. What is not answered stays in the book."""
        if not any(
            step.state == "waiting" and not is_timed(plan.graph.node(step.node)) for step in book.steps
        ):
            return
        rows = claim.awaited
        if rows is None:
            async with transaction(self._engine) as conn:
                rows = (await awaited.settle(conn, [claim.id])).get(claim.id, ())
        for row in rows:
            book.awaited[row.node] = row
            step = book.step(row.node)
            if row.answer is not None and step is not None and step.state == "waiting":
                self._finish(plan, book, step, row.answer)

    def _finish(self, plan: Plan, book: Book, step: Step, answer: Answer) -> None:
        at = utc_text(utc_now())
        ended = msgspec.structs.replace(
            step, state="succeeded", branch=answer.branch, output=answer.output, error=None, finished_at=at
        )
        if answer.error is not None:
            handled = plan.handles(step.node)
            branch = FAILED if handled else None
            ended = msgspec.structs.replace(ended, state="failed", branch=branch, error=answer.error)
            book.broken = None if handled else answer.error
        book.put(ended)
        book.close(step.node)

    async def resting(self, claim: Claim, book: Book, node: NodeId, awaits: Awaits) -> Resting:
        """What is to be registered. What was registered before keeps its time."""
        known = book.awaited.get(node)
        if known is not None:
            seconds = None if known.left_s is None else max(0.0, known.left_s)
            awaits = msgspec.structs.replace(awaits, seconds=seconds)
        log: LogId | None = None
        if awaits.home is not None:
            log, awaits = await self._places.at_home(claim, awaits)
        return Resting(node, awaits, awaits.kind in self._looks, log)

    async def look(self, claim: Claim, plan: Plan, resting: Resting) -> None:
        """Answers what holds already. An answer that came while the run was held is not left lying."""
        awaits = resting.awaits
        look = self._looks.get(awaits.kind)
        try:
            found = None
            if look is not None:
                found = await look(Looking(self._engine, claim, plan, resting.node, awaits))
            async with transaction(self._engine) as conn:
                if found is not None:
                    await awaited.answer(conn, claim.id, resting.node, found)
                elif look is not None:
                    await awaited.looked(conn, claim.id, resting.node)
                await awaited.wake(conn, [claim.id])
        except (
            *AWAY,
            RuleyardError,
            ActionFailed,
            OSError,
            asyncpg.PostgresError,
            asyncpg.InterfaceError,
        ) as error:
            log.warning("run %s rests, and could not be looked at: %s", claim.id, error)


def as_known(row: Awaited) -> Awaits:
    """What an action rests for that was done before."""
    return Awaits(row.kind, row.topic, row.what, row.left_s)
