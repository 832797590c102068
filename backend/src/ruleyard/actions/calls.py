"""What actions need of call lists: a call is put into one, once per key, and who asked not to be called is known.

Knows nothing of where they are kept.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Protocol

import msgspec

from ruleyard.core.types import JSONObject, RuleId, RunId

Again = Literal["raise", "keep", "add"]
"""What happens where the phone waits in the list already: one call, sooner; one call, as it is; one more."""


class NewCall(msgspec.Struct, frozen=True):
    """`phone` is +821012345678, `priority` 1 (first) to 9. `due`: not before, None: now; `until`: not after."""

    list: str
    phone: str
    name: str
    note: str
    priority: int
    due: datetime | None
    until: datetime | None
    again: Again
    rule_id: RuleId
    run_id: RunId
    log: int
    table: str | None
    record: JSONObject | None


class Queued(msgspec.Struct, frozen=True):
    """`position` when it was put there, from 1. `merged`: the phone waited already."""

    call: int
    position: int
    merged: bool


class Calls(Protocol):
    async def queue(self, key: str, call: NewCall) -> Queued | None:
        """None: this phone asked not to be called."""
        ...

    async def queued(self, key: str) -> Queued | None:
        """What this key queued before."""
        ...

    async def is_listed(self, phone: str) -> bool:
        """Whether this phone, as +821012345678, asked not to be called. Unavailable where that is not to be learnt."""
        ...
