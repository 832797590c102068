"""Hooks: the secret address that requests come in by, one for a rule, and the requests that came already.

Knows the tables `app.hook` and `app.received`; what a request holds is none of its business.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import Final

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.types import JSON, EventId, RuleId
from ruleyard.core.webhook import BLANK
from ruleyard.settings import Settings
from ruleyard.stores.seal import seal, unseal

KEPT_DAYS: Final = 7
"""So long a request that comes again is known."""


class Hook(msgspec.Struct, frozen=True):
    token: str
    made_at: datetime


async def hook_of(conn: AsyncConnection, settings: Settings, rule_id: RuleId) -> Hook:
    """The rule's, made when first asked for."""
    return await _read(conn, settings, rule_id) or await renew(conn, settings, rule_id)


async def renew(conn: AsyncConnection, settings: Settings, rule_id: RuleId) -> Hook:
    """A new address; the old one leads nowhere from now on."""
    token = secrets.token_urlsafe(24)
    made = await conn.execute(
        text("""
            insert into app.hook (rule_id, token_hash, sealed) values (:rule, :hash, :sealed)
            on conflict (rule_id) do update set
              token_hash = excluded.token_hash, sealed = excluded.sealed, made_at = clock_timestamp()
            returning made_at
        """),
        {"rule": rule_id, "hash": _hash(token), "sealed": seal(settings.secret_key, {"token": token})},
    )
    return Hook(token, made.scalar_one())


async def _read(conn: AsyncConnection, settings: Settings, rule_id: RuleId) -> Hook | None:
    found = await conn.execute(
        text("select sealed, made_at from app.hook where rule_id = :rule"), {"rule": rule_id}
    )
    row = found.one_or_none()
    if row is None:
        return None
    return Hook(
        str(unseal(settings.secret_key, bytes(row.sealed), settings.old_secret_key)["token"]), row.made_at
    )


async def rule_of(conn: AsyncConnection, token: str) -> RuleId | None:
    """Whose address it is."""
    found = await conn.execute(
        text("select rule_id from app.hook where token_hash = :hash"), {"hash": _hash(token)}
    )
    rule = found.scalar_one_or_none()
    return None if rule is None else RuleId(rule)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


async def earlier(conn: AsyncConnection, rule_id: RuleId, key: str) -> EventId | None:
    """The event of a request that came already; None the first time. Holds the key until the transaction ends."""
    await conn.execute(
        text("select pg_advisory_xact_lock(hashtextextended(:lock, 74))"), {"lock": f"{rule_id}\n{key}"}
    )
    found = await conn.execute(
        text("""
            select event_id from app.received
            where rule_id = :rule and key = :key and at > now() - make_interval(days => :days)
        """),
        {"rule": rule_id, "key": key, "days": KEPT_DAYS},
    )
    event = found.scalar_one_or_none()
    return None if event is None else EventId(event)


async def remember(conn: AsyncConnection, rule_id: RuleId, key: str, event_id: EventId) -> None:
    """This request came, and made this event."""
    await conn.execute(
        text("""
            insert into app.received (rule_id, key, event_id) values (:rule, :key, :event)
            on conflict (rule_id, key) do update set event_id = excluded.event_id, at = clock_timestamp()
        """),
        {"rule": rule_id, "key": key, "event": event_id},
    )


class LastRequest(msgspec.Struct, frozen=True):
    """`data`: as expressions see it."""

    at: datetime
    data: JSON


async def last_request(conn: AsyncConnection, rule_id: RuleId) -> LastRequest | None:
    """The newest that is still in the log, of the days in which one is known again."""
    found = await conn.execute(
        text("""
            select at, cast(after as text) as data from ruleyard.event
            where table_name = '@webhook' and key @> cast(cast(:key as text) as jsonb)
              and at > now() - make_interval(days => :days)
            order by id desc limit 1
        """),
        {"key": msgspec.json.encode({"rule": rule_id}).decode(), "days": KEPT_DAYS},
    )
    row = found.one_or_none()
    return None if row is None else LastRequest(row.at, msgspec.json.decode(row.data))


class Listener(msgspec.Struct, frozen=True):
    """A rule that starts with a type of event."""

    id: RuleId
    name: str


async def listening_for(conn: AsyncConnection, event: str) -> list[Listener]:
    """The rules that are on and start with events of this type, by number; at most 100."""
    rows = await conn.execute(
        text("""
            select r.id, r.name from app.rule r join app.version v on v.id = r.live_version_id
            cross join lateral (
              select jsonb_path_query_first(cast(v.document as jsonb),
                '$.nodes[*] ? (@.kind == "trigger" && @.on == "webhook").event') #>> '{}' as event) t
            where r.enabled and r.archived_at is null and btrim(t.event, :blank) = :event
            order by r.id limit 100
        """),
        {"event": event, "blank": BLANK},
    )
    return [Listener(RuleId(row.id), row.name) for row in rows]
