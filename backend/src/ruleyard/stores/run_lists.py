"""Lists of runs as the screens read them: filtered, newest first, keyset-paged. Writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.event import Event
from ruleyard.core.labels import item_label, record_label
from ruleyard.core.related import Related
from ruleyard.core.trace import StepError
from ruleyard.core.types import JSON, EventId, JSONObject, LogId, NodeId, RuleId, RunId, RunState
from ruleyard.stores.gone import no_run
from ruleyard.stores.pages import Page, decode, page
from ruleyard.stores.turns import Turn


class RunLine(msgspec.Struct, frozen=True):
    """One run in a list. `duration_ms` is None until it ended. `turn`: what it waits for before it begins.
    `parent_run`: of an item run, whose list it belongs to, `item_index` its place from 0; it is called by its item."""

    id: RunId
    rule_id: RuleId
    rule_name: str
    version: int
    state: RunState
    record_table: str
    record_key: str
    record_label: str
    path: str
    error: str
    fault: StepError | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    duration_ms: int | None
    wake_at: datetime | None
    turn: Turn | None
    not_before: datetime | None
    parent_run: RunId | None = None
    parent_node: NodeId | None = None
    item_index: int | None = None


class RunPicture(msgspec.Struct, frozen=True):
    """A run with what its screen paints beside the steps: the event and the version's document."""

    line: RunLine
    event: Event
    document: JSONObject
    layout: JSONObject
    live_version: int | None
    related: Related | None
    merges: int
    batch_run: RunId | None
    item: JSON = None


class RunOfEvent(msgspec.Struct, frozen=True):
    event_id: EventId
    run_id: RunId
    rule_id: RuleId
    rule_name: str
    state: RunState


_LINE: Final = """
    select x.id, x.rule_id, r.name as rule_name, v.number as version, x.state, x.record_table, x.record_key,
      x.path, x.error, x.fault::text as fault, x.created_at, x.started_at, x.finished_at, x.wake_at,
      case when x.state = 'waiting' then x.turn end as turn, x.not_before,
      (extract(epoch from x.finished_at - coalesce(x.started_at, x.created_at)) * 1000)::bigint as duration_ms,
      x.event::text as event, x.parent_run, x.parent_node, x.item_index, x.item::text as item
"""
_FROM: Final = """
    from app.run x join app.rule r on r.id = x.rule_id join app.version v on v.id = x.version_id
"""


# Lists walk ids, newest first; a span of time must not make them walk past every run that is newer. Ids and moments
# grow together but for transactions that overlap, which the timeouts end in a few minutes.
_NOT_AFTER: Final = """
    x.id < coalesce((select a.id from app.run a
      where a.created_at >= cast(:until as timestamptz) + interval '10 minutes'
      order by a.created_at limit 1), 9223372036854775807)
"""
_NOT_BEFORE: Final = """
    x.id > coalesce((select b.id from app.run b
      where b.created_at < cast(:since as timestamptz) - interval '10 minutes'
      order by b.created_at desc limit 1), 0)
"""


def _line(row: Row[Any]) -> RunLine:
    event = msgspec.json.decode(row.event, type=Event)
    names = RunLine.__struct_fields__
    values = {name: value for name, value in row._mapping.items() if name in names}
    return msgspec.convert(
        {
            **values,
            "record_label": record_label(event.after or event.before)
            if row.item is None
            else item_label(msgspec.json.decode(row.item)),
            "fault": None if row.fault is None else msgspec.json.decode(row.fault),
        },
        RunLine,
    )


async def list_runs(
    conn: AsyncConnection,
    *,
    rule_id: RuleId | None = None,
    states: Sequence[str] = (),
    table: str | None = None,
    key: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    version: int | None = None,
    fault: str | None = None,
    number: RunId | None = None,
    cursor: str | None = None,
    limit: int = 25,
) -> Page[RunLine]:
    """Newest first. Only the filters that are given become SQL, so that each finds its index."""
    before = decode(cursor, tuple[int])
    versions = None if version is None else await _versions_numbered(conn, version, rule_id)
    if versions == []:
        return Page((), None)
    filters = {
        "rule_id": (rule_id, "x.rule_id = :rule_id"),
        "states": (list(states) or None, "x.state = any(cast(:states as text[]))"),
        "record_table": (table, "x.record_table = :record_table"),
        "record_key": (key, "x.record_key = :record_key"),
        "since": (since, f"x.created_at >= :since and {_NOT_BEFORE}"),
        "until": (until, f"x.created_at < :until and {_NOT_AFTER}"),
        "versions": (versions, "x.version_id = any(cast(:versions as bigint[]))"),
        "fault": (fault, "x.fault ->> 'code' = :fault"),
        "number": (number, "x.id = :number"),
        "parent": (True if number is None else None, "x.parent_run is null"),
        "before": (before[0] if before else None, "x.id < :before"),
    }
    wanted = {name: value for name, (value, _) in filters.items() if value is not None}
    where = " and ".join(filters[name][1] for name in wanted) or "true"
    rows = await conn.execute(
        text(f"{_LINE} {_FROM} where {where} order by x.id desc limit :limit"), {**wanted, "limit": limit + 1}
    )
    return page([_line(row) for row in rows], limit, lambda one: (one.id,))


