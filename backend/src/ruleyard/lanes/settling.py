"""A newer change of a record whose run waits for quiet is taken into that run, whatever the change is.

Behind the fuses of the rules, as everything that changes waiting runs of a lane. Knows nothing of how long a while is
counted: `stores/turns.py` keeps that.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.event import Event
from ruleyard.core.match import Entry, Index
from ruleyard.core.settling import merged
from ruleyard.core.types import EventId, LogId, RuleId
from ruleyard.stores import fuses
from ruleyard.stores.new_runs import NewRun
from ruleyard.stores.settling import Key, Unsettled, take_in, unsettled


async def absorb(
    conn: AsyncConnection, index: Index, log: LogId, events: Sequence[Event], runs: Sequence[NewRun]
) -> tuple[NewRun, ...]:
    """The runs that are still to be opened when every change went where it belongs."""
    settling: list[tuple[Key, Event, Entry]] = [
        ((entry.rule_id, event.table, event.record_key), event, entry)
        for event in events
        for entry in index.settling(event)
    ]
    if not settling:
        return tuple(runs)
    await fuses.lock(conn, [*{run.rule_id for run in runs} | {entry.rule_id for _, _, entry in settling}])
    waiting = await unsettled(conn, log, {key for key, _, _ in settling})
    opening: dict[tuple[RuleId, EventId], NewRun] = {
        (run.rule_id, run.event.id): run for run in runs if run.timing.settle_s
    }
    fresh: dict[Key, NewRun] = {}
    taken: dict[Key, Unsettled] = {}
    for key, event, entry in settling:
        if (one := waiting.get(key)) is not None:
            waiting[key] = taken[key] = msgspec.structs.replace(
                one,
                version_id=entry.version_id,
                event=merged(one.event, event),
                merges=one.merges + 1,
                settle_s=entry.settle_s,
            )
        elif (run := fresh.get(key)) is not None:
            fresh[key] = msgspec.structs.replace(run, event=merged(run.event, event), merges=run.merges + 1)
        elif (run := opening.get((entry.rule_id, event.id))) is not None:
            fresh[key] = run
    await take_in(conn, list(taken.values()))
    return (*(run for run in runs if not run.timing.settle_s), *fresh.values())
