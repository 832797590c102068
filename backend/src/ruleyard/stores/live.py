"""The live versions: what every worker judges events by. Bump the generation when this answer changes."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.types import JSON, LogId, RuleId, VersionId


class LiveVersion(msgspec.Struct, frozen=True):
    """The published version of a rule that is on. `document` is the rule document as stored."""

    rule_id: RuleId
    version_id: VersionId
    number: int
    document: JSON


async def live_versions(conn: AsyncConnection) -> list[LiveVersion]:
    """Every enabled rule's live version, in the order of the rules."""
    rows = await conn.execute(
        text("""
            select r.id as rule_id, v.id as version_id, v.number, v.document
            from app.rule r join app.version v on v.id = r.live_version_id
            where r.enabled and r.archived_at is null
            order by r.id
        """)
    )
    return [LiveVersion(RuleId(r.rule_id), VersionId(r.version_id), r.number, r.document) for r in rows]


async def live_version_ids(conn: AsyncConnection) -> frozenset[VersionId]:
    """Of every rule that is on."""
    found = await conn.execute(
        text("""
            select array_agg(live_version_id) from app.rule
            where enabled and archived_at is null and live_version_id is not null
        """)
    )
    return frozenset(VersionId(one) for one in found.scalar_one() or ())


class StoredVersion(msgspec.Struct, frozen=True):
    """A version's rule document as JSON bytes."""

    rule_id: RuleId
    version_id: VersionId
    document: bytes


async def stored_versions(conn: AsyncConnection, ids: Sequence[VersionId]) -> list[StoredVersion]:
    """Those of them that there are, in the order of their ids."""
    rows = await conn.execute(
        text("""
            select rule_id, id, cast(document as text) as document from app.version
            where id = any(cast(:ids as bigint[])) order by id
        """),
        {"ids": list(ids)},
    )
    return [StoredVersion(RuleId(r.rule_id), VersionId(r.id), r.document.encode()) for r in rows]


class LiveName(msgspec.Struct, frozen=True):
    """A rule that is on, without its document."""

    rule_id: RuleId
    version_id: VersionId
    name: str


async def live_names(conn: AsyncConnection) -> list[LiveName]:
    """Every rule that is on, in the order of the rules."""
    rows = await conn.execute(
        text("""
            select id as rule_id, live_version_id as version_id, name from app.rule
            where enabled and archived_at is null and live_version_id is not null order by id
        """)
    )
    return [LiveName(RuleId(r.rule_id), VersionId(r.version_id), r.name) for r in rows]


async def version_documents(conn: AsyncConnection, ids: Sequence[VersionId]) -> dict[VersionId, JSON]:
    rows = await conn.execute(
        text("select id, document from app.version where id = any(:ids)"), {"ids": list(ids)}
    )
    return {VersionId(row.id): row.document for row in rows}


async def connection_names(conn: AsyncConnection) -> dict[LogId, str]:
    """The log of each watched database → the name that rule documents call it by."""
    rows = await conn.execute(text("select id, name from app.connection where kind = 'postgres'"))
    return {LogId(row.id): row.name for row in rows}
