"""Phones that asked not to be called: who, why, and since when. Only here is `app.do_not_call` read or written.

No call to such a phone may wait: whoever lists one ends the calls to it, and whoever lets a call wait asks here first.
Each takes the gate, so that no call slips in while its phone is listed. A text message that asks takes no gate: it
leaves the house, and cannot be held back until a phone is listed.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.phone_lists import ListedPhone
from ruleyard.stores.pages import Page, decode, page

_GATE: Final = "hashtextextended('do not call', 75)"


class DoNotCall(msgspec.Struct, frozen=True):
    """`said`: why; `by`: who listed it."""

    phone: str
    name: str
    said: str
    by: str
    at: datetime


async def hold_gate(conn: AsyncConnection, *, listing: bool) -> None:
    """Until the transaction ends: many may let calls wait at once, but none while a phone is listed."""
    shared = "" if listing else "_shared"
    await conn.execute(text(f"select pg_advisory_xact_lock{shared}({_GATE})"))


async def is_listed(conn: AsyncConnection, phone: str) -> bool:
    return await listed_at(conn, phone) is not None


async def listed_at(conn: AsyncConnection, phone: str) -> datetime | None:
    """Since when; None where it is not listed."""
    found = await conn.execute(text("select at from app.do_not_call where phone = :phone"), {"phone": phone})
    at: datetime | None = found.scalar_one_or_none()
    return at


async def list_phones(conn: AsyncConnection, phones: Collection[ListedPhone], by: str) -> int:
    """How many were not listed before; what is known of one that was stays. Under the gate."""
    made = await conn.execute(
        text("""
            insert into app.do_not_call (phone, name, said, by)
            select phone, name, said, :by
            from unnest(cast(:phones as text[]), cast(:names as text[]), cast(:said as text[])) as n(phone, name, said)
            on conflict do nothing
        """),
        {
            "phones": [one.phone for one in phones],
            "names": [one.name for one in phones],
            "said": [one.reason for one in phones],
            "by": by,
        },
    )
    return made.rowcount


async def allow(conn: AsyncConnection, phone: str) -> bool:
    """May be called again; whether it could not before."""
    gone = await conn.execute(text("delete from app.do_not_call where phone = :phone"), {"phone": phone})
    return gone.rowcount > 0


async def list_do_not_call(
    conn: AsyncConnection, *, search: str, cursor: str | None, limit: int
) -> Page[DoNotCall]:
    """Newest first. `search`: part of a name, a reason, or a number however it is written."""
    place = decode(cursor, tuple[datetime, str])
    rows = await conn.execute(
        text("""
            select phone, name, said, by, at from app.do_not_call
            where (:search = '' or position(lower(:search) in lower(name || ' ' || said)) > 0
                or (:digits <> '' and position(:digits in phone) > 0))
              and (cast(:at as timestamptz) is null or (at, phone) < (:at, :phone))
            order by at desc, phone desc limit :limit
        """),
        {
            "search": search,
            "digits": _digits(search),
            "at": place[0] if place else None,
            "phone": place[1] if place else "",
            "limit": limit + 1,
        },
    )
    found = [msgspec.convert(dict(row._mapping), DoNotCall) for row in rows]
    return page(found, limit, lambda one: (one.at, one.phone))


def _digits(search: str) -> str:
    """What of a number is looked for: `010-1234` is dialled at home, `+82 10 1234` from abroad. Empty: no number."""
    if not set(search) <= set("0123456789+-./() "):
        return ""
    return "".join(sign for sign in search if sign.isdigit()).lstrip("0")
