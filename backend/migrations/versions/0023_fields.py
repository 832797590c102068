"""What people call the fields of watched databases, and which fields of a table somebody has seen already."""

from __future__ import annotations

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        create table app.field_label (
          connection_id bigint not null references app.connection on delete cascade,
          table_name text not null,                    -- schema.name
          column_name text not null,
          label text not null check (length(label) between 1 and 80),
          primary key (connection_id, table_name, column_name)
        )
    """)
    op.execute("""
        create table app.seen_fields (
          connection_id bigint not null references app.connection on delete cascade,
          table_name text not null,
          columns text[] not null,                     -- those that somebody has been shown
          primary key (connection_id, table_name)
        )
    """)


def downgrade() -> None:
    op.execute("drop table app.seen_fields")
    op.execute("drop table app.field_label")
