"""Shapes of back-tests: what is asked, how far it is, what was found."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec

from ruleyard.api.shapes.rules import Preview
from ruleyard.core.backtest import NearCount
from ruleyard.core.nearest import Flip
from ruleyard.core.trace import Trace
from ruleyard.core.types import EventId, JSONObject, NodeId, RuleId
from ruleyard.stores.backtests import BacktestState


class StartBacktest(msgspec.Struct, frozen=True):
    """A document, or a rule (its draft, or the version with that number).

    With a rule it is compared with its live version, or with the version `against`.
    """

    document: JSONObject | None = None
    rule_id: RuleId | None = None
    version: int | None = None
    against: int | None = None
    days: Annotated[int, msgspec.Meta(ge=1, le=366)] = 30
    most: Annotated[int, msgspec.Meta(ge=1, le=5_000_000)] = 1_000_000


class StartedBacktest(msgspec.Struct, frozen=True):
    id: int


class BacktestProgress(msgspec.Struct, frozen=True):
    """`total`: events to read, None before the first page; `share` goes from 0 to 1.

    `known`: events that the log holds of that time, more than `total` where only the newest are read; `uncounted`
    says that there are even more.
    """

    read: int
    total: int | None
    share: float
    known: int | None
    uncounted: bool


class BacktestResult(msgspec.Struct, frozen=True):
    """Counts so far, whole once the state is succeeded.

    `listened`: events that the trigger listens to. `nearly`: exactly one comparison short; `near` names which.
    `paths` and `actions` count the runs along each path and through each action. `was_fired`, `new` and `lost` speak
    of the version compared with; `otherwise`: both run, by other steps; `without`: by kind of action, on how many
    changes that version does it and this one does not. `cut`: events whose row was too large to be kept whole.
    `outside`: of those that fired, how many came outside of the hours of the rule.
    """

    events: int
    listened: int
    fired: int
    errors: int
    was_fired: int
    new: int
    lost: int
    nearly: int
    cut: int
    paths: dict[str, int]
    actions: dict[str, int]
    near: tuple[NearCount, ...]
    outside: int = 0
    otherwise: int = 0
    without: dict[str, int] = {}


class BacktestInfo(msgspec.Struct, frozen=True):
    """`document` is what was tried, on the changes of the last `days`.

    `compared_with` is "" (and `against`, the version's number, None) where there is nothing to compare with; `notes`
    says what the figures leave out.
    """

    id: int
    rule_id: RuleId | None
    document: JSONObject
    table: str
    days: int
    state: BacktestState
    error: str
    progress: BacktestProgress
    result: BacktestResult
    compared_with: str
    against: int | None
    from_at: datetime
    to_at: datetime
    history_since: datetime | None
    sampled: bool
    notes: tuple[str, ...]
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class BacktestPage(msgspec.Struct, frozen=True):
    """A rule's back-tests of the last week, newest first."""

    items: tuple[BacktestInfo, ...]
    next: str | None


class BacktestMatch(msgspec.Struct, frozen=True):
    """One event. `was`: did the version compared with fire. `previews`: what would have been sent or changed.

    `flips`: the nearest reason why it would not have run, comparison by comparison; empty where it would have.
    `trace` is None where the log does not hold the event any more.
    """

    event_id: EventId
    at: datetime
    record_key: str
    record_label: str
    fired: bool
    was: bool | None
    nearly: bool
    path: str
    words: str
    before: JSONObject | None
    after: JSONObject | None
    changed: tuple[str, ...]
    flips: tuple[Flip, ...]
    trace: Trace | None
    previews: dict[NodeId, Preview]


class BacktestMatchPage(msgspec.Struct, frozen=True):
    """The first 1,000 of each kind are listed."""

    items: tuple[BacktestMatch, ...]
    next: str | None
