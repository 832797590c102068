"""Working calendars, kept whole as one value each, and the hours that a schedule's rule keeps."""

from __future__ import annotations

from alembic import op

revision = "0032"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        create table app.calendar (
          id bigint generated always as identity primary key,
          name text not null,
          spec jsonb not null,                 -- core/calendars.py Calendar, without its name
          is_default boolean not null default false,
          etag bigint not null default 1,
          changed_at timestamptz not null default clock_timestamp(),
          changed_by bigint references app.account
        )
    """)
    op.execute("create unique index calendar_name on app.calendar (lower(name))")
    op.execute("create unique index calendar_default on app.calendar (is_default) where is_default")
    op.execute("alter table app.schedule add column hours jsonb")


def downgrade() -> None:
    op.execute("alter table app.schedule drop column hours")
    op.execute("drop table app.calendar")
