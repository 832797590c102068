"""Steps and attempts: what runs did, written for many runs at once, read for one.

`record` is the only way a worker moves a run: state, steps and attempts go in one statement behind the fence
(`attempt`), so a run is never half written and never written by a worker that lost it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final, Literal

import msgspec
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.json_text import without_nul
from ruleyard.core.trace import Step, StepError
from ruleyard.core.types import JSON, NodeId, RunId
from ruleyard.stores.overlap import REPLACED_WORDS
from ruleyard.stores.resting import REGISTERED, Resting, row_of
from ruleyard.stores.runs import utc

Outcome = Literal["running", "succeeded", "failed", "unknown"]


class Attempt(msgspec.Struct, frozen=True):
    """One try at performing an action. Instants are UTC ISO text."""

    node: NodeId
    number: int
    started_at: str
    finished_at: str | None
    outcome: Outcome
    error: StepError | None = None


class Progress(msgspec.Struct, frozen=True):
    """What a worker knows new about a run that it holds.

    `queued` gives the run back. One that has to make way is cancelled where it would wait.
    `fault` is `error` with its code; `wake_in_s` only with state `waiting`; `steps` with their place in the run, new
    or changed ones only. `resting`: what it waits for from outside; `closed`: at which steps that is over.
    """

    run_id: RunId
    attempt: int
    state: Literal["queued", "running", "waiting", "succeeded", "failed", "skipped", "cancelled"]
    path: str = ""
    error: str = ""
    fault: StepError | None = None
    wake_in_s: float | None = None
    steps: tuple[tuple[int, Step], ...] = ()
    attempts: tuple[Attempt, ...] = ()
    resting: Resting | None = None
    closed: tuple[NodeId, ...] = ()


async def record(conn: AsyncConnection, progress: Sequence[Progress]) -> set[RunId]:
    """All in one statement. Returns the runs that were still ours; of the others nothing is written."""
    if not progress:
        return set()
    runs: list[JSON] = []
    steps: list[JSON] = []
    attempts: list[JSON] = []
    resting: list[JSON] = []
    closed: list[JSON] = []
    for one in progress:
        if one.resting is not None:
            resting.append(row_of(one.run_id, one.resting))
        closed += ({"run_id": one.run_id, "node_id": node} for node in one.closed)
        runs.append(
            {
                "id": one.run_id,
                "attempt": one.attempt,
                "state": one.state,
                "path": one.path,
                "error": one.error,
                "fault": msgspec.to_builtins(one.fault),
                "wake_in_s": one.wake_in_s,
            }
        )
        for seq, step in one.steps:
            steps.append(
                {
                    "run_id": one.run_id,
                    "seq": seq,
                    "node_id": step.node,
                    "kind": step.kind,
                    "state": step.state,
                    "branch": step.branch,
                    "seen": msgspec.to_builtins(step.seen),
                    "input": step.input,
                    "output": step.output,
                    "error": msgspec.to_builtins(step.error),
                    "attempts": step.attempts,
                    "started_at": step.started_at,
                    "finished_at": step.finished_at,
                    "until": step.until,
                }
            )
        for tried in one.attempts:
            attempts.append({"run_id": one.run_id, **msgspec.to_builtins(tried)})
    awaited = bool(resting or closed)
    moved = await conn.execute(
        text(
            _RECORD_AWAITED if awaited else _RECORD if attempts else _RECORD_STEPS if steps else _RECORD_RUNS
        ),
        {"ids": [one.run_id for one in progress]}
        | {
            name: without_nul(msgspec.json.encode(rows)).decode()
            for name, rows, needed in (
                ("runs", runs, True),
                ("steps", steps, steps or attempts or awaited),
                ("attempts", attempts, attempts or awaited),
                ("resting", resting, awaited),
                ("closed", closed, awaited),
            )
            if needed
        }
        | {"replaced": REPLACED_WORDS},
    )
    return {RunId(row.id) for row in moved}


_RUNS: Final = """
    with held as (
      select n.*, r.event_on, r.shelf
      from jsonb_to_recordset(cast(cast(:runs as text) as jsonb)) as n(
        id bigint, attempt integer, state text, path text, error text, fault jsonb,
        wake_in_s double precision)
      join app.run r on r.id = n.id
      where r.id = any(cast(:ids as bigint[])) and r.attempt = n.attempt and r.state = 'running'
      order by n.id
      for update of r
    ), moved as (
      update app.run r set
        state = case when h.state = 'waiting' and r.replaced_by is not null then 'cancelled' else h.state end,
        path = h.path,
        error = case when h.state = 'waiting' and r.replaced_by is not null
          then format(cast(:replaced as text), r.replaced_by) else h.error end,
        fault = case when h.state = 'waiting' and r.replaced_by is not null
          then jsonb_build_object('code', 'overlap-replaced', 'message', format(cast(:replaced as text), r.replaced_by),
            'args', jsonb_build_object('run', r.replaced_by)) else h.fault end,
        wake_at = case when h.state = 'waiting' and r.replaced_by is null
          then clock_timestamp() + make_interval(secs => h.wake_in_s) end,
        finished_at = case when h.state in ('succeeded', 'failed', 'skipped', 'cancelled')
          or h.state = 'waiting' and r.replaced_by is not null then clock_timestamp() end,
        leased_by = case when h.state = 'running' then r.leased_by end,
        lease_until = case when h.state = 'running' then r.lease_until end
      from held h
      where r.id = h.id and r.event_on = h.event_on and r.shelf = h.shelf and r.attempt = h.attempt
      returning r.id, r.state, r.event_on, r.shelf
    )"""

_STEPS: Final = """, saved as (
      insert into app.step (run_id, seq, node_id, kind, state, branch, seen, input, output, error, attempts,
        started_at, finished_at, until, event_on, shelf)
      select n.run_id, n.seq, n.node_id, n.kind,
        case when m.state = 'cancelled' and n.state = 'waiting' then 'skipped' else n.state end,
        n.branch, n.seen, n.input, n.output, n.error,
        n.attempts, n.started_at, n.finished_at, n.until, m.event_on, m.shelf
      from jsonb_to_recordset(cast(cast(:steps as text) as jsonb)) as n(
        run_id bigint, seq integer, node_id text, kind text, state text, branch text, seen jsonb, input jsonb,
        output jsonb, error jsonb, attempts integer, started_at timestamptz, finished_at timestamptz,
        until timestamptz)
      join moved m on m.id = n.run_id
      order by n.run_id, n.seq
      on conflict (run_id, node_id, event_on, shelf) do update set
        state = excluded.state, branch = excluded.branch, seen = excluded.seen, input = excluded.input,
        output = excluded.output, error = excluded.error, attempts = excluded.attempts,
        started_at = excluded.started_at, finished_at = excluded.finished_at, until = excluded.until
      returning id, run_id, node_id, event_on, shelf
    )"""

_ATTEMPTS: Final = """, tried as (
      insert into app.attempt (step_id, number, started_at, finished_at, outcome, error, event_on, shelf)
      select s.id, n.number, n.started_at, n.finished_at, n.outcome, n.error, s.event_on, s.shelf
      from jsonb_to_recordset(cast(cast(:attempts as text) as jsonb)) as n(
        run_id bigint, node text, number integer, started_at timestamptz, finished_at timestamptz,
        outcome text, error jsonb)
      join saved s on s.run_id = n.run_id and s.node_id = n.node
      on conflict (step_id, number, event_on, shelf) do update set
        finished_at = excluded.finished_at, outcome = excluded.outcome, error = excluded.error
    )"""

_ANSWER: Final = " select id from moved"
_RECORD_RUNS: Final = _RUNS + _ANSWER
_RECORD_STEPS: Final = _RUNS + _STEPS + _ANSWER
_RECORD: Final = _RUNS + _STEPS + _ATTEMPTS + _ANSWER
_RECORD_AWAITED: Final = _RUNS + _STEPS + _ATTEMPTS + REGISTERED + _ANSWER


def _step(row: Row[Any]) -> Step:
    values = dict(row._mapping)
    del values["run_id"]
    for name in ("seen", "input", "output", "error"):
        values[name] = None if values[name] is None else msgspec.json.decode(values[name])
    return msgspec.convert(values, Step)


_STEP: Final = f"""
    node_id as node, kind, state, branch, seen::text as seen, input::text as input, output::text as output,
    error::text as error, attempts,
    {utc("started_at", "started_at")}, {utc("finished_at", "finished_at")}, {utc("until", "until")}
