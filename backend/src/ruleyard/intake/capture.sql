-- Capture: what watching a table installs. Follows log.sql, in the same transaction. Safe to run again.
--
-- A watched table gets one SECURITY DEFINER function and four statement-level AFTER triggers with transition tables.
-- They write one row per changed record, in the writer's own transaction. The writer needs no right on this schema,
-- and never fails because of it: an event that cannot be written becomes a warning.

-- A row over 64 KB: every value longer than 1 KB is shortened, and the event says that it was cut.
create or replace function ruleyard.cut_row(p_row jsonb) returns jsonb language sql immutable set search_path = pg_catalog, pg_temp as
$$
  select jsonb_object_agg(f.key, case
    when pg_column_size(f.value) <= 1024 then f.value
    when jsonb_typeof(f.value) = 'string' then to_jsonb(left(f.value #>> '{}', 200) || '…')
    else 'null'::jsonb end)
  from jsonb_each(p_row) f
$$;

create or replace function ruleyard.cut_columns(p_before jsonb, p_after jsonb) returns text[] language sql immutable
set search_path = pg_catalog, pg_temp as
$$
  select array(select j.key from jsonb_each(p_before) j where pg_column_size(j.value) > 1024
               union select j.key from jsonb_each(p_after) j where pg_column_size(j.value) > 1024 order by 1)
$$;

-- The name of a table's capture function: fixed by its name, so that it can be found again when the table is gone.
create or replace function ruleyard.capture_name(p_table text) returns text language sql immutable
as $$ select 'capture_' || left(md5(p_table), 16) $$;

-- The columns that are left out of a table's events, by the names they have now: p_names, and what p_numbers are called,
-- so that a column keeps its secret when it is renamed. Names are asked for past the snapshot, which may be older than
-- the rename. Where the numbers are not known to hold (a restored database), a name that is gone stops the capture.
create or replace function ruleyard.left_out(p_table oid, p_written oid, p_names text[], p_numbers smallint[]) returns text[]
language plpgsql volatile set search_path = pg_catalog, pg_temp as
$$
declare
  whose oid := case when p_written = p_table or exists (
    select from pg_partition_ancestors(p_written) a where a.relid = p_table) then p_table end;
begin
  if whose is not null then
    return p_names || array(
      select (pg_identify_object_as_address('pg_class'::regclass, whose, n)).object_names[3] from unnest(p_numbers) u(n));
  end if;
  if exists (select from unnest(p_names) u(name) where not exists (
    select from pg_attribute a where a.attrelid = p_written and a.attname = u.name and not a.attisdropped))
  then
    raise exception 'a column that is left out has another name now: watch the table again';
  end if;
  return p_names;
end $$;

-- The numbers of the columns that a capture function leaves out, as its comment keeps them; {} where it is of another table.
create or replace function ruleyard.left_out_numbers(p_table oid, p_function oid) returns smallint[] language sql stable
set search_path = pg_catalog, pg_temp as
$$
  select coalesce((select string_to_array(m[2], ',')::smallint[] from regexp_match(
    obj_description(p_function, 'pg_proc'), 'table (\d+) without columns ([0-9,]+)') m where m[1] = p_table::text), '{}')
$$;

-- Install the function and the triggers of one table. p_excluded columns never leave the table.
-- An UPDATE of one record, which most are, takes a way of its own: a third of the work of the joined one.
create or replace function ruleyard.watch(p_table oid, p_key text[], p_excluded text[]) returns void
language plpgsql set search_path = pg_catalog, pg_temp as
$watch$
declare
  full_name text := (select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = p_table);
  fn text := format('ruleyard.%I', ruleyard.capture_name(full_name));
  minus text := ''; hide text := '';
  numbers smallint[];
  key_old text; key_new text; same_key text; old_missing text; new_missing text;
  body text;
  t record;
begin
  select string_agg(format('%L, o.%I', k, k), ', ' order by i), string_agg(format('%L, n.%I', k, k), ', ' order by i),
         string_agg(format('o.%I = n.%I', k, k), ' and ' order by i)
    into key_old, key_new, same_key from unnest(p_key) with ordinality as u(k, i);
  old_missing := format('o.%I is null', p_key[1]);
  new_missing := format('n.%I is null', p_key[1]);
  numbers := array(select a.attnum from pg_attribute a
                   where a.attrelid = p_table and a.attname = any(p_excluded) and a.attnum > 0 and not a.attisdropped order by 1);
  if cardinality(numbers) < cardinality(p_excluded) then
    -- A name is gone: perhaps the column has another one now.
    numbers := array(select distinct n from unnest(numbers || ruleyard.left_out_numbers(p_table, to_regprocedure(fn || '()'))) u(n) order by 1);
  end if;
  if cardinality(p_excluded) > 0 then
    minus := ' - hidden';
    hide := format('hidden := ruleyard.left_out(%s, tg_relid, %L, %L);', p_table, p_excluded, numbers);
  end if;
  body := format($body$
-- Ruleyard capture, version %8$s
declare
  written bigint;
  caused_by text := nullif(current_setting('ruleyard.cause', true), '');
  was jsonb; now_is jsonb; whose jsonb; single boolean;
  hidden text[];
begin
  if caused_by is not null then
    caused_by := ruleyard.proven_cause(caused_by);
  end if;
  -- A partition that was detached keeps this trigger, and is another table now.
  if tg_relid <> %9$s then
    if tg_table_schema || '.' || tg_table_name <> %1$L and not exists (
      select from pg_partition_ancestors(tg_relid) a join pg_class c on c.oid = a.relid
      join pg_namespace s on s.oid = c.relnamespace where c.oid = %9$s or s.nspname || '.' || c.relname = %1$L)
    then
      return null;
    end if;
  end if;
  %10$s
  if tg_op = 'UPDATE' then
    select to_jsonb(o.*)%5$s, to_jsonb(n.*)%5$s, jsonb_build_object(%3$s),
           %4$s and not exists (select from new_rows offset 1) and not exists (select from old_rows offset 1)
      into was, now_is, whose, single from old_rows o, new_rows n limit 1;
    if single is null then
      return null;
    end if;
    if single and pg_column_size(was) <= 65536 and pg_column_size(now_is) <= 65536 then
      if was = now_is then
        return null;
      end if;
      insert into ruleyard.event (lane, table_name, op, key, before, after, changed, cause, actor)
      values (ruleyard.lane_of(%1$L, whose), %1$L, 'update', whose, was, now_is, null,
              caused_by, session_user::text);
    else
      insert into ruleyard.event (lane, table_name, op, key, before, after, changed, cause, actor, cut, cut_columns)
      select ruleyard.lane_of(%1$L, r.key), %1$L, r.op, r.key,
             case when s.big then ruleyard.cut_row(r.before) else r.before end,
             case when s.big then ruleyard.cut_row(r.after) else r.after end,
             case when r.op <> 'update' then '{}' when s.big
               then array(select j.key from jsonb_each(r.after) j where j.value is distinct from r.before -> j.key order by 1)
               end,
             caused_by, session_user::text, s.big,
             case when s.big then ruleyard.cut_columns(r.before, r.after) end
      from (
        select case when %6$s then 'insert' when %7$s then 'delete' else 'update' end as op,
               case when %6$s then jsonb_build_object(%3$s) else jsonb_build_object(%2$s) end as key,
               case when %6$s then null else to_jsonb(o.*)%5$s end as before,
               case when %7$s then null else to_jsonb(n.*)%5$s end as after
        from old_rows o full join new_rows n on %4$s
        offset 0
      ) r
      cross join lateral (select coalesce(pg_column_size(r.before), 0) > 65536 or coalesce(pg_column_size(r.after), 0) > 65536 as big) s
      where r.before is distinct from r.after;
    end if;
  elsif tg_op = 'INSERT' then
    insert into ruleyard.event (lane, table_name, op, key, after, cause, actor, cut, cut_columns)
    select ruleyard.lane_of(%1$L, r.key), %1$L, 'insert', r.key,
           case when s.big then ruleyard.cut_row(r.after) else r.after end,
           caused_by, session_user::text, s.big,
           case when s.big then ruleyard.cut_columns(null, r.after) end
    from (select jsonb_build_object(%3$s) as key, to_jsonb(n.*)%5$s as after from new_rows n offset 0) r
    cross join lateral (select pg_column_size(r.after) > 65536 as big) s;
  elsif tg_op = 'DELETE' then
    insert into ruleyard.event (lane, table_name, op, key, before, cause, actor, cut, cut_columns)
    select ruleyard.lane_of(%1$L, r.key), %1$L, 'delete', r.key,
           case when s.big then ruleyard.cut_row(r.before) else r.before end,
           caused_by, session_user::text, s.big,
           case when s.big then ruleyard.cut_columns(r.before, null) end
    from (select jsonb_build_object(%2$s) as key, to_jsonb(o.*)%5$s as before from old_rows o offset 0) r
    cross join lateral (select pg_column_size(r.before) > 65536 as big) s;
  else
    insert into ruleyard.event (lane, table_name, op, key, cause, actor)
    values (0, %1$L, 'truncate', '{}', caused_by, session_user::text);
  end if;
  get diagnostics written = row_count;
  if written > 0 then
    if pg_try_advisory_lock_shared(8247343692100105) then
      perform pg_advisory_unlock_shared(8247343692100105);
      perform pg_notify('ruleyard', '');
    end if;
  end if;
  return null;
exception when query_canceled or others then
  -- Also when the writer's own time is up: its statement has done its work, and does not fail in ours.
  begin
    perform nextval('ruleyard.missed');
  exception when query_canceled or others then
    null;
  end;
  raise warning 'Ruleyard could not record a change of %%: %%', %1$L, sqlerrm;
  return null;
end
$body$, full_name, key_old, key_new, same_key, minus, old_missing, new_missing, ruleyard.capture_version(), p_table, hide);
  -- Only a table's owner may switch a trigger on again; dropping our own function takes it away, whoever owns the table.
  if exists (select from pg_trigger where tgfoid = to_regprocedure(fn || '()') and tgenabled in ('D', 'R')) then
    execute format('drop function %s() cascade', fn);
  end if;
  execute format('create or replace function %s() returns trigger language plpgsql security definer '
    'set search_path = pg_catalog, pg_temp set timezone = ''UTC'' set extra_float_digits = 1 set lock_timeout = ''2s'' as %L', fn, body);
  execute format('revoke all on function %s() from public', fn);
  execute format('comment on function %s() is %L', fn, format('Ruleyard captures table %s', p_table)
    || case when cardinality(numbers) > 0 then ' without columns ' || array_to_string(numbers, ',') else '' end);
  -- Who names a partition in a statement sets off that partition's triggers, and not those of its parent.
  for t in select v.name, v.op, v.tables, c.oid as at, format('%I.%I', n.nspname, c.relname) as place
    from (values
      ('ruleyard_insert', 'insert', 'referencing new table as new_rows'),
      ('ruleyard_update', 'update', 'referencing old table as old_rows new table as new_rows'),
      ('ruleyard_delete', 'delete', 'referencing old table as old_rows'),
      ('ruleyard_truncate', 'truncate', '')) as v(name, op, tables)
    cross join (select p_table as oid union select relid from pg_partition_tree(p_table)) part
    join pg_class c on c.oid = part.oid and c.relkind in ('r', 'p') join pg_namespace n on n.oid = c.relnamespace
    where c.oid = p_table or pg_has_role(c.relowner, 'usage') or has_table_privilege(c.oid, 'trigger')
  loop
    if not exists (select from pg_trigger where tgrelid = t.at and tgname = t.name) then
      execute format('create trigger %I after %s on %s %s for each statement execute function %s()',
        t.name, t.op, t.place, t.tables, fn);
    end if;
  end loop;
end $watch$;

-- The capture functions of an older version than this.
create or replace function ruleyard.stale_captures() returns setof text language sql stable set search_path = pg_catalog, pg_temp as
$$
  select p.proname::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace
  where n.nspname = 'ruleyard' and p.proname like 'capture\_%' and p.prorettype = 'trigger'::regtype
    and p.prosrc not like '%Ruleyard capture, version ' || ruleyard.capture_version() || chr(10) || '%'
$$;

-- Remove one table's triggers and function (its owner is who watched it). True when it was the last one.
create or replace function ruleyard.unwatch(p_table text) returns boolean language plpgsql set search_path = pg_catalog, pg_temp as
$$
begin
  execute format('drop function if exists ruleyard.%I() cascade', ruleyard.capture_name(p_table));
  return not exists (select from pg_proc p join pg_namespace n on n.oid = p.pronamespace
                     where n.nspname = 'ruleyard' and p.proname like 'capture\_%' and p.prorettype = 'trigger'::regtype);
end $$;

revoke all on all functions in schema ruleyard from public;
