"""What lanes heard, apart from what they judged; and events that cannot be read, set aside."""

from __future__ import annotations

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # events: that some rule listens to; passed_over: pairs of event and rule that the index ruled out
    op.execute("""
        create table app.heard (
          log bigint not null,
          lane smallint not null,
          hour timestamptz not null,
          table_name text not null,
          op text not null,
          events bigint not null default 0,
          passed_over bigint not null default 0,
          primary key (hour, log, lane, table_name, op)
        )
    """)
    # Before, only pairs were counted: so many events there were at the least.
    op.execute("""
        insert into app.heard (log, lane, hour, table_name, op, events)
        select log, lane, hour, '', '', max(matched + unmatched + errors) from app.judged group by log, lane, hour
    """)
    op.execute("""
        create table app.unreadable_event (
          log bigint not null,
          event_id bigint not null,
          lane smallint not null,
          table_name text not null,
          error text not null,
          seen_at timestamptz not null default now(),
          primary key (log, event_id)
        )
    """)


def downgrade() -> None:
    op.execute("drop table app.unreadable_event")
    op.execute("drop table app.heard")
