"""Rules that run at most once for each record, or once a day: a run that comes again rests as `skipped`.

Decided when the run is opened, in the transaction of its lane, so that the order of the log decides. Who was first is
kept for longer than runs are. A run that is skipped, or cancelled before it began, does not count: a trigger on
app.run lets the next one pass.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.graph import OncePer, Policy
from ruleyard.core.trace import StepError
from ruleyard.core.types import RunId
from ruleyard.stores.overlap import Place

KEPT_DAYS: Final = 60
"""Of days: longer than changes are kept, however late a lane is."""

_FAULTS: Final = {
    "record": StepError("once-done", "This rule runs once for each record: run %s was for this one."),
    "day": StepError("once-today", "This rule runs once a day for each record: run %s was for this one."),
}

AGAIN: Final = tuple(one.code for one in _FAULTS.values())


class Once(msgspec.Struct, frozen=True):
    """`per`: record or day. Its day is that of `zone`, else of the `calendar`, else of the workspace's, else UTC."""

    per: OncePer
    zone: str | None = None
    calendar: str | None = None


def once_of(policy: Policy) -> Once | None:
    """None where the rule runs every time."""
    if policy.once is None:
        return None
    hours = policy.hours
    return Once(policy.once, hours.zone, hours.calendar) if hours is not None else Once(policy.once)


async def skip_where_done(conn: AsyncConnection, opened: Sequence[tuple[Place, Once]]) -> list[RunId]:
    """Of runs opened a moment ago in this transaction, in order, rests as `skipped` what came again; gives them."""
    if not opened:
        return []
    rows = [
        {
            "id": place.id,
            "event_on": place.event_on.isoformat(),
            "shelf": place.shelf,
            "per": once.per,
            "zone": once.zone,
            "calendar": once.calendar,
        }
        for place, once in opened
    ]
    asked = """
        select r.id, r.event_on, r.shelf, r.rule_id, r.log, r.record_table, r.record_key, n.per,
          case when n.per = 'record' then cast('-infinity' as date)
            else cast(cast(r.event ->> 'at' as timestamptz) at time zone coalesce(
              n.zone,
              (select c.spec ->> 'zone' from app.calendar c where c.name = n.calendar),
              (select c.spec ->> 'zone' from app.calendar c where c.is_default),
              'UTC') as date)
          end as day
        from jsonb_to_recordset(cast(cast(:rows as text) as jsonb)) as n(
          id bigint, event_on date, shelf smallint, per text, zone text, calendar text)
        join app.run r on r.id = n.id and r.event_on = n.event_on and r.shelf = n.shelf
        where r.state in ('queued', 'waiting')
    """
    values = {"rows": msgspec.json.encode(rows).decode()}
    await conn.execute(
        text(f"""
            insert into app.once (rule_id, log, record_table, record_key, day, run_id)
            select rule_id, log, record_table, record_key, day, id from ({asked}) asked order by id
            on conflict do nothing
        """),
        values,
    )
    skipped = await conn.execute(
        text(f"""
            update app.run r set state = 'skipped', finished_at = clock_timestamp(),
              error = format(f.words, o.run_id),
              fault = jsonb_build_object(
                'code', f.code, 'message', format(f.words, o.run_id), 'args', jsonb_build_object('run', o.run_id))
            from ({asked}) asked
            join app.once o on o.rule_id = asked.rule_id and o.log = asked.log
              and o.record_table = asked.record_table and o.record_key = asked.record_key and o.day = asked.day
            join (values ('record', cast(:record_code as text), cast(:record_words as text)),
              ('day', :day_code, :day_words)) as f(per, code, words) on f.per = asked.per
            where o.run_id <> asked.id
              and r.id = asked.id and r.event_on = asked.event_on and r.shelf = asked.shelf
            returning r.id
        """),
        values
        | {f"{per}_code": one.code for per, one in _FAULTS.items()}
        | {f"{per}_words": one.message for per, one in _FAULTS.items()},
    )
    return [RunId(row.id) for row in skipped]


async def came_again(conn: AsyncConnection, run_id: RunId) -> StepError | None:
    """Why the run rests: its record had its run. None where it is another one."""
    found = await conn.execute(
        text("""
            select fault::text from app.run
            where id = :id and state = 'skipped' and fault ->> 'code' = any(cast(:codes as text[]))
        """),
        {"id": run_id, "codes": list(AGAIN)},
    )
    fault = found.scalar_one_or_none()
    return None if fault is None else msgspec.json.decode(fault, type=StepError)
