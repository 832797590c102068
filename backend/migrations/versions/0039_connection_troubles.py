"""Why a connection does not work, by code: people read it in their own language."""

from __future__ import annotations

from alembic import op

revision = "0039"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("alter table app.connection add column trouble jsonb")


def downgrade() -> None:
    op.execute("alter table app.connection drop column trouble")
