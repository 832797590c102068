"""Shapes of what takes room on the disk, and how long it is kept."""

from __future__ import annotations

import msgspec

from ruleyard.core.types import LogId
from ruleyard.stores.storage import Kind, NextToGo


class StoredKind(msgspec.Struct, frozen=True):
    """`keep_days` null: for ever. `growth_bytes` a day, null where it is not measured."""

    kind: Kind
    size_bytes: int
    growth_bytes: int | None
    keep_days: int | None


class StoredLog(msgspec.Struct, frozen=True):
    """The changes kept in one database: `most_bytes` is the bound, 0 where there is none; `oldest_on` is UTC."""

    log: LogId
    name: str
    size_bytes: int
    growth_bytes: int | None
    oldest_on: str | None
    keep_days: int
    most_bytes: int


class Storage(msgspec.Struct, frozen=True):
    """`database_bytes`: all of our database. `next`: the oldest week of runs. `keep_failed_days`: of failed runs."""

    database_bytes: int
    keep_runs_days: int
    keep_failed_days: int
    kinds: tuple[StoredKind, ...]
    logs: tuple[StoredLog, ...]
    next: NextToGo | None
