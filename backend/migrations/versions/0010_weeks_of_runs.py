"""Runs, steps and attempts in partitions by the week of the event, so that old ones are dropped and never deleted.

What is there is carried over in one statement a table (about 20 s for a million runs): stop `listen` and `work` first.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from alembic import op
from sqlalchemy import text
from sqlalchemy.util import await_only

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TABLES: Final = ("run", "step", "attempt")
OLDEST_WEEKS: Final = 60
"""Events older than that share one partition."""


def run_script(sql: str) -> None:
    """Many statements at once, inside the migration's transaction (asyncpg prepares one at a time)."""
    op.execute("select 1")
    await_only(op.get_bind().connection.driver_connection.execute(sql))


def upgrade() -> None:
    found = op.get_bind().execute(
        text("""
            select pg_get_indexdef(i.indexrelid) as made, i.indexrelid::regclass::text as name
            from pg_index i
            where i.indrelid in ('app.run'::regclass, 'app.step'::regclass) and not i.indisunique
        """)
    )
    indexes = [(row.made, row.name) for row in found]
    run_script("alter table app.notification drop constraint notification_run_id_fkey")
    for _, name in indexes:
        op.execute(f"drop index {name}")
    for table in TABLES:
        run_script(f"alter table app.{table} rename to {table}_old")
    run_script(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))
    run_script(_AHEAD)
    _carry_over("run", "app.run_old o", f"({_EVENT_ON})")
    _carry_over("step", "app.step_old o join app.run r on r.id = o.run_id", "r.event_on")
    _carry_over("attempt", "app.attempt_old o join app.step r on r.id = o.step_id", "r.event_on")
    run_script(_KEYS)
    for made, _ in indexes:
        op.execute(made)
    run_script("drop table app.attempt_old, app.step_old, app.run_old")
    for table in TABLES:
        op.execute(f"analyze app.{table}")


_EVENT_ON: Final = "cast(cast(o.event ->> 'at' as timestamptz) at time zone 'UTC' as date)"

_AHEAD: Final = f"""
    select app.add_weeks(
      greatest((now() at time zone 'UTC')::date - 7 * {OLDEST_WEEKS},
        least((now() at time zone 'UTC')::date - 7, (select min({_EVENT_ON}) from app.run_old o))),
      (now() at time zone 'UTC')::date + 14)
"""

# A run's steps and attempts are written by whoever writes the run, and go with its partition: no foreign keys, whose
# removal would lock both sides whenever a week is dropped. A version that runs may point at is never deleted.
_KEYS: Final = """
    alter table app.run add primary key (id, event_on, shelf);
    alter table app.run add unique (version_id, log, event_id, event_on, shelf);
    alter table app.step add primary key (id, event_on, shelf);
    alter table app.step add unique (run_id, node_id, event_on, shelf);
    alter table app.attempt add primary key (step_id, number, event_on, shelf);
    create trigger version_is_kept before delete on app.version for each row execute function app.refuse_change();
"""


def _carry_over(table: str, source: str, event_on: str) -> None:
    """Every column that the old table had and the new one has."""
    named = op.get_bind().execute(
        text("""
            select string_agg(quote_ident(n.column_name), ', ' order by n.ordinal_position) as mine,
              string_agg('o.' || quote_ident(n.column_name), ', ' order by n.ordinal_position) as theirs
            from information_schema.columns n
            join information_schema.columns o using (table_schema, column_name)
            where n.table_schema = 'app' and n.table_name = :new and o.table_name = :old
        """),
        {"new": table, "old": f"{table}_old"},
    )
    columns = named.one()
    op.execute(
        f"insert into app.{table} ({columns.mine}, event_on) select {columns.theirs}, {event_on} from {source}"
    )


def downgrade() -> None:
    raise NotImplementedError("Runs are not put back into one table: restore the backup instead.")
