"""Catch-ups: runs of a version for records that matched when it went on. And which draft a version was made of."""

from __future__ import annotations

from alembic import op

revision = "0022"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("alter table app.version add column draft_etag bigint")  # null: published before we noted it
    op.execute("""
        create table app.catch_up (
          id bigint generated always as identity primary key,
          rule_id bigint not null references app.rule on delete cascade,
          version_id bigint not null references app.version on delete cascade,
          log bigint not null,                         -- the connection's
          table_name text not null,                    -- schema.name
          state text not null default 'running' check (state in ('running', 'finished', 'stopped', 'failed')),
          place text[] not null default '{}',          -- the key of the last record looked at, as text
          about bigint,                                -- how many records the table has, roughly
          looked bigint not null default 0,            -- records looked at
          runs bigint not null default 0,              -- runs opened
          undecided bigint not null default 0,         -- records that could not be judged
          error text not null default '',
          actor text not null,
          begun_at timestamptz not null default clock_timestamp(),
          finished_at timestamptz
        )
    """)
    op.execute("create unique index catch_up_open on app.catch_up (version_id) where state = 'running'")
    op.execute("create index catch_up_rule on app.catch_up (rule_id, id desc)")


def downgrade() -> None:
    op.execute("drop table app.catch_up")
    op.execute("alter table app.version drop column draft_etag")
