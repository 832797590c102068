"""What is said of runs that are not kept any more: the weeks and months that were dropped, and which runs they held."""

from __future__ import annotations

from alembic import op

revision = "0020"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        create table app.run_gone (
          shelf text not null,                         -- 'recent' or 'kept', as in app.add_part
          begins_on date not null,
          ends_on date not null,                       -- the day after
          first_run bigint not null,                   -- ids
          last_run bigint not null,
          size_bytes bigint not null,
          keep_days integer not null,                  -- as it was asked for then
          keep_failed_days integer not null,
          gone_at timestamptz not null default now(),
          primary key (shelf, begins_on)
        )
    """)
    op.execute("create index notification_old on app.notification (created_at)")


def downgrade() -> None:
    op.execute("drop index app.notification_old")
    op.execute("drop table app.run_gone")
