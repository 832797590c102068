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


class LogLag(msgspec.Struct, frozen=True):
    """How far reading is behind writing. `oldest_s` is the age of the oldest unread event, 0 where none.

    `unread` is null where the log's database does not answer. `aside`: events that could not be read or kept.
    """

    log: LogId
    name: str
    unread: int | None
    oldest_s: float
    aside: int


class RunLag(msgspec.Struct, frozen=True):
    queued: int
    running: int
    waiting: int
    oldest_queued_s: float


class Lag(msgspec.Struct, frozen=True):
    logs: tuple[LogLag, ...]
    runs: RunLag
