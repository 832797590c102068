"""Connections to systems that speak HTTP and to SMS providers."""

from __future__ import annotations

from alembic import op

revision = "0025"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("alter table app.connection drop constraint connection_kind_check")
    op.execute("""
        alter table app.connection add constraint connection_kind_check
          check (kind in ('postgres', 'smtp', 'http', 'sms'))
    """)


def downgrade() -> None:
    op.execute("delete from app.connection where kind in ('http', 'sms')")
    op.execute("alter table app.connection drop constraint connection_kind_check")
    op.execute("""
        alter table app.connection add constraint connection_kind_check check (kind in ('postgres', 'smtp'))
    """)
