"""Versions: published, immutable, numbered; which one is live, and when it was. Writes in the caller's transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.errors import Conflict, NotFound
from ruleyard.core.types import AccountId, JSONObject, RuleId, VersionId
from ruleyard.stores.db import AS_WRITTEN
from ruleyard.stores.pages import Page, decode, page


class VersionRow(msgspec.Struct, frozen=True):
    id: VersionId
    rule_id: RuleId
    number: int
    note: str
    published_at: datetime
    published_by_id: AccountId | None
    published_by_name: str | None
    live: bool
    document: JSONObject
    layout: JSONObject


_VERSION: Final = """
    select v.id, v.rule_id, v.number, v.note, v.published_at, a.id as published_by_id,
      a.name as published_by_name, r.live_version_id = v.id is true as live,
      v.document::text as document, v.layout::text as layout
    from app.version v join app.rule r on r.id = v.rule_id left join app.account a on a.id = v.published_by
"""


def _version(row: Row[Any]) -> VersionRow:
    values = {
        **row._mapping,
        "document": msgspec.json.decode(row.document),
        "layout": msgspec.json.decode(row.layout),
    }
    return msgspec.convert(values, VersionRow)


async def list_versions(
    conn: AsyncConnection, rule_id: RuleId, *, cursor: str | None, limit: int
) -> Page[VersionRow]:
    """Newest first."""
    before = decode(cursor, tuple[int])
    rows = await conn.execute(
        text(f"""{_VERSION} where v.rule_id = :id and (cast(:before as integer) is null or v.number < :before)
            order by v.number desc limit :limit"""),
        {"id": rule_id, "before": before[0] if before else None, "limit": limit + 1},
    )
    return page([_version(row) for row in rows], limit, lambda one: (one.number,))


async def version_numbered(conn: AsyncConnection, rule_id: RuleId, number: int) -> VersionRow:
    row = (
        await conn.execute(
            text(f"{_VERSION} where v.rule_id = :id and v.number = :number"),
            {"id": rule_id, "number": number},
        )
    ).one_or_none()
    if row is None:
        raise NotFound(f"Rule {rule_id} has no version {number}.")
    return _version(row)


async def version(conn: AsyncConnection, version_id: VersionId) -> VersionRow:
    row = (await conn.execute(text(f"{_VERSION} where v.id = :id"), {"id": version_id})).one_or_none()
    if row is None:
        raise NotFound(f"There is no version with id {version_id}.")
    return _version(row)


async def live_version(conn: AsyncConnection, rule_id: RuleId) -> VersionRow | None:
    """The version that the rule was last published as, on or off. None before the first."""
    row = (
        await conn.execute(
            text(f"{_VERSION} where v.rule_id = :id and r.live_version_id = v.id"), {"id": rule_id}
        )
    ).one_or_none()
    return None if row is None else _version(row)


async def live_version_at(conn: AsyncConnection, rule_id: RuleId, at: datetime) -> VersionRow | None:
    """The version that was on at that moment; None where the rule was off or did not exist."""
    row = (
        await conn.execute(
            text(f"""{_VERSION}
                join app.live_period p on p.version_id = v.id
                where p.rule_id = :id and p.started_at <= :at and (p.stopped_at is null or p.stopped_at > :at)
                order by p.started_at desc limit 1
            """),
            {"id": rule_id, "at": at},
        )
    ).one_or_none()
    return None if row is None else _version(row)


class OnPeriod(msgspec.Struct, frozen=True):
    """From when a version was first on, until when it was last; `until` is None while it is on."""

    since: datetime
    until: datetime | None


async def on_periods(conn: AsyncConnection, rule_id: RuleId) -> dict[VersionId, OnPeriod]:
    """Of every version of the rule that was ever on; pauses in between are left out."""
    rows = await conn.execute(
        text("""
            select version_id, min(started_at) as since,
              case when bool_and(stopped_at is not null) then max(stopped_at) end as until
            from app.live_period where rule_id = :id group by version_id
        """),
        {"id": rule_id},
    )
    return {VersionId(row.version_id): OnPeriod(row.since, row.until) for row in rows}


async def off_since(
    conn: AsyncConnection, rule_id: RuleId, at: datetime
) -> tuple[datetime | None, datetime | None]:
    """Of a rule that was off at that moment: when it was last switched off before, and first on again after."""
    row = (
        await conn.execute(
            text("""
                select max(stopped_at) filter (where stopped_at <= :at) as off_at,
                  min(started_at) filter (where started_at > :at) as on_at
                from app.live_period where rule_id = :id
            """),
            {"id": rule_id, "at": at},
        )
    ).one()
    return row.off_at, row.on_at


async def count_versions(conn: AsyncConnection, rule_id: RuleId) -> int:
    found = await conn.execute(text("select count(*) from app.version where rule_id = :id"), {"id": rule_id})
    return int(found.scalar_one())


async def insert_version(
    conn: AsyncConnection,
    rule_id: RuleId,
    *,
    document: JSONObject,
    layout: JSONObject,
    note: str,
    by: AccountId | None,
    draft_etag: int | None = None,
) -> VersionRow:
    """The next version of the rule, made its live version (on or off stays as it was). Hold the draft's lock."""
    made = await conn.execute(
        text(f"""
            insert into app.version (rule_id, number, document, layout, note, published_by, draft_etag)
            select :id, coalesce(max(number), 0) + 1, {AS_WRITTEN},
              cast(cast(:layout as text) as jsonb), :note, :by, :etag
            from app.version where rule_id = :id
            returning id
        """),
        {
            "id": rule_id,
            "document": msgspec.json.encode(document).decode(),
            "layout": msgspec.json.encode(layout).decode(),
            "note": note,
            "by": by,
            "etag": draft_etag,
        },
    )
    version_id = VersionId(made.scalar_one())
    await conn.execute(
        text("update app.rule set live_version_id = :version, updated_at = now() where id = :id"),
        {"id": rule_id, "version": version_id},
    )
    return await version(conn, version_id)


