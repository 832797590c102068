"""Notifications: told inside the product, to one account, to a role or to everyone. Told once per key."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.trace import StepError
from ruleyard.core.types import AccountId, Role, RuleId, RunId
from ruleyard.stores.runs import utc


class Notification(msgspec.Struct, frozen=True):
    id: int
    title: str
    body: str
    told: StepError | None
    rule_id: RuleId | None
    run_id: RunId | None
    created_at: str
    read: bool


async def notify(
    conn: AsyncConnection,
    *,
    key: str,
    to: str,
    title: str,
    body: str,
    rule_id: RuleId | None,
    run_id: RunId | None,
    told: StepError | None = None,
) -> int:
    """Tells `to` (everyone, a role, or an account's e-mail address) once per `key`.

    `told`: the same with its code and args, for other languages; None for words of an action.

    Returns how many accounts it is for; 0 when nobody is meant, and then nothing is kept.
    """
    kept = await conn.execute(
        text("""
            with asked as (select cast(:to as text) as who), meant as (
              select id from app.account, asked
              where disabled_at is null
                and (who = 'everyone' or role = who or (who like '%@%' and lower(email) = lower(who)))
            ), kept as (
              insert into app.notification (key, account_id, role, title, body, told, rule_id, run_id)
              select :key, case when who like '%@%' then (select id from meant limit 1) end,
                case when who not like '%@%' and who <> 'everyone' then who end,
                :title, :body, cast(cast(:told as text) as jsonb), :rule_id, :run_id
              from asked
              where who = 'everyone' or exists (select from meant)
              on conflict (key) do nothing
            )
            select count(*) from meant
        """),
        {
            "key": key,
            "to": to,
            "title": title,
            "body": body,
            "told": None if told is None else msgspec.json.encode(told).decode(),
            "rule_id": rule_id,
            "run_id": run_id,
        },
    )
    return int(kept.scalar_one())


async def list_notifications(
    conn: AsyncConnection, account_id: AccountId, role: Role, *, limit: int = 25, before: int | None = None
) -> list[Notification]:
    """What this account was told, newest first, ids below `before`."""
    rows = await conn.execute(
        text(f"""
            select n.id, n.title, n.body, n.told::text as told, n.rule_id, n.run_id,
              {utc("n.created_at", "created_at")},
              r.notification_id is not null as read
            from app.notification n
            left join app.notification_read r on r.notification_id = n.id and r.account_id = :account
            where {_FOR_ACCOUNT} and (cast(:before as bigint) is null or n.id < :before)
            order by n.id desc limit :limit
        """),
        {"account": account_id, "role": role, "limit": limit, "before": before},
    )
    return [
        msgspec.convert(
            {**row._mapping, "told": None if row.told is None else msgspec.json.decode(row.told)},
            Notification,
        )
        for row in rows
    ]


async def unread_count(conn: AsyncConnection, account_id: AccountId, role: Role) -> int:
    count = await conn.execute(
        text(f"""
            select count(*) from app.notification n
            where {_FOR_ACCOUNT} and not exists (
              select from app.notification_read r where r.notification_id = n.id and r.account_id = :account)
        """),
        {"account": account_id, "role": role},
    )
    return int(count.scalar_one())


async def mark_read(
    conn: AsyncConnection, account_id: AccountId, role: Role, *, ids: list[int] | None = None
) -> None:
    """Marks these as read, or all of this account's (None). Others' are left alone."""
    values: dict[str, Any] = {"account": account_id, "role": role, "ids": ids}
    await conn.execute(
        text(f"""
            insert into app.notification_read (notification_id, account_id)
            select n.id, :account from app.notification n
            where {_FOR_ACCOUNT} and (cast(:ids as bigint[]) is null or n.id = any(cast(:ids as bigint[])))
            on conflict do nothing
        """),
        values,
    )


_FOR_ACCOUNT = """(n.account_id = cast(:account as bigint)
    or (n.account_id is null and (n.role is null or n.role = cast(:role as text))))"""
