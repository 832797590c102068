"""The first house: our own tables, and the event log of our own database."""

from __future__ import annotations

from pathlib import Path

from alembic import op
from sqlalchemy.util import await_only

from ruleyard.intake.capture import log_script

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def run_script(sql: str) -> None:
    """Many statements at once, inside the migration's transaction (asyncpg prepares one at a time)."""
    op.execute("select 1")
    await_only(op.get_bind().connection.driver_connection.execute(sql))


def upgrade() -> None:
    run_script(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))
    run_script(log_script())


def downgrade() -> None:
    raise NotImplementedError("The first migration is not undone: drop the database instead.")
