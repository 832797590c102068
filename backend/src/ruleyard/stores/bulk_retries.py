"""Retries of many failed runs at once: looked at first, then done in bounded batches by whoever keeps the clock.

Runs of which nobody knows whether a message went out are left out: somebody has to say so for each.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.errors import Conflict
from ruleyard.core.types import NodeId, RuleId
from ruleyard.stores import bulk
from ruleyard.stores.bulk import Bulk, Moved, Order
from ruleyard.stores.run_care import UNKNOWN

BATCH: Final = 200
COUNTED: Final = 100_000
"""One retry takes at most so many."""
GROUPS: Final = 10


class Filter(msgspec.Struct, frozen=True, omit_defaults=True):
    """Which failed runs are meant: every one that fits all that is given."""

    rule_id: RuleId | None = None
    table: str | None = None
    key: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    fault: str | None = None


class Group(msgspec.Struct, frozen=True):
    """What would be done again: how many runs of a rule go on from which step."""

    rule_id: RuleId
    rule_name: str
    node: NodeId | None
    runs: int


class Preview(msgspec.Struct, frozen=True):
    """`count` runs would go on, `unknown` more are left out; failed later than run `upto_id` is not meant."""

    count: int
    unknown: int
    rules: int
    upto_id: int
    groups: tuple[Group, ...]


_MEANT: Final = """
    x.state = 'failed' and x.parent_run is null and x.id <= :upto_id
    and (cast(:rule_id as bigint) is null or x.rule_id = :rule_id)
    and (cast(:table as text) is null or x.record_table = :table)
    and (cast(:key as text) is null or x.record_key = :key)
    and (cast(:since as timestamptz) is null or x.created_at >= :since)
    and (cast(:until as timestamptz) is null or x.created_at < :until)
    and (cast(:fault as text) is null or x.fault ->> 'code' = :fault)
"""
_KNOWN: Final = "x.fault ->> 'code' is distinct from :unknown"
_NEWEST: Final = 9_223_372_036_854_775_807


def _values(which: Filter, upto_id: int) -> dict[str, object]:
    return {**msgspec.structs.asdict(which), "upto_id": upto_id, "unknown": UNKNOWN}


async def preview(conn: AsyncConnection, which: Filter) -> Preview:
    """What a retry would do now."""
    rows = await conn.execute(
        text(f"""
            with meant as materialized (
              select x.id, x.rule_id, {_KNOWN} as known from app.run x where {_MEANT}
              order by x.id desc limit :most
            )
            select m.known, m.rule_id, r.name as rule_name, s.node_id as node, count(*) as runs, max(m.id) as upto_id
            from meant m join app.rule r on r.id = m.rule_id
            left join app.step s on s.run_id = m.id and s.state = 'failed' and s.branch is null
            group by 1, 2, 3, 4 order by runs desc, rule_name, node
        """),
        {**_values(which, _NEWEST), "most": COUNTED},
    )
    found = rows.all()
    known = [row for row in found if row.known]
    return Preview(
        count=sum(row.runs for row in known),
        unknown=sum(row.runs for row in found if not row.known),
        rules=len({row.rule_id for row in known}),
        upto_id=max((row.upto_id for row in found), default=0),
        groups=tuple(Group(RuleId(row.rule_id), row.rule_name, row.node, row.runs) for row in known[:GROUPS]),
    )


async def start(conn: AsyncConnection, which: Filter, upto_id: int, count: int, actor: str) -> Bulk:
    """Begins it. Conflict where it would not be about `count` runs any more."""
    counted = await conn.execute(
        text(f"select count(*) from (select from app.run x where {_MEANT} and {_KNOWN} limit :most) n"),
        {**_values(which, upto_id), "most": COUNTED},
    )
    now = counted.scalar_one()
    if now != count or count == 0:
        raise Conflict(f"It would be {now} runs now, not {count}: look again.", code="count-changed")
    return await bulk.begin(
        conn, "retry", which=msgspec.json.encode(which).decode(), upto_id=upto_id, total=count, actor=actor
    )


async def retry_some(conn: AsyncConnection, order: Order, batch: int = BATCH) -> Moved:
    """The next batch of a retry."""
    which = msgspec.json.decode(order.filter, type=Filter)
    moved = await conn.execute(
        text(f"""
            with due as materialized (
              select x.id, x.event_on, x.shelf from app.run x where {_MEANT} and {_KNOWN} and x.id > :at_id
              order by x.id limit :batch for update
            ), again as (
              update app.run r set state = 'queued', error = '', fault = null, deaths = 0, finished_at = null,
                wake_at = null
              from due where r.id = due.id and r.event_on = due.event_on and r.shelf = due.shelf
              returning r.id, r.slot
            ), open as (
              update app.step s set state = 'waiting', finished_at = null
              from due
              where s.run_id = due.id and s.event_on = due.event_on and s.shelf = due.shelf and s.state = 'failed'
                and s.branch is null
            )
            select id, slot from again
        """),
        {**_values(which, order.upto_id), "at_id": order.at_id, "batch": batch},
    )
    runs = moved.all()
    return Moved(
        len(runs),
        max((row.id for row in runs), default=0),
        over=len(runs) < batch,
        slots=frozenset(row.slot for row in runs),
    )
