"""How long watched databases keep the keys of what actions wrote there (`ruleyard.applied`).

A key is what keeps a retried write from happening twice, so it stays while its run could still try again: until no run
as old as it is open or failed. Knows nothing of what was written.
"""

from __future__ import annotations

import asyncio
from typing import Final

import asyncpg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from ruleyard.core.errors import RuleyardError
from ruleyard.core.types import LogId
from ruleyard.logs import get_logger
from ruleyard.stores.connections import list_connections
from ruleyard.stores.db import CANNOT_REACH, transaction
from ruleyard.stores.events import LogPools

log = get_logger(__name__)

APPLIED_S: Final = 6 * 3600.0
KEEP_DAYS: Final = 30
"""At the least, whatever became of their runs: our database may come back from a backup, and perform them again."""
AT_ONCE: Final = 2_000
BATCHES: Final = 50
WITHIN_S: Final = 60.0

_SILENT: Final = (*CANNOT_REACH, asyncpg.PostgresError, RuleyardError)

_FORGET: Final = """
    delete from ruleyard.applied where ctid = any(array(
      select ctid from ruleyard.applied
      where at < now() - make_interval(days => $2) and key ~ '^[0-9]{1,18}:' and split_part(key, ':', 1)::bigint < $1
      limit $3))
"""


async def oldest_unsettled(conn: AsyncConnection) -> int:
    """The id of the oldest run that may still try something; with none, the one that comes next."""
    # A range and not an equality, so that only the index by state can give the order: see stores/claims.
    found = await conn.execute(
        text("""
            select coalesce(min(oldest.id), (select last_value + 1 from app.run_id))
            from unnest(array['queued', 'running', 'waiting', 'failed']) as s(state)
            cross join lateral (
              select id from app.run r where r.state between s.state and s.state
              order by r.state desc, id limit 1) oldest
        """)
    )
    return int(found.scalar_one())


async def forget_applied(engine: AsyncEngine, pools: LogPools) -> int:
    """A bounded number in every watched database; how many. One that does not answer waits for the next time."""
    async with transaction(engine) as conn:
        before_run = await oldest_unsettled(conn)
        connections = [one for one in await list_connections(conn) if one.kind == "postgres"]
    gone = 0
    for connection in connections:
        try:
            async with asyncio.timeout(WITHIN_S):
                gone += await _forget(await pools.pool(LogId(int(connection.id))), before_run)
        except _SILENT as error:
            log.info("keys could not be forgotten", connection=connection.name, reason=str(error))
    return gone


async def _forget(pool: asyncpg.Pool, before_run: int) -> int:
    if await pool.fetchval("select to_regclass('ruleyard.applied') is null"):
        return 0
    gone = 0
    for _ in range(BATCHES):
        done = await pool.execute(_FORGET, before_run, KEEP_DAYS, AT_ONCE)
        removed = int(done.rpartition(" ")[2])
        gone += removed
        if removed < AT_ONCE:
            break
    return gone
