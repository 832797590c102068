"""Mails that ask for approval, and the links in them: intent first, each at most once, a new link in each.

Only the hash of what stands in a link is kept. Knows app.approval_mail and app.link_try.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Final, Literal

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.types import AccountId
from ruleyard.stores.accounts import hashed
from ruleyard.stores.approvals import IS_OPEN, ITS_RUN

MOST_CALLS: Final = 5
"""Reminders by hand."""
CALL_AGAIN_S: Final = 60
KNOWN_DAYS: Final = 7
"""So long after a question was settled its link still says how; later it leads nowhere."""
TRIES: Final = 5
TRY_AGAIN_S: Final = 60
WRONG_LINKS: Final = 30
"""Links that lead nowhere, from one network address, within WRONG_MINUTES."""
WRONG_MINUTES: Final = 10

Ended = Literal["sent", "again", "refused", "unknown"]


class Letter(msgspec.Struct, frozen=True):
    """A mail that is due: `number` 0 asks, the others remind. `token` stands in its link."""

    approver_id: int
    approval_id: int
    number: int
    email: str
    language: str
    question: str
    details: str
    mailed_by: str
    until: datetime
    token: str = ""


_NUMBER: Final = """(a.called + case when a.remind_s is null then 0 else
    least(a.remind_times, floor(extract(epoch from clock_timestamp() - a.asked_at) / a.remind_s)::integer) end)"""


async def due_letters(conn: AsyncConnection, limit: int = 20) -> list[Letter]:
    """Mails that nobody began, and those that may be tried again; of several reminders that are due the last.

    So many for each connection that they go through: one that does not answer keeps none of another's back.
    """
    rows = await conn.execute(
        text(f"""
            with due as (
              select a.*, {_NUMBER} as number from app.approval a {ITS_RUN}
              where a.answer is null and a.mailed_by is not null and {IS_OPEN}
            )
            select * from (
              select p.id as approver_id, d.id as approval_id, d.number, p.email, p.language, d.question, d.details,
                d.mailed_by, d.until, row_number() over (partition by d.mailed_by order by d.id, p.id) as place
              from due d join app.approver p on p.approval_id = d.id
              where not exists (
                select from app.approval_mail m where m.approver_id = p.id and m.number = d.number
                  and not (m.state = 'again' and m.tries < :tries
                    and m.at < clock_timestamp() - make_interval(secs => :again)))) letters
            where place <= :limit order by approval_id, approver_id
        """),
        {"tries": TRIES, "again": float(TRY_AGAIN_S), "limit": limit},
    )
    return [msgspec.convert(dict(row._mapping), Letter) for row in rows]


async def begin(conn: AsyncConnection, letter: Letter) -> Letter | None:
    """The letter with its link, written down as being sent; None where somebody else sends it."""
    token = secrets.token_urlsafe(24)
    begun = await conn.execute(
        text("""
            insert into app.approval_mail as m (approver_id, number, token_hash, state)
            values (:approver, :number, :hash, 'sending')
            on conflict (approver_id, number) do update set state = 'sending', tries = m.tries + 1,
              token_hash = excluded.token_hash, at = clock_timestamp()
            where m.state = 'again' and m.at < clock_timestamp() - make_interval(secs => :again)
            returning number
        """),
        {
            "approver": letter.approver_id,
            "number": letter.number,
            "hash": hashed(token),
            "again": float(TRY_AGAIN_S),
        },
    )
    return None if begun.one_or_none() is None else msgspec.structs.replace(letter, token=token)


async def end(conn: AsyncConnection, letter: Letter, state: Ended, error: str = "") -> None:
    """What became of it."""
    await conn.execute(
        text("""
            update app.approval_mail set state = :state, error = :error, at = clock_timestamp()
            where approver_id = :approver and number = :number and state = 'sending'
        """),
        {"approver": letter.approver_id, "number": letter.number, "state": state, "error": error[:500]},
    )


class Holder(msgspec.Struct, frozen=True):
    """Whom a link was sent to."""

    approval_id: int
    approver_id: int
    email: str
    name: str
    account_id: AccountId | None


async def holder_of(conn: AsyncConnection, token: str) -> Holder | None:
    """Of a link; None where it leads nowhere, any more or ever."""
    found = await conn.execute(
        text("""
            select a.id as approval_id, p.id as approver_id, p.email, p.name, p.account_id
            from app.approval_mail m join app.approver p on p.id = m.approver_id
            join app.approval a on a.id = p.approval_id
            left join app.account c on c.id = p.account_id
            where m.token_hash = :hash and c.disabled_at is null
              and coalesce(a.answered_at, a.until) > clock_timestamp() - make_interval(days => :days)
        """),
        {"hash": hashed(token), "days": KNOWN_DAYS},
    )
    row = found.one_or_none()
    return None if row is None else msgspec.convert(dict(row._mapping), Holder)


async def wrong_links(conn: AsyncConnection, address: str) -> int:
    """How many links that lead nowhere were opened from there lately."""
    found = await conn.execute(
        text("""
            select count(*) from app.link_try
            where address = :address and at > clock_timestamp() - make_interval(mins => :minutes)
        """),
        {"address": address, "minutes": WRONG_MINUTES},
    )
    return int(found.scalar_one())


async def count_wrong(conn: AsyncConnection, address: str) -> None:
    await conn.execute(text("insert into app.link_try (address) values (:address)"), {"address": address})


async def call(conn: AsyncConnection, approval_id: int) -> bool:
    """One reminder more, by hand. False where one went out a moment ago, or there were enough."""
    called = await conn.execute(
        text("""
            update app.approval set called = called + 1, called_at = clock_timestamp()
            where id = :id and answer is null and called < :most
              and coalesce(called_at, asked_at) < clock_timestamp() - make_interval(secs => :again)
            returning id
        """),
        {"id": approval_id, "most": MOST_CALLS, "again": float(CALL_AGAIN_S)},
    )
    return called.one_or_none() is not None
