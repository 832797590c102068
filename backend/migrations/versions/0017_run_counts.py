"""Runs counted by the hour and day, for figures that do not read every run and stay when runs are dropped.

What is there is counted in two statements (about 3 s for a million runs), while nobody writes runs.
"""

from __future__ import annotations

from pathlib import Path

from alembic import op
from sqlalchemy.util import await_only

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("select 1")
    await_only(
        op.get_bind().connection.driver_connection.execute(
            Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
        )
    )


def downgrade() -> None:
    for statement in (
        "drop index app.run_failed",
        "drop trigger counts_changed on app.run",
        "drop trigger counts_opened on app.run",
        "drop function app.count_changed(), app.count_opened(), app.ms_bucket(bigint)",
        "drop table app.run_change, app.run_pace, app.run_count",
    ):
        op.execute(statement)
