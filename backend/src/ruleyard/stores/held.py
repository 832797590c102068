"""Held runs of a rule: looked at, then let run, cancelled, or held again, in batches that the clock carries out.

A rule's fuse is locked before its runs: lanes open no run of it meanwhile, so counts are exact. The works on them are
locked before the fuse, as by the clock.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Final

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.errors import Conflict
from ruleyard.core.fuse import at, cancelled, let_run
from ruleyard.core.trace import StepError
from ruleyard.core.types import JSONObject, RuleId, RunId
from ruleyard.stores import bulk, fuses
from ruleyard.stores.bulk import Bulk, Kind, Moved, Order
from ruleyard.stores.fuses import HELD_FAULT
from ruleyard.stores.overlap import Place, replace_open
from ruleyard.stores.turns import let_in, lock_gate

BATCH: Final = 2_000
CANCELLED: Final = "held-cancelled"
_CANCELLED_WORDS: Final = "It was held, and somebody cancelled it before it began."
SURPRISE: Final = 1_000
"""So many more may have come since somebody looked, or as many again."""


class Group(msgspec.Struct, frozen=True):
    """How many runs of one version are held, and its document."""

    runs: int
    document: JSONObject


class Holding(msgspec.Struct, frozen=True):
    """A rule with held runs. `since`: while it holds further ones, too."""

    rule_id: RuleId
    rule_name: str
    held: int
    since: datetime | None


_IS_HELD: Final = "x.rule_id = :rule and x.state = 'waiting' and x.fault ->> 'code' = 'held'"


async def groups(conn: AsyncConnection, rule_id: RuleId) -> list[Group]:
    """By version, the newest first."""
    rows = await conn.execute(
        text(f"""
            select h.runs, v.document::text as document from (
              select version_id, count(*) as runs from app.run x where {_IS_HELD} group by 1) h
            join app.version v on v.id = h.version_id order by v.number desc
        """),
        {"rule": rule_id},
    )
    return [Group(row.runs, msgspec.json.decode(row.document)) for row in rows]


async def list_holding(conn: AsyncConnection) -> list[Holding]:
    """Every rule that has held runs, those with most first."""
    rows = await conn.execute(
        text("""
            select f.rule_id, r.name as rule_name, f.held, f.held_since as since
            from app.fuse f join app.rule r on r.id = f.rule_id
            where f.held > 0 or f.held_since is not null order by f.held desc, f.rule_id
        """)
    )
    return [msgspec.convert(dict(row._mapping), Holding) for row in rows]


async def decide(conn: AsyncConnection, rule_id: RuleId, kind: Kind, seen: int, actor: str) -> Bulk:
    """Begins to let run or to cancel what is held now. `seen`: how many somebody looked at.

    Conflict where nothing is held, or far more than was looked at.
    """
    await _stop_works(conn, rule_id)
    found, now = await fuses.lock(conn, [rule_id])
    fuse = at(found[rule_id], now)
    if fuse.held == 0:
        raise Conflict("Nothing is held any more.", code="nothing-held")
    if fuse.held > max(2 * seen, seen + SURPRISE):
        raise Conflict(f"It would be {fuse.held} runs now, not {seen}: look again.", code="count-changed")
    newest = await conn.execute(text(f"select max(id) from app.run x where {_IS_HELD}"), {"rule": rule_id})
    await fuses.write(conn, [let_run(fuse, now) if kind == "release" else cancelled(fuse)])
    return await bulk.begin(
        conn, kind, rule_id=rule_id, upto_id=newest.scalar_one(), total=fuse.held, actor=actor
    )


async def recall(conn: AsyncConnection, rule_id: RuleId, actor: str) -> Bulk:
    """Holds again what the last decision let run and did not begin yet, or cancelled. Conflict where there is none."""
    await _stop_works(conn, rule_id)
    found, now = await fuses.lock(conn, [rule_id])
    last = await bulk.latest(conn, rule_id)
    if last is None or last.kind not in ("release", "cancel"):
        raise Conflict("There is nothing to take back.", code="nothing-held")
    row = (await conn.execute(text("select upto_id from app.bulk where id = :id"), {"id": last.id})).one()
    values = {"rule": rule_id, "upto_id": row.upto_id, "of_id": last.id, "at_id": 0}
    total = (await conn.execute(text(f"select count(*) from app.run x where {_BACK}"), values)).scalar_one()
    await fuses.write(conn, [msgspec.structs.replace(at(found[rule_id], now), held_since=now, tripped=True)])
    return await bulk.begin(
        conn, "recall", rule_id=rule_id, of_id=last.id, upto_id=row.upto_id, total=total, actor=actor
    )


async def _stop_works(conn: AsyncConnection, rule_id: RuleId) -> None:
    """What was begun with held runs before and goes on yet."""
    await conn.execute(
        text(f"""
            update app.bulk set state = 'stopped', finished_at = clock_timestamp()
            where rule_id = :rule and state = 'running' and {bulk.OF_HELD}
        """),
        {"rule": rule_id},
    )


async def release_some(conn: AsyncConnection, order: Order, batch: int = BATCH) -> Moved:
    """The next batch of held runs is queued, the oldest first; where the version says so, older open runs make way.

    A rule with a pace lets them in by its gate.
    """
    await fuses.lock(conn, [order.rule_id])
    await lock_gate(conn, order.rule_id)
    moved = await conn.execute(
        text(f"""
            with due as materialized (
              select x.id, x.event_on, x.shelf from app.run x
              where {_IS_HELD} and x.id <= :upto_id order by x.id limit :batch for update
            )
            update app.run r set error = '', fault = null,
              state = case when g.rule_id is null then 'queued' else 'waiting' end,
              turn = case when g.batch_most is not null then 'batch'
                when g.at_most is not null then 'pace' when g.hours then 'hours' end,
              not_before = case when g.batch_most is not null then clock_timestamp() end
            from due left join app.gate g
              on g.rule_id = :rule and (g.at_most is not null or g.hours or g.batch_most is not null)
            where r.id = due.id and r.event_on = due.event_on and r.shelf = due.shelf
            returning r.id, r.event_on, r.shelf, r.slot,
              (select v.document #>> '{{policy,overlap}}' from app.version v where v.id = r.version_id) as overlap
        """),
        {"rule": order.rule_id, "upto_id": order.upto_id, "batch": batch},
    )
    rows = moved.all()
    replaced = await replace_open(
        conn, [Place(RunId(row.id), row.event_on, row.shelf) for row in rows if row.overlap == "restart"]
    )
    await fuses.let_go(conn, Counter(replaced.held) + Counter({order.rule_id: len(rows)}))
    slots = await let_in(conn, [order.rule_id])
    return Moved(
        len(rows),
        max((row.id for row in rows), default=0),
        over=len(rows) < batch,
        slots=frozenset(row.slot for row in rows) | slots,
    )


async def cancel_some(conn: AsyncConnection, order: Order, batch: int = BATCH) -> Moved:
    """The next batch of held runs is cancelled, the newest last."""
    await fuses.lock(conn, [order.rule_id])
    fault = StepError(CANCELLED, _CANCELLED_WORDS, args={"by": order.id})
    moved = await conn.execute(
        text(f"""
            with due as materialized (
              select x.id, x.event_on, x.shelf from app.run x
              where {_IS_HELD} and x.id <= :upto_id order by x.id limit :batch for update
            )
            update app.run r set state = 'cancelled', error = :words, fault = cast(cast(:fault as text) as jsonb),
              finished_at = clock_timestamp()
            from due where r.id = due.id and r.event_on = due.event_on and r.shelf = due.shelf
            returning r.id
        """),
        {
            "rule": order.rule_id,
            "upto_id": order.upto_id,
            "batch": batch,
            "words": _CANCELLED_WORDS,
            "fault": msgspec.json.encode(fault).decode(),
        },
    )
    ids = [row.id for row in moved]
    await fuses.let_go(conn, {order.rule_id: len(ids)})
    return Moved(len(ids), max(ids, default=0), over=len(ids) < batch)


# What was cancelled comes back only where no newer run of its rule on its record began since: order is kept.
_BACK: Final = f"""
    x.rule_id = :rule and x.id > :at_id and x.id <= :upto_id and (
      ((x.state = 'queued' or (x.state = 'waiting' and x.turn is not null)) and x.attempt = 0
        and (select w.kind from app.bulk w where w.id = :of_id) = 'release')
      or (x.state = 'cancelled' and x.fault ->> 'code' = '{CANCELLED}'
        and cast(x.fault -> 'args' ->> 'by' as bigint) = :of_id
        and not exists (
          select from app.run n
          where n.record_table = x.record_table and n.record_key = x.record_key and n.rule_id = x.rule_id
            and n.log = x.log and n.id > x.id and n.started_at is not null)))
"""


async def recall_some(conn: AsyncConnection, order: Order, batch: int = BATCH) -> Moved:
    """The next batch of runs is held again."""
    await fuses.lock(conn, [order.rule_id])
    moved = await conn.execute(
        text(f"""
            with due as materialized (
              select x.id, x.event_on, x.shelf from app.run x where {_BACK} order by x.id limit :batch for update
            )
            update app.run r set state = 'waiting', error = :words, fault = cast(cast(:fault as text) as jsonb),
              turn = null, not_before = null, finished_at = null
            from due where r.id = due.id and r.event_on = due.event_on and r.shelf = due.shelf
            returning r.id
        """),
        {
            "rule": order.rule_id,
            "upto_id": order.upto_id,
            "of_id": order.of_id,
            "at_id": order.at_id,
            "batch": batch,
            "words": HELD_FAULT.message,
            "fault": msgspec.json.encode(HELD_FAULT).decode(),
        },
    )
    ids = [row.id for row in moved]
    await fuses.let_go(conn, {order.rule_id: -len(ids)})
    return Moved(len(ids), max(ids, default=0), over=len(ids) < batch)
