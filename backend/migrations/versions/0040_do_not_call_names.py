"""Whose phone must not be called: the name, beside the number and the reason."""

from __future__ import annotations

from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("alter table app.do_not_call add column name text not null default ''")
    op.execute("""
        update app.do_not_call d set name = c.name
        from (
          select distinct on (phone) phone, name from app.call
          where outcome = 'do_not_call' and name <> '' order by phone, done_at desc
        ) c
        where c.phone = d.phone
    """)
    op.execute("create index do_not_call_at on app.do_not_call (at desc, phone desc)")


def downgrade() -> None:
    op.execute("drop index app.do_not_call_at")
    op.execute("alter table app.do_not_call drop column name")
