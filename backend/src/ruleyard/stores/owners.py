"""Who is told of a rule: whoever made it, else who published it, else publishers, else administrators."""

from __future__ import annotations

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.trace import StepError
from ruleyard.core.types import RuleId
from ruleyard.stores.notifications import notify


async def tell_owner(conn: AsyncConnection, rule_id: RuleId, *, key: str, title: str, why: StepError) -> None:
    """Once per `key`. `title` has a place for the rule's name; `why` gets it as its argument `rule`."""
    row = (
        await conn.execute(
            text("""
                select r.name, a.email from app.rule r
                left join app.version v on v.id = r.live_version_id
                left join lateral (
                  select email from app.account
                  where id in (r.created_by, v.published_by) and disabled_at is null
                  order by id = r.created_by desc limit 1) a on true
                where r.id = :id
            """),
            {"id": rule_id},
        )
    ).one()
    for to in (row.email, "publisher", "admin"):
        if to is not None and await notify(
            conn,
            key=key,
            to=to,
            title=title % row.name,
            body=why.message,
            rule_id=rule_id,
            run_id=None,
            told=msgspec.structs.replace(why, args={**why.args, "rule": row.name}),
        ):
            break
