"""How a write of a run's progress registers what it rests for, and closes what was answered: SQL behind the fence.

Part of the one statement of `stores/steps.py`: rows of app.awaited are there exactly when their run rests for them.
"""

from __future__ import annotations

from typing import Final

import msgspec

from ruleyard.core.awaiting import Awaits
from ruleyard.core.types import JSON, LogId, NodeId, RunId


class Resting(msgspec.Struct, frozen=True):
    """`looks`: somebody looks whether it holds already as soon as the run rests. `log`: of the table of `home`."""

    node: NodeId
    awaits: Awaits
    looks: bool
    log: LogId | None = None


def row_of(run_id: RunId, resting: Resting) -> JSON:
    home = resting.awaits.home
    return {
        "run_id": run_id,
        "node_id": resting.node,
        "kind": resting.awaits.kind,
        "topic": resting.awaits.topic,
        "log": resting.log,
        "table_name": None if resting.log is None or home is None else home[1],
        "what": resting.awaits.what,
        "seconds": resting.awaits.seconds,
        "looks": resting.looks,
    }


REGISTERED: Final = """, registered as (
      insert into app.awaited (run_id, node_id, event_on, kind, topic, log, table_name, what, until,
        looked_at)
      select n.run_id, n.node_id, m.event_on, n.kind, n.topic, n.log, n.table_name, n.what,
        clock_timestamp() + make_interval(secs => n.seconds), case when not n.looks then clock_timestamp() end
      from jsonb_to_recordset(cast(cast(:resting as text) as jsonb)) as n(
        run_id bigint, node_id text, kind text, topic text, log bigint, table_name text, what jsonb,
        seconds double precision, looks boolean)
      join moved m on m.id = n.run_id and m.state = 'waiting'
      order by n.run_id
      on conflict (run_id, node_id) do update set
        topic = excluded.topic, log = excluded.log,
        table_name = excluded.table_name, what = excluded.what,
        until = excluded.until, looked_at = excluded.looked_at
    ), closed as (
      delete from app.awaited a
      using jsonb_to_recordset(cast(cast(:closed as text) as jsonb)) as n(run_id bigint, node_id text), moved m
      where m.id = n.run_id and a.run_id = n.run_id and a.node_id = n.node_id
    )"""
