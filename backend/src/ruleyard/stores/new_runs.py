"""New runs: opened by lanes in the transaction that moves the cursor. One per version and event, whatever happens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.cause import cause_of
from ruleyard.core.event import Event
from ruleyard.core.fuse import FLOOR
from ruleyard.core.graph import Overlap, RunLimit
from ruleyard.core.related import Related
from ruleyard.core.timing import AT_ONCE, Timing
from ruleyard.core.trace import StepError
from ruleyard.core.types import JSON, RuleId, RunId, VersionId
from ruleyard.stores.fuses import HELD_FAULT, keep, share_out
from ruleyard.stores.once import Again, Once, skip_where_done
from ruleyard.stores.overlap import Place, replace_open, skip_where_busy
from ruleyard.stores.turns import first_turn, let_in, set_gates


class NewRun(msgspec.Struct, frozen=True):
    """A run to open: the version that fires, the event that made it fire, the slot that carries it.

    `related`: what was seen of related records; None where nothing was asked, or could not be read.
    `stop`: why it is not performed; it is kept as failed, for people to see.
    `overlap`: the version's, for an open run on the same record. `limit`: the version's, runs an hour.
    `timing`: the version's: what it has to wait for before it begins. `merges`: of newer changes in its event.
    `once`: the version's: whether it may be for its record again.
    """

    rule_id: RuleId
    version_id: VersionId
    event: Event
    slot: int
    related: Related | None = None
    stop: StepError | None = None
    overlap: Overlap = "queue"
    limit: RunLimit = "off"
    timing: Timing = AT_ONCE
    merges: int = 0
    once: Once | None = None


class Opened(msgspec.Struct, frozen=True):
    """The runs that are new, those included that rest as skipped because their record is busy, and held ones.

    `holding`: rules that hold their runs from now on. `slots`: of older runs whose turn it is now.
    """

    runs: tuple[RunId, ...] = ()
    holding: tuple[RuleId, ...] = ()
    slots: frozenset[int] = frozenset()


async def open_runs(conn: AsyncConnection, runs: Sequence[NewRun], *, floor: int = FLOOR) -> Opened:
    """Queues the runs in the given order; one that exists already (version, log, event) is left alone.

    What goes beyond the limit of its rule is held: it waits for a person. `floor`: of automatic limits.
    """
    if not runs:
        return Opened()
    asked: dict[RuleId, tuple[int, RunLimit]] = {}
    for run in runs:
        if run.stop is None:
            asked[run.rule_id] = (asked.get(run.rule_id, (0,))[0] + 1, run.limit)
    shares = await share_out(conn, asked, floor)
    timed = {run.rule_id: (run.version_id, run.timing) for run in runs if run.timing != AT_ONCE}
    if timed:
        await set_gates(conn, timed)
    left = dict(shares.passing)
    rows: list[JSON] = []
    for run in runs:
        held = run.stop is None and left.get(run.rule_id, 1) == 0
        if run.stop is None and left.get(run.rule_id, 0) > 0:
            left[run.rule_id] -= 1
        rows.append(_new_row(run, held=held))
    opened = await conn.execute(
        text("""
            insert into app.run
              (rule_id, version_id, log, event_id, event, related, slot, record_table, record_key,
               cause_run, root_run, depth, fault, error, state, turn, not_before, merges, finished_at,
               event_on)
            select n.rule_id, n.version_id, n.log, n.event_id, n.event, n.related, n.slot, n.record_table,
              n.record_key, n.cause_run, n.root_run, n.depth, n.fault, coalesce(n.fault ->> 'message', ''),
              n.state, n.turn, clock_timestamp() + make_interval(secs => n.after_s), n.merges,
              case when n.state = 'failed' then now() end,
              cast(cast(n.event ->> 'at' as timestamptz) at time zone 'UTC' as date)
            from rows from (
              jsonb_to_recordset(cast(cast(:rows as text) as jsonb)) as (
                rule_id bigint, version_id bigint, log bigint, event_id bigint, event jsonb, related jsonb,
                slot smallint, record_table text, record_key text, cause_run bigint, root_run bigint,
                depth smallint, fault jsonb, state text, turn text, after_s float8, merges integer)
            ) with ordinality as n(
              rule_id, version_id, log, event_id, event, related, slot, record_table, record_key,
              cause_run, root_run, depth, fault, state, turn, after_s, merges, place)
            order by n.place
            on conflict (version_id, log, event_id, event_on, shelf) do nothing
            returning id, event_on, shelf, rule_id, version_id, event_id, state, turn
        """),
        {"rows": msgspec.json.encode(rows).decode()},
    )
    new = opened.all()
    asked_for = {(run.version_id, run.event.id): run for run in runs}
    places = [
        (asked_for[row.version_id, row.event_id], Place(RunId(row.id), row.event_on, row.shelf))
        for row in new
    ]

    def which(overlap: Overlap) -> list[Place]:
        return [place for run, place in places if run.overlap == overlap]

    again = [Again(place, run.once, run.event.at) for run, place in places if run.once is not None]
    skipped = {*await skip_where_done(conn, again)}
    skipped |= {*await skip_where_busy(conn, which("skip"))}
    replaced = await replace_open(conn, which("restart"))
    stay = [row for row in new if row.id not in skipped]
    holding = await keep(
        conn,
        shares,
        passed=Counter(RuleId(row.rule_id) for row in stay if row.state == "queued" or row.turn),
        held=Counter(RuleId(row.rule_id) for row in stay if row.state == "waiting" and not row.turn),
        gone=replaced.held,
    )
    slots = await let_in(conn, {RuleId(row.rule_id) for row in new if row.turn})
    return Opened(tuple(RunId(row.id) for row in new), tuple(holding), frozenset(slots))


def _new_row(run: NewRun, *, held: bool) -> JSON:
    cause = cause_of(run.event)
    fault = HELD_FAULT if held else run.stop
    turn, after_s = (None, None) if fault is not None else first_turn(run.timing)
    return {
        "rule_id": run.rule_id,
        "version_id": run.version_id,
        "log": run.event.log,
        "event_id": run.event.id,
        "event": msgspec.to_builtins(run.event),
        "related": None if run.related is None else msgspec.to_builtins(run.related),
        "slot": run.slot,
        "record_table": run.event.table,
        "record_key": run.event.record_key,
        "cause_run": None if cause is None else cause.run,
        "root_run": None if cause is None else cause.root,
        "depth": 0 if cause is None else cause.depth,
        "fault": None if fault is None else msgspec.to_builtins(fault),
        "state": "waiting" if held or turn else "queued" if fault is None else "failed",
        "turn": turn,
        "after_s": after_s,
        "merges": run.merges or None,
    }


async def runs_by_root(conn: AsyncConnection, roots: Sequence[RunId]) -> Mapping[RunId, int]:
    """How many runs each of these first runs has set off, directly or not."""
    if not roots:
        return {}
    counted = await conn.execute(
        text("""
            select root_run, count(*) as runs from app.run
            where root_run = any(cast(:roots as bigint[])) group by root_run
        """),
        {"roots": list(roots)},
    )
    return {RunId(row.root_run): row.runs for row in counted}
