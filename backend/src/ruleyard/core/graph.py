"""The rule document as typed values: nodes, edges, policy.

Shape of the JSON: docs/rule-format.md. A `note` is for people and never looked at; a step that is `off` is passed over
(core/in_effect.py). An expression (`Expr`) is any JSON value; an object with exactly one key
that names an operator is JSON Logic, everything else is a literal. Parsing lives in `core/document.py`.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Final, Literal, TypeAlias

import msgspec

from ruleyard.core.timing import AT_ONCE, Batch, Pace, Span, Timing, Window, window_of
from ruleyard.core.types import JSON, Branch, JSONObject, NodeId

Expr: TypeAlias = JSON

Overlap = Literal["queue", "parallel", "skip", "restart"]
Unknown = Literal["ask", "resend", "do_not_resend"]
OncePer = Literal["record", "day"]
MOST_ITEMS: Final = 1_000
MOST_ITEMS_USUALLY: Final = 100
MOST_AN_HOUR: Final = 1_000_000
LONGEST_TIMEOUT_S: Final = 18
"""Just below what any action may take, so that a worker which is asked to stop ends what it has begun."""
MOST_TRIES: Final = 10
RunLimit: TypeAlias = Literal["auto", "off"] | Annotated[int, msgspec.Meta(ge=1, le=MOST_AN_HOUR)]


TimeUnit: TypeAlias = Literal["seconds", "minutes", "hours", "days"]
SECONDS: Final[dict[TimeUnit, int]] = {"seconds": 1, "minutes": 60, "hours": 3_600, "days": 86_400}

Day: TypeAlias = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DaysOff: TypeAlias = Literal["run", "skip", "before", "after"]
Outside: TypeAlias = Literal["wait", "skip", "run"]
Repeat: TypeAlias = Literal["minutes", "hours", "day", "weekday", "week", "month", "cron", "rrule"]


class Schedule(msgspec.Struct, frozen=True, omit_defaults=True):
    """A calendar rule. `at` is local time `HH:MM` in `zone` (IANA).

    repeat: minutes | hours (with `every`; where given only within `between`, local times, and on `days`), day |
    weekday | week (with `days`) | month (with `day` 1..31, -1 = the last day, or with `nth` 1..4, -1 = the last, of
    `days`), each with `at`, cron (with `cron`, five fields), rrule (RFC 5545, with `at`).
    `every` of day, week and month counts from the date `start`; nothing comes before it.
    `days_off`: on a day that is no working day of the rule's calendar it comes all the same (`run`), not at all
    (`skip`), on the working day `before` it or on the one `after` it.
    """

    repeat: Repeat
    zone: str = "UTC"
    every: int | None = None
    at: str | None = None
    days: tuple[Day, ...] = ()
    day: int | None = None
    cron: str | None = None
    missed: Literal["skip", "last", "all"] = "last"
    nth: int | None = None
    start: str | None = None
    between: tuple[str, str] | None = None
    rrule: str | None = None
    days_off: DaysOff = "run"


class ChangeTrigger(msgspec.Struct, frozen=True, omit_defaults=True):
    """When a row of a watched table changes. Empty `columns` = any column."""

    id: NodeId
    connection: str
    table: str
    events: tuple[Literal["insert", "update", "delete"], ...]
    columns: tuple[str, ...] = ()
    on: Literal["change"] = "change"
    note: str = ""


class ScheduleTrigger(msgspec.Struct, frozen=True, omit_defaults=True):
    """At each moment of the schedule. With a table, every record of it is visited then: `after` is that record."""

    id: NodeId
    schedule: Schedule
    connection: str | None = None
    table: str | None = None
    on: Literal["schedule"] = "schedule"
    note: str = ""


class DateTrigger(msgspec.Struct, frozen=True, omit_defaults=True):
    """For each record, `amount` days before or after the date in its `column`, at the local time `at` in `zone`.

    Working days are those of the rule's calendar. `yearly`: at every anniversary. It follows the date when that moves.
    """

    id: NodeId
    connection: str
    table: str
    column: str
    amount: int = 0
    unit: Literal["days", "working_days"] = "days"
    side: Literal["before", "after"] = "before"
    at: str = "09:00"
    zone: str = "UTC"
    yearly: bool = False
    on: Literal["date"] = "date"
    note: str = ""


class ManualTrigger(msgspec.Struct, frozen=True, omit_defaults=True):
    """When somebody presses Run. With a table, on one record: `after` is that record."""

    id: NodeId
    connection: str | None = None
    table: str | None = None
    on: Literal["manual"] = "manual"
    note: str = ""


class Condition(msgspec.Struct, frozen=True, omit_defaults=True):
    """Switched `off`, it is passed over as if it held: its yes side goes on."""

    id: NodeId
    logic: Expr
    kind: Literal["condition"] = "condition"
    off: bool = False
    note: str = ""


class Way(msgspec.Struct, frozen=True, omit_defaults=True):
    """One way of a choose. Edges name its `key`, so that it may be renamed and put elsewhere; `name` is for people."""

    key: str
    logic: Expr
    name: str = ""


class Choose(msgspec.Struct, frozen=True, omit_defaults=True):
    """The first way whose condition holds is taken, `otherwise` where none does; switched `off`, that one, too."""

    id: NodeId
    ways: tuple[Way, ...]
    kind: Literal["choose"] = "choose"
    off: bool = False
    note: str = ""


class Action(msgspec.Struct, frozen=True, omit_defaults=True):
    """`do` names an action kind; `fields` are its fields, each an expression (or an object of expressions).

    `timeout`: seconds after which the other side counts as silent, for kinds that wait for one; None: as usual.
    `tries`: how often it is tried in all, whatever the policy says; None: by the policy.
    """

    id: NodeId
    do: str
    fields: JSONObject
    kind: Literal["action"] = "action"
    timeout: int | None = None
    tries: int | None = None
    off: bool = False
    note: str = ""


class Wait(msgspec.Struct, frozen=True, omit_defaults=True):
    """Wait `amount` of `unit`; the clock starts when the run arrives here."""

    id: NodeId
    amount: int
    unit: TimeUnit
    kind: Literal["wait"] = "wait"
    off: bool = False
    note: str = ""


class WaitUntil(msgspec.Struct, frozen=True, omit_defaults=True):
    """Wait until `amount` of `unit` before or after the date that `until` comes to: a date at the local time `at` in
    `zone`, a moment as it is. What is past is not waited for."""

    id: NodeId
    until: Expr
    amount: int = 0
    unit: TimeUnit = "days"
    side: Literal["before", "after"] = "before"
    at: str = "09:00"
    zone: str = "UTC"
    kind: Literal["wait"] = "wait"
    off: bool = False
    note: str = ""


class AtMost(msgspec.Struct, frozen=True):
    amount: int
    unit: TimeUnit


class WaitEvent(msgspec.Struct, frozen=True, omit_defaults=True):
    """Wait for an event of the type `event` for which `where` holds, at most so long; then the run goes on by `late`.

    `sample`: the data of one such event, which teaches the types of what comes; it is never evaluated.
    """

    id: NodeId
    event: str
    at_most: AtMost
    where: Expr = True
    sample: JSON = None
    kind: Literal["wait"] = "wait"
    off: bool = False
    note: str = ""


class WaitRecord(msgspec.Struct, frozen=True, omit_defaults=True):
    """Wait until `logic` holds for the trigger's record, at most so long; then the run goes on by `late`."""

    id: NodeId
    logic: Expr
    at_most: AtMost
    kind: Literal["wait"] = "wait"
    off: bool = False
    note: str = ""


