"""`ruleyard migrate`: bring our own database to this program's schema.

Any number may start at once: they queue on an advisory lock, and the later ones find nothing to do.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

import asyncpg
from alembic import command
from alembic.config import Config

from ruleyard.core.errors import Unavailable

_LOCK = 0x52554C45  # "RULE": only `migrate` takes this advisory lock
_LOCK_S = 300.0


def migrate(database_url: str) -> None:
    """Upgrade the database to the newest schema. Blocks; raises Unavailable when it cannot be reached."""
    asyncio.run(migrate_async(database_url))


async def migrate_async(database_url: str) -> None:
    """The same from inside a loop."""
    try:
        holder = await asyncpg.connect(database_url, timeout=20)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as problem:
        raise Unavailable(
            f"Our own database does not let us in: {str(problem) or type(problem).__name__}. "
            "Check RULEYARD_DATABASE_URL."
        ) from problem
    try:
        await holder.execute("select pg_advisory_lock($1)", _LOCK, timeout=_LOCK_S)
        await asyncio.to_thread(_upgrade, database_url)
    finally:
        await holder.close(timeout=5)


def _upgrade(database_url: str) -> None:
    """Alembic in a thread of its own, since its environment runs a loop. The URL travels as an attribute."""
    config = Config()
    config.set_main_option("script_location", str(_migrations_folder()).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    url = "postgresql+asyncpg://" + database_url.split("://", 1)[1]
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    config.attributes["database_url"] = database_url
    command.upgrade(config, "head")


def _migrations_folder() -> Path:
    folder = Path(__file__).resolve().parents[3] / "migrations"
    if not (folder / "env.py").is_file():
        raise Unavailable(f"The migrations are not where they should be: {folder}")
    return folder
