"""Capture: triggers on a table, so that its changes reach the event log; taken away without a trace.

Knows only the watched database (log.sql and capture.sql do the work inside it); knows nothing of our own tables.
`intake/watching.py` joins the two.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources
from typing import Final

import asyncpg
import msgspec

from ruleyard.core.errors import Invalid, NotFound, Unavailable
from ruleyard.intake.introspect import table_summary
from ruleyard.stores.lineage import PLACE, SERVER

LOCK_TIMEOUT: Final = "5s"
"""How long we wait for writers to let us at a table: a queue behind us must not stop the customer's work."""


class Captured(msgspec.Struct, frozen=True):
    """What a fresh cursor needs: the snapshot from before the triggers, and which log of which server it is in."""

    key: tuple[str, ...]
    snapshot: str
    identity: str
    server: str
    read_to: str


def log_script() -> str:
    """Many statements in SQL that install the event log and what captures tables, or bring an older one up to date."""
    here = resources.files("ruleyard.intake")
    return "\n".join(here.joinpath(name).read_text(encoding="utf-8") for name in ("log.sql", "capture.sql"))


async def install_log(conn: asyncpg.Connection) -> None:
    """Schema `ruleyard` with the event log; safe to repeat. Raises Invalid where the role may not."""
    try:
        await conn.execute(log_script())
    except asyncpg.InsufficientPrivilegeError as error:
        raise Invalid(
            f"The connection's user may not create the event log: {error}. Grant it CREATE on the database.",
            code="may-not-install",
        ) from error


async def watch_table(pool: asyncpg.Pool, table: str, excluded: Sequence[str] = ()) -> Captured:
    """Install the triggers of one table (`schema.name`), or renew them with other excluded columns.

    Raises NotFound (no such table), Invalid (no primary key, no right, an excluded column that is unknown or
    part of the key) and Unavailable (the table stayed locked).
    """
    summary = await table_summary(pool, table)
    if summary is None:
        raise NotFound(f"There is no table {table} that this connection can see.", code="unknown-table")
    if not summary.watchable:
        raise Invalid(summary.why_not, code="not-watchable")
    async with pool.acquire() as conn:
        await refuse_excluded(conn, table, summary.key, excluded)
        try:
            async with conn.transaction():
                await conn.execute("select set_config('lock_timeout', $1, true)", LOCK_TIMEOUT)
                snapshot = await conn.fetchval("select pg_current_snapshot()::text")
                await install_log(conn)
                await conn.execute(
                    """select ruleyard.watch(c.oid, $2, $3) from pg_class c
                    join pg_namespace n on n.oid = c.relnamespace
                    where n.nspname || '.' || c.relname = $1 and c.relkind in ('r', 'p')""",
                    table, list(summary.key), list(excluded),
                )  # fmt: skip
                log = await conn.fetchrow(
                    f"select ruleyard.identity() as identity, {SERVER} as server, {PLACE}::text as read_to"
                )
        except asyncpg.LockNotAvailableError as error:
            raise Unavailable(
                f"{table} is busy: a long transaction holds it. Try again.", code="table-busy"
            ) from error
        except asyncpg.InsufficientPrivilegeError as error:
            raise Invalid(f"{table} cannot be watched: {error}.", code="not-watchable") from error
    return Captured(key=summary.key, snapshot=snapshot, **log)


async def refuse_excluded(
    conn: asyncpg.Connection, table: str, key: tuple[str, ...], excluded: Sequence[str]
) -> None:
    """Raises Invalid for an excluded column that does not exist or is part of the primary key."""
    names = await conn.fetch(
        """select a.attname::text as name from pg_attribute a join pg_class c on c.oid = a.attrelid
        join pg_namespace n on n.oid = c.relnamespace
        where n.nspname || '.' || c.relname = $1 and a.attnum > 0 and not a.attisdropped""",
        table,
    )
    known = {row["name"] for row in names}
    for column in excluded:
        if column not in known:
            raise Invalid(f"{table} has no column {column}, so it cannot be excluded.", code="unknown-column")
        if column in key:
            raise Invalid(
                f"{column} is part of the primary key of {table} and cannot be excluded.", code="key-excluded"
            )


async def unwatch_table(pool: asyncpg.Pool, table: str) -> bool:
    """Take a table's triggers away; with the last one the whole schema `ruleyard` goes. True when it went.

    Also works when the table or the log is gone already. Raises Unavailable when the table stayed locked.
    """
    async with pool.acquire() as conn:
        try:
            async with conn.transaction():
                await conn.execute("select set_config('lock_timeout', $1, true)", LOCK_TIMEOUT)
                if not await conn.fetchval("select to_regprocedure('ruleyard.unwatch(text)') is not null"):
                    return True
                last = bool(await conn.fetchval("select ruleyard.unwatch($1)", table))
                if last:
                    await conn.execute("drop schema ruleyard cascade")
                return last
        except asyncpg.LockNotAvailableError as error:
            raise Unavailable(
                f"{table} is busy: a long transaction holds it. Try again.", code="table-busy"
            ) from error
