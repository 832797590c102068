"""A step may leave by the way of a choose that its rule names, or by the failed path of an action."""

from __future__ import annotations

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("alter table app.step drop constraint step_branch_check")


def downgrade() -> None:
    op.execute("update app.step set branch = null where branch not in ('yes', 'no')")
    op.execute("alter table app.step add constraint step_branch_check check (branch in ('yes', 'no'))")
