"""The company whose database is watched: its tables, its own notes of the truth, and the rules on top.

The truth is written by ordinary row triggers of the company in the writer's own transaction, so it knows nothing
of Ruleyard and rolls back with the change. Every change of a record has the next number of that record.
"""

from __future__ import annotations

from typing import Any, Final

TABLES: Final = ("public.accounts", "public.lines", "public.devices")
ORDERS, LINES_PER_ORDER = 30, 6

SQL: Final = f"""
set role crm_owner;
create table public.marker (id uuid primary key, at timestamptz not null default clock_timestamp());
create table public.truth (
  id bigint generated always as identity primary key, place text not null, record text not null, op text not null,
  seq integer not null, amount integer not null, share boolean not null,
  at timestamptz not null default clock_timestamp());
create unique index on public.truth (place, record, seq);
create table public.accounts (
  id bigint generated always as identity primary key,
  seq integer not null default 0, amount integer not null default 0, share boolean not null default false);
create table public.lines (
  order_id integer not null, line_no integer not null,
  seq integer not null default 0, amount integer not null default 0, share boolean not null default false,
  primary key (order_id, line_no));
create table public.devices (
  id uuid primary key default gen_random_uuid(),
  seq integer not null default 0, amount integer not null default 0, share boolean not null default false);

create table public.audit (
  id bigint generated always as identity primary key, rule text not null, record text not null, op text not null,
  seq integer not null, at timestamptz not null default clock_timestamp());
create table public.mirror (
  order_id integer not null, line_no integer not null, seq integer not null default 0,
  primary key (order_id, line_no));
create table public.mirror_log (
  id bigint generated always as identity primary key, record text not null, seq integer not null);
insert into public.mirror (order_id, line_no)
  select o, l from generate_series(1, {ORDERS}) o, generate_series(1, {LINES_PER_ORDER}) l;

create function public.record_of(place text, r jsonb) returns text language sql immutable as $$
  select case when place = 'lines' then (r ->> 'order_id') || '/' || (r ->> 'line_no') else r ->> 'id' end $$;
create function public.number_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    new.seq := old.seq + 1;
  else
    new.seq := 1 + coalesce((select max(t.seq) from public.truth t
      where t.place = tg_table_name and t.record = public.record_of(tg_table_name, to_jsonb(new))), 0);
  end if;
  new.share := new.amount % 5 = 0;
  return new;
end $$;
create function public.note_truth() returns trigger language plpgsql as $$
declare
  r record := case when tg_op = 'DELETE' then old else new end;
begin
  insert into public.truth (place, record, op, seq, amount, share)
  values (tg_table_name, public.record_of(tg_table_name, to_jsonb(r)), lower(tg_op),
          r.seq + case when tg_op = 'DELETE' then 1 else 0 end, r.amount, r.share);
  return null;
end $$;
create function public.log_mirror() returns trigger language plpgsql as $$
begin
  insert into public.mirror_log (record, seq) values (new.order_id || '/' || new.line_no, new.seq);
  return null;
end $$;
create trigger number_change before insert or update on public.accounts for each row execute function number_change();
create trigger number_change before insert or update on public.lines for each row execute function number_change();
create trigger number_change before insert or update on public.devices for each row execute function number_change();
create trigger truth after insert or update or delete on public.accounts for each row execute function note_truth();
create trigger truth after insert or update or delete on public.lines for each row execute function note_truth();
create trigger truth after insert or update or delete on public.devices for each row execute function note_truth();
create trigger log_mirror after update on public.mirror for each row execute function log_mirror();
"""


def _trigger(table: str, *events: str) -> dict[str, Any]:
    return {
        "id": "t",
        "kind": "trigger",
        "on": "change",
        "connection": "crm",
        "table": table,
        "events": list(events),
    }


def _straight(name: str, trigger: dict[str, Any], do: str, fields: dict[str, Any]) -> dict[str, Any]:
    return {
        "dialect": 1,
        "name": name,
        "nodes": [trigger, {"id": "a", "kind": "action", "do": do, "fields": fields}],
        "edges": [["t", "a"]],
        "policy": {"limit": "off"},
    }


