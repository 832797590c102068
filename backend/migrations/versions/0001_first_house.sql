-- Our own database. Rows here are the truth; NOTIFY and arq jobs are only bells.
-- The event log of our own database (schema `ruleyard`) is installed by the same script as in watched databases.
create schema if not exists app;  -- env.py keeps alembic_version in it

create table app.account (
  id bigint generated always as identity primary key,
  email text not null,
  name text not null,
  password_hash text not null,
  role text not null check (role in ('viewer', 'editor', 'publisher', 'admin')),
  language text not null default 'en' check (language in ('en', 'ko', 'zh', 'ru')),
  created_at timestamptz not null default now(),
  disabled_at timestamptz
);
create unique index account_email on app.account (lower(email));

create table app.session (
  token_hash bytea primary key,
  account_id bigint not null references app.account on delete cascade,
  csrf text not null,
  created_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index session_account on app.session (account_id);

create table app.setup_token (
  token_hash bytea primary key,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz
);

create table app.api_key (
  id bigint generated always as identity primary key,
  name text not null,
  prefix text not null unique,
  secret_hash bytea not null,
  role text not null check (role in ('viewer', 'editor', 'publisher', 'admin')),
  account_id bigint references app.account on delete cascade,
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  revoked_at timestamptz
);

create table app.sign_in_attempt (
  id bigint generated always as identity primary key,
  email text not null,
  address text not null,
  at timestamptz not null default now(),
  succeeded boolean not null
);
create index sign_in_attempt_email on app.sign_in_attempt (lower(email), at);

create table app.connection (
  id bigint generated always as identity primary key,
  name text not null unique check (name ~ '^[a-z][a-z0-9_]{0,39}$'),
  label text not null default '',
  kind text not null check (kind in ('postgres', 'smtp')),
  settings jsonb not null default '{}',          -- never secret
  sealed bytea,                                  -- AES-GCM sealed JSON object of the secrets
  state text not null default 'unchecked' check (state in ('unchecked', 'works', 'failing')),
  state_reason text not null default '',
  checked_at timestamptz,
  system_identifier text,                        -- of a postgres cluster, noticed when it changes
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table app.watch (
  id bigint generated always as identity primary key,
  connection_id bigint not null references app.connection on delete cascade,
  table_name text not null,                      -- schema.name
  key_columns text[] not null,
  excluded text[] not null default '{}',
  created_at timestamptz not null default now(),
  created_by bigint references app.account on delete set null,
  unique (connection_id, table_name)
);

create table app.rule (
  id bigint generated always as identity primary key,
  name text not null,
  enabled boolean not null default false,
  live_version_id bigint,
  created_by bigint references app.account on delete set null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  archived_at timestamptz
);

create table app.draft (
  rule_id bigint primary key references app.rule on delete cascade,
  document jsonb not null,
  layout jsonb not null default '{}',
  etag bigint not null default 1,
  saved_by bigint references app.account on delete set null,
  saved_at timestamptz not null default now()
);

create table app.version (
  id bigint generated always as identity primary key,
  rule_id bigint not null references app.rule on delete cascade,
  number integer not null,
  document jsonb not null,
  layout jsonb not null default '{}',
  note text not null default '',
  published_by bigint references app.account on delete set null,
  published_at timestamptz not null default now(),
  unique (rule_id, number)
);
alter table app.rule add foreign key (live_version_id) references app.version;

create function app.refuse_change() returns trigger language plpgsql as
$$ begin raise exception 'a published version is immutable'; end $$;
create trigger version_is_immutable before update on app.version for each row execute function app.refuse_change();

-- When was which version of a rule on? Explanations of the past need it.
create table app.live_period (
  id bigint generated always as identity primary key,
  rule_id bigint not null references app.rule on delete cascade,
  version_id bigint not null references app.version on delete cascade,
  started_at timestamptz not null default now(),
  stopped_at timestamptz
);
create index live_period_rule on app.live_period (rule_id, started_at);

-- Bumped by every change that workers must see: publish, on, off, connections, watches.
create table app.generation (one boolean primary key default true check (one), number bigint not null default 1);
insert into app.generation default values;

create table app.schedule (
  rule_id bigint primary key references app.rule on delete cascade,
  version_id bigint not null references app.version on delete cascade,
  spec jsonb not null,
  next_at timestamptz not null
);
create index schedule_due on app.schedule (next_at);

create table app.tick (
  rule_id bigint not null references app.rule on delete cascade,
  tick_at timestamptz not null,
  primary key (rule_id, tick_at)
);

-- Where each lane of each log has been read to. log 0 = our own database, else a connection's id.
-- A window of events is: visible in to_snapshot, not visible in from_snapshot, id > last_id.
create table app.cursor (
  log bigint not null,
  lane smallint not null check (lane between 0 and 15),
  from_snapshot pg_snapshot not null,
  to_snapshot pg_snapshot,
  last_id bigint not null default 0,
  system_identifier text not null,
  moved_at timestamptz not null default now(),
  primary key (log, lane)
);

create table app.run (
  id bigint generated always as identity primary key,
  rule_id bigint not null references app.rule on delete cascade,
  version_id bigint not null references app.version on delete cascade,
  log bigint not null,
  event_id bigint not null,
  event jsonb not null,                          -- core.event.Event
  slot smallint not null,                        -- 0..15, which perform job carries it
  record_table text not null default '',
  record_key text not null default '',
  state text not null default 'queued'
    check (state in ('queued', 'running', 'waiting', 'succeeded', 'failed', 'cancelled', 'skipped')),
  path text not null default '',                 -- short words for lists, e.g. "yes > 2"
  error text not null default '',
  attempt integer not null default 0,            -- fences an old worker off
  deaths integer not null default 0,
  leased_by text,
  lease_until timestamptz,
  wake_at timestamptz,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz,
  unique (version_id, log, event_id)
);
create index run_due on app.run (slot, id) where state = 'queued';
create index run_open_record on app.run (rule_id, record_table, record_key, id) where state in ('queued', 'running', 'waiting');
create index run_waiting on app.run (wake_at) where state = 'waiting';
create index run_leased on app.run (lease_until) where state = 'running';
create index run_rule on app.run (rule_id, id desc);
create index run_state on app.run (state, id desc);
create index run_created on app.run (created_at);
create index run_record on app.run (record_table, record_key, id desc);

create table app.step (
  id bigint generated always as identity primary key,
  run_id bigint not null references app.run on delete cascade,
  seq integer not null,
  node_id text not null,
  kind text not null,                            -- trigger, condition, action kind, wait, end
  state text not null check (state in ('running', 'waiting', 'succeeded', 'failed', 'skipped')),
  branch text check (branch in ('yes', 'no')),
  seen jsonb not null default '[]',
  input jsonb,
  output jsonb,
  error jsonb,
  attempts integer not null default 0,
  started_at timestamptz,
  finished_at timestamptz,
  until timestamptz,
  unique (run_id, node_id)
);
create index step_run on app.step (run_id, seq);

create table app.attempt (
  id bigint generated always as identity primary key,
  step_id bigint not null references app.step on delete cascade,
  number integer not null,
  started_at timestamptz not null,
  finished_at timestamptz,
  outcome text not null check (outcome in ('running', 'succeeded', 'failed', 'unknown')),
  error jsonb,
  unique (step_id, number)
);

-- Not matching writes nothing per event: it is counted by the hour.
create table app.judged (
  rule_id bigint not null references app.rule on delete cascade,
  version_id bigint not null references app.version on delete cascade,
  hour timestamptz not null,
  lane smallint not null,                        -- lanes never wait for each other's counter row
  log bigint not null,
  matched bigint not null default 0,
  unmatched bigint not null default 0,
  errors bigint not null default 0,
  primary key (version_id, hour, log, lane)
);
create index judged_rule on app.judged (rule_id, hour);

create table app.notification (
  id bigint generated always as identity primary key,
  key text not null unique,                      -- run:node, so a retry does not tell twice
  account_id bigint references app.account on delete cascade,  -- null = everyone
  role text,
  title text not null,
  body text not null default '',
  rule_id bigint references app.rule on delete set null,
  run_id bigint references app.run on delete set null,
  created_at timestamptz not null default now()
);
create table app.notification_read (
  notification_id bigint not null references app.notification on delete cascade,
  account_id bigint not null references app.account on delete cascade,
  read_at timestamptz not null default now(),
  primary key (notification_id, account_id)
);

create table app.idempotency (
  key text not null,
  caller text not null,
  request_hash bytea not null,
  status smallint not null,
  body bytea not null,
  created_at timestamptz not null default now(),
  primary key (caller, key)
);

create table app.audit (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  account_id bigint,
  api_key_id bigint,
  actor text not null,
  action text not null,
  subject text not null,
  detail jsonb not null default '{}'
);
create function app.refuse_rewrite() returns trigger language plpgsql as
$$ begin raise exception 'the audit log is append-only'; end $$;
create trigger audit_is_append_only before update or delete on app.audit for each row execute function app.refuse_rewrite();
