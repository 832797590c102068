"""What is known of each event log: its size, its troubles, and the times in which changes were not captured."""

from __future__ import annotations

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        create table app.log_health (
          log bigint primary key,
          size_bytes bigint not null,
          growth_bytes bigint,                         -- of the last whole day
          oldest_on text,                              -- UTC date of the oldest day that is stored
          missed bigint not null default 0,            -- the log's own count of statements that were not captured
          troubles jsonb not null default '[]',        -- stores.log_health.Trouble
          checked_at timestamptz not null default now()
        )
    """)
    op.execute("""
        create table app.log_gap (
          id bigint generated always as identity primary key,
          log bigint not null,
          table_name text not null,                    -- '' = every table of the log
          cause text not null check (cause in ('unwatched', 'broken', 'missed', 'restored')),
          from_at timestamptz not null,
          to_at timestamptz                            -- null while it lasts
        )
    """)
    op.execute("create index log_gap_newest on app.log_gap (log, from_at desc)")


def downgrade() -> None:
    op.execute("drop table app.log_gap")
    op.execute("drop table app.log_health")
