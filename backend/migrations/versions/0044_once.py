"""Rules that run at most once for each record, or once a day: which run it was. What never began does not count."""

from __future__ import annotations

from alembic import op

revision = "0044"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        create table app.once (
          rule_id bigint not null references app.rule,
          log bigint not null,
          record_table text not null,
          record_key text not null,
          day date not null,             -- of the event; -infinity: once for ever
          run_id bigint not null,        -- which may be gone
          made_at timestamptz not null default now(),
          primary key (rule_id, log, record_table, record_key, day)
        )
    """)
    op.execute("create index once_made on app.once (made_at) where day > '-infinity'")
    op.execute("""
        create function app.once_more() returns trigger language plpgsql as
        $$
        begin
          delete from app.once
          where rule_id = new.rule_id and log = new.log and record_table = new.record_table
            and record_key = new.record_key and run_id = new.id;
          return null;
        end $$
    """)
    op.execute("""
        create trigger once_more after update on app.run for each row
        when (new.state <> old.state and new.parent_run is null and (
          new.state = 'skipped' and new.batch_run is null or new.state = 'cancelled' and new.started_at is null))
        execute function app.once_more()
    """)


def downgrade() -> None:
    op.execute("drop trigger once_more on app.run")
    op.execute("drop function app.once_more()")
    op.execute("drop table app.once")
