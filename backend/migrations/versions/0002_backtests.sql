-- Back-tests: asked for by people, worked off by any worker, kept a week. Nothing of one lives in a process.
create table app.backtest (
  id bigint generated always as identity primary key,
  rule_id bigint references app.rule on delete cascade,
  document jsonb not null,                       -- what is tried
  other_document jsonb,                          -- what it is compared with, if anything
  other_words text not null default '',          -- "version 3", or why there is nothing to compare with
  log bigint not null,
  table_name text not null,
  ops text[] not null,
  from_at timestamptz not null,
  to_at timestamptz not null,
  most bigint not null,                          -- events that are read at most, newest first
  state text not null default 'queued' check (state in ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
  total bigint,                                  -- events to read; null before it began
  history_since timestamptz,                     -- the oldest change of the table that the log still knows
  below_id bigint,                               -- events from here on were judged
  tally jsonb not null default '{}',             -- core.backtest.Tally
  error text not null default '',
  leased_by text,
  lease_until timestamptz,
  created_by bigint references app.account on delete set null,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz
);
create index backtest_open on app.backtest (id) where state in ('queued', 'running');
create index backtest_created on app.backtest (created_at);

create table app.backtest_match (
  backtest_id bigint not null references app.backtest on delete cascade,
  event_id bigint not null,
  at timestamptz not null,
  record_key text not null,
  fired boolean not null,
  was boolean,                                   -- did the version compared with fire; null where there is none
  nearly boolean not null,
  path text not null,
  words text not null,
  primary key (backtest_id, event_id)
);
