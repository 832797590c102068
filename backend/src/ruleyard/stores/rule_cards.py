"""The rules that are there, as other rules name them: what each starts on, and whether it is on."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.rule_refs import Cards, RuleCard
from ruleyard.core.types import JSON, RuleId
from ruleyard.core.webhook import BLANK


async def rule_cards(conn: AsyncConnection, ref: JSON = None) -> Cards:
    """Every rule that is not archived: by its live version, or its draft where it was never published.

    `ref`: only those that this could mean.
    """
    wanted = ref if isinstance(ref, dict) else {}
    rows = await conn.execute(
        text("""
            select r.id, r.name, r.enabled and r.live_version_id is not null as is_on,
              t.trigger ->> 'connection' as connection, t.trigger ->> 'table' as table_name,
              case when t.trigger ->> 'on' = 'webhook' then btrim(t.trigger ->> 'event', :blank) end as event
            from app.rule r
            left join app.draft d on d.rule_id = r.id
            left join app.version v on v.id = r.live_version_id
            cross join lateral (
              select jsonb_path_query_first(cast(coalesce(v.document, d.document) as jsonb),
                '$.nodes[*] ? (@.kind == "trigger")') as trigger) t
            where r.archived_at is null
              and (not :one or r.id = cast(:id as bigint) or r.name = cast(:name as text))
            order by r.id
        """),
        {"blank": BLANK, "one": ref is not None, "id": wanted.get("id"), "name": wanted.get("name")},
    )
    return {
        RuleId(row.id): RuleCard(
            RuleId(row.id),
            row.name,
            row.is_on,
            row.connection or None,
            row.table_name or None,
            row.event or "",
        )
        for row in rows
    }
