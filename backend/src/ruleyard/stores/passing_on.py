"""A person lets a waiting run go on: before its time, outside of its hours, or by the path for when nothing came.

The run's row is locked first, as by every answer. Knows nothing of what is waited for but the kinds that may be passed
over: what a person or another run has to say is none of them.
"""

from __future__ import annotations

from typing import Final, Literal

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.awaiting import LATE_ANSWER, Answer
from ruleyard.core.errors import Conflict
from ruleyard.core.types import JSONObject, NodeId, RunId
from ruleyard.core.wait_for import EVENT, RECEIVED, RECORD
from ruleyard.stores import awaited
from ruleyard.stores.runs import Run, get_run

Way = Literal["now", "late"]

_OPEN: Final = """
    select node_id, kind from app.awaited
    where run_id = :run and answered_at is null and kind in ('event', 'record')
"""
_TIMED: Final = """
    update app.run r set state = 'queued', wake_at = null
    where r.id = :run and r.state = 'waiting' and exists (
      select from app.step s
      where s.run_id = r.id and s.event_on = r.event_on and s.shelf = r.shelf and s.kind = 'wait'
        and s.state = 'waiting')
      and not exists (select from app.awaited a where a.run_id = r.id)
    returning r.id
"""
_CLOSED: Final = """
    update app.run r set state = 'queued', wake_at = null, turn = 'hours'
    where r.id = :run and r.state = 'waiting' and r.turn is null and r.fault ->> 'code' = 'outside-hours'
    returning r.id
"""
"""What is let in past its hours has a turn until it is claimed, as what is let in at its gate."""


async def go_on(conn: AsyncConnection, run_id: RunId, way: Way) -> Run:
    """The run is queued. Conflict where it waits for nothing that can be passed over, or has no such path."""
    run = await get_run(conn, run_id)
    waiting = (await conn.execute(text(_OPEN), {"run": run_id})).one_or_none()
    if waiting is not None:
        given = LATE_ANSWER if way == "late" else Answer(output=_instead(waiting.kind, run))
        passed = await awaited.answer(conn, run_id, NodeId(waiting.node_id), given) is not None
    elif way == "late":
        raise Conflict(f"Run {run_id} has no path for when nothing comes.", code="no-late-path")
    else:
        closed = (await conn.execute(text(_CLOSED), {"run": run_id})).rowcount
        passed = bool(closed or (await conn.execute(text(_TIMED), {"run": run_id})).rowcount)
    if not passed:
        raise Conflict(
            f"Run {run_id} waits for nothing that can be passed over (any more).", code="run-not-waiting"
        )
    return await get_run(conn, run_id)


def _instead(kind: str, run: Run) -> JSONObject:
    """What later steps read where nothing came: no data, or the record as it was when the run began."""
    return {RECEIVED: {}} if kind == EVENT else {"after": run.event.after or {}} if kind == RECORD else {}
