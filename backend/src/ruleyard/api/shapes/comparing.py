"""Shapes of two versions compared on what was stored."""

from __future__ import annotations

from datetime import datetime

import msgspec

from ruleyard.core.sidebyside import Decision
from ruleyard.core.types import EventId, JSONObject, LogId


class DifferentEvent(msgspec.Struct, frozen=True):
    """A stored change, and what each version would have done on it."""

    event_id: EventId
    log: LogId
    at: datetime
    record_key: str
    op: str
    before: JSONObject | None
    after: JSONObject | None
    old: Decision
    new: Decision


class DifferentEvents(msgspec.Struct, frozen=True):
    """Newest first. `read`: changes looked at for this page, back to `back_to`; `next` goes on from there.

    `items` may be empty while `next` is not: so many changes were looked at that this page ends. `history_since`: the
    oldest change of the table that is stored; what was before is not known. `related_now`:
    related records were read as they are now; they are not stored with a change.
    """

    items: tuple[DifferentEvent, ...]
    next: str | None
    read: int
    back_to: datetime | None
    history_since: datetime | None
    related_now: bool = False
