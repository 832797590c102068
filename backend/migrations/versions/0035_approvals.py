"""Approvals: questions that runs wait for people to answer, who was asked, and the links that were mailed."""

from __future__ import annotations

from alembic import op

revision = "0035"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        create table app.approval (
          id bigint generated always as identity primary key,
          run_id bigint not null,
          node_id text not null,
          event_on date not null,              -- with it a run is found in few partitions
          rule_id bigint not null references app.rule on delete cascade,
          question text not null,
          details text not null,
          comment text not null check (comment in ('optional', 'on_refusal')),
          mailed_by text,                      -- the connection that mails go through; null: only in the product
          asked_at timestamptz not null default clock_timestamp(),
          until timestamptz not null,
          remind_s integer,                    -- between reminders; null: none
          remind_times integer not null default 0,
          called integer not null default 0,   -- reminders that somebody asked for by hand
          called_at timestamptz,
          answer text check (answer in ('approved', 'refused', 'late')),
          answered_by text,
          answered_name text,
          by_link boolean not null default false,
          for_others boolean not null default false,
          answer_comment text not null default '',
          answered_at timestamptz,
          unique (run_id, node_id)
        )
    """)
    op.execute("create index approval_open on app.approval (until) where answer is null")
    op.execute("create index approval_rule on app.approval (rule_id)")
    op.execute("""
        create table app.approver (
          id bigint generated always as identity primary key,
          approval_id bigint not null references app.approval on delete cascade,
          account_id bigint references app.account on delete cascade,
          email text not null,
          name text not null,
          language text not null
        )
    """)
    op.execute("create unique index approver_once on app.approver (approval_id, lower(email))")
    op.execute("create index approver_account on app.approver (account_id, approval_id)")
    op.execute("""
        create table app.approval_mail (
          approver_id bigint not null references app.approver on delete cascade,
          number integer not null,             -- 0 asks, 1… remind
          token_hash bytea unique,             -- sha256 of what stands in the link
          state text not null check (state in ('sending', 'sent', 'again', 'refused', 'unknown')),
          tries integer not null default 1,
          error text not null default '',
          at timestamptz not null default clock_timestamp(),
          primary key (approver_id, number)
        )
    """)
    op.execute("""
        create table app.link_try (
          address text not null,
          at timestamptz not null default clock_timestamp()
        )
    """)
    op.execute("create index link_try_at on app.link_try (address, at)")


def downgrade() -> None:
    op.execute("drop table app.link_try")
    op.execute("drop table app.approval_mail")
    op.execute("drop table app.approver")
    op.execute("drop table app.approval")
