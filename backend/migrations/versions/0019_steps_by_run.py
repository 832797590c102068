"""One index of steps less: those of a run are few and found by the unique one, which begins with the run too."""

from __future__ import annotations

from alembic import op

revision = "0019"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("drop index app.step_run")


def downgrade() -> None:
    op.execute("create index step_run on app.step (run_id, seq)")
