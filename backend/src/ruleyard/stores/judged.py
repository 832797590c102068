"""By the hour: how many events somebody listened to, and what each version that was asked about them said.

A version is asked about an event where the index cannot rule it out. Not matching writes nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.trace import StepError
from ruleyard.core.types import LogId, RuleId, VersionId


class Tally(msgspec.Struct):
    """What one batch came to for one version; `fault` is the last of its `errors`."""

    rule_id: RuleId
    matched: int = 0
    unmatched: int = 0
    errors: int = 0
    fault: StepError | None = None


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


class Heard(msgspec.Struct):
    """Events of one table and operation that some rule listens to.

    `passed_over`: pairs of an event and a rule that listens to it but certainly does not match, so was not asked.
    """

    events: int = 0
    passed_over: int = 0


async def count_heard(
    conn: AsyncConnection, log: LogId, lane: int, heard: Mapping[tuple[str, str], Heard]
) -> None:
    """Add a batch's events to the current hour, by (table, operation)."""
    if not heard:
        return
    ordered = sorted(heard.items())
    await conn.execute(
        text("""
            insert into app.heard as h (log, lane, hour, table_name, op, events, passed_over)
            select :log, :lane, date_trunc('hour', now()), t.table_name, t.op, t.events, t.passed_over
            from unnest(cast(:tables as text[]), cast(:ops as text[]), cast(:events as bigint[]),
              cast(:passed_over as bigint[])) as t(table_name, op, events, passed_over)
            on conflict (hour, log, lane, table_name, op) do update set
              events = h.events + excluded.events, passed_over = h.passed_over + excluded.passed_over
        """),
        {
            "log": log,
            "lane": lane,
            "tables": [table for (table, _), _ in ordered],
            "ops": [op for (_, op), _ in ordered],
            "events": [one.events for _, one in ordered],
            "passed_over": [one.passed_over for _, one in ordered],
        },
    )
