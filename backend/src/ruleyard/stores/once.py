"""Rules that run at most once for each record, or once a day: a run that comes again rests as `skipped`.

Decided when the run is opened, in the transaction of its lane, so that the order of the log decides. Who was first is
kept for longer than runs are. A run that is skipped, or cancelled before it began, does not count: a trigger on
app.run lets the next one pass.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

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


class Again(msgspec.Struct, frozen=True):
    """A run opened a moment ago that may be one too many. `at`: the moment of its event."""

    place: Place
    once: Once
    at: str


async def skip_where_done(conn: AsyncConnection, opened: Sequence[Again]) -> list[RunId]:
    """Of these runs, in order, all of this transaction, rests as `skipped` what came again; gives them."""
    if not opened:
        return []
    zone_of = await _zones(conn) if any(one.once.per == "day" for one in opened) else {}
    rows = [
        {
            "id": one.place.id,
            "event_on": one.place.event_on.isoformat(),
            "shelf": one.place.shelf,
            "per": one.once.per,
            "day": _day(one, zone_of),
        }
        for one in opened
    ]
    asked = """
        select r.id, r.event_on, r.shelf, r.rule_id, r.log, r.record_table, r.record_key, n.per, n.day
        from jsonb_to_recordset(cast(cast(:rows as text) as jsonb)) as n(
          id bigint, event_on date, shelf smallint, per text, day date)
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


async def _zones(conn: AsyncConnection) -> dict[str | None, str]:
    """Of each calendar by its name, and of the workspace's by None."""
    rows = await conn.execute(text("select name, spec ->> 'zone' as zone, is_default from app.calendar"))
    zones: dict[str | None, str] = {None: "UTC"}
    for row in rows:
        zones[row.name] = row.zone
        if row.is_default:
            zones[None] = row.zone
    return zones


def _day(one: Again, zone_of: Mapping[str | None, str]) -> str:
    """Of the event, where the rule is at home; in Python, as all that has a zone, for databases know fewer of them."""
    if one.once.per == "record":
        return "-infinity"
    zone = one.once.zone or zone_of.get(one.once.calendar) or zone_of[None]
    return datetime.fromisoformat(one.at).astimezone(ZoneInfo(zone)).date().isoformat()


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
