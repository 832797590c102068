"""Putting a call into a list, once per key. Knows the tables `app.call` and `app.call_key`."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.stores.db import encode_json
from ruleyard.stores.do_not_call import hold_gate, is_listed


class Queueing(msgspec.Struct, frozen=True):
    call_id: int
    position: int
    merged: bool


async def queue(conn: AsyncConnection, key: str, call: Any) -> Queueing | None:
    """Once per `key`; None where the phone asked not to be called. `call`: as `actions.calls.NewCall`."""
    values = {
        "key": key,
        "list": call.list,
        "phone": call.phone,
        "name": call.name,
        "note": call.note,
        "priority": call.priority,
        "due": call.due,
        "until": call.until,
        "rule": call.rule_id,
        "run": call.run_id,
        "log": call.log,
        "table": call.table,
        "record": None if call.record is None else encode_json(call.record),
    }
    await conn.execute(
        text("select pg_advisory_xact_lock(hashtextextended(:list || chr(10) || :phone, 75))"), values
    )
    known = await queued(conn, key)
    if known is not None:
        return known
    await hold_gate(conn, listing=False)
    if await is_listed(conn, call.phone):
        return None
    found = None if call.again == "add" else await _merged(conn, values, call.again)
    merged = found is not None
    call_id = found if found is not None else await _added(conn, values)
    position = await _position(conn, call_id)
    await conn.execute(
        text("""
            insert into app.call_key (key, call_id, position, merged) values (:key, :call, :position, :merged)
        """),
        {"key": key, "call": call_id, "position": position, "merged": merged},
    )
    return Queueing(call_id, position, merged)


async def queued(conn: AsyncConnection, key: str) -> Queueing | None:
    """What this key queued before."""
    found = await conn.execute(
        text("select call_id, position, merged from app.call_key where key = :key"), {"key": key}
    )
    known = found.one_or_none()
    return None if known is None else Queueing(known.call_id, known.position, known.merged)


async def _merged(conn: AsyncConnection, values: dict[str, Any], again: str) -> int | None:
    """The call to this phone that waits already; raised: more urgent, earlier, with the newer words."""
    found = await conn.execute(
        text("""
            select id from app.call where list = :list and phone = :phone and state = 'waiting'
            order by priority, id limit 1 for update
        """),
        values,
    )
    call_id: int | None = found.scalar_one_or_none()
    if call_id is not None and again == "raise":
        await conn.execute(
            text("""
                update app.call set priority = least(priority, cast(:priority as smallint)),
                  due_at = least(due_at, coalesce(cast(:due as timestamptz), clock_timestamp())),
                  until_at = case when until_at is null or cast(:until as timestamptz) is null then null
                    else greatest(until_at, cast(:until as timestamptz)) end,
                  name = coalesce(nullif(:name, ''), name), note = coalesce(nullif(:note, ''), note)
                where id = :id
            """),
            {**values, "id": call_id},
        )
    return call_id


async def _added(conn: AsyncConnection, values: dict[str, Any]) -> int:
    made = await conn.execute(
        text("""
            insert into app.call
              (list, phone, name, note, priority, due_at, until_at, rule_id, run_id, log, table_name, record)
            values (:list, :phone, :name, :note, :priority,
              coalesce(cast(:due as timestamptz), clock_timestamp()), cast(:until as timestamptz),
              :rule, :run, :log, :table, cast(cast(:record as text) as jsonb))
            returning id
        """),
        values,
    )
    return int(made.scalar_one())


async def _position(conn: AsyncConnection, call_id: int) -> int:
    found = await conn.execute(
        text("""
            select count(*) from app.call c, app.call own
            where own.id = :id and c.list = own.list and c.state = 'waiting'
              and (c.priority, c.due_at, c.id) <= (own.priority, own.due_at, own.id)
        """),
        {"id": call_id},
    )
    return int(found.scalar_one())
