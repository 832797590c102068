"""Versions that fail on most of what they are asked: data of another kind than the rule expects, seen in many records.

Their runs fail one by one and in the open; this tells the owner once that it is the rule. Decides nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.trace import StepError
from ruleyard.core.types import RuleId, VersionId
from ruleyard.stores.owners import tell_owner

LEAST: Final = 20
"""Fewer failures in an hour are told of by their runs alone."""


async def tell_undecided(conn: AsyncConnection, faults: Mapping[VersionId, StepError]) -> list[RuleId]:
    """Of versions that could not decide something just now, and why: tells the owners of those that could not decide
    most of this hour, once for each version; gives their rules."""
    if not faults:
        return []
    rows = await conn.execute(
        text("""
            select j.rule_id, j.version_id, sum(j.errors)::bigint as errors from app.judged j
            where j.version_id = any(cast(:versions as bigint[])) and j.hour = date_trunc('hour', now())
              and not exists (select from app.notification where key = 'undecided:' || j.version_id)
            group by 1, 2
            having sum(j.errors) >= :least and sum(j.errors) > sum(j.matched + j.unmatched) order by 1, 2
        """),
        {"versions": list(faults), "least": LEAST},
    )
    found = rows.all()
    for row in found:
        fault = faults[row.version_id]
        await tell_owner(
            conn,
            row.rule_id,
            key=f"undecided:{row.version_id}",
            title="“%s” cannot decide most changes",
            why=StepError(
                "rule-undecided",
                f"It could not decide {row.errors} changes within an hour, so their runs failed. {fault.message}",
                args={"times": row.errors, "why": msgspec.to_builtins(fault)},
            ),
        )
    return [RuleId(row.rule_id) for row in found]