def _if(
    name: str, trigger: dict[str, Any], logic: dict[str, Any], do: str, fields: dict[str, Any]
) -> dict[str, Any]:
    return {
        "dialect": 1,
        "name": name,
        "nodes": [
            trigger,
            {"id": "c", "kind": "condition", "logic": logic},
            {"id": "a", "kind": "action", "do": do, "fields": fields},
        ],
        "edges": [["t", "c"], ["c", "a", "yes"]],
        "policy": {"limit": "off"},
    }


def _var(name: str) -> dict[str, str]:
    return {"var": name}


def _audit(rule: str, record: Any, op: Any, seq: Any) -> dict[str, Any]:
    return {
        "connection": "crm",
        "table": "public.audit",
        "set": {"rule": rule, "record": record, "op": op, "seq": seq},
    }


_GONE: Final = {"===": [_var("event.op"), "delete"]}
SHARE: Final = {"===": [_var("after.share"), True]}
MAILED: Final = 40
"""Account changes whose amount is a multiple of this are mailed."""


def rules(deaf_url: str, careful_url: str) -> list[dict[str, Any]]:
    """Record writes on every change, HTTP and mail on a share of them."""
    line = {"cat": [_var("after.order_id"), "/", _var("after.line_no")]}
    old_line = {"cat": [_var("before.order_id"), "/", _var("before.line_no")]}
    payload = {"record": _var("after.id"), "seq": _var("after.seq")}
    return [
        _straight(
            "accounts",
            _trigger("public.accounts", "insert", "update", "delete"),
            "create_record",
            _audit(
                "accounts",
                {"if": [_GONE, {"cat": [_var("before.id")]}, {"cat": [_var("after.id")]}]},
                _var("event.op"),
                {"if": [_GONE, {"+": [_var("before.seq"), 1]}, _var("after.seq")]},
            ),
        ),
        _straight(
            "lines",
            _trigger("public.lines", "insert", "update"),
            "update_record",
            {
                "connection": "crm",
                "table": "public.mirror",
                "key": {"order_id": _var("after.order_id"), "line_no": _var("after.line_no")},
                "set": {"seq": _var("after.seq")},
            },
        ),
        _straight(
            "lines gone",
            _trigger("public.lines", "delete"),
            "create_record",
            _audit("lines gone", old_line, "delete", {"+": [_var("before.seq"), 1]}),
        ),
        _if(
            "lines shared",
            _trigger("public.lines", "insert", "update"),
            SHARE,
            "create_record",
            _audit("lines shared", line, _var("event.op"), _var("after.seq")),
        ),
        _if(
            "deaf",
            _trigger("public.devices", "insert", "update"),
            SHARE,
            "call_webhook",
            {"url": deaf_url, "payload": payload},
        ),
        _if(
            "careful",
            _trigger("public.devices", "insert", "update"),
            SHARE,
            "call_webhook",
            {"url": careful_url, "payload": payload},
        ),
        _if(
            "mail",
            _trigger("public.accounts", "update"),
            {"===": [{"%": [_var("after.amount"), MAILED]}, 0]},
            "send_email",
            {
                "to": "desk@example.com",
                "subject": {"cat": [_var("after.id"), " ", _var("after.seq")]},
                "body": "An account changed.",
            },
        ),
    ]


EXPECTED: Final = {
    "accounts": "select record, seq from public.truth where place = 'accounts'",
    "lines": "select record, seq from public.truth where place = 'lines' and op <> 'delete'",
    "lines gone": "select record, seq from public.truth where place = 'lines' and op = 'delete'",
    "lines shared": "select record, seq from public.truth where place = 'lines' and op <> 'delete' and share",
    "deaf": "select record, seq from public.truth where place = 'devices' and op <> 'delete' and share",
    "careful": "select record, seq from public.truth where place = 'devices' and op <> 'delete' and share",
    "mail": f"""select record, seq from public.truth
      where place = 'accounts' and op = 'update' and amount % {MAILED} = 0""",
}
"""By rule: the changes it must act on, in the company's own words."""

FOUND: Final = {
    "accounts": "select record, seq from public.audit where rule = 'accounts' order by id",
    "lines": "select record, seq from public.mirror_log order by id",
    "lines gone": "select record, seq from public.audit where rule = 'lines gone' order by id",
    "lines shared": "select record, seq from public.audit where rule = 'lines shared' order by id",
}
"""By rule: the record writes that were done, in the order in which they were done."""
