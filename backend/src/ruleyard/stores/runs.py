"""Runs: opened by lanes, claimed under a lease, written under a fence.

The lease is on the database's clock. Every claim adds one to `attempt`, and whoever writes a run's state or
steps must say the attempt it claimed: a worker that was paused and wakes up late changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import msgspec
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.errors import NotFound
from ruleyard.core.event import Event
from ruleyard.core.related import Related
from ruleyard.core.trace import StepError
from ruleyard.core.types import JSON, RuleId, RunId, RunState, VersionId
from ruleyard.stores.gone import no_run

LEASE_S: Final = 10
"""A run whose worker is silent this long is taken over: with the sweep and the bell within 15 s."""

DEATHS: Final = 3
"""A run that was running when its worker died this often is not tried again."""
SUSPECTS: Final = 8
"""Runs that were there when a worker died are performed so many at a time, after a second death alone: then the
third is certainly their own, and not their neighbour's."""


class Run(msgspec.Struct, frozen=True):
    """One run as stored. Instants are UTC ISO text."""

    id: RunId
    rule_id: RuleId
    version_id: VersionId
    event: Event
    related: Related | None
    slot: int
    record_table: str
    record_key: str
    state: RunState
    path: str
    error: str
    attempt: int
    deaths: int
    wake_at: str | None
    created_at: str
    started_at: str | None
    finished_at: str | None


def utc(column: str, name: str) -> str:
    """SQL: a timestamptz column as UTC ISO text under `name`."""
    return f"""to_char({column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"') as {name}"""


async def renew(
    conn: AsyncConnection, held: Sequence[tuple[RunId, int]], *, lease_s: float = LEASE_S
) -> set[RunId]:
    """Heartbeat: prolongs the leases of (run, attempt). Returns those that are still ours."""
    if not held:
        return set()
    kept = await conn.execute(
        text("""
            update app.run r set lease_until = clock_timestamp() + make_interval(secs => :lease_s)
            from unnest(cast(:ids as bigint[]), cast(:attempts as integer[])) as h(id, attempt)
            where r.id = any(cast(:ids as bigint[])) and r.id = h.id and r.attempt = h.attempt
              and r.state = 'running'
            returning r.id
        """),
        {
            "ids": [run for run, _ in held],
            "attempts": [attempt for _, attempt in held],
            "lease_s": float(lease_s),
        },
    )
    return {RunId(row.id) for row in kept}


async def forgive(conn: AsyncConnection, held: Sequence[tuple[RunId, int]]) -> None:
    """Taken away from a worker that was only silent (frozen, cut off): that was no death."""
    if held:
        await conn.execute(
            text("""
                update app.run r set deaths = r.deaths - 1
                from unnest(cast(:ids as bigint[]), cast(:attempts as integer[])) as h(id, attempt)
                where r.id = any(cast(:ids as bigint[])) and r.id = h.id and r.attempt >= h.attempt and r.deaths > 0
                  and r.state in ('queued', 'running', 'waiting')
            """),
            {"ids": [run for run, _ in held], "attempts": [attempt for _, attempt in held]},
        )


async def release(conn: AsyncConnection, held: Sequence[tuple[RunId, int]]) -> None:
    """Gives back runs that were claimed and not begun: they are queued again at once."""
    if held:
        await conn.execute(
            text("""
                update app.run r set state = 'queued', leased_by = null, lease_until = null
                from unnest(cast(:ids as bigint[]), cast(:attempts as integer[])) as h(id, attempt)
                where r.id = any(cast(:ids as bigint[])) and r.id = h.id and r.attempt = h.attempt
              and r.state = 'running'
            """),
            {"ids": [run for run, _ in held], "attempts": [attempt for _, attempt in held]},
        )


async def due_slots(conn: AsyncConnection) -> list[int]:
    """Wakes runs whose wait is over, and says which slots have queued runs."""
    await conn.execute(
        text("""
            with over as materialized (
              select id, event_on, shelf from app.run where state = 'waiting' and wake_at <= clock_timestamp()
              order by wake_at limit 1000 for update skip locked
            )
            update app.run r set state = 'queued', wake_at = null
            from over
            where r.id = over.id and r.event_on = over.event_on and r.shelf = over.shelf and r.state = 'waiting'
        """)
    )
    slots = await conn.execute(
        text("""
            select s.slot from generate_series(0, 15) as s(slot)
            where exists (select from app.run r where r.slot = s.slot and r.state = 'queued')
        """)
    )
    return [row.slot for row in slots]