async def _versions_numbered(conn: AsyncConnection, number: int, rule_id: RuleId | None) -> list[int]:
    found = await conn.execute(
        text("""
            select id from app.version
            where number = :number and (cast(:rule as bigint) is null or rule_id = :rule)
        """),
        {"number": number, "rule": rule_id},
    )
    return [row.id for row in found]


async def run_line(conn: AsyncConnection, run_id: RunId) -> RunLine:
    row = (await conn.execute(text(f"{_LINE} {_FROM} where x.id = :id"), {"id": run_id})).one_or_none()
    if row is None:
        raise await no_run(conn, run_id)
    return _line(row)


async def run_picture(conn: AsyncConnection, run_id: RunId) -> RunPicture:
    row = (
        await conn.execute(
            text(f"""{_LINE}, v.document::text as document, v.layout::text as layout,
                  x.related::text as related, coalesce(x.merges, 0) as merges, x.batch_run,
                  (select l.number from app.version l where l.id = r.live_version_id) as live_version
                {_FROM} where x.id = :id"""),
            {"id": run_id},
        )
    ).one_or_none()
    if row is None:
        raise await no_run(conn, run_id)
    return RunPicture(
        line=_line(row),
        event=msgspec.json.decode(row.event, type=Event),
        document=msgspec.json.decode(row.document),
        layout=msgspec.json.decode(row.layout),
        live_version=row.live_version,
        item=None if row.item is None else msgspec.json.decode(row.item),
        related=None if row.related is None else msgspec.json.decode(row.related, type=Related),
        merges=row.merges,
        batch_run=row.batch_run,
    )


async def list_items(
    conn: AsyncConnection,
    run_id: RunId,
    node: NodeId,
    *,
    states: Sequence[str] = (),
    cursor: str | None = None,
    limit: int = 25,
) -> Page[RunLine]:
    """The item runs of one list, in the order of the list."""
    after = decode(cursor, tuple[int])
    of_states = "and x.state = any(cast(:states as text[]))" if states else ""
    rows = await conn.execute(
        text(f"""
            {_LINE} {_FROM} where x.parent_run = :run and x.parent_node = :node and x.item_index > :after {of_states}
            order by x.item_index limit :limit
        """),
        {"run": run_id, "node": node, "after": after[0] if after else -1, "limit": limit + 1}
        | ({"states": list(states)} if states else {}),
    )
    return page([_line(row) for row in rows], limit, lambda one: (one.item_index,))


async def runs_of_events(
    conn: AsyncConnection,
    log: LogId,
    event_ids: Sequence[EventId],
    *,
    rule_ids: Sequence[RuleId] | None = None,
) -> list[RunOfEvent]:
    """The runs that these events of one log made, in order; of some rules only, when given."""
    if not event_ids:
        return []
    rows = await conn.execute(
        text("""
            select x.event_id, x.id as run_id, x.rule_id, r.name as rule_name, x.state
            from app.version v
            join app.run x on x.version_id = v.id and x.log = :log and x.event_id = any(cast(:ids as bigint[]))
            join app.rule r on r.id = x.rule_id
            where cast(:rules as bigint[]) is null or v.rule_id = any(cast(:rules as bigint[]))
            order by x.id
        """),
        {"log": log, "ids": list(event_ids), "rules": None if rule_ids is None else list(rule_ids)},
    )
    return [msgspec.convert(dict(row._mapping), RunOfEvent) for row in rows]


async def open_run_counts(conn: AsyncConnection) -> tuple[int, int, int, float]:
    """(queued, running, waiting, age of the oldest queued run in seconds), each by its partial index."""
    row = (
        await conn.execute(
            text("""
                select (select count(*) from app.run where state = 'queued') as queued,
                  (select count(*) from app.run where state = 'running') as running,
                  (select count(*) from app.run where state = 'waiting') as waiting,
                  (select extract(epoch from now() - min(created_at)) from app.run where state = 'queued') as age
            """)
        )
    ).one()
    return row.queued, row.running, row.waiting, float(row.age or 0)
