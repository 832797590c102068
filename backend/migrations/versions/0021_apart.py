"""Tables that storm have a cursor of their own beside their lane's."""

from __future__ import annotations

from alembic import op

revision = "0021"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        alter table app.cursor
          add column apart text not null default '',   -- the one table that it reads; '': the lane's own
          add column others text[] not null default '{}'  -- of the lane's own: tables that stand apart
    """)
    op.execute("alter table app.cursor drop constraint cursor_pkey, add primary key (log, lane, apart)")


def downgrade() -> None:
    op.execute("delete from app.cursor where apart <> ''")
    op.execute("alter table app.cursor drop constraint cursor_pkey, add primary key (log, lane)")
    op.execute("alter table app.cursor drop column apart, drop column others")
