"""Item runs: opened together for a list, counted when one ends, and the answer for the run that rests for them.

An item run is a row of app.run with a parent: a record of its own to the claim's order, so nothing else waits for it or
makes it wait. Where a list stops at its first failure, its items are one record, and go one after the other.
Whoever ends an item asks `answer_for`; the clock asks for those whose worker died (`answer_ended`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import msgspec
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.awaiting import Answer
from ruleyard.core.items import ITEMS, Counts, failure_of
from ruleyard.core.json_text import without_nul
from ruleyard.core.types import JSON, NodeId, RunId
from ruleyard.stores import awaited
from ruleyard.stores.awaited import Woken
from ruleyard.stores.cancelling import CANCELLED, LEFT_OPEN

ITEM_LOG: Final = -1
TABLE: Final = "@item"
AT_ONCE: Final = 200
_OPEN: Final = "state in ('queued', 'running', 'waiting')"


class ItemPlace(msgspec.Struct, frozen=True):
    """Which list of which run. `place`: of the node in its version, so that numbers are its own."""

    run_id: RunId
    node: NodeId
    place: int = 0


async def open_items(
    conn: AsyncConnection,
    at: ItemPlace,
    attempt: int,
    values: Sequence[JSON],
    *,
    in_order: bool,
    again: bool,
) -> bool:
    """One run for each value, once. `again`: those that failed or were cancelled are tried again.

    False: the run is not ours any more, and nothing was done.
    """
    found = await conn.execute(
        text("""
            select event_on from app.run where id = :id and attempt = :attempt and state = 'running' for update
        """),
        {"id": at.run_id, "attempt": attempt},
    )
    event_on = found.scalar_one_or_none()
    if event_on is None:
        return False
    there = await conn.execute(
        text("select exists (select from app.run where parent_run = :id and parent_node = :node)"),
        {"id": at.run_id, "node": at.node},
    )
    if there.scalar_one():
        if again:
            await try_again(conn, at.run_id, at.node, failed_only=False)
        return True
    await conn.execute(
        text("""
            insert into app.run (rule_id, version_id, log, event_id, event, related, slot, record_table, record_key,
              depth, state, event_on, parent_run, parent_node, item_index, item)
            select p.rule_id, p.version_id, :log, p.id * 1048576 + :place * 1024 + (n.number - 1), p.event, p.related,
              p.slot, :table,
              concat_ws(':', p.id, cast(:node as text), case when :in_order then null else n.number end),
              0, 'queued', p.event_on, p.id, :node, n.number - 1, n.value
            from app.run p,
              jsonb_array_elements(cast(cast(:values as text) as jsonb)) with ordinality as n(value, number)
            where p.id = :id and p.event_on = :event_on
            order by n.number
        """),
        {
            "id": at.run_id,
            "event_on": event_on,
            "node": at.node,
            "place": at.place,
            "log": ITEM_LOG,
            "table": TABLE,
            "in_order": in_order,
            "values": without_nul(msgspec.json.encode(list(values))).decode(),
        },
    )
    return True


async def try_again(conn: AsyncConnection, run_id: RunId, node: NodeId, *, failed_only: bool) -> list[int]:
    """Queues the items that failed (and those that were cancelled) again. The slots to ring.

    Those whose message nobody knows of are left: somebody has to say first whether it arrived.
    """
    states = "('failed')" if failed_only else "('failed', 'cancelled')"
    moved = await conn.execute(
        text(f"""
            with again as (
              update app.run set state = 'queued', error = '', fault = null, deaths = 0, finished_at = null,
                wake_at = null
              where parent_run = :run and parent_node = :node and state in {states}
                and fault ->> 'code' is distinct from :unknown
              returning id, slot, event_on, shelf
            ), steps as (
              update app.step s set state = 'waiting', finished_at = null
              from again r where s.run_id = r.id and s.event_on = r.event_on and s.shelf = r.shelf
                and s.state = 'failed' and s.branch is null
            )
            select slot from again
        """),
        {"run": run_id, "node": node, "unknown": "outcome-unknown"},
    )
    return [row.slot for row in moved]


_COUNTS: Final = """
    count(*) as count, count(*) filter (where state = 'succeeded') as succeeded,
    count(*) filter (where state = 'failed') as failed, count(*) filter (where state = 'skipped') as skipped,
    count(*) filter (where state = 'cancelled') as cancelled,
    count(*) filter (where state in ('queued', 'running', 'waiting')) as open,
    min(item_index) filter (where state = 'failed') as failed_at
