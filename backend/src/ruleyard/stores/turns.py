"""Runs that wait for their turn, and the gate of a rule that lets them in.

A run that may not begin yet is `waiting` with a `turn` that says for what, in this order, each only where its rule asks
for it: `settle` (its record is not quiet yet) and `batch` (its list is not full), both until `not_before`; then
`hours` and `pace` at the **gate** of its rule, a row that is locked by whoever lets runs in. So claims know nothing of
all this: what is `queued` may begin. Whatever makes a run wait makes it so when it is opened, by `NewRun.timing`.

Exact by counting: what was let in and did not begin yet counts as much as what began within the window, so never more
than `at_most` begin in any window, whoever claims them when. "Begins" is the first claim, on the database's clock;
tries again and waits that come back are not asked.

Locks: fuses, then gates, then runs; and runs only where nobody else has them (`skip locked`).
Quiet hours: `Timing.hours` sends a run here; `closed_until` says until when nothing is let in.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any, Final, Literal

import msgspec
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.timing import AT_ONCE, Timing
from ruleyard.core.types import RuleId, VersionId
from ruleyard.stores import quiet
from ruleyard.stores.batches import gather
from ruleyard.stores.claims import MAY_BEGIN

Turn = Literal["settle", "batch", "hours", "pace"]
AT_GATE: Final = "r.state = 'waiting' and r.turn is not null and r.not_before is null"
"""In SQL: a run `r` that waits at the gate. What is not quiet or is collected has a moment instead."""
LET_IN: Final = 1_000
"""So many runs are let in at once where no pace says fewer."""
AGAIN_S: Final = 1.0
"""Where there is room and every run waits for an older one of its record, the gate is looked at again so soon."""

SOON_S: Final = 0.1


class Gate(msgspec.Struct, frozen=True):
    """A rule's, locked by this transaction. `now`: the database's clock when it was locked."""

    rule_id: RuleId
    version_id: VersionId
    at_most: int | None
    per_s: float | None
    batch_most: int | None
    batch_s: float | None
    hours: bool
    full_until: datetime | None
    now: datetime

    @property
    def turn(self) -> Literal["pace", "hours"] | None:
        """What runs wait for at the gate; None where they may begin at once."""
        return "pace" if self.at_most is not None else "hours" if self.hours else None


def first_turn(timing: Timing) -> tuple[Turn | None, float | None]:
    """What a new run waits for first, and for how many seconds; (None, None) where it may begin."""
    if timing.settle_s:
        return "settle", timing.settle_s
    if timing.batch is not None:
        return "batch", timing.batch.seconds
    if not timing.gated:
        return None, None
    return ("hours" if timing.pace is None else "pace"), None


async def set_gates(conn: AsyncConnection, timings: Mapping[RuleId, tuple[VersionId, Timing]]) -> None:
    """The gates of these rules are as these versions say, unless a newer one said something. Rings nobody."""
    rows = [
        {
            "rule_id": rule,
            "version_id": version,
            "at_most": timing.pace.at_most if timing.pace else None,
            "per_s": timing.pace.seconds if timing.pace else None,
            "batch_most": timing.batch.at_most if timing.batch else None,
            "batch_s": timing.batch.seconds if timing.batch else None,
            "hours": timing.hours,
        }
        for rule, (version, timing) in sorted(timings.items())
    ]
    await conn.execute(
        text("""
            insert into app.gate as g (rule_id, version_id, at_most, per_s, batch_most, batch_s, hours)
            select rule_id, version_id, at_most, per_s, batch_most, batch_s, hours
            from jsonb_to_recordset(cast(cast(:rows as text) as jsonb)) as n(
              rule_id bigint, version_id bigint, at_most integer, per_s float8, batch_most integer, batch_s float8,
              hours boolean)
            on conflict (rule_id) do update set version_id = excluded.version_id, at_most = excluded.at_most,
              per_s = excluded.per_s, batch_most = excluded.batch_most, batch_s = excluded.batch_s,
              hours = excluded.hours, full_until = null, look_at = clock_timestamp()
            where g.version_id <= excluded.version_id
              and (g.version_id, g.at_most, g.per_s, g.batch_most, g.batch_s, g.hours) is distinct from
                (excluded.version_id, excluded.at_most, excluded.per_s, excluded.batch_most, excluded.batch_s,
                 excluded.hours)
        """),
        {"rows": msgspec.json.encode(rows).decode()},
    )


async def follow(conn: AsyncConnection, rule_id: RuleId, version_id: VersionId, timing: Timing) -> None:
    """The rule goes by this version from now on: what waits at its gate, too, at the clock's next look."""
    known = await conn.execute(text("select 1 from app.gate where rule_id = :rule"), {"rule": rule_id})
    if timing != AT_ONCE or known.first() is not None:
        await set_gates(conn, {rule_id: (version_id, timing)})


