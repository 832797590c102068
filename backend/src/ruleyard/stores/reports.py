"""Reports: the files that rules made. One for each key of a run and node; each is kept until its day.

Knows the table `app.report`; how a file is made, or who may read it, is none of its business.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Final

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.errors import NotFound
from ruleyard.core.types import RuleId, RunId
from ruleyard.stores.pages import Page, decode, page

MOST_BYTES: Final = 20 * 1024 * 1024


class Report(msgspec.Struct, frozen=True):
    """Without its bytes. `sha256`: hex."""

    id: int
    rule_id: RuleId
    rule_name: str
    run_id: RunId
    node: str
    title: str
    file: str
    format: str
    rows: int
    size_bytes: int
    sha256: str
    made_at: datetime
    kept_until: datetime


class NewReport(msgspec.Struct, frozen=True):
    key: str
    rule_id: RuleId
    run_id: RunId
    node: str
    title: str
    file: str
    format: str
    rows: int
    content: bytes


_COLUMNS: Final = """r.id, r.rule_id, rule.name as rule_name, r.run_id, r.node, r.title, r.file, r.format, r.rows,
  r.size_bytes, encode(r.sha256, 'hex') as sha256, r.made_at, r.kept_until"""
_FROM: Final = "from app.report r join app.rule rule on rule.id = r.rule_id"


async def keep(conn: AsyncConnection, made: NewReport, days: int) -> Report:
    """The report of this key: this one, or the one that was kept before."""
    await conn.execute(
        text("""
            insert into app.report
              (key, rule_id, run_id, node, title, file, format, rows, size_bytes, sha256, content, kept_until)
            values (:key, :rule_id, :run_id, :node, :title, :file, :format, :rows, :size, :sha256, :content,
              clock_timestamp() + make_interval(days => :days))
            on conflict (key) do nothing
        """),
        {
            "key": made.key,
            "rule_id": made.rule_id,
            "run_id": made.run_id,
            "node": made.node,
            "title": made.title,
            "file": made.file,
            "format": made.format,
            "rows": made.rows,
            "size": len(made.content),
            "sha256": hashlib.sha256(made.content).digest(),
            "content": made.content,
            "days": days,
        },
    )
    kept = await kept_by(conn, made.key)
    if kept is None:
        raise NotFound("The report was removed while it was kept.", code="no-report")
    return kept


async def kept_by(conn: AsyncConnection, key: str) -> Report | None:
    """The report that a run and node made already."""
    found = await conn.execute(text(f"select {_COLUMNS} {_FROM} where r.key = :key"), {"key": key})
    row = found.one_or_none()
    return None if row is None else _report(row._mapping)


async def report(conn: AsyncConnection, report_id: int) -> Report:
    """NotFound where it never was, or was kept until a day that is over."""
    found = await conn.execute(text(f"select {_COLUMNS} {_FROM} where r.id = :id"), {"id": report_id})
    row = found.one_or_none()
    if row is None:
        raise NotFound("There is no such report, or it was kept long enough.", code="no-report")
    return _report(row._mapping)


async def content(conn: AsyncConnection, report_id: int) -> bytes:
    """NotFound where it is gone."""
    found = await conn.scalar(text("select content from app.report where id = :id"), {"id": report_id})
    if found is None:
        raise NotFound("There is no such report, or it was kept long enough.", code="no-report")
    return bytes(found)


async def list_reports(
    conn: AsyncConnection,
    *,
    rule_id: RuleId | None = None,
    run_id: RunId | None = None,
    cursor: str | None,
    limit: int,
) -> Page[Report]:
    """Newest first."""
    before = decode(cursor, tuple[int])
    rows = await conn.execute(
        text(f"""
            select {_COLUMNS} {_FROM}
            where (cast(:before as bigint) is null or r.id < :before)
              and (cast(:rule as bigint) is null or r.rule_id = :rule)
              and (cast(:run as bigint) is null or r.run_id = :run)
            order by r.id desc limit :limit
        """),
        {"before": before[0] if before else None, "rule": rule_id, "run": run_id, "limit": limit + 1},
    )
    return page([_report(row._mapping) for row in rows], limit, lambda one: (one.id,))


def _report(row: object) -> Report:
    return msgspec.convert(row, Report)
