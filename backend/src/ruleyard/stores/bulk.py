"""Works on many runs at once: begun by a person, done in bounded batches by whoever keeps the clock, stopped at will.

What a batch of each kind does is said elsewhere (`bulk_retries.py`, `held.py`, `stopping.py`); this knows only how far
each is.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any, Final, Literal

import msgspec
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.errors import NotFound
from ruleyard.core.types import RuleId

Kind = Literal["retry", "release", "cancel", "recall", "stop", "begin", "drop"]
"""`stop` is about the open runs of a rule that are not held; `begin` and `drop` about those that wait their turn."""
OF_HELD: Final = "kind in ('release', 'cancel', 'recall')"
"""In SQL: is it about held runs?"""
OF_TURNS: Final = "kind in ('begin', 'drop')"
"""In SQL: is it about runs that wait for their turn?"""
AT_ONCE: Final = 4
"""So many works go on side by side, a batch each at every look of the clock."""


class Bulk(msgspec.Struct, frozen=True):
    """`done` of `total` runs so far."""

    id: int
    kind: Kind
    rule_id: RuleId | None
    total: int
    done: int
    state: Literal["running", "finished", "stopped"]
    begun_at: datetime


class Order(msgspec.Struct, frozen=True):
    """A work as its kind carries it out: runs after `at_id` up to `upto_id`. `of_id`: the work that it takes back."""

    id: int
    kind: Kind
    rule_id: RuleId
    filter: str
    upto_id: int
    at_id: int
    of_id: int


class Moved(msgspec.Struct, frozen=True):
    """What a batch did: so many runs, the last of them, whether the work is over, the slots to ring."""

    runs: int
    at_id: int
    over: bool
    slots: frozenset[int] = frozenset()


Carry = Callable[[AsyncConnection, Order], Awaitable[Moved]]

_BULK: Final = "id, kind, rule_id, total, done, state, created_at as begun_at"


async def begin(
    conn: AsyncConnection,
    kind: Kind,
    *,
    upto_id: int,
    total: int,
    actor: str,
    which: str = "{}",
    rule_id: RuleId | None = None,
    of_id: int | None = None,
    at_id: int = 0,
) -> Bulk:
    """A work that the clock carries out, on runs after `at_id`. `which` is JSON that its kind understands."""
    made = await conn.execute(
        text(f"""
            insert into app.bulk (kind, rule_id, of_id, filter, at_id, upto_id, total, actor)
            values (:kind, :rule_id, :of_id, cast(cast(:filter as text) as jsonb), :at_id, :upto_id, :total, :actor)
            returning {_BULK}
        """),
        {
            "kind": kind,
            "rule_id": rule_id,
            "of_id": of_id,
            "filter": which,
            "at_id": at_id,
            "upto_id": upto_id,
            "total": total,
            "actor": actor,
        },
    )
    return _bulk(made.one())


async def read(conn: AsyncConnection, bulk_id: int) -> Bulk:
    """NotFound where there is none."""
    found = await conn.execute(text(f"select {_BULK} from app.bulk where id = :id"), {"id": bulk_id})
    if (row := found.one_or_none()) is None:
        raise NotFound(f"There is no work on many runs {bulk_id}.")
    return _bulk(row)


async def latest(conn: AsyncConnection, rule_id: RuleId, which: str = OF_HELD) -> Bulk | None:
    """What was begun last with the rule's held runs, or with those that wait their turn."""
    found = await conn.execute(
        text(f"select {_BULK} from app.bulk where rule_id = :rule and {which} order by id desc limit 1"),
        {"rule": rule_id},
    )
    row = found.one_or_none()
    return None if row is None else _bulk(row)


async def stop(conn: AsyncConnection, bulk_id: int) -> Bulk:
    """What was done stays done; no further run is touched."""
    await conn.execute(
        text("""
            update app.bulk set state = 'stopped', finished_at = clock_timestamp()
            where id = :id and state = 'running'
        """),
        {"id": bulk_id},
    )
    return await read(conn, bulk_id)


async def go_on(conn: AsyncConnection, kinds: Mapping[Kind, Carry]) -> set[int]:
    """One batch of each of the oldest works that go on. Returns the slots to ring.

    Held runs are let run when a stop of their rule is over: it is not about them, and could not tell them from others.
    """
    found = await conn.execute(
        text("""
            select id, kind, coalesce(rule_id, 0) as rule_id, filter::text as filter, upto_id, at_id,
              coalesce(of_id, 0) as of_id
            from app.bulk b where state = 'running' and not (kind = 'release' and exists (
              select from app.bulk s where s.rule_id = b.rule_id and s.kind = 'stop' and s.state = 'running'))
            order by id limit :most for update of b skip locked
        """),
        {"most": AT_ONCE},
    )
    slots: set[int] = set()
    for row in found.all():
        order = msgspec.convert(dict(row._mapping), Order)
        moved = await kinds[order.kind](conn, order)
        await conn.execute(
            text("""
                update app.bulk set done = done + :runs, at_id = greatest(at_id, :at_id),
                  state = case when :over then 'finished' else state end,
                  finished_at = case when :over then clock_timestamp() end
                where id = :id
            """),
            {"id": order.id, "runs": moved.runs, "at_id": moved.at_id, "over": moved.over},
        )
        slots |= moved.slots
    return slots


def _bulk(row: Row[Any]) -> Bulk:
    return msgspec.convert(dict(row._mapping), Bulk)
