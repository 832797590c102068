"""Stopping the open runs of a rule is a work of its own kind, and says of which rule it is."""

from __future__ import annotations

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _kinds("'retry', 'release', 'cancel', 'recall', 'stop'")
    op.execute("""
        update app.bulk set kind = 'stop', rule_id = cast(filter ->> 'stop_rule' as bigint), filter = '{}'
        where kind = 'cancel' and rule_id is null
    """)


def downgrade() -> None:
    op.execute("""
        update app.bulk set kind = 'cancel', rule_id = null, filter = jsonb_build_object('stop_rule', rule_id)
        where kind = 'stop'
    """)
    _kinds("'retry', 'release', 'cancel', 'recall'")


def _kinds(known: str) -> None:
    op.execute(f"""
        alter table app.bulk drop constraint bulk_kind_check, add constraint bulk_kind_check check (kind in ({known}))
    """)
