"""An event: a thing that happened, stored once in an event log.

Shape: `before`/`after` are whole rows as JSON objects (None where there is none), instants inside are text in UTC.
"""

from __future__ import annotations

import msgspec

from ruleyard.core.types import EventId, JSONObject, LogId, Operation


class Event(msgspec.Struct, frozen=True, omit_defaults=True):
    """One captured change, tick or manual firing.

    `table` is `schema.name` for changes, `@schedule` or `@manual` in our own log; `key` holds the primary key's
    columns by name (`{"rule": 7}` in our own log); `at` is UTC text as PostgreSQL's to_jsonb writes it.
    `cut`: the row was over 64 KB and is stored shortened; `cut_columns` are those whose values are not whole.
    """

    log: LogId
    id: EventId
    lane: int
    table: str
    op: Operation
    key: JSONObject
    at: str
    before: JSONObject | None = None
    after: JSONObject | None = None
    changed: tuple[str, ...] = ()
    xid: int = 0
    actor: str | None = None
    cause: str | None = None
    cut: bool = False
    cut_columns: tuple[str, ...] = ()

    @property
    def record_key(self) -> str:
        """The key as one line of text: `41`, or `7/2026-01-01` for a composite key."""
        return "/".join("" if v is None else str(v) for v in self.key.values())
