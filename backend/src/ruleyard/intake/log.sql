-- The event log: schema `ruleyard`, the same in every watched database and in our own. Safe to run again.
-- What writes to it from watched tables follows in capture.sql, in the same transaction.
select pg_advisory_xact_lock(8247343692100104);

create schema if not exists ruleyard;
comment on schema ruleyard is 'Ruleyard event log. Unwatch the last table in Ruleyard to remove it.';

-- Raise it with every change of this file or of capture.sql: a listener renews a log and its triggers that are of an
-- older version.
create or replace function ruleyard.capture_version() returns integer language sql immutable as $$ select 6 $$;

create sequence if not exists ruleyard.event_id;
-- Counts statements whose changes could not be written: also of writers that roll back, and when nothing else works.
create sequence if not exists ruleyard.missed minvalue 0;

-- One row: which log this is. A cursor remembers it, so a replaced database is noticed.
create table if not exists ruleyard.log (
  one boolean primary key default true check (one),
  identity uuid not null default gen_random_uuid(),
  installed_at timestamptz not null default now()
);
-- What proves a cause; no ordinary role can read it.
alter table ruleyard.log add column if not exists secret bytea not null
  default sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8'));

create table if not exists ruleyard.event (
  id bigint not null default nextval('ruleyard.event_id'),
  xid xid8 not null default pg_current_xact_id(),
  lane smallint not null,
  table_name text not null,
  op text not null,
  key jsonb not null,
  before jsonb,
  after jsonb,
  changed text[] default '{}',
  cause text,
  actor text,
  cut boolean not null default false,
  at timestamptz not null default clock_timestamp(),
  cut_columns text[]
) partition by range (at);
-- Asked for first: each of these waits for every writer, even when there is nothing to do.
-- `cut_columns`: which values of a cut row were shortened; null where all is whole.
-- `changed` is null where it is all that differs between before and after: whoever reads finds that out, not the writer.
do $$
begin
  if to_regclass('ruleyard.event_lane_xid') is null then
    create index event_lane_xid on ruleyard.event (lane, xid);
  end if;
  if to_regclass('ruleyard.event_by_id') is null then
    create index event_by_id on ruleyard.event (id);
  end if;
  if not exists (select from pg_attribute where attrelid = 'ruleyard.event'::regclass and attname = 'cut_columns') then
    alter table ruleyard.event add column cut_columns text[];
  end if;
  if (select attnotnull from pg_attribute where attrelid = 'ruleyard.event'::regclass and attname = 'changed') then
    alter table ruleyard.event alter column changed drop not null;
  end if;
end $$;
create table if not exists ruleyard.event_other partition of ruleyard.event default;

-- An action's record write and its key commit together: that is what makes it happen once. When a key may go is known
-- to whoever knows the runs (intake/applied.py).
create table if not exists ruleyard.applied (
  key text primary key,
  result jsonb,
  at timestamptz not null default now()
);

-- Ids start at the microsecond of the installation: a log that was removed and installed again never gives an
-- id that an old run already knows. Still below 2^53, so that a browser reads them.
do $$
begin
  if not exists (select from ruleyard.log) then
    insert into ruleyard.log default values;
    perform setval('ruleyard.event_id', (extract(epoch from clock_timestamp()) * 1000000)::bigint);
  end if;
end $$;

-- Which cluster, database and log this is, as one line of text.
create or replace function ruleyard.identity() returns text language plpgsql stable set search_path = pg_catalog, pg_temp as
$$
declare
  cluster text := '-';
begin
  begin
    select system_identifier::text into cluster from pg_control_system();
  exception when insufficient_privilege then
    cluster := '-';
  end;
  return (select cluster || ':' || d.oid || ':' || l.identity
          from pg_database d, ruleyard.log l where d.datname = current_database());
end $$;

create or replace function ruleyard.lane_of(p_table text, p_key jsonb) returns smallint language sql immutable
as $$ select (hashtextextended(p_table || p_key::text, 0) & 15)::smallint $$;

-- Ring only while the reader sleeps: an awake reader holds this lock and looks by itself.
create or replace function ruleyard.wake() returns void language plpgsql set search_path = pg_catalog, pg_temp as
$$
begin
  if pg_try_advisory_lock_shared(8247343692100105) then
    perform pg_advisory_unlock_shared(8247343692100105);
    perform pg_notify('ruleyard', '');
  end if;
end $$;

