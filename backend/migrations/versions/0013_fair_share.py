"""Queued runs are found rule by rule, so that a claim can give every rule its share."""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("drop index app.run_due")
    op.execute("create index run_due on app.run (slot, rule_id, id) where state = 'queued'")


def downgrade() -> None:
    op.execute("drop index app.run_due")
    op.execute("create index run_due on app.run (slot, id) where state = 'queued'")
