"""Our database as a release left it: migrated as far as one revision."""

from __future__ import annotations

from alembic import command
from alembic.config import Config

from ruleyard.cli import migrate


def migrate_to(url: str, revision: str) -> None:
    """`heads` for today's. Blocks: call it in a thread."""
    config = Config()
    config.set_main_option("script_location", str(migrate._migrations_folder()))
    config.set_main_option("path_separator", "os")
    config.attributes["database_url"] = url
    command.upgrade(config, revision)
