"""How requests to the address of a rule must be signed: the scheme, sealed secrets, and what was refused.

Knows the table `app.hook_signature`; how a signature is made is none of its business.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, Literal

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.types import JSONObject, RuleId
from ruleyard.settings import Settings
from ruleyard.stores.seal import seal, unseal

OVERLAP_S: Final = 86_400
"""So long the secret before a new one still fits."""
FORGOTTEN_S: Final = 86_400
"""Refusals that lie further apart are counted anew."""

Scheme = Literal["standard", "hmac"]
Encoding = Literal["hex", "base64"]
Why = Literal["missing", "wrong", "old"]


class HookSignature(msgspec.Struct, frozen=True):
    """`header`, `encoding`, `prefix`: how `hmac` stands in a request. `old_until`: the secret before still fits."""

    scheme: Scheme
    header: str
    encoding: Encoding
    prefix: str
    changed_at: datetime
    old_until: datetime | None
    refused: int
    refused_since: datetime | None
    refused_at: datetime | None
    refused_why: str


_COLUMNS: Final = """scheme, header, encoding, prefix, changed_at,
  case when old_until > clock_timestamp() then old_until end as old_until,
  refused, refused_since, refused_at, refused_why"""


async def signature_of(conn: AsyncConnection, rule_id: RuleId) -> HookSignature | None:
    found = await conn.execute(
        text(f"select {_COLUMNS} from app.hook_signature where rule_id = :rule"), {"rule": rule_id}
    )
    row = found.one_or_none()
    return None if row is None else msgspec.convert(dict(row._mapping), HookSignature)


async def secrets_of(conn: AsyncConnection, settings: Settings, rule_id: RuleId) -> tuple[str, ...]:
    """Those that fit now, the newest first; () where nothing need be signed."""
    found = await conn.execute(
        text("""
            select sealed, old_until > clock_timestamp() as overlap from app.hook_signature where rule_id = :rule
        """),
        {"rule": rule_id},
    )
    row = found.one_or_none()
    if row is None:
        return ()
    kept = unseal(settings.secret_key, bytes(row.sealed), settings.old_secret_key)
    return tuple(str(kept[name]) for name in ("secret", *(["old"] if row.overlap else [])) if kept.get(name))


async def set_signature(
    conn: AsyncConnection,
    settings: Settings,
    rule_id: RuleId,
    *,
    scheme: Scheme,
    header: str,
    encoding: Encoding,
    prefix: str,
    secret: str | None,
) -> None:
    """`secret`: a new one; the one before fits for a day more where the scheme stays. None: the one there is stays."""
    before = await signature_of(conn, rule_id)
    kept = await secrets_of(conn, settings, rule_id)
    old = kept[0] if kept and secret is not None and before is not None and before.scheme == scheme else None
    value: JSONObject = {"secret": secret if secret is not None else kept[0]}
    if old is not None:
        value["old"] = old
    elif secret is None and len(kept) > 1:
        value["old"] = kept[1]
    values: dict[str, Any] = {
        "rule": rule_id,
        "scheme": scheme,
        "header": header,
        "encoding": encoding,
        "prefix": prefix,
        "sealed": seal(settings.secret_key, value),
        "overlap": OVERLAP_S if old is not None else None,
        "keeps": secret is None,
    }
    await conn.execute(
        text("""
            insert into app.hook_signature as s (rule_id, scheme, header, encoding, prefix, sealed)
            values (:rule, :scheme, :header, :encoding, :prefix, :sealed)
            on conflict (rule_id) do update set
              scheme = excluded.scheme, header = excluded.header, encoding = excluded.encoding,
              prefix = excluded.prefix, sealed = excluded.sealed, changed_at = clock_timestamp(),
              old_until = case when :keeps then s.old_until
                else clock_timestamp() + make_interval(secs => cast(:overlap as double precision)) end,
              refused = 0, refused_since = null, refused_at = null, refused_why = ''
        """),
        values,
    )


async def remove_signature(conn: AsyncConnection, rule_id: RuleId) -> bool:
    """Nothing need be signed any more; whether it had to be."""
    gone = await conn.execute(text("delete from app.hook_signature where rule_id = :rule"), {"rule": rule_id})
    return gone.rowcount > 0


async def refused(conn: AsyncConnection, rule_id: RuleId, why: Why) -> None:
    """Counts a request that was not signed as agreed."""
    await conn.execute(
        text("""
            update app.hook_signature set
              refused_since = case
                when refused_at > clock_timestamp() - make_interval(secs => :forgotten) then refused_since
                else clock_timestamp() end,
              refused = case
                when refused_at > clock_timestamp() - make_interval(secs => :forgotten) then refused + 1 else 1 end,
              refused_at = clock_timestamp(), refused_why = :why
            where rule_id = :rule
        """),
        {"rule": rule_id, "why": why, "forgotten": FORGOTTEN_S},
    )
