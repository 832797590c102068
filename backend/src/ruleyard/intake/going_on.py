"""Going on after a database was restored, re-created or moved: a person says from where, and what that means is said.

The log at the connection's address is not the one that was read before. Either its reading continues from where it
stands now, or everything that it holds since an id is read. Nothing is skipped or repeated in silence: the time in
between becomes a gap, ids that old runs know are never given out again, and changes that took such an id meanwhile are
numbered anew before they are read.
"""

from __future__ import annotations

from typing import Any, Final

import asyncpg
import msgspec
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.core.errors import Conflict, Unavailable
from ruleyard.core.types import ConnectionId, LogId
from ruleyard.intake.troubles import history
from ruleyard.stores.connections import Watched, set_state
from ruleyard.stores.cursors import EVERYTHING, know_server, last_moved, list_cursors, place_cursors
from ruleyard.stores.db import transaction
from ruleyard.stores.lineage import PLACE
from ruleyard.stores.log_health import judged_ids, note_gap

PATIENCE: Final = "5s"


class WentOn(msgspec.Struct, frozen=True):
    """`to_read`: stored changes that are read now. `renumbered`: of those, how many got a new id."""

    to_read: int
    renumbered: int


async def go_on(
    engine: AsyncEngine, watched: Watched, connection_id: ConnectionId, *, since: int | None
) -> WentOn:
    """Read on from where the log stands now, or (`since`) everything from that id on.

    Conflict where the log is the one that was read, or nothing of this connection is watched. Unavailable where the
    log is gone (watch its tables again) or a long transaction holds it.
    """
    log = LogId(int(connection_id))
    async with transaction(engine) as own:
        known = [one for one in await list_cursors(own) if one.log == log]
        moved = await last_moved(own, log)
        judged = await judged_ids(own, log, since or 0)
    if not known:
        raise Conflict("No table of this connection is watched.", code="not-watched")
    pool = await watched.pool(connection_id)
    async with pool.acquire() as conn:
        if await conn.fetchval("select to_regclass('ruleyard.event') is null"):
            raise Unavailable(
                "There is no event log in this database any more. Watch its tables again.", code="log-gone"
            )
        identity = str(await conn.fetchval("select ruleyard.identity()"))
        told = await history(conn, known)
        if told["same"]:
            raise Conflict(
                "This is the event log that was read before: it is being read.", code="log-not-replaced"
            )
        try:
            snapshot, went = await _prepare(conn, since, judged)
            read_to = str(await conn.fetchval(f"select {PLACE}::text"))
        except asyncpg.LockNotAvailableError as error:
            raise Unavailable(
                "The event log is busy: a long transaction holds it. Try again.", code="table-busy"
            ) from error
    async with transaction(engine) as own:
        if since is None:
            await place_cursors(own, log, identity, since=snapshot)
        else:
            await place_cursors(own, log, identity, since=EVERYTHING, upto=snapshot, after_id=since - 1)
        await know_server(own, log, told["server"], read_to)
        await note_gap(own, log, "", "restored", moved)
        await set_state(own, connection_id, "works")
    return went


async def _prepare(conn: Any, since: int | None, judged: dict[int, str]) -> tuple[str, WentOn]:
    """Ids that cannot be taken for old ones; and the snapshot to read to."""
    async with conn.transaction():
        await conn.execute("select set_config('lock_timeout', $1, true)", PATIENCE)
        await conn.execute("lock table ruleyard.event in share row exclusive mode")
        first_free = max(
            int(await conn.fetchval("select (extract(epoch from clock_timestamp()) * 1000000)::bigint")),
            int(await conn.fetchval("select coalesce(max(id), 0) + 1 from ruleyard.event")),
            max(judged, default=0) + 1,
        )
        renumbered = to_read = 0
        last = first_free
        if since is not None:
            rows = await conn.fetch(
                "select id, to_jsonb(at) #>> '{}' as at from ruleyard.event where id = any($1::bigint[]) order by id",
                list(judged),
            )
            taken = next((row["id"] for row in rows if row["at"] != judged[row["id"]]), None)
            to_read = int(await conn.fetchval("select count(*) from ruleyard.event where id >= $1", since))
            if taken is not None:
                done = await conn.execute(
                    "update ruleyard.event set id = id + $2 where id >= $1", taken, first_free - taken
                )
                renumbered = int(done.split()[-1])
                last = int(await conn.fetchval("select max(id) from ruleyard.event"))
        await conn.execute("select setval('ruleyard.event_id', $1)", last)
        snapshot = str(await conn.fetchval("select pg_current_snapshot()::text"))
    return snapshot, WentOn(to_read, renumbered)
