"""Tables that storm stand apart: a million changes of one table hold up the others of its lane for a batch at most.

Within a lane only changes of one record must keep their order, so a table may be read by a cursor of its own. It parts
when the lane's backlog is nearly all its own, and joins again where both cursors meet. Knows nothing of rules or runs.
"""

from __future__ import annotations

from collections import Counter
from typing import Final

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.match import Index
from ruleyard.core.types import OWN_LOG
from ruleyard.lanes.reader import Batch
from ruleyard.stores.cursors import Cursor, join_again, stand_apart, take_cursor

MOSTLY: Final = 0.8
"""A table storms when so much of a full batch is its own."""


def tables_of(cursor: Cursor, index: Index, waited: frozenset[str] = frozenset()) -> frozenset[str] | None:
    """What this cursor reads of the tables that rules listen to, or that runs wait for; None: all, also what nobody
    listens to."""
    if cursor.log == OWN_LOG:
        return None
    heard = frozenset(index.tables(cursor.log)) | waited
    return heard & {cursor.apart} if cursor.apart else heard - set(cursor.others)


async def follow(conn: AsyncConnection, apart: Cursor) -> Cursor | None:
    """A table apart is read up to where the lane's own cursor stands, never further, so that they can meet.

    None where that is in somebody's hands, or inside a window of its own.
    """
    if apart.to_snapshot is not None:
        return apart
    own = await take_cursor(conn, apart.log, apart.lane)
    if own is None or own.to_snapshot is not None:
        return None
    return msgspec.structs.replace(apart, to_snapshot=own.from_snapshot)


async def part_ways(
    conn: AsyncConnection, cursor: Cursor, batch: Batch, index: Index, waited: frozenset[str] = frozenset()
) -> Cursor | None:
    """After a batch from `cursor`: a table that storms parts; one that met the lane's own joins it again, and then
    there is no cursor of its any more."""
    if cursor.apart:
        met = cursor.to_snapshot is None and batch.cursor.to_snapshot is None
        own = await take_cursor(conn, cursor.log, cursor.lane) if met else None
        if own is None:
            return batch.cursor
        await join_again(conn, own, cursor.apart)
        return None
    table = storming(cursor, batch)
    if table is None or len(tables_of(cursor, index, waited) or ()) < 2:
        return batch.cursor
    return await stand_apart(conn, batch.cursor, table)


def storming(cursor: Cursor, batch: Batch) -> str | None:
    """The table whose backlog this is. Nobody storms in our own log: its ticks and presses are few."""
    if cursor.log == OWN_LOG or batch.cursor.to_snapshot is None:
        return None
    table, most = Counter(row["table_name"] for row in batch.rows).most_common(1)[0]
    return str(table) if most >= MOSTLY * len(batch.rows) else None
