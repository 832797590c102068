"""What waiting runs wait for: something from outside that ends their wait, or the time at which it ends.

And events that were told under a type, whoever listened.
"""

from __future__ import annotations

from alembic import op

revision = "0034"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        create table app.awaited (
          run_id bigint not null,
          node_id text not null,
          event_on date not null,              -- with it a run is found in few partitions
          kind text not null,                  -- what for: event, record, ...
          topic text not null default '',      -- how whoever answers finds it, of its kind
          log bigint,                          -- with table_name: whose changes are waited for, so that they are read
          table_name text,
          what jsonb not null default '{}',    -- what else its kind needs
          since timestamptz not null default clock_timestamp(),
          until timestamptz,                   -- then it is answered by "late"; null: it never is
          looked_at timestamptz,               -- when it was looked whether it holds already; null: not yet
          answer jsonb,
          answered_at timestamptz,
          primary key (run_id, node_id),
          constraint awaited_answer check ((answer is null) = (answered_at is null))
        )
    """)
    op.execute("create index awaited_topic on app.awaited (kind, topic) where answered_at is null")
    op.execute("""
        create index awaited_home on app.awaited (log, table_name) where table_name is not null and answered_at is null
    """)
    op.execute("""
        create table app.told (
          type text not null,
          key text not null,                   -- what the teller calls the event: it comes once
          event_id bigint,                     -- in our own log
          at timestamptz not null default clock_timestamp(),
          primary key (type, key)
        )
    """)
    op.execute("create index told_at on app.told (at)")
    op.execute("create index awaited_answered on app.awaited (answered_at) where answered_at is not null")
    op.execute("""
        create index awaited_unlooked on app.awaited (since) where looked_at is null and answered_at is null
    """)
    op.execute("create index awaited_since on app.awaited (since)")


def downgrade() -> None:
    op.execute("drop table app.told")
    op.execute("drop table app.awaited")
