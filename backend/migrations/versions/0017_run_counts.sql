-- Runs counted by the hour and day in which they were opened, so that figures outlive the runs (docs/decisions/0014).
--   run_count, run_pace: sums, written by one process at a time (stores/run_counts.py)
--   run_change: what is not in the sums yet, written in the statement that opens or ends a run; nobody waits for it
create table app.run_count (
  span text not null check (span in ('hour', 'day')),
  at timestamptz not null,
  rule_id bigint not null,
  version_id bigint not null,
  opened bigint not null default 0,
  succeeded bigint not null default 0,
  failed bigint not null default 0,
  skipped bigint not null default 0,
  cancelled bigint not null default 0,
  ms bigint not null default 0,                    -- of all that ended, from start to end
  primary key (span, at, rule_id, version_id)
);

create table app.run_pace (
  span text not null check (span in ('hour', 'day')),
  at timestamptz not null,
  bucket smallint not null,                        -- app.ms_bucket
  runs bigint not null,
  primary key (span, at, bucket)
);

create table app.run_change (
  at timestamptz not null,                         -- the hour in which the run was opened
  rule_id bigint not null,
  version_id bigint not null,
  outcome text not null,                           -- 'opened', or the state in which it ended
  runs integer not null,                           -- below zero where that is so no longer
  ms bigint                                        -- of one run
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000,
  autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 100000);

-- Sixteen to the doubling: a bucket is 4.4 % wide.
create function app.ms_bucket(ms bigint) returns smallint language sql immutable parallel safe as
$$ select floor(16 * ln(greatest(ms, 0)::double precision + 1) / ln(2::double precision))::smallint $$;

create function app.count_opened() returns trigger language plpgsql as
$$
begin
  insert into app.run_change (at, rule_id, version_id, outcome, runs, ms)
  select date_trunc('hour', created_at, 'UTC'), rule_id, version_id, 'opened', count(*), null
  from opened group by 1, 2, 3;
  insert into app.run_change (at, rule_id, version_id, outcome, runs, ms)
  select date_trunc('hour', created_at, 'UTC'), rule_id, version_id, state, 1,
    extract(epoch from finished_at - coalesce(started_at, created_at)) * 1000
  from opened where state in ('succeeded', 'failed', 'skipped', 'cancelled');
  return null;
end $$;

create function app.count_changed() returns trigger language plpgsql as
$$
begin
  if old.state in ('succeeded', 'failed', 'skipped', 'cancelled') then
    insert into app.run_change (at, rule_id, version_id, outcome, runs, ms)
    values (date_trunc('hour', old.created_at, 'UTC'), old.rule_id, old.version_id, old.state, -1,
      extract(epoch from old.finished_at - coalesce(old.started_at, old.created_at)) * 1000);
  end if;
  if new.state in ('succeeded', 'failed', 'skipped', 'cancelled') then
    insert into app.run_change (at, rule_id, version_id, outcome, runs, ms)
    values (date_trunc('hour', new.created_at, 'UTC'), new.rule_id, new.version_id, new.state, 1,
      extract(epoch from new.finished_at - coalesce(new.started_at, new.created_at)) * 1000);
  end if;
  if new.created_at <> old.created_at then
    insert into app.run_change (at, rule_id, version_id, outcome, runs, ms)
    values (date_trunc('hour', old.created_at, 'UTC'), old.rule_id, old.version_id, 'opened', -1, null),
      (date_trunc('hour', new.created_at, 'UTC'), new.rule_id, new.version_id, 'opened', 1, null);
  end if;
  return null;
end $$;

-- Moving a run to another shelf changes none of these and is no INSERT; dropping or deleting old runs counts nothing off.
create trigger counts_opened after insert on app.run
  referencing new table as opened for each statement execute function app.count_opened();
create trigger counts_changed after update on app.run for each row
  when ((old.state in ('succeeded', 'failed', 'skipped', 'cancelled')
      or new.state in ('succeeded', 'failed', 'skipped', 'cancelled'))
    and (old.state, old.finished_at, old.started_at, old.created_at)
      is distinct from (new.state, new.finished_at, new.started_at, new.created_at)
    or old.created_at <> new.created_at)
  execute function app.count_changed();

insert into app.run_count (span, at, rule_id, version_id, opened, succeeded, failed, skipped, cancelled, ms)
select s.span, date_trunc(s.span, created_at, 'UTC'), rule_id, version_id, count(*),
  count(*) filter (where state = 'succeeded'), count(*) filter (where state = 'failed'),
  count(*) filter (where state = 'skipped'), count(*) filter (where state = 'cancelled'),
  coalesce(sum((extract(epoch from finished_at - coalesce(started_at, created_at)) * 1000)::bigint), 0)
from app.run, (values ('hour', now() - interval '3 days'), ('day', '-infinity')) s(span, since)
where created_at >= date_trunc('hour', s.since, 'UTC')
group by 1, 2, 3, 4;

insert into app.run_pace (span, at, bucket, runs)
select s.span, date_trunc(s.span, created_at, 'UTC'),
  app.ms_bucket((extract(epoch from finished_at - coalesce(started_at, created_at)) * 1000)::bigint), count(*)
from app.run, (values ('hour', now() - interval '3 days'), ('day', '-infinity')) s(span, since)
where created_at >= date_trunc('hour', s.since, 'UTC') and finished_at is not null
group by 1, 2, 3;

create index run_failed on app.run (rule_id, id desc) where state = 'failed';
