"""The one place that reads the wall clock. Core is told `now`; leases use the database's clock."""

from __future__ import annotations

from datetime import UTC, datetime


def utc_now() -> datetime:
    """Now, aware, UTC."""
    return datetime.now(UTC)


def utc_text(at: datetime) -> str:
    """An aware instant as the text that PostgreSQL's to_jsonb writes in UTC: `2026-11-22T09:00:00.5+00:00`."""
    at = at.astimezone(UTC)
    fraction = f".{at.microsecond:06d}".rstrip("0") if at.microsecond else ""
    return f"{at:%Y-%m-%dT%H:%M:%S}{fraction}+00:00"
