"""Hooks: the secret address of a rule that requests come in by, and which requests came already."""

from __future__ import annotations

from alembic import op

revision = "0027"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        create table app.hook (
          rule_id bigint primary key references app.rule on delete cascade,
          token_hash bytea not null unique,    -- sha256: how a request finds its rule
          sealed bytea not null,               -- the token, to show the address again
          made_at timestamptz not null default clock_timestamp()
        )
    """)
    op.execute("""
        create table app.received (
          rule_id bigint not null references app.rule on delete cascade,
          key text not null,                   -- what the sender calls the request
          event_id bigint not null,
          at timestamptz not null default clock_timestamp(),
          primary key (rule_id, key)
        )
    """)
    op.execute("create index received_at on app.received (at)")


def downgrade() -> None:
    op.execute("drop table app.received")
    op.execute("drop table app.hook")
