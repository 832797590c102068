"""Runs that make way for a newer one on their record."""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("alter table app.run add column replaced_by bigint")  # the run that this one makes way for


def downgrade() -> None:
    op.execute("alter table app.run drop column replaced_by")
