"""Requests to the address of a rule may have to be signed; how many were refused."""

from __future__ import annotations

from alembic import op

revision = "0037"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        create table app.hook_signature (
          rule_id bigint primary key references app.rule on delete cascade,
          scheme text not null check (scheme in ('standard', 'hmac')),
          header text not null default '',
          encoding text not null default 'hex' check (encoding in ('hex', 'base64')),
          prefix text not null default '',
          sealed bytea not null,               -- the secret, and the one before
          old_until timestamptz,               -- so long the one before still fits
          changed_at timestamptz not null default clock_timestamp(),
          refused integer not null default 0,  -- requests since refused_since
          refused_since timestamptz,
          refused_at timestamptz,              -- the last one
          refused_why text not null default ''
        )
    """)


def downgrade() -> None:
    op.execute("drop table app.hook_signature")
