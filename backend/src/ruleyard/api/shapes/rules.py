"""Shapes of rules, drafts, versions, tests, explanations, import and manual firing."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from ruleyard.api.shapes.people import Author
from ruleyard.api.shapes.related import RelatedSeen
from ruleyard.core.approval import Answer
from ruleyard.core.errors import Problem
from ruleyard.core.explain import Reason
from ruleyard.core.nearest import Flip
from ruleyard.core.trace import StepError, Trace
from ruleyard.core.types import EventId, JSONObject, NodeId, RuleId, RunId, RunState, VersionId

Already = Literal["leave", "run"]
RuleName = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]


class TriggerSummary(msgspec.Struct, frozen=True):
    """`on` is "" while the draft has no trigger yet."""

    on: Literal["change", "schedule", "date", "webhook", "manual", ""]
    connection: str | None
    table: str | None


class RuleSummary(msgspec.Struct, frozen=True):
    """One line of the rules list. `has_draft`: the draft differs from the live version."""

    id: RuleId
    name: str
    sentence: str
    enabled: bool
    archived: bool
    live_version: int | None
    has_draft: bool
    problems_count: int
    runs_7d: int
    failed_7d: int
    last_run_at: datetime | None
    last_run_state: RunState | None
    updated_at: datetime
    trigger: TriggerSummary
    drift: tuple[Problem, ...] = ()
    """What no longer fits between the live version and its tables, because one of them changed."""
    paused: StepError | None = None
    """Why Ruleyard itself switched the rule off; switching it on forgets it."""
    paused_at: datetime | None = None
    held: int = 0
    """Runs that wait for somebody to let them run or cancel them, because the rule ran more often than its limit."""
    held_since: datetime | None = None
    """While it is set, further runs are held, too."""
    document: JSONObject | None = None
    """The draft, in a list that was asked for `documents`."""


class RuleCounts(msgspec.Struct, frozen=True):
    all: int
    on: int
    draft: int
    attention: int
    runs_7d: int


class RuleAttention(msgspec.Struct, frozen=True):
    """A rule that no longer fits a table (`drift`), or that failed in the last 24 hours, with its last reason."""

    rule_id: RuleId
    name: str
    failed_24h: int
    reason: str
    fault: StepError | None
    drift: tuple[Problem, ...]
    run_id: RunId | None
    held: int = 0


class RulePage(msgspec.Struct, frozen=True):
    items: tuple[RuleSummary, ...]
    next: str | None
    counts: RuleCounts
    attention: tuple[RuleAttention, ...]


class NewRule(msgspec.Struct, frozen=True):
    """A document, or only a name for an empty draft."""

    document: JSONObject | None = None
    layout: JSONObject | None = None
    name: RuleName | None = None


class Draft(msgspec.Struct, frozen=True):
    document: JSONObject
    layout: JSONObject
    etag: str
    saved_at: datetime
    saved_by: Author | None


class LiveVersion(msgspec.Struct, frozen=True):
    version: int
    document: JSONObject
    layout: JSONObject
    published_at: datetime


class Rule(msgspec.Struct, frozen=True):
    id: RuleId
    name: str
    sentence: str
    enabled: bool
    archived: bool
    live_version: int | None
    has_draft: bool
    problems_count: int
    runs_7d: int
    failed_7d: int
    last_run_at: datetime | None
    last_run_state: RunState | None
    updated_at: datetime
    trigger: TriggerSummary
    draft: Draft
    live: LiveVersion | None
    problems: tuple[Problem, ...]
    versions_count: int
    drift: tuple[Problem, ...] = ()
    paused: StepError | None = None
    paused_at: datetime | None = None
    held: int = 0
    held_since: datetime | None = None


class SaveDraft(msgspec.Struct, frozen=True):
    document: JSONObject
    layout: JSONObject | None = None


class SavedDraft(msgspec.Struct, frozen=True):
    etag: str
    problems: tuple[Problem, ...]
    saved_at: datetime


class CheckDocument(msgspec.Struct, frozen=True):
    """`rule_id`: the rule whose draft this is, so that it is not compared with its own live version."""

    document: JSONObject
    rule_id: RuleId | None = None


class CheckedDocument(msgspec.Struct, frozen=True):
    """`fixed`: the document with the fixes of all problems applied, null where there is none."""

    problems: tuple[Problem, ...]
    sentence: str
    fixed: JSONObject | None = None


class Publish(msgspec.Struct, frozen=True):
    """`etag` is that of the draft which was looked at; somebody else's newer draft is never published unseen.

    Asked twice with one etag, it makes one version. `already`: what of records that match as they are now: `leave`
    them until they change, or `run` for them, too (needs `enable`).
    """

    etag: str
    note: Annotated[str, msgspec.Meta(max_length=1000)] = ""
    enable: bool = True
    already: Already = "leave"


class VersionInfo(msgspec.Struct, frozen=True):
    """`warnings` are told by a publish; they block nothing.

    `on_since` to `on_until`: from when the version was first on until it was last, in lists. None: never, and still.
    """

    id: VersionId
    number: int
    note: str
    published_at: datetime
    published_by: Author | None
    live: bool
    on_since: datetime | None = None
    on_until: datetime | None = None
    warnings: tuple[Problem, ...] = ()


class VersionPage(msgspec.Struct, frozen=True):
    items: tuple[VersionInfo, ...]
    next: str | None


class VersionDetail(msgspec.Struct, frozen=True):
    id: VersionId
    number: int
    note: str
    published_at: datetime
    published_by: Author | None
    live: bool
    document: JSONObject
    layout: JSONObject


class TestRecord(msgspec.Struct, frozen=True):
    """The record to test on. With only `key` the record is read; `before` = `after` unless given.

    `related`: by foreign key, fields to put over those of the related record; null where it is to be gone.
    `at`: the moment that the rule is tried at, and that it takes for now; left out, it is now. Without a zone: UTC.
    """

    __test__ = False

    connection: str
    table: str
    key: JSONObject | None = None
    before: JSONObject | None = None
    after: JSONObject | None = None
    op: Literal["insert", "update", "delete"] = "update"
    related: dict[str, JSONObject | None] | None = None
    at: datetime | None = None


class TestDraft(msgspec.Struct, frozen=True):
    """`failing`: actions that are taken for failed, to see where their failed path leads. `answers`: what people are
    taken to say to questions for approval; where it is not said, they approve."""

    __test__ = False

    document: JSONObject
    record: TestRecord | None = None
    failing: tuple[NodeId, ...] = ()
    answers: dict[NodeId, Answer] = {}


class SendTest(msgspec.Struct, frozen=True):
    """One mail of a draft, filled in for a record, for oneself alone. `node` is its step."""

    document: JSONObject
    node: str
    record: TestRecord | None = None
    rule_id: int | None = None


class SentTest(msgspec.Struct, frozen=True):
    """`instead_of`: whom a run would have sent it to."""

    to: str
    subject: str
    instead_of: tuple[str, ...]


class Startable(msgspec.Struct, frozen=True):
    """A rule that others can start by name. `connection` and `table`: of the records that it starts on; `event`: the
    type of event that starts it, "" where none does."""

    id: RuleId
    name: str
    on: bool
    connection: str | None
    table: str | None
    event: str


class StartableList(msgspec.Struct, frozen=True):
    items: tuple[Startable, ...]


class Preview(msgspec.Struct, frozen=True):
    """What an action would send or change. Nothing was performed. `starts`: the rules that it would start, by name.
    `listed_at`: since when the phone is on the do-not-call list, so that it would get nothing."""

    kind: str
    summary: str
    fields: JSONObject
    starts: tuple[str, ...] = ()
    listed_at: datetime | None = None


class TestData(msgspec.Struct, frozen=True):
    __test__ = False

    before: JSONObject | None
    after: JSONObject | None
    changed: tuple[str, ...]
    related: RelatedSeen | None = None


class OutOfHours(msgspec.Struct, frozen=True):
    """At the moment of the test the rule is closed: its run would wait (`until`: when it opens, None: never), or be
    skipped. `zone`: of its calendar."""

    outside: Literal["wait", "skip"]
    until: datetime | None
    zone: str


class TestResult(msgspec.Struct, frozen=True):
    """What the rule would do. `reason` says why it does not fire ("" where it does). `closed`: that it keeps hours, and
    it is not the time."""

    __test__ = False

    trace: Trace
    fires: bool
    reason: str
    previews: dict[NodeId, Preview]
    data: TestData
    closed: OutOfHours | None = None


class Fire(msgspec.Struct, frozen=True):
    key: JSONObject | None = None
    note: Annotated[str, msgspec.Meta(max_length=1000)] = ""


class Fired(msgspec.Struct, frozen=True):
    event_id: EventId


class Explained(msgspec.Struct, frozen=True):
    """Why a rule did or did not fire on an event. `run_id` where it did; `version` was live at that time.

    `version` is None for a rule that was never published: its draft is looked at. `nearest`: the fewest comparisons
    that would have to come out otherwise, with what each saw and would have needed. `reasons`: `reason` sentence by
    sentence, each with its code. `otherwise`: by condition, what would have sent it down its other branch.
    """

    fired: bool
    reason_code: str
    reason: str
    trace: Trace
    run_id: RunId | None
    version: int | None
    event_id: EventId
    event_at: datetime
    nearest: tuple[Flip, ...] = ()
    reasons: tuple[Reason, ...] = ()
    otherwise: dict[NodeId, tuple[Flip, ...]] = {}
    related: RelatedSeen | None = None


class SchedulePreviewIn(msgspec.Struct, frozen=True):
    """`hours`: `policy.hours` of the rule, whose working days count."""

    schedule: JSONObject
    hours: JSONObject | None = None


class SchedulePreview(msgspec.Struct, frozen=True):
    """The next five moments, the schedule in words, and what is wrong with it."""

    next: tuple[datetime, ...]
    description: str
    problems: tuple[Problem, ...]


class ActionField(msgspec.Struct, frozen=True):
    """One field of an action's form. `kind`: expression, named, columns, connection, table or word."""

    name: str
    label: str
    kind: str
    required: bool
    choices: tuple[str, ...]
    connection_kind: str | None


class ActionKindInfo(msgspec.Struct, frozen=True):
    """An action kind. `promise`: exactly-once, repeatable or at-most-once when a worker dies in the middle."""

    do: str
    label: str
    words: str
    promise: str
    fields: tuple[ActionField, ...]


class ActionKindPage(msgspec.Struct, frozen=True):
    items: tuple[ActionKindInfo, ...]
    next: str | None
