"""Item runs: what a run does for each item of a list is a run of its own, which belongs to it and is not counted."""

from __future__ import annotations

from alembic import op

revision = "0043"
down_revision = "0036"
branch_labels = None
depends_on = None

_COUNTED = """
    create or replace function app.count_opened() returns trigger language plpgsql as
    $$
    begin
      insert into app.run_change (at, rule_id, version_id, outcome, runs, ms)
      select date_trunc('hour', created_at, 'UTC'), rule_id, version_id, 'opened', count(*), null
      from opened {counted} group by 1, 2, 3;
      insert into app.run_change (at, rule_id, version_id, outcome, runs, ms)
      select date_trunc('hour', created_at, 'UTC'), rule_id, version_id, state, 1,
        extract(epoch from finished_at - coalesce(started_at, created_at)) * 1000
      from opened {counted} {joined} state in ('succeeded', 'failed', 'skipped', 'cancelled');
      return null;
    end $$
"""
_WHEN = """
    create trigger counts_changed after update on app.run for each row
      when ({own} ((old.state in ('succeeded', 'failed', 'skipped', 'cancelled')
          or new.state in ('succeeded', 'failed', 'skipped', 'cancelled'))
        and (old.state, old.finished_at, old.started_at, old.created_at)
          is distinct from (new.state, new.finished_at, new.started_at, new.created_at)
        or old.created_at <> new.created_at))
      execute function app.count_changed()
"""


def upgrade() -> None:
    op.execute("""
        alter table app.run
          add column parent_run bigint,      -- whose list it is; null: a run of its own
          add column parent_node text,       -- the for_each
          add column item_index integer,     -- from 0
          add column item jsonb
    """)
    op.execute("""
        create index run_items on app.run (parent_run, parent_node, item_index) where parent_run is not null
    """)
    op.execute(_COUNTED.format(counted="where parent_run is null", joined="and"))
    op.execute("drop trigger counts_changed on app.run")
    op.execute(_WHEN.format(own="new.parent_run is null and"))


def downgrade() -> None:
    op.execute("delete from app.run where parent_run is not null")
    op.execute(_COUNTED.format(counted="", joined="where"))
    op.execute("drop trigger counts_changed on app.run")
    op.execute(_WHEN.format(own=""))
    op.execute("drop index app.run_items")
    op.execute("""
        alter table app.run drop column parent_run, drop column parent_node, drop column item_index, drop column item
    """)
