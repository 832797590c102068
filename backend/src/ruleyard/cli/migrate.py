"""`ruleyard migrate`: bring our own database to this program's schema.

Any number may start at once: they queue on an advisory lock (migrations/env.py), and the later
ones find nothing to do.
"""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

import asyncpg
from alembic import command
from alembic.config import Config
from sqlalchemy.exc import DBAPIError

from ruleyard.core.errors import Unavailable

NAME = "migrate"
HELP = "bring our own database to this program's schema"


def arguments(parser: argparse.ArgumentParser) -> None:
    del parser


def run(args: argparse.Namespace) -> int:
    from ruleyard.settings import read_settings

    migrate(read_settings().direct_url)
    print("The database has the newest schema.")
    return 0


def migrate(database_url: str) -> None:
    """Upgrade the database to the newest schema. Blocks; raises Unavailable when it cannot be reached."""
    asyncio.run(migrate_async(database_url))


async def migrate_async(database_url: str) -> None:
    """The same from inside a loop."""
    try:
        probe = await asyncpg.connect(database_url, timeout=20)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as problem:
        raise Unavailable(
            f"Our own database does not let us in: {str(problem) or type(problem).__name__}. "
            "Check RULEYARD_DATABASE_URL (RULEYARD_LISTEN_URL, where that is set)."
        ) from problem
    await probe.close(timeout=5)
    try:
        await asyncio.to_thread(_upgrade, database_url)
    except DBAPIError as problem:
        raise Unavailable(
            f"Our own database could not be brought to the newest schema: {problem.orig}. "
            "Nothing is half done; try again when nobody else works in it."
        ) from problem


def _upgrade(database_url: str) -> None:
    """Alembic in a thread of its own, since its environment runs a loop. The URL travels as an attribute."""
    config = Config()
    config.set_main_option("script_location", str(_migrations_folder()).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["database_url"] = database_url
    command.upgrade(config, "head")


def _migrations_folder() -> Path:
    folder = Path(__file__).resolve().parents[3] / "migrations"
    if not (folder / "env.py").is_file():
        raise Unavailable(f"The migrations are not where they should be: {folder}")
    return folder