async def live_of_draft(conn: AsyncConnection, rule_id: RuleId, draft_etag: int) -> VersionRow | None:
    """The live version, where it was made of just this draft: whoever publishes it again has it already."""
    row = (
        await conn.execute(
            text(f"{_VERSION} where v.rule_id = :id and r.live_version_id = v.id and v.draft_etag = :etag"),
            {"id": rule_id, "etag": draft_etag},
        )
    ).one_or_none()
    return None if row is None else _version(row)


async def set_enabled(conn: AsyncConnection, rule_id: RuleId, *, enabled: bool) -> bool:
    """Switches the rule on (with its live version) or off, and keeps the periods. False when nothing changed.

    Conflict when it was never published, or is archived.
    """
    row = (
        await conn.execute(
            text("""
                select r.enabled, r.live_version_id, r.archived_at, p.id as period_id, p.version_id
                from app.rule r
                left join app.live_period p on p.rule_id = r.id and p.stopped_at is null
                where r.id = :id for update of r
            """),
            {"id": rule_id},
        )
    ).one_or_none()
    if row is None:
        raise NotFound(f"There is no rule {rule_id}.")
    if enabled and row.archived_at is not None:
        raise Conflict("This rule is archived. Restore it first.", code="rule-archived")
    if enabled and row.live_version_id is None:
        raise Conflict("This rule was never published. Publish its draft first.", code="rule-not-published")
    same_period = row.period_id is not None and row.version_id == row.live_version_id
    if row.enabled == enabled and same_period == enabled:
        return False
    if row.period_id is not None:
        await conn.execute(
            text("update app.live_period set stopped_at = now() where id = :id"), {"id": row.period_id}
        )
    if enabled:
        await conn.execute(
            text("insert into app.live_period (rule_id, version_id) values (:id, :version)"),
            {"id": rule_id, "version": row.live_version_id},
        )
    await conn.execute(
        text("""
            update app.rule set enabled = :enabled, updated_at = now(), paused = null, paused_at = null where id = :id
        """),
        {"id": rule_id, "enabled": enabled},
    )
    return True
