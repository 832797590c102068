"""Open runs of a rule that is switched off: counted, and ended together, at once or in batches that the clock
carries out. Held runs are not among them: somebody has to say what becomes of those. Knows our tables only.
"""

from __future__ import annotations

from typing import Final

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.types import RuleId, RunId
from ruleyard.stores import bulk, fuses
from ruleyard.stores.bulk import Moved, Order
from ruleyard.stores.cancelling import CANCELLED, LEFT_OPEN
from ruleyard.stores.items import cancel_of

BATCH: Final = 2_000
"""So many are ended in the transaction that switches the rule off; the rest follows."""


class OpenRuns(msgspec.Struct, frozen=True):
    """Runs of one rule that did not end yet. `waiting`: for their time; `queued`: for a worker."""

    waiting: int
    queued: int
    running: int


_OPEN: Final = """
    x.rule_id = :rule and x.parent_run is null
    and x.state in ('queued', 'running', 'waiting') and x.fault ->> 'code' is distinct from 'held'
"""


async def open_runs(conn: AsyncConnection, rule_id: RuleId) -> OpenRuns:
    found = await conn.execute(
        text(f"""
            select count(*) filter (where state = 'waiting') as waiting,
              count(*) filter (where state = 'queued') as queued, count(*) filter (where state = 'running') as running
            from app.run x where {_OPEN}
        """),
        {"rule": rule_id},
    )
    row = found.one()
    return OpenRuns(row.waiting, row.queued, row.running)


async def stop_open(conn: AsyncConnection, rule_id: RuleId, actor: str, batch: int = BATCH) -> int:
    """Ends every open run of the rule as of now, the first of them at once. Answers how many it is about: those that an
    earlier stop is about to end are its own."""
    await fuses.lock(conn, [rule_id])  # held runs become open ones behind the same lock
    earlier = await conn.execute(
        text("""
            select coalesce(max(upto_id), 0) as upto_id from app.bulk
            where rule_id = :rule and kind = 'stop' and state = 'running'
        """),
        {"rule": rule_id},
    )
    after_id: int = earlier.scalar_one()
    found = await conn.execute(
        text(
            f"select count(*) as total, max(x.id) as newest from app.run x where {_OPEN} and x.id > :after_id"
        ),
        {"rule": rule_id, "after_id": after_id},
    )
    row = found.one()
    if row.total == 0:
        return 0
    ended = await _end_some(conn, rule_id, after_id, row.newest, batch)
    total: int = row.total
    if not ended.over:
        rest, done_to = total - ended.runs, max(after_id, ended.at_id)
        await bulk.begin(
            conn, "stop", rule_id=rule_id, at_id=done_to, upto_id=row.newest, total=rest, actor=actor
        )
    return total


async def stop_some(conn: AsyncConnection, order: Order, batch: int = BATCH) -> Moved:
    """The next batch of a stop."""
    return await _end_some(conn, order.rule_id, order.at_id, order.upto_id, batch)


async def _end_some(conn: AsyncConnection, rule_id: RuleId, after_id: int, upto_id: int, batch: int) -> Moved:
    """What they have done stays done. An action under way is not called back; its worker is fenced off."""
    ended = await conn.execute(
        text(f"""
            with due as materialized (
              select x.id, x.event_on, x.shelf from app.run x
              where {_OPEN} and x.id > :after_id and x.id <= :upto_id order by x.id limit :batch for update
            ), cancelled as (
              update app.run r set {CANCELLED}
              from due where r.id = due.id and r.event_on = due.event_on and r.shelf = due.shelf
              returning r.id, r.event_on, r.shelf
            ), {LEFT_OPEN}
            select id from cancelled
        """),
        {"rule": rule_id, "after_id": after_id, "upto_id": upto_id, "batch": batch},
    )
    ids = [row.id for row in ended]
    await cancel_of(conn, [RunId(one) for one in ids])
    return Moved(len(ids), max(ids, default=0), over=len(ids) < batch)