-- Which run wrote this: `run:57 root:12 depth:3`. Anybody may set `ruleyard.cause`; only who may read the secret can
-- seal one, and only for the transaction that it is in. A cause without its seal is no cause.
create or replace function ruleyard.cause_seal(p_cause text) returns text language sql volatile set search_path = pg_catalog, pg_temp as
$$
  select encode(sha256(l.secret || sha256(l.secret || convert_to(pg_current_xact_id()::text || ' ' || p_cause, 'UTF8'))), 'hex')
  from ruleyard.log l
$$;

create or replace function ruleyard.signed_cause(p_cause text) returns text language sql volatile set search_path = pg_catalog, pg_temp as
$$ select p_cause || ' #' || ruleyard.cause_seal(p_cause) $$;

create or replace function ruleyard.proven_cause(p_signed text) returns text language sql volatile set search_path = pg_catalog, pg_temp as
$$
  select s.cause from (select split_part(p_signed, ' #', 1) as cause, split_part(p_signed, ' #', 2) as seal) s
  where s.seal = ruleyard.cause_seal(s.cause)
$$;

-- Ticks, manual firings: events that no table wrote.
create or replace function ruleyard.emit(
  p_table text, p_op text, p_key jsonb, p_before jsonb, p_after jsonb, p_cause text, p_actor text
) returns bigint language plpgsql set search_path = pg_catalog, pg_temp as
$$
declare
  new_id bigint;
begin
  insert into ruleyard.event (lane, table_name, op, key, before, after, cause, actor)
  values (ruleyard.lane_of(p_table, p_key), p_table, p_op, p_key, p_before, p_after, p_cause, p_actor)
  returning id into new_id;
  perform ruleyard.wake();
  return new_id;
end $$;

-- Has a lane still to read something of this part of the log? p_read: the oldest place of any lane; null: nobody reads.
create or replace function ruleyard.has_unread(p_part text, p_read text) returns boolean
language plpgsql stable set search_path = pg_catalog, pg_temp as
$$
declare
  found_any boolean;
begin
  if p_read is null then
    return false;
  end if;
  execute format('select exists (select from generate_series(0, 15) l where exists (select from ruleyard.%I e '
    'where e.lane = l and e.xid >= pg_snapshot_xmin($1) and not pg_visible_in_snapshot(e.xid, $1)))', p_part)
    into found_any using p_read::pg_snapshot;
  return found_any;
end $$;

-- Partitions by day (UTC), made ahead with `attach`, which blocks no writer. Old days are dropped, and the oldest ones
-- while all together are larger than p_most_bytes (0: no bound); never today's, never one that is not read, and none
-- while a writer is in the way.
drop function if exists ruleyard.keep_days(integer, integer);
create or replace function ruleyard.keep_days(
  p_ahead integer, p_keep integer, p_read text default null, p_most_bytes bigint default 0
) returns void
language plpgsql set search_path = pg_catalog, pg_temp set timezone = 'UTC' set lock_timeout = '300ms' as
$$
declare
  today date := (now() at time zone 'UTC')::date;
  d date;
  part text;
  past record;
  size_bytes bigint;
begin
  for d in select today + i from generate_series(0, p_ahead) i loop
    part := 'event_' || to_char(d, 'YYYYMMDD');
    if to_regclass('ruleyard.' || part) is null then
      begin
        execute format('create table ruleyard.%I (like ruleyard.event including defaults including constraints)', part);
        execute format('alter table ruleyard.event attach partition ruleyard.%I for values from (%L) to (%L)', part, d, d + 1);
      exception when check_violation or lock_not_available then
        null;  -- that day already has rows in event_other, or somebody is in the way: they stay there / later
      end;
    end if;
  end loop;
  select coalesce(sum(pg_total_relation_size(i.inhrelid)), 0) into size_bytes
  from pg_inherits i where i.inhparent = 'ruleyard.event'::regclass;
  for past in
    select c.relname, c.oid, to_date(right(c.relname, 8), 'YYYYMMDD') as day from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'ruleyard.event'::regclass and c.relname ~ '^event_\d{8}$'
      and to_date(right(c.relname, 8), 'YYYYMMDD') < today
    order by 3
  loop
    continue when past.day >= today - p_keep and (p_most_bytes <= 0 or size_bytes <= p_most_bytes);
    continue when ruleyard.has_unread(past.relname, p_read);
    begin
      size_bytes := size_bytes - pg_total_relation_size(past.oid);
      execute format('drop table ruleyard.%I', past.relname);
    exception when lock_not_available then
      null;
    end;
  end loop;
  delete from ruleyard.event_other where at < now() - make_interval(days => p_keep)
    and (p_read is null or pg_visible_in_snapshot(xid, p_read::pg_snapshot));
end $$;

-- Ahead only: what may go is known to those who read.
select ruleyard.keep_days(2, 36500);