async def shorten_leases(conn: AsyncConnection) -> None:
    """No lease is longer than it is given for: one that is was given before our database's clock was set back."""
    await conn.execute(
        text("""
            update app.run set lease_until = clock_timestamp() + make_interval(secs => :lease_s)
            where state = 'running' and lease_until > clock_timestamp() + make_interval(secs => 2 * :lease_s)
        """),
        {"lease_s": float(LEASE_S)},
    )


async def sweep_leases(conn: AsyncConnection) -> list[int]:
    """Takes runs away from workers that are silent: queued again, or failed after the third death.

    Returns the slots to ring.
    """
    words = f"Stopped after its worker died {DEATHS} times while performing it. Retry by hand."
    swept = await conn.execute(
        text("""
            with silent as (
              select id, event_on, shelf from app.run
              where state = 'running' and lease_until < clock_timestamp()
              order by lease_until limit 1000 for update skip locked
            ), moved as (
              update app.run r set
                deaths = r.deaths + 1,
                state = case when r.deaths + 1 >= :deaths then 'failed' else 'queued' end,
                error = case when r.deaths + 1 >= :deaths then :words else r.error end,
                fault = case when r.deaths + 1 >= :deaths then cast(cast(:fault as text) as jsonb) else r.fault end,
                finished_at = case when r.deaths + 1 >= :deaths then clock_timestamp() end,
                leased_by = null, lease_until = null
              from silent
              where r.id = silent.id and r.event_on = silent.event_on and r.shelf = silent.shelf
                and r.state = 'running'
              returning r.id, r.slot, r.state, r.event_on, r.shelf
            ), broken as (
              update app.step s set
                state = 'failed', finished_at = clock_timestamp(),
                error = cast(cast(:fault as text) as jsonb)
              from moved m
              where s.run_id = m.id and s.event_on = m.event_on and s.shelf = m.shelf
                and m.state = 'failed' and s.state = 'running'
              returning s.id, s.event_on, s.shelf
            ), unknown as (
              update app.attempt a set outcome = 'unknown', finished_at = clock_timestamp()
              from broken
              where a.step_id = broken.id and a.event_on = broken.event_on and a.shelf = broken.shelf
                and a.outcome = 'running'
            )
            select distinct slot from moved where state = 'queued' order by slot
        """),
        {
            "deaths": DEATHS,
            "words": words,
            "fault": msgspec.json.encode(
                StepError(code="quarantined", message=words, args={"deaths": DEATHS})
            ).decode(),
        },
    )
    return [row.slot for row in swept]


RUN: Final = f"""
    id, rule_id, version_id, event::text as event, related::text as related, slot,
    record_table, record_key, state, path, error,
    attempt, deaths,
    {utc("wake_at", "wake_at")}, {utc("created_at", "created_at")},
    {utc("started_at", "started_at")}, {utc("finished_at", "finished_at")}
"""


def run_of(row: Row[Any]) -> Run:
    values = dict(row._mapping)
    values["event"] = msgspec.json.decode(values["event"])
    values["related"] = None if values["related"] is None else msgspec.json.decode(values["related"])
    return msgspec.convert(values, Run)


async def get_run(conn: AsyncConnection, run_id: RunId) -> Run:
    """NotFound where there is none (RunGone: any more)."""
    row = (
        await conn.execute(text(f"select {RUN} from app.run where id = :id"), {"id": run_id})
    ).one_or_none()
    if row is None:
        raise await no_run(conn, run_id)
    return run_of(row)


async def keep_related(conn: AsyncConnection, run_id: RunId, attempt: int, related: Related) -> None:
    """Stores what was seen of related records, once and for all. Nothing where the run is not ours any more."""
    await conn.execute(
        text("""
            update app.run set related = cast(cast(:related as text) as jsonb)
            where id = :id and attempt = :attempt and related is null
        """),
        {"id": run_id, "attempt": attempt, "related": msgspec.json.encode(related).decode()},
    )


async def version_document(conn: AsyncConnection, version_id: VersionId) -> JSON:
    """The rule document of a published version. NotFound where there is none."""
    found = await conn.execute(
        text("select document::text as document from app.version where id = :id"), {"id": version_id}
    )
    row = found.one_or_none()
    if row is None:
        raise NotFound(f"There is no version {version_id}.")
    document: JSON = msgspec.json.decode(row.document)
    return document
