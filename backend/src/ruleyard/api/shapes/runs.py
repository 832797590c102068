"""Shapes of runs, events, figures, notifications and the demo's inbox."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec

from ruleyard.api.shapes.related import RelatedSeen
from ruleyard.core.event import Event
from ruleyard.core.labels import record_label
from ruleyard.core.nearest import Flip
from ruleyard.core.trace import StepError, Trace
from ruleyard.core.types import JSON, EventId, JSONObject, LogId, NodeId, Operation, RuleId, RunId, RunState
from ruleyard.stores.turns import Turn


class RunSummary(msgspec.Struct, frozen=True):
    """One line of the runs list. `duration_ms` from start to end (None while it goes on). `turn`: what it waits for
    before it begins, until `not_before` where that is known. `parent_run`: of an item run, whose list it belongs to;
    the list of all runs leaves those out."""

    id: RunId
    rule_id: RuleId
    rule_name: str
    version: int
    state: RunState
    record_table: str
    record_key: str
    record_label: str
    path: str
    error: str
    fault: StepError | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    duration_ms: int | None
    wake_at: datetime | None
    turn: Turn | None
    not_before: datetime | None
    parent_run: RunId | None = None
    parent_node: NodeId | None = None
    item_index: int | None = None


class ItemCounts(msgspec.Struct, frozen=True):
    """How the item runs of one list ended; `open`: that go on yet."""

    count: int
    succeeded: int
    failed: int
    skipped: int
    cancelled: int
    open: int


class ItemPage(msgspec.Struct, frozen=True):
    """Item runs in the order of their list."""

    items: tuple[RunSummary, ...]
    next: str | None


class RetryItems(msgspec.Struct, frozen=True):
    """Of which list: the id of its for_each."""

    node: NodeId


class RetriedItems(msgspec.Struct, frozen=True):
    retried: int


class RunsKept(msgspec.Struct, frozen=True):
    """How far the list goes back: runs of days (UTC) before `from_on` are gone, failed ones before `failed_from_on`.

    Null where none went yet. Open runs always stay.
    """

    from_on: date | None
    failed_from_on: date | None
    keep_days: int
    keep_failed_days: int


class RunPage(msgspec.Struct, frozen=True):
    items: tuple[RunSummary, ...]
    next: str | None
    kept: RunsKept


class Attempt(msgspec.Struct, frozen=True):
    number: int
    started_at: datetime
    finished_at: datetime | None
    outcome: Literal["running", "succeeded", "failed", "unknown"]
    error: StepError | None


class Listed(msgspec.Struct, frozen=True):
    """A change in the list that a run goes on with, and the run that collected it."""

    run_id: RunId
    record_table: str
    record_key: str
    record_label: str
    op: Operation
    at: str


class Run(msgspec.Struct, frozen=True):
    """A run with everything that its screen paints: the version's document, the trace, the attempts per node."""

    id: RunId
    rule_id: RuleId
    rule_name: str
    version: int
    state: RunState
    record_table: str
    record_key: str
    record_label: str
    path: str
    error: str
    fault: StepError | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    duration_ms: int | None
    wake_at: datetime | None
    turn: Turn | None
    not_before: datetime | None
    event: Event
    document: JSONObject
    layout: JSONObject
    trace: Trace
    attempts: dict[NodeId, tuple[Attempt, ...]]
    live_version: int | None
    related: RelatedSeen | None
    can_retry: bool
    can_settle: bool
    can_cancel: bool
    otherwise: dict[NodeId, tuple[Flip, ...]] = {}
    """By condition: the fewest comparisons that would have sent it down its other branch."""
    merges: int = 0
    """So many newer changes of the record are in its change: it waited until the record was quiet."""
    listed: tuple[Listed, ...] = ()
    """The changes that it goes on with, where its rule collects them."""
    items: dict[NodeId, ItemCounts] = {}
    """By for_each: how its items ended."""
    parent_run: RunId | None = None
    """Of an item run: the run that goes through the list."""
    parent_node: NodeId | None = None
    item_index: int | None = None
    item: JSON = None


class SettleRun(msgspec.Struct, frozen=True):
    """How an unknown outcome is to be taken: it `arrived` and the run goes on, or it is sent again."""

    choice: Literal["arrived", "resend"]


class GoOnRun(msgspec.Struct, frozen=True):
    """`now`: as if what it waits for had come, without data; `late`: by its path for when nothing came."""

    way: Literal["now", "late"]


