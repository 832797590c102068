-- Runs, their steps and attempts, in partitions that are dropped whole (docs/decisions/0014).
--   shelf 0 `*_recent`: by the week of the event; shelf 1 `*_kept`: failed ones of weeks that are gone, by month;
--   shelf 2 `*_long`: those still open when their week or month went.
-- A run's partition follows from its event alone, so that `unique (version_id, log, event_id, …)` makes it once.
create sequence app.run_id;
create sequence app.step_id;
select setval('app.run_id', greatest(1, (select max(id) from app.run_old)), exists (select from app.run_old));
select setval('app.step_id', greatest(1, (select max(id) from app.step_old)), exists (select from app.step_old));

create table app.run (
  like app.run_old including defaults including constraints,
  event_on date not null,                        -- UTC day of the event's own moment
  shelf smallint not null default 0 check (shelf between 0 and 2)
) partition by list (shelf);
alter table app.run alter column id set default nextval('app.run_id');
alter sequence app.run_id owned by app.run.id;

create table app.step (
  like app.step_old including defaults including constraints,
  event_on date not null,
  shelf smallint not null default 0
) partition by list (shelf);
alter table app.step alter column id set default nextval('app.step_id');
alter sequence app.step_id owned by app.step.id;

create table app.attempt (
  like app.attempt_old including defaults including constraints,
  event_on date not null,
  shelf smallint not null default 0
) partition by list (shelf);
alter table app.attempt drop column id;

do $$
declare
  noun text;
begin
  foreach noun in array array['run', 'step', 'attempt'] loop
    execute format('create table app.%1$I_recent partition of app.%1$I for values in (0) partition by range (event_on)', noun);
    execute format('create table app.%1$I_recent_other partition of app.%1$I_recent default', noun);
    execute format('create table app.%1$I_kept partition of app.%1$I for values in (1) partition by range (event_on)', noun);
    execute format('create table app.%1$I_kept_other partition of app.%1$I_kept default', noun);
    execute format('create table app.%1$I_long partition of app.%1$I for values in (2)', noun);
  end loop;
end $$;

-- The partition of one shelf that begins on p_from, for runs, steps and attempts alike; one that is there is left alone.
-- `attach` blocks no reader or writer of the others. False: somebody is in the way, or `*_other` holds such rows.
create function app.add_part(p_shelf text, p_from date, p_to date) returns boolean
language plpgsql set search_path = pg_catalog, pg_temp set lock_timeout = '300ms' as
$$
declare
  noun text;
  part text;
begin
  foreach noun in array array['attempt', 'step', 'run'] loop
    part := format('%s_%s_%s', noun, p_shelf, to_char(p_from, 'YYYYMMDD'));
    if to_regclass('app.' || part) is null then
      execute format('create table app.%I (like app.%I including defaults including constraints)', part, noun);
      execute format('alter table app.%I attach partition app.%I for values from (%L) to (%L)',
        noun || '_' || p_shelf, part, p_from, p_to);
    end if;
  end loop;
  return true;
exception when check_violation or lock_not_available then
  return false;
end $$;

create function app.add_weeks(p_from date, p_to date) returns boolean language sql as
$$
  select coalesce(bool_and(app.add_part('recent', monday::date, monday::date + 7)), true)
  from generate_series(date_trunc('week', p_from::timestamp), p_to::timestamp, '7 days') monday
$$;