async def closed_until(conn: AsyncConnection, gate: Gate) -> datetime | None:
    """Until when nothing of the rule may begin, for its hours; None where it is open."""
    return await quiet.closed_until(conn, gate.version_id, gate.now)


async def lock_gate(conn: AsyncConnection, rule_id: RuleId) -> Gate | None:
    """The rule's gate, ours alone until the transaction ends; None where it has none."""
    found = await conn.execute(
        text("select g.*, clock_timestamp() as now from app.gate g where rule_id = :rule for update"),
        {"rule": rule_id},
    )
    row = found.one_or_none()
    return None if row is None else _gate(row)


async def peek_gate(conn: AsyncConnection, rule_id: RuleId) -> Gate | None:
    """The rule's gate as it is, for whoever only looks."""
    found = await conn.execute(
        text("select g.*, clock_timestamp() as now from app.gate g where rule_id = :rule"), {"rule": rule_id}
    )
    row = found.one_or_none()
    return None if row is None else _gate(row)


async def let_in(conn: AsyncConnection, rules: Collection[RuleId]) -> set[int]:
    """Lets in what may begin now, of rules that got new runs in this transaction. Returns the slots to ring."""
    slots: set[int] = set()
    async with _by_index(conn):
        for rule in sorted(rules):
            gate = await lock_gate(conn, rule)
            if gate is None:
                continue
            if gate.batch_most is not None:
                slots |= await gather(conn, rule, gate.batch_most, turn=gate.turn)
            slots |= await _pass_gate(conn, gate)
    return slots


async def due_turns(conn: AsyncConnection) -> set[int]:
    """What became due: quiet records, full lists, gates with room. For the clock; returns the slots to ring."""
    rows = await conn.execute(
        text("""
            select g.*, clock_timestamp() as now from app.gate g
            where look_at <= clock_timestamp() order by look_at limit 200 for update skip locked
        """)
    )
    slots: set[int] = set()
    due = [_gate(row) for row in rows]
    if due:
        async with _by_index(conn):
            for gate in due:
                slots |= await _settled(conn, gate)
                slots |= await gather(conn, gate.rule_id, gate.batch_most, turn=gate.turn)
                slots |= await _pass_gate(conn, gate)
    return slots


async def _settled(conn: AsyncConnection, gate: Gate) -> set[int]:
    """Runs whose record is quiet go on to what comes next."""
    following: Turn | None = "batch" if gate.batch_most is not None else gate.turn
    moved = await conn.execute(
        text(f"""
            with due as materialized (
              select id, event_on, shelf from app.run
              where rule_id = :rule and state = 'waiting' and turn = 'settle' and not_before <= clock_timestamp()
              order by rule_id, turn, not_before limit {LET_IN} for update skip locked
            )
            update app.run r set turn = coalesce(:following, turn),
              state = case when cast(:following as text) is null then 'queued' else 'waiting' end,
              not_before = case when :following = 'batch'
                then clock_timestamp() + make_interval(secs => :batch_s) end
            from due where r.id = due.id and r.event_on = due.event_on and r.shelf = due.shelf
            returning r.slot
        """),
        {"rule": gate.rule_id, "following": following, "batch_s": gate.batch_s},
    )
    return {row.slot for row in moved}


async def _pass_gate(conn: AsyncConnection, gate: Gate) -> set[int]:
    """As many as may begin, the oldest first, and when the clock looks again."""
    if gate.full_until is not None and gate.full_until > gate.now:
        await _look_again(conn, gate, gate.full_until, gate.full_until)
        return set()
    used, oldest, standing = 0, None, 0
    free, per = LET_IN, timedelta(seconds=gate.per_s or 0)
    if gate.at_most is not None:
        used, oldest, standing = await _counted(conn, gate)
        free = min(LET_IN, gate.at_most - used)
    closed = await closed_until(conn, gate) if gate.hours else None
    slots, gone_in = (set[int](), 0) if closed or free <= 0 else await _let_some_in(conn, gate, free)
    full_until = None
    if gate.at_most is not None and used + gone_in >= gate.at_most:
        full_until = (gate.now if oldest is None else oldest) + per
        if standing + gone_in:  # when it begins is not known, and somebody may cancel it
            full_until = min(full_until, gate.now + timedelta(seconds=AGAIN_S))
    again = gate.now + timedelta(seconds=0 if gone_in == LET_IN or closed or full_until else AGAIN_S)
    await _look_again(conn, gate, full_until, max(closed or again, full_until or again))
    return slots


