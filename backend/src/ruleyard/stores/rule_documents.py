"""The documents of rules, to be looked through. Knows nothing of what they mean."""

from __future__ import annotations

from collections.abc import Sequence

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


async def rules_naming(
    conn: AsyncConnection, connections: Sequence[str]
) -> dict[str, list[tuple[RuleId, str]]]:
    """By connection the rules, not archived, that use it in their draft or live version: id and name, by name.

    A mail or a text message that names none goes by the oldest connection of its kind, so it uses that one.
    """
    found = await conn.execute(
        text("""
            select distinct n.name as connection, lower(r.name) as place, r.id, r.name
            from app.rule r
            join app.draft d on d.rule_id = r.id
            left join app.version v on v.id = r.live_version_id
            cross join lateral (values (d.document::jsonb), (v.document::jsonb)) w(document)
            cross join lateral jsonb_path_query(w.document, '$.nodes[*]') nodes(node)
            cross join lateral (values
              (node ->> 'connection'), (node #>> '{fields,connection}'),
              (case when node #>> '{fields,connection}' is null then (
                select c.name from app.connection c
                where c.kind = case node ->> 'do' when 'send_email' then 'smtp' when 'send_sms' then 'sms' end
                order by c.id limit 1
              ) end)
            ) n(name)
            where r.archived_at is null and n.name = any(cast(:names as text[]))
            order by place, r.id
        """),
        {"names": [*connections]},
    )
    using: dict[str, list[tuple[RuleId, str]]] = {name: [] for name in connections}
    for row in found:
        using[row.connection].append((RuleId(row.id), row.name))
    return using
