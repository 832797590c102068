"""Pauses: rules that Ruleyard itself switches off because they wake themselves, and who is told.

A pause holds until a person switches the rule on again. Knows nothing of how it is noticed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.trace import StepError
from ruleyard.core.types import AccountId, LogId, RuleId
from ruleyard.stores import audit
from ruleyard.stores.generation import bump_generation
from ruleyard.stores.owners import tell_owner
from ruleyard.stores.schedules import stop_schedule
from ruleyard.stores.versions import set_enabled

_LAST_OF_RECORD: Final = 200
_LAST_STOPS: Final = 1000


class Record(msgspec.Struct, frozen=True):
    """A record that a rule's run was set off on, by another run."""

    rule_id: RuleId
    log: LogId
    table: str
    key: str


class Ruleyard(msgspec.Struct, frozen=True):
    """Who the audit log says it was."""

    actor: str = "Ruleyard"
    account_id: AccountId | None = None
    api_key_id: int | None = None


async def busiest(conn: AsyncConnection, records: Sequence[Record]) -> dict[RuleId, int]:
    """By rule: how often other runs set it off on one of these records within the last minute, at the most."""
    if not records:
        return {}
    rows = await conn.execute(
        text("""
            select w.rule_id, max(c.runs)::bigint as runs
            from unnest(cast(:rules as bigint[]), cast(:logs as bigint[]), cast(:tables as text[]),
              cast(:keys as text[])) as w(rule_id, log, record_table, record_key)
            cross join lateral (
              select count(*) as runs from (
                select rule_id, log, depth, created_at from app.run
                where record_table = w.record_table and record_key = w.record_key order by id desc limit :last) r
              where r.rule_id = w.rule_id and r.log = w.log and r.depth > 0
                and r.created_at > now() - interval '1 minute'
            ) c
            group by w.rule_id
        """),
        {
            "rules": [one.rule_id for one in records],
            "logs": [one.log for one in records],
            "tables": [one.table for one in records],
            "keys": [one.key for one in records],
            "last": _LAST_OF_RECORD,
        },
    )
    return {RuleId(row.rule_id): row.runs for row in rows}


async def stops(conn: AsyncConnection, rules: Sequence[RuleId]) -> dict[RuleId, int]:
    """By rule: how many of its runs within the last minute were the end of a chain that was too long."""
    if not rules:
        return {}
    rows = await conn.execute(
        text("""
            select w.rule_id, c.stopped
            from unnest(cast(:rules as bigint[])) as w(rule_id)
            cross join lateral (
              select count(*) as stopped from (
                select fault, created_at from app.run
                where rule_id = w.rule_id and depth > 0 order by created_at desc limit :last) r
              where r.created_at > now() - interval '1 minute' and r.fault ->> 'code' = 'chain-too-long'
            ) c
        """),
        {"rules": list(rules), "last": _LAST_STOPS},
    )
    return {RuleId(row.rule_id): row.stopped for row in rows}


async def pause(conn: AsyncConnection, rule_id: RuleId, why: StepError) -> bool:
    """Switches the rule off, notes why, and tells its owner once. False where it is off already."""
    row = (
        await conn.execute(text("select enabled from app.rule where id = :id for update"), {"id": rule_id})
    ).one()
    if not row.enabled:
        return False
    await set_enabled(conn, rule_id, enabled=False)
    await stop_schedule(conn, rule_id)
    noted = await conn.execute(
        text("""
            update app.rule set paused = cast(cast(:why as text) as jsonb), paused_at = now()
            where id = :id returning to_char(paused_at, 'YYYYMMDDHH24MISSUS') as moment
        """),
        {"id": rule_id, "why": msgspec.json.encode(why).decode()},
    )
    key = f"paused:{rule_id}:{noted.scalar_one()}"
    await bump_generation(conn)
    await audit.record(conn, Ruleyard(), "pause rule", f"rule:{rule_id}", {"reason": why.message})
    await tell_owner(conn, rule_id, key=key, title="“%s” was paused", why=why)
    return True
