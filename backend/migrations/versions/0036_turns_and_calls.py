"""Whose turn it is when records are given to people, and the lists of calls that people work through."""

from __future__ import annotations

from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        create table app.rotation (
          name text primary key,                        -- of one step, or one that several steps share
          rule_id bigint references app.rule on delete cascade,  -- whose step; null where it is shared
          state jsonb not null default '{}',            -- core.turns: credits and who came last
          moved_at timestamptz not null default clock_timestamp()
        ) with (fillfactor = 50)
    """)
    op.execute("""
        create table app.turn (
          key text primary key,                         -- run:node: the same person at every try
          rotation text not null,
          person jsonb not null,
          position integer not null,                    -- in the list of people, from 1
          record jsonb,                                 -- key of the record that is given
          taken_at timestamptz not null default clock_timestamp(),
          written_at timestamptz                        -- null: not in the watched database yet, as far as we know
        )
    """)
    op.execute("create index turn_unwritten on app.turn (rotation) where written_at is null")
    op.execute("create index turn_taken_at on app.turn (taken_at)")
    op.execute("""
        create table app.call (
          id bigint generated always as identity primary key,
          list text not null,
          phone text not null,                          -- +821012345678
          name text not null default '',
          note text not null default '',
          priority smallint not null check (priority between 1 and 9),  -- 1 is called first
          due_at timestamptz not null default clock_timestamp(),        -- not before
          until_at timestamptz,                         -- not after
          state text not null default 'waiting' check (state in ('waiting', 'done')),
          taken_by text,                                -- caller: an account or a key
          taken_name text not null default '',
          taken_until timestamptz,                      -- a lease: then it waits again
          outcome text check (outcome in ('reached', 'not_reached', 'do_not_call', 'removed')),
          said text not null default '',                -- what the caller noted
          done_by text not null default '',
          done_at timestamptz,
          tries integer not null default 0,             -- calls made without ending it
          rule_id bigint references app.rule on delete set null,
          run_id bigint,
          log integer,
          table_name text,
          record jsonb,                                 -- key of the record that started the run
          queued_at timestamptz not null default clock_timestamp()
        )
    """)
    op.execute("create index call_next on app.call (list, priority, due_at, id) where state = 'waiting'")
    op.execute("create index call_phone on app.call (list, phone) where state = 'waiting'")
    op.execute("create index call_done on app.call (done_at desc, id desc) where state = 'done'")
    op.execute("""
        create table app.call_key (
          key text primary key,                         -- run:node: queued once, however often it is tried
          call_id bigint not null references app.call on delete cascade,
          position integer not null,
          merged boolean not null,                      -- the phone was waiting already
          at timestamptz not null default clock_timestamp()
        )
    """)
    op.execute("create index call_key_call on app.call_key (call_id)")
    op.execute("""
        create table app.do_not_call (
          phone text primary key,
          said text not null default '',
          by text not null,
          at timestamptz not null default clock_timestamp()
        )
    """)


def downgrade() -> None:
    for table in ("do_not_call", "call_key", "call", "turn", "rotation"):
        op.execute(f"drop table app.{table}")