"""


async def counts(conn: AsyncConnection, run_id: RunId, node: NodeId) -> Counts:
    found = await conn.execute(
        text(f"select {_COUNTS} from app.run where parent_run = :run and parent_node = :node"),
        {"run": run_id, "node": node},
    )
    return msgspec.convert(dict(found.one()._mapping), Counts)


async def all_counts(conn: AsyncConnection, run_id: RunId) -> dict[NodeId, Counts]:
    """Of every list of a run that was gone through."""
    found = await conn.execute(
        text(f"select parent_node, {_COUNTS} from app.run where parent_run = :run group by 1 order by 1"),
        {"run": run_id},
    )
    return {NodeId(row.parent_node): _counts(row) for row in found}


def _counts(row: Row[Any]) -> Counts:
    return msgspec.convert({name: getattr(row, name) for name in Counts.__struct_fields__}, Counts)


async def answer_of(conn: AsyncConnection, run_id: RunId, node: NodeId, *, in_order: bool) -> Answer | None:
    """What came of the list; None while an item goes on. Where the first failure stops it, the rest is cancelled."""
    if not in_order and await _any_open(conn, run_id, node):
        return None
    found = await counts(conn, run_id, node)
    if in_order and found.failed and found.open:
        await _leave_out(conn, run_id, node)
        found = await counts(conn, run_id, node)
    if found.open:
        return None
    return Answer(output=found.output, error=failure_of(found) if in_order and found.failed else None)


async def _any_open(conn: AsyncConnection, run_id: RunId, node: NodeId) -> bool:
    found = await conn.execute(
        text(f"""
            select exists (select from app.run where parent_run = :run and parent_node = :node and {_OPEN})
        """),
        {"run": run_id, "node": node},
    )
    return bool(found.scalar_one())


async def _leave_out(conn: AsyncConnection, run_id: RunId, node: NodeId) -> None:
    await conn.execute(
        text(f"""
            with cancelled as (
              update app.run set {CANCELLED}
              where parent_run = :run and parent_node = :node and {_OPEN} returning id, event_on, shelf
            ), {LEFT_OPEN}
            select count(*) from cancelled
        """),
        {"run": run_id, "node": node},
    )


async def answer_for(conn: AsyncConnection, run_id: RunId, node: NodeId, *, in_order: bool) -> Woken | None:
    """After an item ended: answers the run that rests for the list, where it was the last."""
    given = await answer_of(conn, run_id, node, in_order=in_order)
    return None if given is None else await awaited.answer(conn, run_id, node, given)


async def cancel_of(conn: AsyncConnection, runs: Sequence[RunId]) -> None:
    """The items of runs that were cancelled end, too."""
    if runs:
        await conn.execute(
            text(f"""
                with cancelled as (
                  update app.run set {CANCELLED}
                  where parent_run = any(cast(:runs as bigint[])) and {_OPEN} returning id, event_on, shelf
                ), {LEFT_OPEN}
                select count(*) from cancelled
            """),
            {"runs": list(runs)},
        )


async def answer_ended(conn: AsyncConnection) -> None:
    """The net: answers runs all of whose items have ended while nobody said so, and ends items of cancelled runs."""
    rows = await conn.execute(
        text(f"""
            select a.run_id, a.node_id, coalesce(cast(a.what ->> 'in_order' as boolean), false) as in_order
            from app.awaited a
            where a.kind = :kind and a.answered_at is null
              and (not exists (select from app.run c
                where c.parent_run = a.run_id and c.parent_node = a.node_id and c.{_OPEN})
              or coalesce(cast(a.what ->> 'in_order' as boolean), false) and exists (select from app.run c
                where c.parent_run = a.run_id and c.parent_node = a.node_id and c.state = 'failed'))
            order by a.run_id limit :most
        """),
        {"kind": ITEMS, "most": AT_ONCE},
    )
    for row in rows.all():
        await answer_for(conn, RunId(row.run_id), NodeId(row.node_id), in_order=row.in_order)
    left = await conn.execute(
        text(f"""
            select distinct c.parent_run from app.run c
            join app.run p on p.id = c.parent_run and p.event_on = c.event_on
            where c.parent_run is not null and c.{_OPEN} and p.state = 'cancelled' limit :most
        """),
        {"most": AT_ONCE},
    )
    await cancel_of(conn, [RunId(row.parent_run) for row in left])
