"""Cursors: where each lane of each event log has been read to.

A cursor is a window of snapshots, not an id: an event is new when its transaction was not visible in
`from_snapshot`. Whoever holds a cursor's row lock owns the lane. A table that storms stands apart: it gets a cursor of
its own beside the lane's, which passes it over, so that its backlog holds up no other table; when it has caught up they
are one again. Knows nothing of how events are read.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.types import LANES, OWN_LOG, LogId

EVERYTHING: Final = "3:3:"
"""A snapshot that no transaction was visible in: a cursor from here reads the whole log."""


class Cursor(msgspec.Struct, frozen=True):
    """One lane's place. `to_snapshot` is set while a window is read in several batches, up to `last_id`.

    `apart`: the one table that it reads, '' for the lane's own. `others`: tables that stand apart from the lane's own.
    `server` and `read_to`: which server it read, and how far that had written (stores.lineage); '' where not known.
    """

    log: LogId
    lane: int
    from_snapshot: str
    to_snapshot: str | None
    last_id: int
    identity: str
    server: str = ""
    read_to: str = ""
    apart: str = ""
    others: tuple[str, ...] = ()


_COLUMNS: Final = """
    log, lane, from_snapshot::text as from_snapshot, to_snapshot::text as to_snapshot, last_id,
    system_identifier as identity, server, read_to, apart, others
"""


async def start_cursors(
    conn: AsyncConnection, log: LogId, snapshot: str, identity: str, *, server: str = "", read_to: str = ""
) -> None:
    """Cursors for every lane of a log, unless it has them already for the same log identity."""
    await conn.execute(
        text("delete from app.cursor where log = :log and apart <> '' and system_identifier <> :identity"),
        {"log": log, "identity": identity},
    )
    await conn.execute(
        text("""
            insert into app.cursor (log, lane, from_snapshot, system_identifier, server, read_to)
            select :log, lane, cast(cast(:snapshot as text) as pg_snapshot), :identity, :server, :read_to
            from generate_series(0, :last_lane) as lane
            on conflict (log, lane, apart) do update set
              from_snapshot = excluded.from_snapshot, to_snapshot = null, last_id = 0,
              system_identifier = excluded.system_identifier, server = excluded.server,
              read_to = excluded.read_to, others = '{}', moved_at = now()
            where app.cursor.system_identifier <> excluded.system_identifier
        """),
        {
            "log": log,
            "snapshot": snapshot,
            "identity": identity,
            "server": server,
            "read_to": read_to,
            "last_lane": LANES - 1,
        },
    )


async def place_cursors(
    conn: AsyncConnection,
    log: LogId,
    identity: str,
    *,
    since: str,
    upto: str | None = None,
    after_id: int = 0,
) -> None:
    """Every lane of a log that there are cursors for reads on from here: a person said so."""
    await conn.execute(
        text("""
            update app.cursor set
              from_snapshot = cast(cast(:since as text) as pg_snapshot),
              to_snapshot = cast(cast(:upto as text) as pg_snapshot),
              last_id = :after_id, system_identifier = :identity, server = '', read_to = '', moved_at = now()
            where log = :log
        """),
        {"log": log, "identity": identity, "since": since, "upto": upto, "after_id": after_id},
    )


async def last_moved(conn: AsyncConnection, log: LogId) -> datetime | None:
    """When a lane of this log was read on last."""
    moved: datetime | None = (
        await conn.execute(text("select max(moved_at) from app.cursor where log = :log"), {"log": log})
    ).scalar_one()
    return moved


async def drop_cursors(conn: AsyncConnection, log: LogId) -> None:
    await conn.execute(text("delete from app.cursor where log = :log"), {"log": log})


async def list_cursors(conn: AsyncConnection) -> list[Cursor]:
    rows = await conn.execute(text(f"select {_COLUMNS} from app.cursor order by log, lane, apart"))
    return [msgspec.convert(dict(row._mapping), Cursor) for row in rows]


async def take_cursor(conn: AsyncConnection, log: LogId, lane: int, apart: str = "") -> Cursor | None:
    """Own the lane, or a table apart in it, until the transaction ends. None: there is none, or it is taken.

    No watched log's either while our own database is a copy that nobody has settled yet (intake.own_log).
    """
    rows = await conn.execute(
        text(f"""
            select {_COLUMNS} from app.cursor where log = :log and lane = :lane and apart = :apart
              and (log = :own or not exists (
                select from app.cursor o
                where o.log = :own and o.lane = 0 and o.system_identifier <> ruleyard.identity()))
            for update skip locked
        """),
        {"log": log, "lane": lane, "apart": apart, "own": OWN_LOG},
    )
    row = rows.one_or_none()
    return None if row is None else msgspec.convert(dict(row._mapping), Cursor)


async def move_cursor(conn: AsyncConnection, cursor: Cursor) -> None:
    """Write where the lane has been read to. The caller owns the lane."""
    await conn.execute(
        text("""
            update app.cursor set
              from_snapshot = cast(cast(:from_snapshot as text) as pg_snapshot),
              to_snapshot = cast(cast(:to_snapshot as text) as pg_snapshot),
              last_id = :last_id, server = :server, read_to = :read_to, moved_at = now()
            where log = :log and lane = :lane and apart = :apart
        """),
        {
            "log": cursor.log,
            "lane": cursor.lane,
            "apart": cursor.apart,
            "from_snapshot": cursor.from_snapshot,
            "to_snapshot": cursor.to_snapshot,
            "last_id": cursor.last_id,
            "server": cursor.server,
            "read_to": cursor.read_to,
        },
    )


async def stand_apart(conn: AsyncConnection, cursor: Cursor, table: str) -> Cursor:
    """From where the lane's own cursor stands now (it is owned and was moved), this table is read by another one."""
    await conn.execute(
        text("""
            insert into app.cursor
              (log, lane, apart, from_snapshot, to_snapshot, last_id, system_identifier, server, read_to)
            select log, lane, :table, from_snapshot, to_snapshot, last_id, system_identifier, server, read_to
            from app.cursor where log = :log and lane = :lane and apart = ''
        """),
        {"log": cursor.log, "lane": cursor.lane, "table": table},
    )
    return await _set_others(conn, cursor, (*cursor.others, table))


async def join_again(conn: AsyncConnection, own: Cursor, table: str) -> Cursor:
    """The table was read to exactly where the lane's own cursor stands. The caller owns both."""
    await conn.execute(
        text("delete from app.cursor where log = :log and lane = :lane and apart = :table"),
        {"log": own.log, "lane": own.lane, "table": table},
    )
    return await _set_others(conn, own, tuple(one for one in own.others if one != table))


async def _set_others(conn: AsyncConnection, own: Cursor, others: tuple[str, ...]) -> Cursor:
    await conn.execute(
        text("update app.cursor set others = :others where log = :log and lane = :lane and apart = ''"),
        {"log": own.log, "lane": own.lane, "others": list(others)},
    )
    return msgspec.structs.replace(own, others=others)


async def know_server(conn: AsyncConnection, log: LogId, server: str, read_to: str) -> None:
    """This server has all that any lane of the log has read: also those that have nothing to read.

    `read_to`: how far it has written, for lanes that do not know how far it had when they were read.
    """
    await conn.execute(
        text("""
            update app.cursor set
              server = :server, read_to = case read_to when '' then cast(:read_to as text) else read_to end
            where log = :log and server <> :server
        """),
        {"log": log, "server": server, "read_to": read_to},
    )
