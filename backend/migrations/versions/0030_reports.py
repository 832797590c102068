"""Reports: files that rules made, with their bytes, until their day comes."""

from __future__ import annotations

from alembic import op

revision = "0030"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        create table app.report (
          id bigint generated always as identity primary key,
          key text not null unique,            -- run:node: a run that tries again makes no second one
          rule_id bigint not null references app.rule on delete cascade,
          run_id bigint not null,
          node text not null,
          title text not null,
          file text not null,                  -- what it is called when it is downloaded or mailed
          format text not null check (format in ('csv', 'xlsx', 'pdf')),
          rows integer not null,
          size_bytes integer not null,
          sha256 bytea not null,
          content bytea not null,
          made_at timestamptz not null default clock_timestamp(),
          kept_until timestamptz not null
        )
    """)
    op.execute("create index report_rule on app.report (rule_id, id)")
    op.execute("create index report_run on app.report (run_id)")
    op.execute("create index report_kept on app.report (kept_until)")


def downgrade() -> None:
    op.execute("drop table app.report")
