"""Documents are kept as they were written: jsonb sorts keys and rewrites numbers, json does not."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLES = ("draft", "version")


def upgrade() -> None:
    for table in TABLES:
        op.execute(f"alter table app.{table} alter column document type json using document::json")


def downgrade() -> None:
    for table in TABLES:
        op.execute(f"alter table app.{table} alter column document type jsonb using document::jsonb")
