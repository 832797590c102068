"""Rules that Ruleyard itself paused, with why and when."""

from __future__ import annotations

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        alter table app.rule
          add column paused jsonb,         -- core.trace.StepError; null while nothing is wrong
          add column paused_at timestamptz
    """)


def downgrade() -> None:
    op.execute("alter table app.rule drop column paused, drop column paused_at")
