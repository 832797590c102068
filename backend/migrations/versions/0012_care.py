"""Outside systems in trouble, runs by what stopped them, and retries of many runs at once."""

from __future__ import annotations

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        create table app.target (
          name text primary key,                       -- scheme://host:port
          failures integer not null,                   -- in a row
          failed_at timestamptz not null,
          error text not null default '',
          opened_at timestamptz,                       -- null: asked as ever
          retry_at timestamptz,
          probing_until timestamptz                    -- one run asks whether it answers again
        )
    """)
    op.execute("create index run_fault on app.run ((fault ->> 'code'), id desc) where fault is not null")
    op.execute("""
        create table app.bulk_retry (
          id bigint generated always as identity primary key,
          filter jsonb not null,                       -- stores.bulk_retries.Filter
          upto_id bigint not null,                     -- what fails later is not meant
          at_id bigint not null default 0,             -- done so far
          total integer not null,
          retried integer not null default 0,
          state text not null default 'running' check (state in ('running', 'finished', 'stopped')),
          actor text not null,
          created_at timestamptz not null default now(),
          finished_at timestamptz
        )
    """)
    op.execute("create index bulk_retry_open on app.bulk_retry (id) where state = 'running'")


def downgrade() -> None:
    op.execute("drop table app.bulk_retry")
    op.execute("drop index app.run_fault")
    op.execute("drop table app.target")
