"""What a person does to a run: try it again, say what happened, end it.

Writes under no fence: the worker is fenced off instead.
"""

from __future__ import annotations

from typing import Final, Literal

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.errors import Conflict
from ruleyard.core.types import RuleId, RunId
from ruleyard.stores import fuses
from ruleyard.stores.cancelling import CANCELLED, LEFT_OPEN
from ruleyard.stores.items import cancel_of
from ruleyard.stores.runs import RUN, Run, get_run, run_of

UNKNOWN: Final = "outcome-unknown"
Choice = Literal["arrived", "resend"]


# The steps are found where their run is, so that one partition is asked and not all. A failed step with a branch was
# gone on from, by its failed path: it is not what ended the run.
_AGAIN: Final = """
    with again as (
      update app.run set state = 'queued', error = '', fault = null, deaths = 0, finished_at = null, wake_at = null
      where id = :id and state = 'failed' and {unknown} returning *
    ), steps as (
      update app.step s set {step}
      from again r where s.run_id = r.id and s.event_on = r.event_on and s.shelf = r.shelf and s.state = 'failed'
        and s.branch is null
    )
"""
_TRY_AGAIN: Final = "state = 'waiting', finished_at = null"
_ARRIVED: Final = (
    "state = 'succeeded', error = null, output = jsonb_build_object('settled', cast('arrived' as text))"
)


async def retry(conn: AsyncConnection, run_id: RunId) -> Run:
    """Queues a failed run again, from the step that failed. Conflict when it did not fail."""
    again = _AGAIN.format(unknown="fault ->> 'code' is distinct from :unknown", step=_TRY_AGAIN)
    found = await conn.execute(text(f"{again} select {RUN} from again"), {"id": run_id, "unknown": UNKNOWN})
    row = found.one_or_none()
    if row is None:
        run = await get_run(conn, run_id)
        if run.state == "failed":
            raise Conflict(
                f"Nobody knows whether the message of run {run_id} went out: say first whether it arrived.",
                code="run-unknown",
            )
        raise Conflict(
            f"Only a failed run can be tried again; run {run_id} is {run.state}.", code="run-not-failed"
        )
    return run_of(row)


async def settle(conn: AsyncConnection, run_id: RunId, choice: Choice) -> Run:
    """Somebody says how an unknown outcome is to be taken, and the run goes on. Conflict where nothing is unknown."""
    again = _AGAIN.format(
        unknown="fault ->> 'code' = :unknown", step=_ARRIVED if choice == "arrived" else _TRY_AGAIN
    )
    found = await conn.execute(text(f"{again} select {RUN} from again"), {"id": run_id, "unknown": UNKNOWN})
    row = found.one_or_none()
    if row is None:
        await get_run(conn, run_id)
        raise Conflict(f"Nothing is unknown about run {run_id}.", code="run-not-unknown")
    return run_of(row)


async def cancel(conn: AsyncConnection, run_id: RunId) -> Run:
    """Ends a run that is not finished; what it has done stays done. Conflict when it is finished.

    An action that is under way is not called back, but its worker is fenced off: nothing follows it.
    """
    held = await _held_by(conn, run_id)
    row = (
        await conn.execute(
            text(f"""
                with cancelled as (
                  update app.run set {CANCELLED}
                  where id = :id and state in ('queued', 'running', 'waiting') returning *
                ), {LEFT_OPEN}
                select {RUN} from cancelled
            """),
            {"id": run_id},
        )
    ).one_or_none()
    if row is None:
        run = await get_run(conn, run_id)
        raise Conflict(f"Run {run_id} is {run.state} already.", code="run-finished")
    if held is not None:
        await fuses.let_go(conn, {held: 1})
    await cancel_of(conn, [run_id])
    return run_of(row)


async def _held_by(conn: AsyncConnection, run_id: RunId) -> RuleId | None:
    """The rule that holds this run, its fuse locked; None where it is not held."""
    is_held = text("""
        select rule_id from app.run where id = :id and state = 'waiting' and fault ->> 'code' = 'held'
    """)
    found = (await conn.execute(is_held, {"id": run_id})).scalar_one_or_none()
    if found is None:
        return None
    await fuses.lock(conn, [RuleId(found)])
    still = (await conn.execute(is_held, {"id": run_id})).scalar_one_or_none()
    return None if still is None else RuleId(still)
