"""Runs that wait for their turn, and the gate of a rule that lets them in at its pace."""

from __future__ import annotations

from alembic import op

revision = "0031"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        alter table app.run
          add column turn text,               -- what it waits or waited for: stores/turns.py
          add column not_before timestamptz,  -- settle and batch: the moment from which it goes on
          add column batch_run bigint,        -- the run that took this change along in its list; its own number there
          add column merges integer           -- settle: so many newer changes of the record are in it
    """)
    op.execute("create index run_turn on app.run (rule_id, id) where state = 'waiting' and turn is not null")
    op.execute("""
        create index run_at_gate on app.run (rule_id, id)
        where state = 'waiting' and turn is not null and not_before is null
    """)
    op.execute("""
        create index run_turn_due on app.run (rule_id, turn, not_before)
        where state = 'waiting' and not_before is not null
    """)
    op.execute("create index run_batch on app.run (batch_run, id) where batch_run is not null")
    op.execute("""
        create table app.gate (
          rule_id bigint primary key references app.rule (id) on delete cascade,
          version_id bigint not null,         -- the newest that said so
          at_most integer,                    -- so many runs begin in any `per_s` seconds; null: as many as come
          per_s double precision,
          batch_most integer,                 -- a list is full with so many; null: no lists
          batch_s double precision,
          batch_run bigint,                   -- the list that was made last
          batch_on date,
          hours boolean not null default false,  -- whether there are times in which nothing begins
          full_until timestamptz,             -- nothing can begin before, whatever comes
          look_at timestamptz                 -- when the clock looks again; null: nothing waits
        ) with (fillfactor = 50)
    """)
    op.execute("create index gate_look on app.gate (look_at) where look_at is not null")
    op.execute("""
        create table app.gate_start (
          rule_id bigint not null references app.gate (rule_id) on delete cascade,
          run_id bigint not null,
          event_on date not null,
          begun_at timestamptz,               -- null: let in, not begun yet
          primary key (rule_id, run_id)
        )
    """)
    _kinds("'retry', 'release', 'cancel', 'recall', 'stop', 'begin', 'drop'")


def downgrade() -> None:
    op.execute("update app.bulk set kind = 'stop' where kind in ('begin', 'drop')")
    _kinds("'retry', 'release', 'cancel', 'recall', 'stop'")
    op.execute("drop table app.gate_start")
    op.execute("drop table app.gate")
    op.execute("drop index app.run_batch")
    op.execute("drop index app.run_turn_due")
    op.execute("drop index app.run_at_gate")
    op.execute("drop index app.run_turn")
    op.execute(
        "alter table app.run drop column turn, drop column not_before, drop column batch_run, drop column merges"
    )


def _kinds(known: str) -> None:
    op.execute(f"""
        alter table app.bulk drop constraint bulk_kind_check, add constraint bulk_kind_check check (kind in ({known}))
    """)
