"""Visits: a schedule, or dates in a column, look at records of a table. Events that we make count from a sequence."""

from __future__ import annotations

from alembic import op

revision = "0026"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        alter table app.schedule
          add column log bigint,          -- the connection whose table is visited; null: none is
          add column table_name text,     -- schema.name
          add column looked_on date,      -- of dates: up to which day what was due was visited
          add constraint schedule_home check ((log is null) = (table_name is null))
    """)
    op.execute("""
        alter table app.catch_up
          add column tick_at timestamptz,   -- the moment of the schedule that it visits for; null: turned on
          add column again_at timestamptz,  -- the moment that came while it went on: it begins anew then
          add column since_on date,         -- of dates: what is due after this day
          add column until_on date,         -- up to and with this one
          add column again_on date          -- and this one, when it begins anew
    """)
    # A catch-up's number times 2^40 leaves what a browser reads (2^53) after eight thousand of them.
    op.execute("create sequence app.made_event")


def downgrade() -> None:
    op.execute("drop sequence app.made_event")
    op.execute("alter table app.catch_up drop column tick_at, drop column again_at")
    op.execute("alter table app.catch_up drop column since_on, drop column until_on, drop column again_on")
    op.execute("alter table app.schedule drop column log, drop column table_name, drop column looked_on")
