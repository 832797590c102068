"""Runs of a rule that wait for their turn, as its screen shows them; let go on at once, or cancelled, some or all.

What they wait for, and the rule's gate: `turns.py`. Runs that are over their rule's limit are *held*: `held.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.errors import Conflict
from ruleyard.core.event import Event
from ruleyard.core.labels import record_label
from ruleyard.core.trace import StepError
from ruleyard.core.types import RuleId, RunId
from ruleyard.stores import bulk
from ruleyard.stores.batches import gather
from ruleyard.stores.bulk import Bulk, Kind, Moved, Order
from ruleyard.stores.held import BATCH, SURPRISE, Group
from ruleyard.stores.pages import Page, decode, page
from ruleyard.stores.turns import Gate, Turn, closed_until, lock_gate, peek_gate

_FAULT: Final = StepError(
    "turn-cancelled", "It waited for its turn, and somebody cancelled it before it began."
)
IN_TURN: Final = "x.rule_id = :rule and x.state = 'waiting' and x.turn is not null"
"""In SQL: a run of the rule that waits for its turn."""


class WaitingRun(msgspec.Struct, frozen=True):
    """`place`: of those at the gate, how many begin before it. `not_before`: of the others."""

    id: RunId
    record_table: str
    record_key: str
    record_label: str
    turn: Turn
    created_at: datetime
    not_before: datetime | None
    place: int | None


class Waiting(msgspec.Struct, frozen=True):
    """How many wait for what; at the gate so many begin from `gate_at` on, the last of them at about `gate_last`.

    `due_first`, `due_last`: of those whose record is not quiet, or that are collected.
    """

    settle: int
    batch: int
    at_gate: int
    due_first: datetime | None
    due_last: datetime | None
    gate_at: datetime | None
    gate_last: datetime | None
    closed_until: datetime | None

    @property
    def total(self) -> int:
        return self.settle + self.batch + self.at_gate


async def waiting(conn: AsyncConnection, rule_id: RuleId) -> Waiting:
    """All of them, counted."""
    found = await conn.execute(
        text(f"""
            select count(*) filter (where x.turn = 'settle') as settle,
              count(*) filter (where x.turn = 'batch') as batch,
              count(*) filter (where x.not_before is null) as at_gate,
              min(x.not_before) as due_first, max(x.not_before) as due_last
            from app.run x where {IN_TURN}
        """),
        {"rule": rule_id},
    )
    row = found.one()
    gate = await peek_gate(conn, rule_id)
    closed = await closed_until(conn, gate) if gate is not None and gate.hours else None
    first = last = None
    if gate is not None and row.at_gate:
        starts = await _starts(conn, gate)
        first, last = (turn_at(gate, starts, place, closed) for place in (0, row.at_gate - 1))
    return Waiting(row.settle, row.batch, row.at_gate, row.due_first, row.due_last, first, last, closed)


def turn_at(gate: Gate, starts: Sequence[datetime], place: int, closed: datetime | None = None) -> datetime:
    """When the run at this place begins, if nothing is in its way. `starts`: what counts in the window, in order.
    `closed`: until when nothing begins."""
    now = gate.now if closed is None else max(gate.now, closed)
    if gate.at_most is None or gate.per_s is None:
        return now
    window = timedelta(seconds=gate.per_s)
    over = [at + window for at in starts if at + window > now]
    turns = [now] * max(0, gate.at_most - len(over)) + over
    ahead = turns[: gate.at_most]
    rounds, at = divmod(place, len(ahead))
    return ahead[at] + rounds * window


async def _starts(conn: AsyncConnection, gate: Gate) -> list[datetime]:
    rows = await conn.execute(
        text("""
            select coalesce(s.begun_at, r.started_at, cast(:now as timestamptz)) as at
            from app.gate_start s join app.run r on r.id = s.run_id and r.event_on = s.event_on
            where s.rule_id = :rule and (r.state = 'queued' or r.started_at is not null)
              and coalesce(s.begun_at, r.started_at, :now) > cast(:now as timestamptz) - make_interval(secs => :per_s)
            order by 1
        """),
        {"rule": gate.rule_id, "now": gate.now, "per_s": gate.per_s or 0},
    )
    return [row.at for row in rows]


async def list_waiting(
    conn: AsyncConnection, rule_id: RuleId, *, cursor: str | None, limit: int
) -> Page[WaitingRun]:
    """The oldest first."""
    after = decode(cursor, tuple[int, int]) or (0, 0)
    rows = await conn.execute(
        text(f"""
            select x.id, x.record_table, x.record_key, x.turn, x.created_at, x.not_before, x.event::text as event
            from app.run x where {IN_TURN} and x.id > :after order by x.rule_id, x.id limit :limit
        """),
        {"rule": rule_id, "after": after[0], "limit": limit + 1},
    )
    place, found = after[1], list[WaitingRun]()
    for row in rows:
        event = msgspec.json.decode(row.event, type=Event)
        at_gate = row.turn in ("hours", "pace")
        found.append(
            WaitingRun(
                RunId(row.id),
                row.record_table,
                row.record_key,
                record_label(event.after or event.before),
                row.turn,
                row.created_at,
                row.not_before,
                place if at_gate else None,
            )
        )
        place += at_gate
    return page(found, limit, lambda one: (one.id, after[1] + _at_gate(found[:limit])))


def _at_gate(runs: Sequence[WaitingRun]) -> int:
    return sum(one.place is not None for one in runs)


async def starts_of(conn: AsyncConnection, rule_id: RuleId) -> tuple[Gate, list[datetime]] | None:
    """What is needed to say when somebody's turn comes; None where the rule has no gate."""
    gate = await peek_gate(conn, rule_id)
    return None if gate is None else (gate, await _starts(conn, gate))


