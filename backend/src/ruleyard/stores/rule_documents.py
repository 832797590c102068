"""The documents of rules, to be looked through. Knows nothing of what they mean."""

from __future__ import annotations

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.types import JSONObject, RuleId


class Documents(msgspec.Struct, frozen=True):
    """The draft of a rule, and its live version where there is one."""

    id: RuleId
    name: str
    documents: tuple[JSONObject, ...]


async def documents_naming(conn: AsyncConnection, table: str) -> list[Documents]:
    """Of rules, not archived, in whose draft or live version this text stands; by name."""
    rows = await conn.execute(
        text("""
            select r.id, r.name, d.document::text as draft, v.document::text as live from app.rule r
            join app.draft d on d.rule_id = r.id
            left join app.version v on v.id = r.live_version_id
            where r.archived_at is null
              and (strpos(d.document::text, :table) > 0 or strpos(v.document::text, :table) > 0)
            order by lower(r.name), r.id
        """),
        {"table": table},
    )
    return [
        Documents(row.id, row.name, tuple(msgspec.json.decode(one) for one in (row.draft, row.live) if one))
        for row in rows
    ]
