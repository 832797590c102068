"""Errors with their code and args beside their words, so that every language can tell them."""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "alter table app.run add column fault jsonb"
    )  # core.trace.StepError; null while nothing failed
    op.execute(
        "alter table app.notification add column told jsonb"
    )  # the same, for what Ruleyard itself tells


def downgrade() -> None:
    op.execute("alter table app.run drop column fault")
    op.execute("alter table app.notification drop column told")