async def _look_again(
    conn: AsyncConnection, gate: Gate, full_until: datetime | None, at_gate: datetime
) -> None:
    """When something becomes due: at the gate where anything waits there, a quiet record, a list. What is overdue and
    still waits is in the way of itself: it is looked at a little later."""
    await conn.execute(
        text(f"""
            update app.gate g set full_until = :full_until, look_at = least(
              case when exists (
                select from app.run r where r.rule_id = :rule and {AT_GATE}) then cast(:at_gate as timestamptz) end,
              case when due.at is not null
                then greatest(due.at, cast(:now as timestamptz) + make_interval(secs => {SOON_S})) end)
            from (select least(
                (select min(not_before) from app.run r
                  where r.rule_id = :rule and r.state = 'waiting' and r.turn = 'settle'),
                (select min(not_before) from app.run r
                  where r.rule_id = :rule and r.state = 'waiting' and r.turn = 'batch'),
                (select cast(:now as timestamptz) where :most <= (select count(*) from (
                  select from app.run r where r.rule_id = :rule and r.state = 'waiting' and r.turn = 'batch'
                    and r.not_before is not null
                  limit :most) enough))) as at) due
            where g.rule_id = :rule
        """),
        {
            "rule": gate.rule_id,
            "full_until": full_until,
            "at_gate": at_gate,
            "now": gate.now,
            "most": gate.batch_most or 1,
        },
    )


async def _counted(conn: AsyncConnection, gate: Gate) -> tuple[int, datetime | None, int]:
    """How many began within the window or stand let in, when the first of those began, how many stand."""
    values = {"rule": gate.rule_id, "now": gate.now, "per_s": gate.per_s}
    await conn.execute(
        text("""
            update app.gate_start s set begun_at = r.started_at from app.run r
            where s.rule_id = :rule and s.begun_at is null and r.id = s.run_id and r.event_on = s.event_on
              and r.started_at is not null
        """),
        values,
    )
    await conn.execute(
        text("""
            delete from app.gate_start s where s.rule_id = :rule and (
              s.begun_at <= cast(:now as timestamptz) - make_interval(secs => :per_s)
              or (s.begun_at is null and not exists (
                select from app.run r where r.id = s.run_id and r.event_on = s.event_on
                  and (r.state = 'queued' or r.started_at is not null))))
        """),
        values,
    )
    found = await conn.execute(
        text("""
            select count(*) as used, min(begun_at) as oldest, count(*) filter (where begun_at is null) as standing
            from app.gate_start where rule_id = :rule
        """),
        values,
    )
    row = found.one()
    return row.used, row.oldest, row.standing


_WAYS: Final = """
    select set_config('enable_sort', :on, true), set_config('enable_bitmapscan', :on, true),
      set_config('enable_hashjoin', :on, true), set_config('enable_seqscan', :on, true)
"""


@asynccontextmanager
async def _by_index(conn: AsyncConnection) -> AsyncIterator[None]:
    """What waits is found by the indexes of what waits: the planner's idea of how much that is is always old."""
    await conn.execute(text(_WAYS), {"on": "off"})
    yield
    await conn.execute(text(_WAYS), {"on": "on"})


async def _let_some_in(conn: AsyncConnection, gate: Gate, free: int) -> tuple[set[int], int]:
    """Up to `free` runs are queued, by the index in their order: however many wait, no more are looked at."""
    moved = await conn.execute(
        text(f"""
            with due as materialized (
              select r.id, r.event_on, r.shelf from app.run r
              where r.rule_id = :rule and {AT_GATE} and {MAY_BEGIN}
              order by r.rule_id, r.id limit :free for update of r skip locked
            ), moved as (
              update app.run r set state = 'queued' from due
              where r.id = due.id and r.event_on = due.event_on and r.shelf = due.shelf
              returning r.id, r.event_on, r.slot
            ), kept as (
              insert into app.gate_start (rule_id, run_id, event_on)
              select :rule, id, event_on from moved where :paced on conflict (rule_id, run_id) do nothing
            )
            select slot, count(*) as runs from moved group by slot
        """),
        {"rule": gate.rule_id, "free": free, "paced": gate.at_most is not None},
    )
    rows = moved.all()
    return {row.slot for row in rows}, sum(row.runs for row in rows)


def _gate(row: Row[Any]) -> Gate:
    return msgspec.convert({name: row._mapping[name] for name in Gate.__struct_fields__}, Gate)
