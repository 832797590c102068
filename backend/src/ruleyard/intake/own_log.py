"""Our own database in another place: restored from a dump, or moved. Its log goes on by itself, and nobody is asked.

Log, cursors and runs are in one database and were copied together, so what was read is known: from the numbers of
transactions as they were over there, which say nothing here any more. Each event is given a number of this place.
What watched logs were read for after the copy was made, nobody here knows: a person says how they go on.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.core.types import OWN_LOG
from ruleyard.stores.db import transaction

LEAP: Final = 10_000_000
"""Run numbers that the copy does not know may have been given out over there, and are the keys of record writes and of
HTTP requests that were done: they are passed over.
"""

MOVED: Final = """
select lane from app.cursor where log = :log and system_identifier <> ruleyard.identity()
"""
RENUMBER: Final = """
update ruleyard.event e set xid = case
  when e.at <= c.moved_at and (pg_visible_in_snapshot(e.xid, c.from_snapshot)
    or coalesce(pg_visible_in_snapshot(e.xid, c.to_snapshot) and e.id <= c.last_id, false)) then '3'::xid8
  else pg_current_xact_id() end
from app.cursor c where c.log = :log and c.lane = e.lane
"""
PLACE: Final = """
update app.cursor set from_snapshot = cast(cast(:snapshot as text) as pg_snapshot), to_snapshot = null, last_id = 0,
  system_identifier = ruleyard.identity(), server = '', read_to = '', moved_at = now()
where log = :log
"""
ASK: Final = """
update app.cursor set system_identifier = 'read before our own database was restored' where log <> :log
"""


async def settle_own_log(engine: AsyncEngine) -> bool:
    """True where our database had been moved. What was read stays read; all else is read, also what came meanwhile."""
    async with transaction(engine) as conn:
        if not (await conn.execute(text(MOVED), {"log": OWN_LOG})).all():
            return False
        await conn.execute(text("lock table ruleyard.event in share row exclusive mode"))
        # Before this transaction has a number: a snapshot of later would take it for one that has ended.
        snapshot = (await conn.execute(text("select pg_current_snapshot()::text"))).scalar_one()
        if not (await conn.execute(text(f"{MOVED} for update"), {"log": OWN_LOG})).all():
            return False  # somebody else was faster
        await conn.execute(text(RENUMBER), {"log": OWN_LOG})
        await conn.execute(text(PLACE), {"log": OWN_LOG, "snapshot": snapshot})
        await conn.execute(text(ASK), {"log": OWN_LOG})
        await conn.execute(text(f"select setval('app.run_id', nextval('app.run_id') + {LEAP})"))
    return True
