"""Whether our database can still write: a disk that is full refuses what is new, and goes on answering questions."""

from __future__ import annotations

from typing import Final

import asyncpg
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.stores.db import transaction
from ruleyard.stores.log_health import Trouble

SPILL: Final = """
select count(*) from (select repeat('x', 100) || n from generate_series(1, 3000) n order by 1) sorted
"""
"""Does not fit in 64 kB, so it is sorted in a file beside our tables: nothing is logged, and the file goes at once."""
FULL: Final = Trouble(
    "our-disk-full",
    "The disk of Ruleyard's own database is full: nothing new is judged or performed until there is room. "
    "Nothing is lost: changes wait in the watched databases, and everything goes on by itself then.",
)


async def no_room(engine: AsyncEngine) -> tuple[Trouble, ...]:
    """The trouble where the disk is full; () where there is room, or where that is not the question."""
    try:
        async with transaction(engine) as conn:
            await conn.execute(text("select set_config('work_mem', '64kB', true)"))
            await conn.execute(text(SPILL))
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) == asyncpg.DiskFullError.sqlstate:
            return (FULL,)
        raise
    return ()