class ForEach(msgspec.Struct, frozen=True, omit_defaults=True):
    """The steps behind its edge `each` are done once for every item of the list `over`, then the run goes on.

    Over `at_most` items the run fails before anything is done. `on_item_error`: where an item fails, the others are
    done all the same (`go_on`), or the items go one after the other and the first failure ends the run (`stop`).
    """

    id: NodeId
    over: Expr
    at_most: int = MOST_ITEMS_USUALLY
    on_item_error: Literal["go_on", "stop"] = "go_on"
    kind: Literal["for_each"] = "for_each"
    off: bool = False
    note: str = ""


class End(msgspec.Struct, frozen=True, omit_defaults=True):
    id: NodeId
    kind: Literal["end"] = "end"
    note: str = ""


class WebhookTrigger(msgspec.Struct, frozen=True, omit_defaults=True):
    """When another system calls the rule's address, or tells an event of the type `event`. `after` is what it sent.

    `sample`: one request, which teaches the types of what comes; it is never evaluated.
    """

    connection: ClassVar[None] = None
    table: ClassVar[None] = None

    id: NodeId
    sample: JSON = None
    event: str = ""
    on: Literal["webhook"] = "webhook"
    note: str = ""


Trigger: TypeAlias = ChangeTrigger | ScheduleTrigger | DateTrigger | WebhookTrigger | ManualTrigger
WaitFor: TypeAlias = WaitEvent | WaitRecord
AnyWait: TypeAlias = Wait | WaitUntil | WaitEvent | WaitRecord
Node: TypeAlias = Trigger | Condition | Choose | Action | AnyWait | ForEach | End
Deciding: TypeAlias = Condition | Choose


