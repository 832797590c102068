"""Emit: write an event that no table wrote (a tick, a manual firing) into our own event log.

In the caller's transaction, so it exists exactly when what caused it does.
"""

from __future__ import annotations

from typing import Final, Literal

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.types import EventId, JSONObject, RuleId

TABLES: Final = {"tick": "@schedule", "manual": "@manual", "webhook": "@webhook"}


async def emit(
    conn: AsyncConnection,
    rule_id: RuleId,
    op: Literal["tick", "manual", "webhook"],
    after: JSONObject | None,
    *,
    before: JSONObject | None = None,
    cause: str | None = None,
    actor: str | None = None,
    request: str | None = None,
) -> EventId:
    """The new event's id in our own log. `after` is what rule data sees as `after`.

    `request`: each request is a record of its own. Without one, all events of the rule count as one record.
    """
    key: JSONObject = {"rule": rule_id}
    if request is not None:
        key["request"] = request
    made = await conn.execute(
        text("select ruleyard.emit(:table, :op, :key, :before, :after, :cause, :actor)"),
        {
            "table": TABLES[op],
            "op": op,
            "key": key,
            "before": before,
            "after": after,
            "cause": cause,
            "actor": actor,
        },
    )
    return EventId(made.scalar_one())
