"""Shapes of the health answers."""

from __future__ import annotations

import msgspec

from ruleyard.core.types import LogId


class Alive(msgspec.Struct, frozen=True):
    status: str


class Ready(msgspec.Struct, frozen=True):
    """`database` and `redis` are "ok" or the reason why not."""

    ready: bool
    database: str
    redis: str


class LogTrouble(msgspec.Struct, frozen=True):
    code: str
    table: str
    message: str


class LogLag(msgspec.Struct, frozen=True):
    """How far reading is behind writing. `oldest_s` is the age of the oldest unread event, 0 where none.

    `unread` is null where the log's database does not answer. `aside`: events that could not be read or kept.
    `size_bytes`, `growth_bytes` (of yesterday) and
    `oldest_on` tell what it takes on the disk; `troubles` what is wrong with its watches, by code.
    """

    log: LogId
    name: str
    unread: int | None
    oldest_s: float
    aside: int
    size_bytes: int
    growth_bytes: int | None
    oldest_on: str | None
    troubles: tuple[LogTrouble, ...]


class RunLag(msgspec.Struct, frozen=True):
    queued: int
    running: int
    waiting: int
    oldest_queued_s: float


class Lag(msgspec.Struct, frozen=True):
    logs: tuple[LogLag, ...]
    runs: RunLag
