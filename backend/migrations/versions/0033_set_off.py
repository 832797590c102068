"""What runs set off in our own log: events told to other rules, and rules started by name, once per run and node."""

from __future__ import annotations

from alembic import op

revision = "0033"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        create table app.set_off (
          key text primary key,                -- run:node
          run_id bigint not null,
          rules text[] not null,               -- names of the rules that were started
          event_id bigint,                     -- the last event in our own log; null: nobody listened
          at timestamptz not null default clock_timestamp()
        )
    """)
    op.execute("create index set_off_at on app.set_off (at)")


def downgrade() -> None:
    op.execute("drop table app.set_off")
