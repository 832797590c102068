"""Events wake runs that wait for them: a change of their record after which it holds, an event that was told.

Answered in the transaction that moves the cursor, so each event is heard once; runs are queued after the commit. Costs
one small question a batch where nobody waits. Knows nothing of how runs come to rest or go on.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from ruleyard.core.awaiting import Answer
from ruleyard.core.cause import cause_of
from ruleyard.core.cut import columns_in, reads_cut
from ruleyard.core.event import Event
from ruleyard.core.types import OWN_LOG, LogId, NodeId, RunId
from ruleyard.core.wait_for import EVENT, RECORD, answered_by_event, answered_by_record, record_topic
from ruleyard.stores import awaited
from ruleyard.stores.awaited import Awaited
from ruleyard.stores.db import transaction
from ruleyard.stores.told import TABLE


class Heard(msgspec.Struct, frozen=True):
    """What a batch answered, and what somebody has to look at: changes that are stored shortened."""

    answers: dict[tuple[RunId, NodeId], Answer] = {}
    look: tuple[tuple[RunId, NodeId], ...] = ()


async def hear(
    conn: AsyncConnection, log_id: LogId, events: Sequence[Event], tables: frozenset[str]
) -> list[RunId]:
    """The runs that these events answered: `wake` them after the commit. `tables`: whose changes are waited for."""
    if log_id == OWN_LOG:
        told: dict[str, list[Event]] = {}
        for event in events:
            if event.table == TABLE:
                told.setdefault(str(event.key.get("type", "")), []).append(event)
        heard = by_event(await awaited.open_on(conn, EVENT, [*told]), told)
    else:
        changed: dict[str, list[Event]] = {}
        for event in events:
            if event.table in tables:
                changed.setdefault(record_topic(log_id, event.table, event.record_key), []).append(event)
        heard = by_record(await awaited.open_on(conn, RECORD, [*changed]), changed)
    await awaited.look_again(conn, heard.look)
    return await awaited.answer_many(conn, heard.answers)


def by_event(waiting: Sequence[Awaited], told: dict[str, list[Event]]) -> Heard:
    """The first event that is the one, for each; what a run told itself is none."""
    answers = {}
    for one in waiting:
        found = (
            answered_by_event(one.what, event.after or {})
            for event in told[one.topic]
            if (cause := cause_of(event)) is None or cause.run != one.run_id
        )
        if (answer := next(filter(None, found), None)) is not None:
            answers[one.run_id, one.node] = answer
    return Heard(answers)


def by_record(waiting: Sequence[Awaited], changed: dict[str, list[Event]]) -> Heard:
    """The first change after which it holds, for each."""
    answers, look = {}, []
    for one in waiting:
        reads = columns_in(one.what.get("logic"))
        for event in changed[one.topic]:
            if event.cut and reads_cut(reads, event):
                look.append((one.run_id, one.node))
                break
            if (answer := answered_by_record(one.what, event.after)) is not None:
                answers[one.run_id, one.node] = answer
                break
    return Heard(answers, tuple(look))


async def wake(engine: AsyncEngine, runs: Sequence[RunId]) -> tuple[int, ...]:
    """Queues the runs that were answered; the slots to ring."""
    if not runs:
        return ()
    async with transaction(engine) as conn:
        return tuple(sorted({one.slot for one in await awaited.wake(conn, runs)}))
