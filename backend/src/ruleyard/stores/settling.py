"""Waiting runs whose record is not quiet yet: found by a newer change, which is taken into them. Knows app.run only."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Final, TypeAlias

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.cause import cause_of
from ruleyard.core.event import Event
from ruleyard.core.types import LogId, RuleId, RunId, VersionId

Key: TypeAlias = tuple[RuleId, str, str]
"""Rule, table and record."""

CHANGES: Final = ("insert", "update", "delete")


class Unsettled(msgspec.Struct, frozen=True):
    """A run that waits for its record to be quiet, ours until the transaction ends. `merges`: of newer changes."""

    id: RunId
    event_on: date
    shelf: int
    rule_id: RuleId
    version_id: VersionId
    event: Event
    merges: int
    settle_s: float = 0


async def unsettled(conn: AsyncConnection, log: LogId, keys: Collection[Key]) -> dict[Key, Unsettled]:
    """The runs that wait so for these records. One that somebody else has is passing on: it is not among them."""
    rows = await conn.execute(
        text("""
            select r.id, r.event_on, r.shelf, r.rule_id, r.version_id, r.event::text as event,
              coalesce(r.merges, 0) as merges, r.record_table, r.record_key
            from unnest(cast(:rules as bigint[]), cast(:tables as text[]), cast(:records as text[]))
              as k(rule_id, record_table, record_key)
            join app.run r on r.rule_id = k.rule_id and r.record_table = k.record_table and r.record_key = k.record_key
              and r.log = :log and r.state in ('queued', 'running', 'waiting')
            where r.state = 'waiting' and r.turn = 'settle'
            order by r.id for update of r skip locked
        """),
        {
            "log": log,
            "rules": [rule for rule, _, _ in keys],
            "tables": [table for _, table, _ in keys],
            "records": [record for _, _, record in keys],
        },
    )
    return {
        (RuleId(row.rule_id), row.record_table, row.record_key): Unsettled(
            RunId(row.id),
            row.event_on,
            row.shelf,
            RuleId(row.rule_id),
            VersionId(row.version_id),
            msgspec.json.decode(row.event, type=Event),
            row.merges,
        )
        for row in rows
    }


async def take_in(conn: AsyncConnection, runs: Sequence[Unsettled]) -> None:
    """Each of these waits anew, with the change that its record came to, by the version that is live."""
    if not runs:
        return
    rows = []
    for one in runs:
        cause = cause_of(one.event)
        rows.append(
            {
                "id": one.id,
                "event_on": one.event_on.isoformat(),
                "shelf": one.shelf,
                "version_id": one.version_id,
                "event": msgspec.to_builtins(one.event),
                "merges": one.merges,
                "settle_s": one.settle_s,
                "cause_run": None if cause is None else cause.run,
                "root_run": None if cause is None else cause.root,
                "depth": 0 if cause is None else cause.depth,
            }
        )
    await conn.execute(
        text("""
            update app.run r set version_id = n.version_id, event = n.event, merges = n.merges, related = null,
              not_before = clock_timestamp() + make_interval(secs => n.settle_s),
              cause_run = case when n.depth > r.depth then n.cause_run else r.cause_run end,
              root_run = case when n.depth > r.depth then n.root_run else r.root_run end,
              depth = greatest(n.depth, r.depth)
            from jsonb_to_recordset(cast(cast(:rows as text) as jsonb)) as n(
              id bigint, event_on date, shelf smallint, version_id bigint, event jsonb, merges integer, settle_s float8,
              cause_run bigint, root_run bigint, depth smallint)
            where r.id = n.id and r.event_on = n.event_on and r.shelf = n.shelf
        """),
        {"rows": msgspec.json.encode(rows).decode()},
    )


async def taken_into(conn: AsyncConnection, rule_id: RuleId, event: Event) -> RunId | None:
    """The run of an earlier change of the record that this one was taken into; None where there is none."""
    found = await conn.execute(
        text("""
            select id from app.run
            where record_table = :table and record_key = :record and rule_id = :rule and log = :log
              and event_id < :event and merges is not null
              and cast(event ->> 'at' as timestamptz) >= cast(:at as timestamptz)
            order by id desc limit 1
        """),
        {
            "table": event.table,
            "record": event.record_key,
            "rule": rule_id,
            "log": event.log,
            "event": event.id,
            "at": datetime.fromisoformat(event.at),
        },
    )
    run = found.scalar_one_or_none()
    return None if run is None else RunId(run)
