"""Cursors remember the server that they read, and how far its log of changes reached."""

from __future__ import annotations

from alembic import op

revision = "0018"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Empty: not known yet, which is taken for the server that answers next.
    op.execute("alter table app.cursor add column server text not null default ''")
    op.execute("alter table app.cursor add column read_to text not null default ''")


def downgrade() -> None:
    op.execute("alter table app.cursor drop column server, drop column read_to")
