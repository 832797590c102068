"""Shapes of event logs: their health, and how to go on after a restore."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from ruleyard.core.types import JSONObject


class TroubleInfo(msgspec.Struct, frozen=True):
    """One thing that is wrong: `code` and `args` for other languages; `table` "" where it concerns the whole log."""

    code: str
    message: str
    table: str
    args: JSONObject
    watch_id: int | None
    """Of the watch that watching again renews."""


class GapInfo(msgspec.Struct, frozen=True):
    """Changes in this time were not captured. `to_at` is null while it lasts; `table` "" means every table."""

    table: str
    cause: Literal["unwatched", "broken", "missed", "restored"]
    from_at: datetime
    to_at: datetime | None


class LogInfo(msgspec.Struct, frozen=True):
    """`size_bytes` of all stored changes, `growth_bytes` of yesterday's; `most_bytes` 0: no bound."""

    size_bytes: int
    growth_bytes: int | None
    most_bytes: int
    oldest_on: str | None
    checked_at: datetime | None
    troubles: tuple[TroubleInfo, ...]
    gaps: tuple[GapInfo, ...]


class GoOn(msgspec.Struct, frozen=True):
    """`continue` from where the log stands now, or `restart`: everything that it holds from the id `since` on."""

    answer: Literal["continue", "restart"]
    since: Annotated[int, msgspec.Meta(ge=0)] | None = None


class WentOn(msgspec.Struct, frozen=True):
    """`to_read`: stored changes that are read now; `renumbered`: of those, how many got a new id."""

    to_read: int
    renumbered: int