"""
TOGETHER_BYTES: Final = 32_768
"""Steps of a run that hold more are read when it is performed, alone: many such runs are claimed together."""


async def steps_of_many(
    conn: AsyncConnection, runs: Sequence[RunId], days: Sequence[date]
) -> dict[RunId, tuple[Step, ...]]:
    """The steps of runs whose events are of these days; of each run that has some and not too much in them."""
    rows = await conn.execute(
        text(f"""
            select run_id, {_STEP} from (
              select s.*, sum(coalesce(pg_column_size(input), 0) + coalesce(pg_column_size(output), 0)
                + coalesce(pg_column_size(seen), 0)) over (partition by run_id) as size
              from app.step s where run_id = any(cast(:runs as bigint[])) and event_on = any(cast(:days as date[]))) s
            where size <= :most order by run_id, seq
        """),
        {"runs": list(runs), "days": list(days), "most": TOGETHER_BYTES},
    )
    found: dict[RunId, list[Step]] = {}
    for row in rows:
        found.setdefault(RunId(row.run_id), []).append(_step(row))
    return {run: tuple(steps) for run, steps in found.items()}


async def steps_of(conn: AsyncConnection, run_id: RunId) -> tuple[Step, ...]:
    """The steps of a run in order; empty when it has none (yet)."""
    rows = await conn.execute(
        text(f"select run_id, {_STEP} from app.step where run_id = :id order by seq"), {"id": run_id}
    )
    return tuple(_step(row) for row in rows)


async def attempts_of(conn: AsyncConnection, run_id: RunId) -> dict[NodeId, list[Attempt]]:
    """Every try at every action of a run, by node, in order."""
    rows = await conn.execute(
        text(f"""
            select s.node_id as node, a.number, {utc("a.started_at", "started_at")},
              {utc("a.finished_at", "finished_at")}, a.outcome, a.error::text as error
            from app.step s
            join app.attempt a on a.step_id = s.id and a.event_on = s.event_on and a.shelf = s.shelf
            where s.run_id = :id order by s.seq, a.number
        """),
        {"id": run_id},
    )
    by_node: dict[NodeId, list[Attempt]] = {}
    for row in rows:
        values = dict(row._mapping)
        values["error"] = None if values["error"] is None else msgspec.json.decode(values["error"])
        tried = msgspec.convert(values, Attempt)
        by_node.setdefault(tried.node, []).append(tried)
    return by_node
