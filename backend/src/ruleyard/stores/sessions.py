"""Sessions of the SPA and the count of failed sign-ins, both in our database so that they hold across processes."""

from __future__ import annotations

import secrets
from typing import Final

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.types import AccountId, Role
from ruleyard.stores.accounts import hashed

SESSION_DAYS: Final = 14
"""A session that is not used this long ends."""

TRIES_PER_EMAIL: Final = 8
TRIES_PER_ADDRESS: Final = 40
TRY_MINUTES: Final = 10


class Session(msgspec.Struct, frozen=True):
    token_hash: bytes
    csrf: str
    account_id: AccountId
    email: str
    name: str
    role: Role
    language: str


async def open_session(conn: AsyncConnection, account_id: AccountId) -> str:
    """A new random token for the cookie; only its hash is kept. Clears sessions that ended."""
    token = secrets.token_urlsafe(32)
    await conn.execute(text("delete from app.session where expires_at < now()"))
    await conn.execute(
        text("""
            insert into app.session (token_hash, account_id, csrf, expires_at)
            values (:hash, :account_id, :csrf, now() + make_interval(days => :days))
        """),
        {
            "hash": hashed(token),
            "account_id": account_id,
            "csrf": secrets.token_urlsafe(24),
            "days": SESSION_DAYS,
        },
    )
    return token


async def session_of(conn: AsyncConnection, token: str) -> Session | None:
    """The session of a cookie, None where it ended. Being used prolongs it, written at most once in 5 minutes."""
    row = (
        await conn.execute(
            text("""
                select s.token_hash, s.csrf, a.id as account_id, a.email, a.name, a.role, a.language,
                  s.last_seen_at < now() - interval '5 minutes' as stale
                from app.session s join app.account a on a.id = s.account_id
                where s.token_hash = :hash and s.expires_at > now() and a.disabled_at is null
            """),
            {"hash": hashed(token)},
        )
    ).one_or_none()
    if row is None:
        return None
    if row.stale:
        await conn.execute(
            text("""
                update app.session set last_seen_at = now(), expires_at = now() + make_interval(days => :days)
                where token_hash = :hash
            """),
            {"hash": hashed(token), "days": SESSION_DAYS},
        )
    values = {name: value for name, value in row._mapping.items() if name != "stale"}
    return msgspec.convert({**values, "token_hash": bytes(values["token_hash"])}, Session)


async def close_session(conn: AsyncConnection, token_hash: bytes) -> None:
    await conn.execute(text("delete from app.session where token_hash = :hash"), {"hash": token_hash})


async def reserve_try(conn: AsyncConnection, email: str, address: str) -> int | None:
    """Counts a sign-in as failed before the password is looked at; its id, or None when there were too many.

    One at a time per e-mail address and per network address, so that tries beside each other cannot slip through.
    """
    for key in sorted({f"email:{email.strip().lower()}", f"address:{address}"}):
        await conn.execute(text("select pg_advisory_xact_lock(hashtextextended(:key, 72))"), {"key": key})
    row = await conn.execute(
        text("""
            insert into app.sign_in_attempt (email, address, succeeded)
            select :email, :address, false
            where (select count(*) from app.sign_in_attempt where lower(email) = lower(:email)
                     and at > now() - make_interval(mins => :minutes) and not succeeded) < :per_email
              and (select count(*) from app.sign_in_attempt where address = :address
                     and at > now() - make_interval(mins => :minutes) and not succeeded) < :per_address
            returning id
        """),
        {
            "email": email.strip(),
            "address": address,
            "minutes": TRY_MINUTES,
            "per_email": TRIES_PER_EMAIL,
            "per_address": TRIES_PER_ADDRESS,
        },
    )
    found = row.scalar_one_or_none()
    return None if found is None else int(found)


async def forgive(conn: AsyncConnection, email: str) -> None:
    """The right password: the failures of this address are forgiven, tries older than a day forgotten."""
    await conn.execute(
        text("""
            delete from app.sign_in_attempt
            where (lower(email) = lower(:email) and not succeeded) or at < now() - interval '1 day'
        """),
        {"email": email.strip()},
    )
