"""The audit log: who changed what, append-only. Written in the transaction of the change itself."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Protocol

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.types import AccountId, JSONObject
from ruleyard.stores.pages import Page, decode, page

Act = Literal[
    "allow calls",
    "approve",
    "archive rule",
    "cancel held runs",
    "cancel run",
    "pass on run",
    "cancel waiting runs",
    "change account",
    "change calendar",
    "change connection",
    "create account",
    "create calendar",
    "create connection",
    "create key",
    "create rule",
    "disable rule",
    "download report",
    "duplicate rule",
    "enable rule",
    "end call",
    "fire rule",
    "forbid calls",
    "go on with log",
    "hold runs again",
    "import rule",
    "let held runs run",
    "let waiting runs begin",
    "name column",
    "pause rule",
    "publish rule",
    "read again",
    "remove calendar",
    "remove connection",
    "remove hook signature",
    "renew hook",
    "reopen call",
    "restore rule",
    "restore version",
    "retry items",
    "retry run",
    "retry runs",
    "refuse",
    "remind",
    "revoke key",
    "run for records that match",
    "save draft",
    "send test mail",
    "send test message",
    "set hook signature",
    "set up",
    "settle run",
    "sign in",
    "sign out",
    "stop retry",
    "stop runs",
    "stop runs for records that match",
    "unwatch table",
    "watch table",
    "watch table again",
]
"""What can be done, as a verb phrase; the browser says each in the reader's language (`audit.json`)."""


class Who(Protocol):
    """Who made a change: an account, an API key, or the command line."""

    @property
    def actor(self) -> str: ...
    @property
    def account_id(self) -> AccountId | None: ...
    @property
    def api_key_id(self) -> int | None: ...


class AuditRow(msgspec.Struct, frozen=True):
    id: int
    at: datetime
    account_id: int | None
    api_key_id: int | None
    actor: str
    action: str
    subject: str
    detail: JSONObject


async def record(
    conn: AsyncConnection, who: Who, action: Act, subject: str, detail: JSONObject | None = None
) -> None:
    """One line: `subject` is a kind and id ("rule:7"). Never a secret."""
    await conn.execute(
        text("""
            insert into app.audit (account_id, api_key_id, actor, action, subject, detail)
            values (:account_id, :api_key_id, :actor, :action, :subject, cast(cast(:detail as text) as jsonb))
        """),
        {
            "account_id": who.account_id,
            "api_key_id": who.api_key_id,
            "actor": who.actor,
            "action": action,
            "subject": subject,
            "detail": msgspec.json.encode(detail or {}).decode(),
        },
    )


async def list_audit(conn: AsyncConnection, *, cursor: str | None, limit: int) -> Page[AuditRow]:
    """Newest first."""
    before = decode(cursor, tuple[int])
    rows = await conn.execute(
        text("""
            select id, at, account_id, api_key_id, actor, action, subject, detail::text as detail
            from app.audit where cast(:before as bigint) is null or id < :before
            order by id desc limit :limit
        """),
        {"before": before[0] if before else None, "limit": limit + 1},
    )
    found = [
        msgspec.convert({**row._mapping, "detail": msgspec.json.decode(row.detail)}, AuditRow) for row in rows
    ]
    return page(found, limit, lambda row: (row.id,))
