"""Lists of changes: runs that were collected become one run with the list, each in exactly one.

The newest of them is the run that goes on; the others rest as skipped and name it. All in one statement behind the
rule's gate, so whoever dies when, every change is collected or in one list. Knows app.run and app.gate.
"""

from __future__ import annotations

from typing import Final

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.event import Event
from ruleyard.core.trace import StepError
from ruleyard.core.types import RuleId, RunId

IN_BATCH: Final = "in-batch"
_WORDS: Final = "It is in the list of run %s."
_FAULT: Final = StepError(IN_BATCH, "It is in the list of another run.")


async def gather(
    conn: AsyncConnection, rule_id: RuleId, most: int | None, *, turn: str | None, now: bool = False
) -> set[int]:
    """Makes lists of what the rule collected, where one is full or its time is over. The rule's gate is ours.

    Each of at most `most`, the oldest first; None: the rule makes no lists any more, each goes on by itself. One list
    goes on at a time, unless the version lets runs go side by side. `now`: also what is not full. Until there is a list
    to make, nothing that waits is touched: this is asked with every batch of a lane, and by the clock.
    `turn`: what lists wait for next, None where they begin. Returns the slots to ring.
    """
    slots: set[int] = set()
    while True:
        made = await conn.execute(
            text("""
                with collected as not materialized (
                  select r.not_before from app.run r
                  where r.rule_id = :rule and r.state = 'waiting' and r.turn = 'batch' and r.not_before is not null
                ), may as materialized (
                  select from app.gate g where g.rule_id = :rule and (
                    not exists (select from app.run o where o.id = g.batch_run and o.event_on = g.batch_on
                      and o.state in ('queued', 'running', 'waiting'))
                    or (select v.document #>> '{policy,overlap}' = 'parallel' from app.version v
                      where v.id = g.version_id))
                  and (:now or (select min(not_before) from collected) <= clock_timestamp()
                    or :most <= (select count(*) from (select from collected limit :most) enough))
                ), due as materialized (
                  select r.id, r.event_on, r.shelf, r.not_before from app.run r
                  where exists (select from may)
                    and r.rule_id = :rule and r.state = 'waiting' and r.turn = 'batch' and r.not_before is not null
                  order by r.rule_id, r.turn, r.not_before limit :most for update of r skip locked
                ), ready as (
                  select max(id) as id, count(*) as runs from due
                  having count(*) > 0
                    and (:now or count(*) >= :most or min(not_before) <= clock_timestamp())
                ), gone as (
                  update app.run r set state = 'skipped', finished_at = clock_timestamp(), batch_run = ready.id,
                    not_before = null, error = format(:words, ready.id),
                    fault = cast(cast(:fault as text) as jsonb) || jsonb_build_object(
                      'message', format(:words, ready.id), 'args', jsonb_build_object('run', ready.id))
                  from due, ready
                  where r.id = due.id and r.event_on = due.event_on and r.shelf = due.shelf and r.id <> ready.id
                ), made as (
                  update app.run r set batch_run = r.id, not_before = null,
                    turn = coalesce(:turn, r.turn),
                    state = case when cast(:turn as text) is null then 'queued' else 'waiting' end
                  from due, ready
                  where r.id = due.id and r.event_on = due.event_on and r.shelf = due.shelf and r.id = ready.id
                  returning r.id, r.event_on, r.slot
                ), told as (
                  update app.gate g set batch_run = made.id, batch_on = made.event_on from made where g.rule_id = :rule
                )
                select slot from made
            """),
            {
                "rule": rule_id,
                "most": most or 1,
                "now": now or most is None,
                "turn": turn,
                "words": _WORDS,
                "fault": msgspec.json.encode(_FAULT).decode(),
            },
        )
        row = made.one_or_none()
        if row is None:
            return slots
        slots.add(row.slot)


async def listed_events(conn: AsyncConnection, run_id: RunId) -> list[Event]:
    """The changes in the list of a run, the oldest first, its own among them."""
    return [event for _, event in await listed_runs(conn, run_id)]


async def listed_runs(conn: AsyncConnection, run_id: RunId) -> list[tuple[RunId, Event]]:
    """The same, each with the run that was opened for it."""
    rows = await conn.execute(
        text("select id, event::text as event from app.run where batch_run = :run order by id"),
        {"run": run_id},
    )
    return [(RunId(row.id), msgspec.json.decode(row.event, type=Event)) for row in rows]
