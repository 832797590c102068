"""Reading a lane without loss: the events between two snapshots, in order, in batches.

An event is new when its transaction was not visible in the cursor's `from_snapshot` and is visible in the
window's `to_snapshot`. Ids alone would lose whatever commits late. A snapshot becomes a cursor only when the log's
server could not forget it in a crash: it would give the numbers of forgotten transactions to new ones, which would
look as if they had been read. Knows nothing of rules or runs.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import asyncpg
import msgspec

from ruleyard.core.errors import Unavailable
from ruleyard.core.event import Event
from ruleyard.core.types import OWN_LOG, EventId, LogId
from ruleyard.stores.cursors import Cursor
from ruleyard.stores.events import EVENT_COLUMNS, event_of
from ruleyard.stores.lineage import PLACE, SERVER, has_all
from ruleyard.stores.unreadable import Unreadable

BATCH: Final = 500
READ_TIMEOUT_S: Final = 10.0
"""Below GHOST_S: the transaction that holds the lane is silent meanwhile."""


FLUSH: Final = """
select set_config('synchronous_commit', 'local', true), pg_logical_emit_message(true, 'ruleyard', 'flush')
"""
"""A commit of ours: everything before it is on disk when it returns."""


class Batch(msgspec.Struct, frozen=True):
    """Up to `limit` rows in order, where the cursor stands after them, whether the lane is quiet now."""

    rows: tuple[asyncpg.Record, ...]
    cursor: Cursor
    quiet: bool


NO_EVENT: Final = (ValueError, TypeError, LookupError, RecursionError)
"""What decoding a row can raise: numbers of thousands of digits, values nested thousands deep."""


class LogReplaced(Unavailable):
    """The log behind a cursor is another one: restored, re-created, or another database at that address."""

    code = "log-replaced"


READ: Final = f"""
with place as materialized (
  select coalesce(($3::text)::pg_snapshot, pg_current_snapshot()) as upto, ruleyard.identity() as identity,
         pg_current_wal_insert_lsn() <= pg_current_wal_flush_lsn() as kept,
         {SERVER} as server, {PLACE}::text as read_to, {has_all("$2::text", "$7::text", "$8::text")} as has_all
)
select place.upto::text as upto, place.identity, place.has_all, place.kept, place.server, place.read_to, new.*
from place left join lateral (
  select {EVENT_COLUMNS} from ruleyard.event e
  where e.lane = $1::smallint and e.xid >= pg_snapshot_xmin(($2::text)::pg_snapshot)
    and not pg_visible_in_snapshot(e.xid, ($2::text)::pg_snapshot)
    and pg_visible_in_snapshot(e.xid, place.upto) and e.id > $4
    and ($6::text[] is null or e.table_name = any($6))
  order by e.id limit $5
) new on true
"""


async def read_lane(
    pool: asyncpg.Pool, cursor: Cursor, limit: int = BATCH, tables: Iterable[str] | None = None
) -> Batch:
    """The next events of the cursor's lane, of these tables (None: of all); the others are passed by.

    Raises LogReplaced; database errors pass through.
    """
    rows = await _rows(pool, cursor, limit, tables)
    first = rows[0]
    if first["identity"] != cursor.identity:
        raise LogReplaced(
            "This is not the event log that was read before: the database, or Ruleyard's own, was restored, re-created "
            "or moved. "
            "Nothing is read until you say how to go on (Data screen, or `ruleyard log`)."
        )
    # Our own log and its cursors are in one database: they are restored together.
    if cursor.log != OWN_LOG and not first["has_all"]:
        raise LogReplaced(
            "The database is older than what was read already, or may be: it was restored from a backup, or a standby "
            "took over. Nothing is read until you say how to go on (Data screen, or `ruleyard log`)."
        )
    found = tuple(row for row in rows if row["id"] is not None)
    quiet = len(found) < limit
    if not first["kept"]:
        passed_by = (
            not found and tables is not None and (await _rows(pool, cursor, 1, None))[0]["id"] is not None
        )
        if not found and not passed_by and cursor.to_snapshot is None:
            return Batch(rows=(), cursor=cursor, quiet=True)
        await pool.execute(FLUSH, timeout=READ_TIMEOUT_S)
    moved = msgspec.structs.replace(
        cursor,
        from_snapshot=first["upto"] if quiet else cursor.from_snapshot,
        to_snapshot=None if quiet else first["upto"],
        last_id=0 if quiet else found[-1]["id"],
        server=first["server"],
        read_to=first["read_to"],
    )
    # A window that was opened before is behind the present: only an empty look at the present is quiet.
    return Batch(rows=found, cursor=moved, quiet=quiet and cursor.to_snapshot is None)


async def _rows(
    pool: asyncpg.Pool, cursor: Cursor, limit: int, tables: Iterable[str] | None
) -> list[asyncpg.Record]:
    """At least one; where there is no event it has no id."""
    rows: list[asyncpg.Record] = await pool.fetch(
        READ,
        cursor.lane,
        cursor.from_snapshot,
        cursor.to_snapshot,
        cursor.last_id,
        limit,
        None if tables is None else list(tables),
        cursor.server,
        cursor.read_to,
        timeout=READ_TIMEOUT_S,
    )
    return rows


def events_of(log: LogId, rows: Iterable[asyncpg.Record]) -> tuple[list[Event], list[Unreadable]]:
    """The rows as events; and those that are none, with the reason."""
    events: list[Event] = []
    unreadable: list[Unreadable] = []
    for row in rows:
        try:
            events.append(event_of(log, row))
        except NO_EVENT as error:
            reason = f"{type(error).__name__}: {error}"
            unreadable.append(Unreadable(EventId(row["id"]), row["lane"], row["table_name"], reason))
    return events, unreadable
