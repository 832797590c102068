"""Renewing an event log that an older release installed, and the capture functions of its tables.

Whoever leads a log does it first. A log of a newer release is left alone. Knows nothing of cursors and rules.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from ruleyard.intake.capture import install_log, log_script
from ruleyard.stores.watches import Watch

PATIENCE: Final = "3s"
"""How long writers may keep us from it; then the old log goes on, and the next leader tries again."""
RENEW_S: Final = 30.0

_VERSION: Final = re.compile(r"capture_version\(\).*?select (\d+)")


def script_version() -> int:
    """The version of the log that this program installs."""
    found = _VERSION.search(log_script())
    if found is None:
        raise AssertionError("log.sql does not say its version")
    return int(found[1])


async def renew_log(conn: Any, watches: Sequence[Watch]) -> bool:
    """Brings the log and the triggers of these tables to this program's version. False where it had it already.

    Database errors pass through, and then nothing was changed. A table that is gone keeps what it has.
    """
    known = await conn.fetchval(
        "select to_regprocedure('ruleyard.capture_version()') is not null", timeout=RENEW_S
    )
    version = await conn.fetchval("select ruleyard.capture_version()", timeout=RENEW_S) if known else 1
    ours = script_version()
    if version > ours:
        return False
    stale = await _stale(conn) if version == ours else None
    if stale == set():
        return False
    async with conn.transaction():
        await conn.execute("select set_config('lock_timeout', $1, true)", PATIENCE)
        if stale is None:
            await install_log(conn)
            stale = await _stale(conn)
        for watch in watches:
            await conn.execute(
                """
                select ruleyard.watch(c.oid, $2, $3) from pg_class c join pg_namespace n on n.oid = c.relnamespace
                where n.nspname || '.' || c.relname = $1 and c.relkind in ('r', 'p')
                  and ruleyard.capture_name($1) = any($4::text[])
                """,
                watch.table,
                list(watch.key),
                list(watch.excluded),
                list(stale),
                timeout=RENEW_S,
            )
    return True


async def _stale(conn: Any) -> set[str]:
    return {
        row["name"]
        for row in await conn.fetch("select name from ruleyard.stale_captures() as s(name)", timeout=RENEW_S)
    }
