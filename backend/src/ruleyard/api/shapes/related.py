"""Shape of related records in answers: what a rule saw of them, or would see now."""

from __future__ import annotations

from datetime import datetime

import msgspec

from ruleyard.core.related import Related
from ruleyard.core.types import JSONObject


class RelatedSeen(msgspec.Struct, frozen=True):
    """By foreign key the fields that the rule reads; null where the key is empty or the record is gone.

    `kept`: they are what the run decided by; else they are as they were `at`, when they were read for this answer.
    `error`: why they could not be read.
    """

    records: dict[str, JSONObject | None]
    at: datetime | None
    kept: bool
    error: str = ""


def related_seen(related: Related | None, *, kept: bool) -> RelatedSeen | None:
    """None where the rule reads no related record."""
    if related is None:
        return None
    at = datetime.fromisoformat(related.at) if related.at else None
    return RelatedSeen(related.records, at, kept, related.error)
