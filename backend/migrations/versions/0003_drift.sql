-- Rules that are on and whose live version no longer fits its tables. A row goes when it fits again or the rule is off.
create table app.drift (
  rule_id bigint primary key references app.rule on delete cascade,
  version_id bigint not null references app.version on delete cascade,
  problems jsonb not null,                       -- core.errors.Problem, errors only
  reason text not null,                          -- for people, in English
  blocks boolean not null,                       -- something is gone: runs end with the reason
  seen_at timestamptz not null default now()     -- announced once, then
);