async def groups(conn: AsyncConnection, rule_id: RuleId) -> list[Group]:
    """By version, the newest first."""
    rows = await conn.execute(
        text(f"""
            select h.runs, v.document::text as document from (
              select version_id, count(*) as runs from app.run x where {IN_TURN} group by 1) h
            join app.version v on v.id = h.version_id order by v.number desc
        """),
        {"rule": rule_id},
    )
    return [Group(row.runs, msgspec.json.decode(row.document)) for row in rows]


async def decide_all(conn: AsyncConnection, rule_id: RuleId, kind: Kind, seen: int, actor: str) -> Bulk:
    """Begins to let all of them go on now, or to cancel them. `seen`: how many somebody looked at.

    Conflict where none waits, or far more than was looked at.
    """
    await lock_gate(conn, rule_id)
    found = await conn.execute(
        text(f"select count(*) as runs, max(x.id) as newest from app.run x where {IN_TURN}"),
        {"rule": rule_id},
    )
    row = found.one()
    if row.runs == 0:
        raise Conflict("Nothing waits for its turn any more.", code="nothing-waits")
    if row.runs > max(2 * seen, seen + SURPRISE):
        raise Conflict(f"It would be {row.runs} runs now, not {seen}: look again.", code="count-changed")
    return await bulk.begin(conn, kind, rule_id=rule_id, upto_id=row.newest, total=row.runs, actor=actor)


async def decide_some(conn: AsyncConnection, rule_id: RuleId, kind: Kind, runs: Sequence[RunId]) -> Moved:
    """Lets these go on now, or cancels them; those that wait no longer are left alone. Conflict where none does."""
    await lock_gate(conn, rule_id)
    done = await (_begin if kind == "begin" else _drop)(
        conn, rule_id, max(runs, default=0), 0, len(runs), runs
    )
    if not done.runs:
        raise Conflict("Nothing waits for its turn any more.", code="nothing-waits")
    return done


async def begin_some(conn: AsyncConnection, order: Order, batch: int = BATCH) -> Moved:
    """The next batch goes on, the oldest first, past the pace of the rule; what is collected goes on in lists."""
    gate = await lock_gate(conn, order.rule_id)
    slots = set[int]()
    if gate is not None and gate.batch_most is not None:
        slots = await gather(conn, order.rule_id, gate.batch_most, turn=None, now=True)
    moved = await _begin(conn, order.rule_id, order.upto_id, order.at_id, batch, None)
    return msgspec.structs.replace(moved, slots=moved.slots | slots)


async def drop_some(conn: AsyncConnection, order: Order, batch: int = BATCH) -> Moved:
    """The next batch is cancelled, the oldest first."""
    await lock_gate(conn, order.rule_id)
    return await _drop(conn, order.rule_id, order.upto_id, order.at_id, batch, None)


_DUE: Final = f"""
    with due as materialized (
      select x.id, x.event_on, x.shelf from app.run x
      where {IN_TURN} and x.id > :at_id and x.id <= :upto_id
        and (cast(:runs as bigint[]) is null or x.id = any(cast(:runs as bigint[])))
      order by x.rule_id, x.id limit :batch for update
    )
"""


async def _begin(
    conn: AsyncConnection, rule_id: RuleId, upto_id: int, at_id: int, batch: int, runs: Sequence[RunId] | None
) -> Moved:
    return await _move(
        conn,
        "state = 'queued', not_before = null, batch_run = case when r.turn = 'batch' then r.id else r.batch_run end",
        {"rule": rule_id, "upto_id": upto_id, "at_id": at_id, "batch": batch, "runs": runs},
    )


async def _drop(
    conn: AsyncConnection, rule_id: RuleId, upto_id: int, at_id: int, batch: int, runs: Sequence[RunId] | None
) -> Moved:
    return await _move(
        conn,
        """state = 'cancelled', not_before = null, error = :words, finished_at = clock_timestamp(),
           fault = cast(cast(:fault as text) as jsonb)""",
        {
            "rule": rule_id,
            "upto_id": upto_id,
            "at_id": at_id,
            "batch": batch,
            "runs": runs,
            "words": _FAULT.message,
            "fault": msgspec.json.encode(_FAULT).decode(),
        },
    )


async def _move(conn: AsyncConnection, change: str, values: Mapping[str, Any]) -> Moved:
    """Looked for anew after each batch: a work of some thousands, each found by the index of what waits."""
    moved = await conn.execute(
        text(f"""{_DUE}
            update app.run r set {change} from due
            where r.id = due.id and r.event_on = due.event_on and r.shelf = due.shelf
            returning r.id, r.slot
        """),
        values,
    )
    rows = moved.all()
    return Moved(
        len(rows),
        max((row.id for row in rows), default=0),
        len(rows) < values["batch"],
        frozenset(row.slot for row in rows),
    )
