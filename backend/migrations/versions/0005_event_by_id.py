"""The index of our own event log by id, which its script had named like the sequence and so never made."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("create index if not exists event_by_id on ruleyard.event (id)")


def downgrade() -> None:
    op.execute("drop index ruleyard.event_by_id")
