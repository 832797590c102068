"""Cascades as screens read them: a run, what set it off, and what came of it. Writes nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.event import Event
from ruleyard.core.labels import record_label
from ruleyard.core.trace import StepError
from ruleyard.core.types import RuleId, RunId, RunState
from ruleyard.stores.gone import no_run

RUNS: Final = 200
"""So many runs of a cascade are shown, the oldest first; the way to the run that is asked for always."""


class CascadeRun(msgspec.Struct, frozen=True):
    """One run of a cascade. `cause_run`: whose write set it off, None for the first; `depth` runs came before."""

    id: RunId
    cause_run: RunId | None
    depth: int
    rule_id: RuleId
    rule_name: str
    state: RunState
    record_table: str
    record_key: str
    record_label: str
    fault: StepError | None
    created_at: datetime


class Cascade(msgspec.Struct, frozen=True):
    """All runs that came of the first one, in order; `more` where some are left out."""

    runs: tuple[CascadeRun, ...]
    more: bool


async def cascade_of(conn: AsyncConnection, run_id: RunId) -> Cascade:
    """The whole cascade that a run belongs to; of a run alone it has that run only. NotFound."""
    rows = (
        await conn.execute(
            text("""
                with recursive way as (
                  select id, cause_run, root_run from app.run where id = :id
                  union
                  select o.id, o.cause_run, o.root_run from way join app.run o on o.id = way.cause_run
                ), top as (
                  select coalesce(root_run, id) as id from app.run where id = :id
                ), tree as (
                  select x.id from top join app.run x on x.root_run = top.id order by x.id limit :limit
                ), shown as (
                  select id from way union select id from tree union select id from top
                  union all (select id from app.run where cause_run = :id order by id limit 50)
                )
                select x.id, x.cause_run, x.depth, x.rule_id, r.name as rule_name, x.state, x.record_table,
                  x.record_key, x.event::text as event, x.fault::text as fault, x.created_at,
                  (select count(*) from tree) as found
                from app.run x join app.rule r on r.id = x.rule_id
                where x.id in (select id from shown) order by x.id
            """),
            {"id": run_id, "limit": RUNS + 1},
        )
    ).all()
    if not rows:
        raise await no_run(conn, run_id)
    runs: list[CascadeRun] = []
    for row in rows:
        event = msgspec.json.decode(row.event, type=Event)
        values = {name: value for name, value in row._mapping.items() if name in CascadeRun.__struct_fields__}
        fault = None if row.fault is None else msgspec.json.decode(row.fault)
        label = record_label(event.after or event.before)
        runs.append(msgspec.convert({**values, "fault": fault, "record_label": label}, CascadeRun))
    return Cascade(tuple(runs), rows[0].found > RUNS)
