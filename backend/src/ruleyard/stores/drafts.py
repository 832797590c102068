"""Drafts: the editable document of a rule, and who saved it last. Knows nothing of what a document means."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.errors import Conflict, NotFound
from ruleyard.core.types import AccountId, JSONObject, RuleId
from ruleyard.stores.db import AS_WRITTEN


class DraftRow(msgspec.Struct, frozen=True):
    document: JSONObject
    layout: JSONObject
    etag: int
    saved_at: datetime
    saved_by_id: AccountId | None
    saved_by_name: str | None


class DraftChanged(Conflict):
    """Somebody else saved the draft since it was read. `current` is theirs."""

    code = "draft-changed"

    def __init__(self, current: DraftRow) -> None:
        who = current.saved_by_name or "Somebody else"
        super().__init__(
            f"{who} saved this draft in the meantime. Nothing is lost: take over their draft, or save yours over it."
        )
        self.current = current


async def draft_of(conn: AsyncConnection, rule_id: RuleId, *, lock: bool = False) -> DraftRow:
    """The draft of a rule. With `lock`, nobody else saves or publishes until the transaction ends."""
    row = (
        await conn.execute(
            text(f"""
                select d.document::text as document, d.layout::text as layout, d.etag, d.saved_at,
                  a.id as saved_by_id, a.name as saved_by_name
                from app.draft d left join app.account a on a.id = d.saved_by
                where d.rule_id = :id {"for update of d" if lock else ""}
            """),
            {"id": rule_id},
        )
    ).one_or_none()
    if row is None:
        raise NotFound(f"There is no rule {rule_id}.")
    values = {
        **row._mapping,
        "document": msgspec.json.decode(row.document),
        "layout": msgspec.json.decode(row.layout),
    }
    return msgspec.convert(values, DraftRow)


async def save_draft(
    conn: AsyncConnection,
    rule_id: RuleId,
    *,
    document: JSONObject,
    layout: JSONObject | None,
    etag: int | None,
    by: AccountId | None,
) -> DraftRow:
    """Saves when the draft is still the one with `etag` (None: whatever it is). DraftChanged otherwise."""
    current = await draft_of(conn, rule_id, lock=True)
    if etag is not None and etag != current.etag:
        raise DraftChanged(current)
    name = document.get("name")
    await conn.execute(
        text(f"""
            update app.draft set document = {AS_WRITTEN},
              layout = coalesce(cast(cast(:layout as text) as jsonb), layout),
              etag = etag + 1, saved_by = :by, saved_at = now()
            where rule_id = :id
        """),
        {
            "id": rule_id,
            "document": msgspec.json.encode(document).decode(),
            "layout": None if layout is None else msgspec.json.encode(layout).decode(),
            "by": by,
        },
    )
    await conn.execute(
        text(
            "update app.rule set name = coalesce(cast(:name as text), name), updated_at = now() where id = :id"
        ),
        {"id": rule_id, "name": name.strip()[:120] if isinstance(name, str) and name.strip() else None},
    )
    return await draft_of(conn, rule_id)
