"""Lists of calls: what rules queued, who works at it, how it ended. Only here is `app.call` read or written.

A call waits until somebody takes it; what is taken is a lease, so a call that nobody ends waits again.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final, Literal

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.errors import Conflict, NotFound
from ruleyard.core.phone_lists import ListedPhone
from ruleyard.core.types import JSONObject, RuleId, RunId
from ruleyard.stores import do_not_call
from ruleyard.stores.pages import Page, decode, page

LEASE_S: Final = 1_200
"""So long a call is one person's."""
KEPT_DAYS: Final = 180
"""Of calls that are done."""

Outcome = Literal["reached", "not_reached", "do_not_call", "removed"]
Shown = Literal["waiting", "done"]


class Call(msgspec.Struct, frozen=True):
    """`taken_by` is a caller's id, and null where nobody has the call now. `due`: may it be called now?"""

    id: int
    list: str
    phone: str
    name: str
    note: str
    priority: int
    due_at: datetime
    until_at: datetime | None
    due: bool
    state: Literal["waiting", "done"]
    taken_by: str | None
    taken_name: str
    taken_until: datetime | None
    outcome: Outcome | None
    said: str
    done_by: str
    done_at: datetime | None
    tries: int
    rule_id: RuleId | None
    rule_name: str | None
    run_id: RunId | None
    connection_id: int | None
    table_name: str | None
    record: JSONObject | None
    queued_at: datetime


class CallList(msgspec.Struct, frozen=True):
    """`due`: may be called now and nobody has them; `later`: not yet; `done_today`: since midnight UTC."""

    name: str
    waiting: int
    due: int
    taken: int
    done_today: int


_TAKEN: Final = "(c.taken_until is not null and c.taken_until > clock_timestamp())"
_DUE: Final = """(c.due_at <= clock_timestamp() and (c.until_at is null or c.until_at > clock_timestamp()))"""
_CALL: Final = f"""
    select c.id, c.list, c.phone, c.name, c.note, c.priority, c.due_at, c.until_at, c.state,
      {_DUE} and c.state = 'waiting' as due,
      case when {_TAKEN} then c.taken_by end as taken_by,
      case when {_TAKEN} then c.taken_name else '' end as taken_name,
      case when {_TAKEN} then c.taken_until end as taken_until,
      c.outcome, c.said, c.done_by, c.done_at, c.tries, c.rule_id, r.name as rule_name, c.run_id,
      nullif(c.log, 0) as connection_id, c.table_name, c.record, c.queued_at
    from app.call c left join app.rule r on r.id = c.rule_id
"""


def _read(row: Any) -> Call:
    return msgspec.convert(dict(row._mapping), Call)


async def lists(conn: AsyncConnection) -> list[CallList]:
    """Every list with calls, by name."""
    rows = await conn.execute(
        text(f"""
            select c.list as name,
              count(*) filter (where c.state = 'waiting') as waiting,
              count(*) filter (where c.state = 'waiting' and {_DUE} and not {_TAKEN}) as due,
              count(*) filter (where c.state = 'waiting' and {_TAKEN}) as taken,
              count(*) filter (where c.done_at >= date_trunc('day', now(), 'UTC')) as done_today
            from app.call c where c.state = 'waiting' or c.done_at > now() - interval '7 days'
            group by c.list order by c.list
        """)
    )
    return [msgspec.convert(dict(row._mapping), CallList) for row in rows]


async def list_calls(
    conn: AsyncConnection,
    *,
    name: str | None,
    shown: Shown,
    who: str | None,
    search: str,
    cursor: str | None,
    limit: int,
) -> Page[Call]:
    """Waiting calls as they will be called; done ones newest first."""
    done = shown == "done"
    values: dict[str, Any] = {"list": name, "limit": limit + 1}
    where = ["c.state = :state", "(cast(:list as text) is null or c.list = :list)"]
    values["state"] = "done" if done else "waiting"
    if who is not None:
        where.append(f"c.taken_by = :who and {_TAKEN}")
        values["who"] = who
    if search:
        where.append("position(lower(:search) in lower(c.name || ' ' || c.phone || ' ' || c.note)) > 0")
        values["search"] = search
    if done:
        place = decode(cursor, tuple[datetime, int])
        order = "c.done_at desc, c.id desc"
        if place:
            where.append("(c.done_at, c.id) < (:at, :id)")
            values |= {"at": place[0], "id": place[1]}
    else:
        after = decode(cursor, tuple[int, datetime, int])
        order = "c.priority, c.due_at, c.id"
        if after:
            where.append("(c.priority, c.due_at, c.id) > (:priority, :at, :id)")
            values |= {"priority": after[0], "at": after[1], "id": after[2]}
    rows = await conn.execute(
        text(f"{_CALL} where {' and '.join(where)} order by {order} limit :limit"), values
    )
    found = [_read(row) for row in rows]
    if done:
        return page(found, limit, lambda one: (one.done_at, one.id))
    return page(found, limit, lambda one: (one.priority, one.due_at, one.id))


async def call_of(conn: AsyncConnection, call_id: int) -> Call:
    row = (await conn.execute(text(f"{_CALL} where c.id = :id"), {"id": call_id})).one_or_none()
    if row is None:
        raise NotFound("There is no such call (any more).")
    return _read(row)


