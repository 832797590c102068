"""What a person does to a run: try it again, end it. Writes under no fence: the worker is fenced off instead."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.errors import Conflict
from ruleyard.core.types import RunId
from ruleyard.stores.runs import RUN, Run, get_run, run_of


async def retry(conn: AsyncConnection, run_id: RunId) -> Run:
    """Queues a failed run again, from the step that failed. Conflict when it did not fail."""
    row = (
        await conn.execute(
            text(f"""
                update app.run set state = 'queued', error = '', fault = null, deaths = 0, finished_at = null,
                  wake_at = null
                where id = :id and state = 'failed' returning {RUN}
            """),
            {"id": run_id},
        )
    ).one_or_none()
    if row is None:
        run = await get_run(conn, run_id)
        raise Conflict(
            f"Only a failed run can be tried again; run {run_id} is {run.state}.", code="run-not-failed"
        )
    await conn.execute(
        text(
            "update app.step set state = 'waiting', finished_at = null "
            "where run_id = :id and state = 'failed'"
        ),
        {"id": run_id},
    )
    return run_of(row)


async def cancel(conn: AsyncConnection, run_id: RunId) -> Run:
    """Ends a run that is not finished; what it has done stays done. Conflict when it is finished.

    An action that is under way is not called back, but its worker is fenced off: nothing follows it.
    """
    row = (
        await conn.execute(
            text(f"""
                update app.run set state = 'cancelled', attempt = attempt + 1,
                  finished_at = clock_timestamp(), wake_at = null, leased_by = null, lease_until = null
                where id = :id and state in ('queued', 'running', 'waiting') returning {RUN}
            """),
            {"id": run_id},
        )
    ).one_or_none()
    if row is None:
        run = await get_run(conn, run_id)
        raise Conflict(f"Run {run_id} is {run.state} already.", code="run-finished")
    await conn.execute(
        text("""
            with ended as (
              update app.step set state = 'skipped', finished_at = clock_timestamp(), until = null
              where run_id = :id and state in ('running', 'waiting') returning id)
            update app.attempt a set outcome = 'unknown', finished_at = clock_timestamp()
            from ended where a.step_id = ended.id and a.outcome = 'running'
        """),
        {"id": run_id},
    )
    return run_of(row)
