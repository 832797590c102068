"""Accounts, the one-time setup token, and API keys. Only hashes of secrets are kept.

Passwords arrive here hashed already (argon2id takes a thread, which is the caller's matter).
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy import Row, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.errors import Conflict, Forbidden, NotFound
from ruleyard.core.types import AccountId, Role
from ruleyard.stores.pages import Page, decode, page

SETUP_HOURS: Final = 24


class Account(msgspec.Struct, frozen=True):
    id: AccountId
    email: str
    name: str
    role: Role
    language: str
    disabled: bool
    created_at: datetime


class ApiKey(msgspec.Struct, frozen=True):
    id: int
    name: str
    prefix: str
    role: Role
    created_at: datetime
    last_used_at: datetime | None


def hashed(secret: str) -> bytes:
    """SHA-256: right for random secrets of 32 bytes, never for passwords."""
    return hashlib.sha256(secret.encode()).digest()


_ACCOUNT: Final = "id, email, name, role, language, disabled_at is not null as disabled, created_at"
_KEY: Final = "id, name, prefix, role, created_at, last_used_at"


def _account(row: Row[Any]) -> Account:
    return msgspec.convert(dict(row._mapping), Account)


async def setup_needed(conn: AsyncConnection) -> bool:
    """No administrator exists yet."""
    found = await conn.execute(
        text("select not exists (select from app.account where role = 'admin' and disabled_at is null)")
    )
    return bool(found.scalar_one())


async def create_setup_token(conn: AsyncConnection) -> str:
    """A fresh one-time token for the first administrator, good for a day. Older ones stop working."""
    token = secrets.token_urlsafe(32)
    await conn.execute(text("delete from app.setup_token where used_at is null"))
    await conn.execute(
        text("""
            insert into app.setup_token (token_hash, expires_at)
            values (:hash, now() + make_interval(hours => :hours))
        """),
        {"hash": hashed(token), "hours": SETUP_HOURS},
    )
    return token


async def use_setup_token(conn: AsyncConnection, token: str) -> None:
    """Forbidden when it is wrong, used or too old."""
    used = await conn.execute(
        text("""
            update app.setup_token set used_at = now()
            where token_hash = :hash and used_at is null and expires_at > now()
        """),
        {"hash": hashed(token)},
    )
    if used.rowcount == 0:
        raise Forbidden(
            "This setup link was used already or is too old. Start `ruleyard up` again for a new one.",
            code="setup-token-refused",
        )


async def create_account(
    conn: AsyncConnection, *, email: str, name: str, role: Role, password_hash: str, language: str = "en"
) -> Account:
    """Conflict when the e-mail address has an account already."""
    try:
        async with conn.begin_nested():
            row = await conn.execute(
                text(f"""
                    insert into app.account (email, name, role, language, password_hash)
                    values (:email, :name, :role, :language, :hash) returning {_ACCOUNT}
                """),
                {
                    "email": email.strip(),
                    "name": name.strip(),
                    "role": role,
                    "language": language,
                    "hash": password_hash,
                },
            )
    except IntegrityError:
        raise Conflict(f"There is an account for {email} already.", code="account-exists") from None
    return _account(row.one())


async def account(conn: AsyncConnection, account_id: AccountId) -> Account:
    row = (
        await conn.execute(text(f"select {_ACCOUNT} from app.account where id = :id"), {"id": account_id})
    ).one_or_none()
    if row is None:
        raise NotFound(f"There is no account {account_id}.")
    return _account(row)


async def list_accounts(conn: AsyncConnection, *, cursor: str | None, limit: int) -> Page[Account]:
    after = decode(cursor, tuple[int])
    rows = await conn.execute(
        text(f"select {_ACCOUNT} from app.account where id > :after order by id limit :limit"),
        {"after": after[0] if after else 0, "limit": limit + 1},
    )
    return page([_account(row) for row in rows], limit, lambda one: (one.id,))


async def addresses(conn: AsyncConnection) -> frozenset[str]:
    """Of everybody who can sign in, in small letters."""
    rows = await conn.execute(text("select lower(email) as email from app.account where disabled_at is null"))
    return frozenset(row.email for row in rows)


async def change_account(
    conn: AsyncConnection,
    account_id: AccountId,
    *,
    role: Role | None = None,
    name: str | None = None,
    language: str | None = None,
    disabled: bool | None = None,
) -> Account:
    """Changes what is given. Conflict when it would leave no administrator. Disabling ends the sessions."""
    await conn.execute(text("lock table app.account in share row exclusive mode"))
    row = (
        await conn.execute(
            text(f"""
                update app.account set
                  role = coalesce(cast(:role as text), role),
                  name = coalesce(cast(:name as text), name),
                  language = coalesce(cast(:language as text), language),
                  disabled_at = case
                    when cast(:disabled as boolean) is null then disabled_at
                    when cast(:disabled as boolean) then coalesce(disabled_at, now()) end
                where id = :id returning {_ACCOUNT}
            """),
            {"id": account_id, "role": role, "name": name, "language": language, "disabled": disabled},
        )
    ).one_or_none()
    if row is None:
        raise NotFound(f"There is no account {account_id}.")
    if await setup_needed(conn):
        raise Conflict(
            "This is the last administrator. Make another account administrator first.", code="last-admin"
        )
    if disabled:
        await conn.execute(text("delete from app.session where account_id = :id"), {"id": account_id})
    return _account(row)


async def password_hash_of(conn: AsyncConnection, email: str) -> tuple[AccountId, str] | None:
    """The account that may sign in by this address, None where there is none or it is disabled."""
    row = (
        await conn.execute(
            text("""
                select id, password_hash from app.account
                where lower(email) = lower(:email) and disabled_at is null
            """),
            {"email": email.strip()},
        )
    ).one_or_none()
    return None if row is None else (AccountId(row.id), row.password_hash)


async def create_api_key(
    conn: AsyncConnection, name: str, role: Role, account_id: AccountId | None = None
) -> tuple[ApiKey, str]:
    """A new key and its secret `ry_<prefix>_<secret>`, which is shown this once."""
    prefix, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    row = await conn.execute(
        text(f"""
            insert into app.api_key (name, prefix, secret_hash, role, account_id)
            values (:name, :prefix, :hash, :role, :account_id) returning {_KEY}
        """),
        {"name": name, "prefix": prefix, "hash": hashed(secret), "role": role, "account_id": account_id},
    )
    return msgspec.convert(dict(row.one()._mapping), ApiKey), f"ry_{prefix}_{secret}"


async def list_api_keys(conn: AsyncConnection, *, cursor: str | None, limit: int) -> Page[ApiKey]:
    """Keys that are not revoked, newest first."""
    before = decode(cursor, tuple[int])
    rows = await conn.execute(
        text(f"""
            select {_KEY} from app.api_key
            where revoked_at is null and (cast(:before as bigint) is null or id < :before)
            order by id desc limit :limit
        """),
        {"before": before[0] if before else None, "limit": limit + 1},
    )
    found = [msgspec.convert(dict(row._mapping), ApiKey) for row in rows]
    return page(found, limit, lambda key: (key.id,))


async def revoke_api_key(conn: AsyncConnection, key_id: int) -> None:
    gone = await conn.execute(
        text("update app.api_key set revoked_at = now() where id = :id and revoked_at is null"),
        {"id": key_id},
    )
    if gone.rowcount == 0:
        raise NotFound(f"There is no API key {key_id}.")


async def api_key_by_secret(conn: AsyncConnection, text_key: str) -> ApiKey | None:
    """The key that this secret opens, None where it opens none. Remembers the use, to the minute."""
    head, _, rest = text_key.partition("_")
    prefix, _, secret = rest.partition("_")
    if head != "ry" or not prefix or not secret:
        return None
    row = (
        await conn.execute(
            text(f"""
                select {_KEY}, secret_hash from app.api_key k
                where prefix = :prefix and revoked_at is null and not exists (
                  select from app.account a where a.id = k.account_id and a.disabled_at is not null)
            """),
            {"prefix": prefix},
        )
    ).one_or_none()
    if row is None or not secrets.compare_digest(bytes(row.secret_hash), hashed(secret)):
        return None
    await conn.execute(
        text("""
            update app.api_key set last_used_at = now()
            where id = :id and (last_used_at is null or last_used_at < now() - interval '1 minute')
        """),
        {"id": row.id},
    )
    values = {name: value for name, value in row._mapping.items() if name != "secret_hash"}
    return msgspec.convert(values, ApiKey)
