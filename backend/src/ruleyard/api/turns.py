"""What waits for its turn, as the rule's screen shows it: counted, and when it goes on."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.api.holding import would_do
from ruleyard.api.shapes.waiting import RunInTurn, WaitingRuns
from ruleyard.core.types import RuleId
from ruleyard.stores import bulk, rules, waiting

SHOWN = 25


async def waiting_runs(
    conn: AsyncConnection, rule_id: RuleId, *, cursor: str | None = None, limit: int = SHOWN
) -> WaitingRuns:
    """NotFound where there is no such rule."""
    row = await rules.rule_row(conn, rule_id)
    found = await waiting.waiting(conn, rule_id)
    shown = await waiting.list_waiting(conn, rule_id, cursor=cursor, limit=limit)
    known = await waiting.starts_of(conn, rule_id)
    first = [at for at in (found.due_first, found.gate_at) if at is not None]
    last = [at for at in (found.due_last, found.gate_last) if at is not None]
    closed = found.closed_until
    if closed is not None:
        first, last = [max(at, closed) for at in first], [max(at, closed) for at in last]
    return WaitingRuns(
        rule_id=rule_id,
        rule_name=row.name,
        count=found.total,
        settle=found.settle,
        batch=found.batch,
        at_gate=found.at_gate,
        next_at=min(first, default=None),
        last_at=max(last, default=None),
        closed_until=closed,
        would_do=would_do(await waiting.groups(conn, rule_id)) if found.total else (),
        work=await bulk.latest(conn, rule_id, bulk.OF_TURNS),
        items=tuple(
            RunInTurn(
                one.id,
                one.record_table,
                one.record_key,
                one.record_label,
                one.turn,
                one.created_at,
                one.not_before
                if one.place is None or known is None
                else waiting.turn_at(known[0], known[1], one.place, closed),
            )
            for one in shown.items
        ),
        next=shown.next,
    )
