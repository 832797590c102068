"""Drift: live versions that no longer fit the tables they were published for. Knows nothing of how that was found."""

from __future__ import annotations

from collections.abc import Collection

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.errors import Problem
from ruleyard.core.trace import StepError
from ruleyard.core.types import JSON, RuleId, VersionId


class Drift(msgspec.Struct, frozen=True):
    """`blocks`: something that the rule reads is gone, so its runs end with `reason`."""

    rule_id: RuleId
    version_id: VersionId
    problems: tuple[Problem, ...]
    reason: str
    blocks: bool


async def note_drift(conn: AsyncConnection, drift: Drift) -> bool:
    """Keeps or renews it. True where this version was not known to have drifted."""
    kept = await conn.execute(
        text("""
            with known as (select version_id from app.drift where rule_id = :rule_id)
            insert into app.drift (rule_id, version_id, problems, reason, blocks)
            values (:rule_id, :version_id, cast(cast(:problems as text) as jsonb), :reason, :blocks)
            on conflict (rule_id) do update set version_id = excluded.version_id, problems = excluded.problems,
              reason = excluded.reason, blocks = excluded.blocks
            returning not exists (select from known where version_id = :version_id)
        """),
        {
            "rule_id": drift.rule_id,
            "version_id": drift.version_id,
            "problems": msgspec.json.encode(drift.problems).decode(),
            "reason": drift.reason,
            "blocks": drift.blocks,
        },
    )
    return bool(kept.scalar_one())


async def forget_drift(conn: AsyncConnection, fitting: Collection[VersionId]) -> list[RuleId]:
    """Forgets these versions, and those that are not live any more. Returns the rules that were listed."""
    gone = await conn.execute(
        text("""
            delete from app.drift d
            where version_id = any(cast(:fitting as bigint[])) or not exists (
              select from app.rule r
              where r.id = d.rule_id and r.enabled and r.archived_at is null and r.live_version_id = d.version_id)
            returning rule_id
        """),
        {"fitting": list(fitting)},
    )
    return [RuleId(rule_id) for rule_id in gone.scalars()]


async def list_drift(conn: AsyncConnection) -> list[Drift]:
    """Every rule that has drifted, by rule."""
    rows = await conn.execute(
        text("select rule_id, version_id, problems::text, reason, blocks from app.drift order by 1")
    )
    return [
        msgspec.convert({**row._mapping, "problems": msgspec.json.decode(row.problems)}, Drift)
        for row in rows
    ]


async def blocked_versions(conn: AsyncConnection) -> dict[VersionId, StepError]:
    """The versions whose runs end with a reason, and the reason."""
    return {drift.version_id: fault_of(drift) for drift in await list_drift(conn) if drift.blocks}


def fault_of(drift: Drift) -> StepError:
    """Drift as what a run fails with: the problem that matters most is named."""
    first = next((one for one in drift.problems if one.message in drift.reason), drift.problems[0])
    told: JSON = {"code": first.code, "message": first.message, "args": first.args}
    return StepError("table-changed", drift.reason, args={"problem": told, "more": len(drift.problems) - 1})


async def rule_name(conn: AsyncConnection, rule_id: RuleId) -> str:
    found = await conn.execute(text("select name from app.rule where id = :id"), {"id": rule_id})
    return str(found.scalar_one())