def is_timed(node: Node) -> bool:
    """Does it rest until some moment, and for nothing else?"""
    return isinstance(node, Wait | WaitUntil)


def home_of(trigger: Trigger) -> tuple[str, str] | None:
    """Connection and table of the records that a rule starts on; None where it starts on none."""
    return (trigger.connection, trigger.table) if trigger.connection and trigger.table else None


class Edge(msgspec.Struct, frozen=True, array_like=True, omit_defaults=True):
    """`[source, target]`, or `[source, target, branch]`: "yes" or "no" out of a condition, the key of a way or
    "otherwise" out of a choose, "failed" out of an action, "late" out of a wait for an event or the record, "refused"
    or "late" out of a question for approval."""

    source: NodeId
    target: NodeId
    branch: Branch | None = None


class Hours(msgspec.Struct, frozen=True, omit_defaults=True):
    """The hours that a rule keeps: those of a calendar, or its own: in `zone`, on `days` (else Monday to Friday),
    `between` two local times (else the whole day).

    outside: a run waits until it opens (`wait`), is recorded and not performed (`skip`), or begins all the same
    (`run`: then only working days are counted by the calendar).
    """

    calendar: str | None = None
    zone: str | None = None
    days: tuple[Day, ...] = ()
    between: tuple[str, str] | None = None
    outside: Outside = "wait"


class Policy(msgspec.Struct, frozen=True, omit_defaults=True):
    """overlap: while a run on the same record is open, a new one waits (`queue`), goes beside it (`parallel`), is
    recorded and not performed (`skip`), or ends it after the action it is at and takes its place (`restart`).
    on_error: a failing action is tried again (`retry`) or ends the run (`stop`).
    unknown: where nobody knows whether a message went out, the run stops and asks (`ask`), sends it again (`resend`)
    or goes on without it (`do_not_resend`).
    limit: runs an hour, after which further ones are held until somebody says what to do with them; `auto` goes by
    the rule's usual hours, `off` holds none.
    pace, settle, batch: when its runs begin (core/timing.py).
    hours: when runs may begin, and which days are working days.
    once: one run for each `record`, or for each record and `day`; what comes again is recorded and not performed.
    """

    overlap: Overlap = "queue"
    on_error: Literal["retry", "stop"] = "retry"
    unknown: Unknown = "ask"
    limit: RunLimit = "auto"
    pace: Pace | None = None
    settle: Span | None = None
    batch: Batch | None = None
    hours: Hours | None = None
    once: OncePer | None = None

    @property
    def timing(self) -> Timing:
        """What its new runs have to wait for, in seconds."""
        waits = self.hours is not None and self.hours.outside == "wait"
        if not (self.pace or self.settle or self.batch or waits):
            return AT_ONCE
        return Timing(
            settle_s=self.settle.seconds if self.settle else 0,
            batch=Window(self.batch.at_most, self.batch.within.seconds) if self.batch else None,
            pace=window_of(self.pace) if self.pace else None,
            hours=waits,
        )


class Graph(msgspec.Struct, frozen=True):
    """A parsed rule document whose shape holds: one trigger, acyclic, every edge between known nodes."""

    name: str
    trigger: Trigger
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    policy: Policy = Policy()
    description: str = ""

    def node(self, node_id: NodeId) -> Node:
        """The node with this id. KeyError where there is none."""
        for node in self.nodes:
            if node.id == node_id:
                return node
        raise KeyError(node_id)

    def next(self, node_id: NodeId, branch: Branch | None = None) -> NodeId | None:
        """Where the run goes from here, None at the end of the path."""
        for edge in self.edges:
            if edge.source == node_id and edge.branch == branch:
                return edge.target
        return None
