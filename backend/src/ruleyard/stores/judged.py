"""Judged: how many events each version was asked about, by the hour. Not matching writes nothing else."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.types import LogId, RuleId, VersionId


class Tally(msgspec.Struct):
    """What one batch came to for one version."""

    rule_id: RuleId
    matched: int = 0
    unmatched: int = 0
    errors: int = 0


async def count_judged(
    conn: AsyncConnection, log: LogId, lane: int, tallies: Mapping[VersionId, Tally]
) -> None:
    """Add a batch's tallies to the current hour, in the order of the versions."""
    if not tallies:
        return
    ordered = sorted(tallies.items())
    await conn.execute(
        text("""
            insert into app.judged as j (rule_id, version_id, hour, lane, log, matched, unmatched, errors)
            select t.rule_id, t.version_id, date_trunc('hour', now()), :lane, :log,
              t.matched, t.unmatched, t.errors
            from unnest(cast(:rules as bigint[]), cast(:versions as bigint[]), cast(:matched as bigint[]),
              cast(:unmatched as bigint[]), cast(:errors as bigint[])
            ) as t(rule_id, version_id, matched, unmatched, errors)
            on conflict (version_id, hour, log, lane) do update set
              matched = j.matched + excluded.matched, unmatched = j.unmatched + excluded.unmatched,
              errors = j.errors + excluded.errors
        """),
        {
            "lane": lane,
            "log": log,
            "versions": [version for version, _ in ordered],
            "rules": [tally.rule_id for _, tally in ordered],
            "matched": [tally.matched for _, tally in ordered],
            "unmatched": [tally.unmatched for _, tally in ordered],
            "errors": [tally.errors for _, tally in ordered],
        },
    )
