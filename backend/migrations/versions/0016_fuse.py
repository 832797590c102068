"""Rules that hold what comes too fast; works on many runs are of several kinds."""

from __future__ import annotations

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        create table app.fuse (
          rule_id bigint primary key references app.rule (id),
          since timestamptz not null,                  -- the hour that is counted began
          used bigint not null default 0,              -- its runs that were not held
          extra bigint not null default 0,             -- so many more than the limit may come in it
          tripped boolean not null default false,      -- no usual hour
          usual bigint[] not null default '{}',        -- by day, newest first: core.fuse
          usual_on date,
          held bigint not null default 0 check (held >= 0),
          held_since timestamptz                       -- while set, every further run is held
        ) with (fillfactor = 50)
    """)
    op.execute("create index fuse_held on app.fuse (rule_id) where held > 0 or held_since is not null")
    op.execute("""
        create index run_held on app.run (rule_id, id) where state = 'waiting' and fault ->> 'code' = 'held'
    """)
    op.execute("alter table app.bulk_retry rename to bulk")
    op.execute("alter index app.bulk_retry_open rename to bulk_open")
    op.execute("alter table app.bulk rename column retried to done")
    op.execute("""
        alter table app.bulk
          add column kind text not null default 'retry' check (kind in ('retry', 'release', 'cancel', 'recall')),
          add column rule_id bigint references app.rule (id),
          add column of_id bigint references app.bulk (id)  -- a recall: what it takes back
    """)
    op.execute("create index bulk_rule on app.bulk (rule_id, id) where rule_id is not null")


def downgrade() -> None:
    op.execute("drop index app.bulk_rule")
    op.execute("alter table app.bulk drop column kind, drop column rule_id, drop column of_id")
    op.execute("alter table app.bulk rename column done to retried")
    op.execute("alter index app.bulk_open rename to bulk_retry_open")
    op.execute("alter table app.bulk rename to bulk_retry")
    op.execute("drop index app.run_held")
    op.execute("drop table app.fuse")
