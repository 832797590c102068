"""Watching: capture in the watched database and the watch in ours, kept in step.

The triggers come first and the note last, so a crash in between leaves what doing it again completes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.core.errors import NotFound, Unavailable
from ruleyard.core.types import AccountId, ConnectionId, LogId
from ruleyard.intake.capture import unwatch_table, watch_table
from ruleyard.stores.connections import Watched
from ruleyard.stores.cursors import drop_cursors, last_moved, list_cursors, start_cursors
from ruleyard.stores.db import transaction
from ruleyard.stores.log_health import close_gaps, forget_log_health, note_gap, open_gap
from ruleyard.stores.watches import Watch, forget_watch, get_watch, keep_watch, list_watches

FORGET_S: Final = 10.0
"""How long a database that may be gone for good is given to answer before its watch is forgotten."""
_GONE: Final = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, Unavailable, NotFound)


async def start_watch(
    engine: AsyncEngine,
    watched: Watched,
    *,
    connection_id: ConnectionId,
    table: str,
    excluded: Sequence[str] = (),
    created_by: AccountId | None = None,
) -> Watch:
    """Capture a table's changes from now on. Repeating it renews triggers and excluded columns.

    Nothing before is replayed, nothing after is missed: the cursor starts at a snapshot taken before the
    triggers.
    Raises what `watch_table` raises.
    """
    pool = await watched.pool(connection_id)
    captured = await watch_table(pool, table, excluded)
    async with transaction(engine) as conn:
        known = [one for one in await list_cursors(conn) if int(one.log) == int(connection_id)]
        if any(one.identity != captured.identity for one in known):
            moved = await last_moved(conn, LogId(int(connection_id)))
            await note_gap(conn, LogId(int(connection_id)), "", "restored", moved)
        await start_cursors(
            conn,
            LogId(int(connection_id)),
            captured.snapshot,
            captured.identity,
            server=captured.server,
            read_to=captured.read_to,
        )
        await close_gaps(conn, LogId(int(connection_id)), [table])
        return await keep_watch(
            conn,
            connection_id=connection_id,
            table=table,
            key=captured.key,
            excluded=excluded,
            created_by=created_by,
        )


async def stop_watch(engine: AsyncEngine, watched: Watched, watch_id: int) -> Watch:
    """Take the triggers away, then the note. NotFound, or Unavailable when the database does not answer."""
    async with transaction(engine) as conn:
        watch = await get_watch(conn, watch_id)
    pool = await watched.pool(watch.connection_id)
    gone = await unwatch_table(pool, watch.table)
    async with transaction(engine) as conn:
        await forget_watch(conn, watch_id)
        await open_gap(conn, LogId(int(watch.connection_id)), watch.table, "unwatched")
        if gone:
            await drop_cursors(conn, LogId(int(watch.connection_id)))
    return watch


async def forget_gone_watch(engine: AsyncEngine, watched: Watched, watch_id: int) -> Watch:
    """As `stop_watch`, but a database that does not answer, or not to us, is no reason to keep the note.

    Triggers and schema `ruleyard` then stay over there, until somebody removes them. Unavailable (`table-busy`) where
    the database does answer: trying again helps.
    """
    try:
        async with asyncio.timeout(FORGET_S):
            return await stop_watch(engine, watched, watch_id)
    except _GONE as error:
        if isinstance(error, Unavailable) and error.code == "table-busy":
            raise
        async with transaction(engine) as conn:
            watch = await get_watch(conn, watch_id)
            await forget_watch(conn, watch_id)
            await open_gap(conn, LogId(int(watch.connection_id)), watch.table, "unwatched")
            if not await list_watches(conn, watch.connection_id):
                await drop_cursors(conn, LogId(int(watch.connection_id)))
        return watch


async def stop_watches_of(engine: AsyncEngine, watched: Watched, connection_id: ConnectionId) -> None:
    """Before a connection is removed: take every trace of us out of its database, if it answers."""
    async with transaction(engine) as conn:
        watches = await list_watches(conn, connection_id)
    for watch in watches:
        await forget_gone_watch(engine, watched, watch.id)
    async with transaction(engine) as conn:
        await drop_cursors(conn, LogId(int(connection_id)))
        await forget_log_health(conn, LogId(int(connection_id)))
