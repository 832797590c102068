"""A new run meets an open one of its rule on its record: `skip` rests the new one, `restart` makes the old one go.

Both are decided when the new run is opened, in the transaction of its lane, so the order of the log decides and not
who is quicker. `queue` and `parallel` are the claim's business. Knows app.run only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.trace import StepError
from ruleyard.core.types import RuleId, RunId

REPLACED: Final = "overlap-replaced"
_BUSY_WORDS: Final = "Run %s of this rule was still busy with the same record."
_BUSY: Final = StepError("overlap-busy", "Another run of this rule was still busy with the same record.")
REPLACED_WORDS: Final = "Replaced by run %s, which came for the same record."


def replaced_fault(by: RunId) -> StepError:
    """Why a run ended that had to make way."""
    return StepError(REPLACED, REPLACED_WORDS % by, args={"run": by})


class Place(msgspec.Struct, frozen=True):
    """A run with the partition that it is in, for whoever knows it: a look by id alone asks every partition."""

    id: RunId
    event_on: date
    shelf: int


_OF: Final = """id = any(cast(:ids as bigint[])) and event_on = any(cast(:days as date[]))
                and shelf = any(cast(:shelves as smallint[]))"""


def _values(opened: Sequence[Place]) -> dict[str, list[Any]]:
    return {
        "ids": [one.id for one in opened],
        "days": sorted({one.event_on for one in opened}),
        "shelves": sorted({one.shelf for one in opened}),
    }


async def skip_where_busy(conn: AsyncConnection, opened: Sequence[Place]) -> list[RunId]:
    """Of runs opened a moment ago in this transaction, rests as `skipped` those whose record is busy; gives them."""
    if not opened:
        return []
    skipped = await conn.execute(
        text(f"""
            with late as (
              select r.id, r.event_on, r.shelf, first.id as busy
              from (select * from app.run where {_OF}) r
              cross join lateral (
                select o.id from app.run o
                where o.rule_id = r.rule_id and o.record_table = r.record_table and o.record_key = r.record_key
                  and o.log = r.log and o.state in ('queued', 'running', 'waiting') and o.id < r.id
                order by o.id limit 1
              ) first
              where r.state in ('queued', 'waiting')
            )
            update app.run r set state = 'skipped', finished_at = clock_timestamp(),
              error = format(:words, late.busy),
              fault = cast(cast(:fault as text) as jsonb) || jsonb_build_object(
                'message', format(:words, late.busy), 'args', jsonb_build_object('run', late.busy))
            from late where r.id = late.id and r.event_on = late.event_on and r.shelf = late.shelf
            returning r.id
        """),
        {**_values(opened), "words": _BUSY_WORDS, "fault": msgspec.json.encode(_BUSY).decode()},
    )
    return [RunId(row.id) for row in skipped]


class Replaced(msgspec.Struct, frozen=True):
    """Runs that ended to make way, and how many held ones of each rule are among them."""

    runs: tuple[RunId, ...] = ()
    held: Mapping[RuleId, int] = {}


async def replace_open(conn: AsyncConnection, opened: Sequence[Place]) -> Replaced:
    """Ends what is open before each of these runs on its record; before a held one only what is held itself.

    A run that is being performed is only told: it ends after the action that it is at.
    """
    if not opened:
        return Replaced()
    ended = await conn.execute(
        text(f"""
            with fresh as materialized (
              select id, rule_id, record_table, record_key, log, state = 'waiting' and turn is null as held from app.run
              where {_OF} and state in ('queued', 'waiting')
            ), old as materialized (
              select o.id, o.event_on, o.shelf, next.id as by,
                coalesce(o.state = 'waiting' and o.fault ->> 'code' = 'held', false) as held
              from (select distinct rule_id, record_table, record_key, log from fresh) k
              join app.run o on o.rule_id = k.rule_id and o.record_table = k.record_table
                and o.record_key = k.record_key and o.log = k.log and o.state in ('queued', 'running', 'waiting')
              cross join lateral (
                select f.id from fresh f
                where f.rule_id = o.rule_id and f.record_table = o.record_table and f.record_key = o.record_key
                  and f.log = o.log and f.id > o.id
                  and (not f.held or (o.state = 'waiting' and o.fault ->> 'code' = 'held'))
                order by f.id limit 1
              ) next
              order by o.id
              for update of o
            ), told as (
              update app.run r set
                replaced_by = coalesce(r.replaced_by, old.by),
                state = case when r.state = 'running' then 'running' else 'cancelled' end,
                error = case when r.state = 'running' then r.error else format(:words, old.by) end,
                fault = case when r.state = 'running' then r.fault else
                  jsonb_build_object('code', cast(:code as text), 'message', format(:words, old.by),
                    'args', jsonb_build_object('run', old.by)) end,
                finished_at = case when r.state = 'running' then null else clock_timestamp() end,
                wake_at = null
              from old where r.id = old.id and r.event_on = old.event_on and r.shelf = old.shelf
                and r.state in ('queued', 'running', 'waiting')
              returning r.id, r.event_on, r.shelf, r.state, r.rule_id, old.held
            ), left_open as (
              update app.step s set state = 'skipped', finished_at = clock_timestamp(), until = null
              from told where s.run_id = told.id and s.event_on = told.event_on and s.shelf = told.shelf
                and told.state = 'cancelled' and s.state in ('running', 'waiting')
            ), unawaited as (
              delete from app.awaited a using told where a.run_id = told.id and told.state = 'cancelled'
            )
            select id, rule_id, held from told where state = 'cancelled'
        """),
        {**_values(opened), "words": REPLACED_WORDS, "code": REPLACED},
    )
    rows = ended.all()
    return Replaced(
        tuple(RunId(row.id) for row in rows), Counter(RuleId(row.rule_id) for row in rows if row.held)
    )


async def replaced_by(conn: AsyncConnection, run_id: RunId) -> RunId | None:
    """The run that this one has to make way for, if any."""
    found = await conn.execute(text("select replaced_by from app.run where id = :id"), {"id": run_id})
    by = found.scalar_one_or_none()
    return None if by is None else RunId(by)
