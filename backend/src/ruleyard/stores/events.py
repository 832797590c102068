"""Events as stored: the pools to every event log, rows as `Event` values, and the list that screens read.

Knows the columns of `ruleyard.event`; knows nothing of cursors or rules.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import asyncpg
import msgspec

from ruleyard.core.event import Event
from ruleyard.core.json_text import decode
from ruleyard.core.types import OWN_LOG, ConnectionId, EventId, JSONObject, LogId
from ruleyard.settings import Settings
from ruleyard.stores.connections import Watched
from ruleyard.stores.db import open_pool

EVENT_COLUMNS: Final = """
    e.id, e.xid::text as xid, e.lane, e.table_name, e.op, e.key::text as key, e.before::text as before,
    e.after::text as after, e.cause, e.actor, e.cut, to_jsonb(e.at) #>> '{}' as at,
    case when e.changed is not null then e.changed else array(
      select j.key from jsonb_each(e.after) j where j.value is distinct from e.before -> j.key order by 1)
    end as changed,
    case when e.cut then to_jsonb(e) #>> '{cut_columns}' end as cut_columns
"""
"""`cut_columns` is asked for by way of the row: a log that an older release installed has no such column."""


_NEWEST: Final = 2**63 - 1
"""Past every id: a bound that is always there lets the log be read by its index."""


class LogPools:
    """A pool for every event log: the watched databases' and our own (log 0)."""

    def __init__(self, settings: Settings, watched: Watched) -> None:
        self._settings = settings
        self._watched = watched
        self._own: asyncpg.Pool | None = None
        self._own_direct: asyncpg.Pool | None = None
        self._opening = asyncio.Lock()

    async def pool(self, log: LogId) -> asyncpg.Pool:
        """Raises NotFound or Unavailable, as `Watched.pool` does."""
        if log != OWN_LOG:
            return await self._watched.pool(ConnectionId(int(log)))
        async with self._opening:
            if self._own is None:
                self._own = await open_pool(
                    self._settings.database_url,
                    pooled=bool(self._settings.listen_url),
                    application_name="ruleyard log",
                )
            return self._own

    async def direct_pool(self, log: LogId) -> asyncpg.Pool:
        """The same past a pooler: sessions that may listen and keep locks."""
        if log != OWN_LOG:
            return await self._watched.direct_pool(ConnectionId(int(log)))
        if not self._settings.listen_url:
            return await self.pool(log)
        async with self._opening:
            if self._own_direct is None:
                self._own_direct = await open_pool(
                    self._settings.listen_url, max_size=1, application_name="ruleyard listen"
                )
            return self._own_direct

    async def close(self) -> None:
        """Closes our own pools; `Watched` closes the others."""
        pools, self._own, self._own_direct = (self._own, self._own_direct), None, None
        for pool in pools:
            if pool is not None:
                pool.terminate()


def event_of(log: LogId, row: Mapping[str, Any]) -> Event:
    """A row of EVENT_COLUMNS."""
    key, before, after = decode(row["key"]), decode(row["before"]), decode(row["after"])
    return Event(
        log=log,
        id=EventId(row["id"]),
        lane=row["lane"],
        table=row["table_name"],
        op=row["op"],
        key=key if isinstance(key, dict) else {},
        at=row["at"],
        before=before if isinstance(before, dict) else None,
        after=after if isinstance(after, dict) else None,
        changed=tuple(row["changed"] or ()),
        xid=int(row["xid"]),
        actor=row["actor"],
        cause=row["cause"],
        cut=row["cut"],
        cut_columns=tuple(json.loads(row["cut_columns"])) if row["cut_columns"] else (),
    )


async def list_events(
    pool: asyncpg.Pool,
    log: LogId,
    *,
    table: str | None = None,
    key: JSONObject | None = None,
    op: str | None = None,
    before_id: int | None = None,
    until: datetime | None = None,
    limit: int = 25,
) -> list[Event]:
    """Newest first, none later than `until`. `key` is the whole primary key; [] where nothing is watched."""
    if await pool.fetchval("select to_regclass('ruleyard.event') is null"):
        return []
    rows = await pool.fetch(
        f"""
        select {EVENT_COLUMNS} from ruleyard.event e
        where ($1::text is null or e.table_name = $1) and ($2::text is null or e.key = ($2::text)::jsonb)
          and ($3::text is null or e.op = $3) and ($4::bigint is null or e.id < $4)
          and ($6::timestamptz is null or e.at <= $6)
        order by e.id desc limit $5
        """,
        table,
        None if key is None else json.dumps(key),
        op,
        before_id,
        limit,
        until,
    )
    return [event_of(log, row) for row in rows]


async def newest_events(
    pool: asyncpg.Pool, log: LogId, table: str, ops: Sequence[str], *, below: int | None, limit: int
) -> list[Event]:
    """Of one table and these operations, newest first, with ids under `below`; [] where nothing is watched."""
    if await pool.fetchval("select to_regclass('ruleyard.event') is null"):
        return []
    rows = await pool.fetch(
        f"""
        select {EVENT_COLUMNS} from ruleyard.event e
        where e.table_name = $1 and e.op = any($2::text[]) and e.id < $3 order by e.id desc limit $4
        """,
        table,
        list(ops),
        _NEWEST if below is None else below,
        limit,
    )
    return [event_of(log, row) for row in rows]


async def history_since(pool: asyncpg.Pool, table: str) -> datetime | None:
    """The oldest change of the table that is stored; None where there is none."""
    if await pool.fetchval("select to_regclass('ruleyard.event') is null"):
        return None
    since: datetime | None = await pool.fetchval(
        "select min(at) from ruleyard.event where table_name = $1", table
    )
    return since


async def get_event(pool: asyncpg.Pool, log: LogId, event_id: EventId) -> Event | None:
    """None where it is not in the log (any more)."""
    if await pool.fetchval("select to_regclass('ruleyard.event') is null"):
        return None
    row = await pool.fetchrow(f"select {EVENT_COLUMNS} from ruleyard.event e where e.id = $1", event_id)
    return None if row is None else event_of(log, row)


async def events_by_id(pool: asyncpg.Pool, log: LogId, ids: Sequence[EventId]) -> dict[EventId, Event]:
    """Those of them that are still in the log."""
    if not ids or await pool.fetchval("select to_regclass('ruleyard.event') is null"):
        return {}
    rows = await pool.fetch(
        f"select {EVENT_COLUMNS} from ruleyard.event e where e.id = any($1::bigint[])", list(ids)
    )
    return {EventId(row["id"]): event_of(log, row) for row in rows}


class TableNews(msgspec.Struct, frozen=True):
    """What the log says of one table. `last_change_at` is UTC ISO text."""

    table: str
    last_change_at: str | None
    events_24h: int
