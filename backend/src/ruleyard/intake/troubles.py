"""What can be wrong with an event log, in words that say what to do. Mends nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import asyncpg

from ruleyard.core.types import OWN_LOG
from ruleyard.stores.cursors import Cursor
from ruleyard.stores.lineage import PLACE, SERVER, has_all
from ruleyard.stores.log_health import Trouble
from ruleyard.stores.watches import Watch

ANSWER_S: Final = 5.0
TRIGGERS: Final = 4
"""Of a watched table: insert, update, delete, truncate."""

HISTORY: Final = f"""
select ruleyard.identity() as identity,
  (select bool_and({has_all("c.snapshot", "c.server", "c.place")})
   from unnest($1::text[], $2::text[], $3::text[]) as c(snapshot, server, place)) as has_all,
  {SERVER} as server, {PLACE}::text as read_to,
  coalesce((select max(id) from ruleyard.event), 0) as newest,
  coalesce((select min(id) from ruleyard.event), 0) as oldest
"""


def table_trouble(watch: Watch, row: Mapping[str, Any]) -> Trouble | None:
    """Why a watched table is not captured any more; None while it is. `row` is one of care.TABLES."""
    table = watch.table
    if not row["there"]:
        return Trouble(
            "table-gone",
            f"{table} is not there any more: it was dropped or renamed. Bring it back and watch it again, "
            "or stop watching it.",
            table,
        )
    if row["captured"] and row["off"]:
        return Trouble(
            "trigger-off",
            f"Somebody disabled our triggers on {table}: its changes are not captured. Watch it again.",
            table,
        )
    if not row["captured"] or row["triggers"] < TRIGGERS:
        return Trouble(
            "trigger-gone",
            f"Our triggers on {table} are not there any more: they were removed, or lost in a restore. "
            "Its changes are not captured. Watch it again.",
            table,
        )
    if tuple(row["key"]) != watch.key:
        was, now = ", ".join(watch.key), ", ".join(row["key"])
        return Trouble(
            "key-changed",
            f"The primary key of {table} was ({was}) when it was watched and is ({now}) now: "
            "its changes are not captured. Watch it again.",
            table,
            {"was": was, "now": now},
        )
    return None


async def history(asked: asyncpg.Pool | asyncpg.Connection, cursors: Sequence[Cursor]) -> Mapping[str, Any]:
    """`same`: this log is the one that these lanes read, and has all that they read. One of HISTORY besides.

    Our own log and its cursors are in one database: they are restored together.
    """
    row = await asked.fetchrow(
        HISTORY,
        [one.from_snapshot for one in cursors],
        [one.server for one in cursors],
        [one.read_to for one in cursors],
        timeout=ANSWER_S,
    )
    lacks = not row["has_all"] and any(one.log != OWN_LOG for one in cursors)
    same = not lacks and all(one.identity == row["identity"] for one in cursors)
    return {**row, "same": same}


def log_replaced(row: Mapping[str, Any]) -> Trouble | None:
    """Nothing is read until somebody says how to go on. `row` is a `history`."""
    if row["same"]:
        return None
    return Trouble(
        "log-replaced",
        "This database was restored, re-created or moved, or a standby took over that may lack changes: its event "
        "log is not for certain the one that was read before. Nothing is read until you say how to go on.",
        args={"oldest": row["oldest"], "newest": row["newest"]},
    )


def missed_changes(count: int, at: datetime) -> Trouble:
    return Trouble(
        "changes-missed",
        f"{count} statement(s) wrote to watched tables and could not be captured. The warnings in the "
        "database's own log say why: a full disk, a lock on the event log, or a damaged schema ruleyard.",
        args={"count": count, "at": at.isoformat()},
    )


def log_too_large(size_bytes: int, most_gb: int) -> Trouble:
    return Trouble(
        "log-too-large",
        f"The event log holds {size_bytes / 2**30:.1f} GB; at most {most_gb} GB are wanted, "
        "and what is left is of today or has not been read yet.",
        args={"size_bytes": size_bytes, "most_gb": most_gb},
    )


def clock_differs(apart_s: float) -> Trouble:
    return Trouble(
        "clock-differs",
        f"This database's clock is {abs(apart_s):.0f} s {'ahead of' if apart_s > 0 else 'behind'} ours. "
        "Times of changes are its own; nothing is lost. Set the clocks right.",
        args={"seconds": round(apart_s)},
    )