async def take_next(conn: AsyncConnection, name: str, who: str, called: str) -> int | None:
    """The first call of the list that is due and nobody's, or the one this caller has already; None: nothing to do."""
    taken = await conn.execute(
        text(f"""
            with own as (
              select id from app.call c
              where list = :list and state = 'waiting' and taken_by = :who and {_TAKEN}
              order by priority, due_at, id limit 1
            ), next as (
              select id from app.call c
              where list = :list and state = 'waiting' and {_DUE} and not {_TAKEN}
                and not exists (select from own)
              order by priority, due_at, id limit 1 for update skip locked
            )
            update app.call set taken_by = :who, taken_name = :called,
              taken_until = clock_timestamp() + make_interval(secs => :lease)
            where id in (select id from own union all select id from next)
            returning id
        """),
        {"list": name, "who": who, "called": called, "lease": LEASE_S},
    )
    return taken.scalar_one_or_none()


async def take(conn: AsyncConnection, call_id: int, who: str, called: str) -> None:
    """This very call, whether it is due or not. Conflict where somebody else has it, or it is done."""
    await _own(conn, call_id, who)
    await conn.execute(
        text("""
            update app.call set taken_by = :who, taken_name = :called,
              taken_until = clock_timestamp() + make_interval(secs => :lease)
            where id = :id
        """),
        {"id": call_id, "who": who, "called": called, "lease": LEASE_S},
    )


async def release(conn: AsyncConnection, call_id: int, who: str) -> None:
    """Gives it back: it waits again as before."""
    await _own(conn, call_id, who)
    await conn.execute(
        text("update app.call set taken_by = null, taken_name = '', taken_until = null where id = :id"),
        {"id": call_id},
    )


async def _own(conn: AsyncConnection, call_id: int, who: str) -> Call:
    """Locked, waiting, and nobody else's."""
    await conn.execute(text("select from app.call where id = :id for update"), {"id": call_id})
    call = await call_of(conn, call_id)
    if call.state == "done":
        raise Conflict("This call is done already.", code="call-done")
    if call.taken_by not in (None, who):
        raise Conflict(f"{call.taken_name or 'Somebody'} has this call now.", code="call-taken")
    return call


async def finish(
    conn: AsyncConnection, call_id: int, who: str, called: str, outcome: Outcome, said: str
) -> Call:
    """How it ended. `do_not_call` also ends every other call that waits for this phone, and lets none in again."""
    others = outcome == "do_not_call"
    if others:
        await do_not_call.hold_gate(conn, listing=True)
    call = await _own(conn, call_id, who)
    await conn.execute(
        text("""
            update app.call set state = 'done', outcome = :outcome, said = :said, done_by = :called,
              done_at = clock_timestamp(), taken_by = null, taken_name = '', taken_until = null,
              tries = tries + 1
            where id = :id or (:others and phone = :phone and state = 'waiting')
        """),
        {
            "id": call_id,
            "outcome": outcome,
            "said": said,
            "called": called,
            "others": others,
            "phone": call.phone,
        },
    )
    if others:
        await do_not_call.list_phones(conn, [ListedPhone(call.phone, call.name, said)], called)
    return await call_of(conn, call_id)


async def call_again(conn: AsyncConnection, call_id: int, who: str, said: str, at: datetime) -> Call:
    """It waits again, from that moment on."""
    await _own(conn, call_id, who)
    await conn.execute(
        text("""
            update app.call set due_at = :at, said = :said, tries = tries + 1,
              until_at = case when until_at > :at then until_at end,
              taken_by = null, taken_name = '', taken_until = null
            where id = :id
        """),
        {"id": call_id, "at": at, "said": said},
    )
    return await call_of(conn, call_id)


async def reopen(conn: AsyncConnection, call_id: int) -> Call:
    """Takes an outcome back: it waits again. The outcome `do_not_call` takes its phone off that list."""
    await do_not_call.hold_gate(conn, listing=False)
    await conn.execute(text("select from app.call where id = :id for update"), {"id": call_id})
    call = await call_of(conn, call_id)
    if call.state != "done":
        raise Conflict("This call is not done.", code="call-not-done")
    if call.outcome != "do_not_call" and await do_not_call.is_listed(conn, call.phone):
        raise Conflict("This phone asked not to be called. Take it off that list first.", code="do-not-call")
    await conn.execute(
        text("""
            update app.call set state = 'waiting', outcome = null, done_by = '', done_at = null,
              tries = greatest(0, tries - 1), until_at = case when until_at > clock_timestamp() then until_at end
            where id = :id
        """),
        {"id": call_id},
    )
    if call.outcome == "do_not_call":
        await do_not_call.allow(conn, call.phone)
    return await call_of(conn, call_id)


async def end_waiting(conn: AsyncConnection, phones: Collection[str], called: str) -> tuple[str, ...]:
    """Takes every waiting call to these phones off its list; the list of each. Under the gate."""
    gone = await conn.execute(
        text("""
            update app.call set state = 'done', outcome = 'removed', done_by = :called,
              done_at = clock_timestamp(), taken_by = null, taken_name = '', taken_until = null
            where state = 'waiting' and phone = any(cast(:phones as text[]))
            returning list
        """),
        {"called": called, "phones": list(phones)},
    )
    return tuple(gone.scalars())