class CascadeRun(msgspec.Struct, frozen=True):
    """`cause_run`: whose write set this run off, null for the first; `depth` runs came before it."""

    id: RunId
    cause_run: RunId | None
    depth: int
    rule_id: RuleId
    rule_name: str
    state: RunState
    record_table: str
    record_key: str
    record_label: str
    fault: StepError | None
    created_at: datetime


class Cascade(msgspec.Struct, frozen=True):
    """The runs that came of one first run, the oldest first; `more` where some are left out."""

    runs: tuple[CascadeRun, ...]
    more: bool


class RetryRuns(msgspec.Struct, frozen=True):
    ids: Annotated[tuple[RunId, ...], msgspec.Meta(min_length=1, max_length=100)]


class RetriedRuns(msgspec.Struct, frozen=True):
    """Those that were failed and now go on from their failed step; the others were left alone."""

    retried: tuple[RunId, ...]
    skipped: tuple[RunId, ...]


class TargetInfo(msgspec.Struct, frozen=True):
    """An outside system that does not answer: `name` is scheme://host:port; `waiting` runs wait for it (to 10,000)."""

    name: str
    failures: int
    opened_at: datetime
    retry_at: datetime
    error: str
    waiting: int


class TargetList(msgspec.Struct, frozen=True):
    items: tuple[TargetInfo, ...]


class EventRun(msgspec.Struct, frozen=True):
    run_id: RunId
    rule_id: RuleId
    rule_name: str
    state: RunState


class EventInfo(msgspec.Struct, frozen=True):
    """An event of a log with the runs that it made."""

    log: LogId
    id: EventId
    lane: int
    table: str
    op: Operation
    key: JSONObject
    record_key: str
    record_label: str
    at: str
    before: JSONObject | None
    after: JSONObject | None
    changed: tuple[str, ...]
    xid: int
    actor: str | None
    cause: str | None
    cut: bool
    cut_columns: tuple[str, ...]
    runs: tuple[EventRun, ...]


def event_info(event: Event, runs: tuple[EventRun, ...]) -> EventInfo:
    label = record_label(event.after or event.before)
    return EventInfo(
        **msgspec.structs.asdict(event), record_key=event.record_key, record_label=label, runs=runs
    )


class EventPage(msgspec.Struct, frozen=True):
    items: tuple[EventInfo, ...]
    next: str | None


class StatsBucket(msgspec.Struct, frozen=True):
    at: datetime
    succeeded: int
    failed: int
    other: int


class ActiveRule(msgspec.Struct, frozen=True):
    rule_id: RuleId
    name: str
    runs: int
    failed: int


class StatsAttention(msgspec.Struct, frozen=True):
    rule_id: RuleId
    name: str
    reason: str
    fault: StepError | None
    failed: int
    run_id: RunId


class Stats(msgspec.Struct, frozen=True):
    """The dashboard's figures. `success_rate` 0..1 of finished runs, None where none finished.

    `series` is hourly for 24h, else daily (UTC); every bucket is present. `runs_before` = the period before this one.
    """

    period: Literal["24h", "7d", "14d", "30d"]
    runs: int
    runs_before: int
    succeeded: int
    failed: int
    success_rate: float | None
    median_ms: int | None
    p95_ms: int | None
    waiting: int
    oldest_wait_at: datetime | None
    judged: int
    series: tuple[StatsBucket, ...]
    active: tuple[ActiveRule, ...]
    attention: tuple[StatsAttention, ...]


class NotificationInfo(msgspec.Struct, frozen=True):
    """`told` is there for what Ruleyard itself tells: its code, and args with the rule's name."""

    id: int
    title: str
    body: str
    told: StepError | None
    rule_id: RuleId | None
    run_id: RunId | None
    created_at: datetime
    read: bool


class NotificationPage(msgspec.Struct, frozen=True):
    items: tuple[NotificationInfo, ...]
    next: str | None
    unread: int


class ReadNotifications(msgspec.Struct, frozen=True):
    """Either some by id, or `all`."""

    ids: Annotated[tuple[int, ...], msgspec.Meta(max_length=1000)] = ()
    all: bool = False


class Unread(msgspec.Struct, frozen=True):
    unread: int


class DemoMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A mail, text message or webhook call caught by the local catcher."""

    id: str
    kind: Literal["mail", "sms", "hook"]
    at: str
    sender: str = msgspec.field(default="", name="from")
    to: tuple[str, ...] = ()
    subject: str = ""
    text: str = ""
    json: JSON = None
    headers: dict[str, str] = {}


class DemoMessagePage(msgspec.Struct, frozen=True):
    items: tuple[DemoMessage, ...]
    next: str | None
