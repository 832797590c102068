"""Runs remember what set them off: the run that wrote the change, the first run of the chain, how long it is."""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        alter table app.run
          add column cause_run bigint,                 -- null where no run wrote the change
          add column root_run bigint,                  -- the first run of the chain
          add column depth smallint not null default 0 -- how many runs came before
    """)
    op.execute("create index run_children on app.run (cause_run, id) where cause_run is not null")
    op.execute("create index run_root on app.run (root_run, id) where root_run is not null")
    op.execute("create index run_cascade on app.run (rule_id, created_at) where depth > 0")


def downgrade() -> None:
    op.execute("alter table app.run drop column cause_run, drop column root_run, drop column depth")
