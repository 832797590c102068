"""Try a draft on a record: walk the graph and perform nothing.

Actions count as done without an output and waits as over, so that the whole path shows. Searches are made and
the do-not-call list is asked, for that only reads.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final, Literal

import msgspec

from ruleyard.actions.registry import preview
from ruleyard.api.asking_list import ASKS, Listed, listed_now
from ruleyard.api.attaching import with_files
from ruleyard.api.checking import check_document, surroundings
from ruleyard.api.house import House
from ruleyard.api.reach import asking
from ruleyard.api.records import read_record
from ruleyard.api.related import related_now
from ruleyard.api.searching import Searched, search_now
from ruleyard.api.shapes.related import related_seen
from ruleyard.api.shapes.rules import OutOfHours, Preview, TestData, TestDraft, TestRecord, TestResult
from ruleyard.clock import utc_now, utc_text
from ruleyard.core.action_fields import FINDS
from ruleyard.core.already import as_visit
from ruleyard.core.approval import Answer
from ruleyard.core.awaiting import Awaits
from ruleyard.core.calendars import Calendars
from ruleyard.core.errors import Invalid, NotFound
from ruleyard.core.event import Event
from ruleyard.core.explain import explain
from ruleyard.core.graph import (
    ChangeTrigger,
    ForEach,
    Graph,
    Hours,
    ManualTrigger,
    ScheduleTrigger,
    Trigger,
    WaitEvent,
    WebhookTrigger,
)
from ruleyard.core.items import Counts, Item, failure_of
from ruleyard.core.match import listens
from ruleyard.core.plan import Plan, compile_plan
from ruleyard.core.related import Related
from ruleyard.core.rule_refs import Cards, would_start
from ruleyard.core.run import Await, Broken, Each, Finished, Pause, Perform, decide
from ruleyard.core.trace import Step, StepError, Trace, is_handled
from ruleyard.core.types import FAILED, LATE, OWN_LOG, EventId, JSONObject, LogId, NodeId, RuleId, VersionId
from ruleyard.core.wait_for import RECEIVED
from ruleyard.core.webhook import TABLE, as_data
from ruleyard.intake.introspect import table_model
from ruleyard.stores.connections import connection_named
from ruleyard.stores.db import transaction

_PRETENDED: Final = StepError("pretended", "In this test it is taken for failed.")


class Trial(msgspec.Struct, frozen=True):
    """A draft that holds, and the event that the test pretends, at a moment as UTC text."""

    plan: Plan
    event: Event
    now: str
    related: Related | None
    rules: Cards | None = None
    closed: OutOfHours | None = None


async def try_draft(house: House, data: TestDraft) -> TestResult:
    """What the rule would do. Invalid with problems where the document does not hold."""
    trial = await trial_of(house, data)
    failing = frozenset(data.failing)
    found: dict[NodeId, Searched] = {}
    listed: dict[NodeId, Listed] = {}
    while True:
        related, rules = trial.related, trial.rules
        result = walk(trial.plan, trial.event, trial.now, related, failing, rules, data.answers, found=found)
        previews = result.previews
        asked = (node for node, one in previews.items() if one.kind in (*FINDS, *ASKS) and node not in found)
        node = next(asked, None)
        if node is None:
            told = {node: _with_list(one, listed.get(node)) for node, one in previews.items()}
            return msgspec.structs.replace(result, closed=trial.closed, previews=told)
        kind, fields = previews[node].kind, previews[node].fields
        if kind in FINDS:
            found[node] = await search_now(house, trial.plan, kind, fields)
            continue
        on_list = await listed_now(house, kind, fields)
        found[node] = None if on_list is None else on_list.outcome
        if on_list is not None:
            listed[node] = on_list


def _with_list(told: Preview, listed: Listed | None) -> Preview:
    if listed is None:
        return told
    return msgspec.structs.replace(told, summary=listed.summary, listed_at=listed.at)


async def trial_of(house: House, data: TestDraft) -> Trial:
    """Invalid with problems where the document does not hold; NotFound where there is no such record."""
    async with transaction(house.engine) as conn:
        around = await surroundings(conn, [data.document])
    checked = await check_document(house.models, around, data.document)
    if checked.graph is None or checked.faults:
        raise Invalid(
            "The rule has problems. Mend them, then test it.",
            code="rule-has-problems",
            problems=checked.problems,
        )
    at = _moment(data.record)
    event = await _event(house, checked.graph, data.record, at)
    plan = compile_plan(RuleId(0), VersionId(0), checked.graph)
    related = await _related(house, plan, event, data.record)
    closed = closed_at(checked.graph.policy.hours, around.calendars, at)
    return Trial(plan, event, at, related, around.rules, closed)


def closed_at(hours: Hours | None, calendars: Calendars, now: str) -> OutOfHours | None:
    """What the hours of a rule would do with its run at this moment (UTC text); None where it may begin."""
    table = None if hours is None else calendars.hours_of(hours)
    if hours is None or hours.outside == "run" or table is None:
        return None
    moment = datetime.fromisoformat(now)
    if table.is_open(moment):
        return None
    until = table.next_open(moment) if hours.outside == "wait" else None
    return OutOfHours(hours.outside, until, table.calendar.zone)


def walk(
    plan: Plan,
    event: Event,
    now: str,
    related: Related | None = None,
    failing: frozenset[NodeId] = frozenset(),
    rules: Cards | None = None,
    answers: Mapping[NodeId, Answer] = MappingProxyType({}),
    *,
    found: Mapping[NodeId, Searched] = MappingProxyType({}),
) -> TestResult:
    """Trace and previews of one event through one plan. Pure. `failing`: actions that are taken for failed, and waits
    that are not answered in time. `rules`: which there are to be started. `answers`: what is taken to be answered; else
    people approve. `found`: what searches gave, which only read."""
    data = TestData(event.before, event.after, event.changed, related_seen(related, kept=False))
    deaf = explain(plan, event, now, related=related) if listens(plan, event) else None
    if deaf is not None:
        return TestResult(deaf.trace, False, deaf.reason, {}, data)
    at = _Pretence(plan, event, now, related, failing, rules or {}, answers, found)
    done, ended = _walked(at)
    if isinstance(ended, StepError):
        return TestResult(Trace("failed", tuple(done), ended.message), True, ended.message, at.previews, data)
    reason = explain(plan, event, now, related=related).reason if ended == "unmatched" else ""
    return TestResult(Trace(ended, tuple(done), reason), ended == "succeeded", reason, at.previews, data)


@dataclass(frozen=True)
class _Pretence:
    """What a test goes by. `previews`: of the actions that it came by, put in as it goes."""

    plan: Plan
    event: Event
    now: str
    related: Related | None
    failing: Collection[NodeId]
    rules: Cards
    answers: Mapping[NodeId, Answer]
    found: Mapping[NodeId, Searched]
    previews: dict[NodeId, Preview] = field(default_factory=dict)


def _walked(
    at: _Pretence, item: Item | None = None
) -> tuple[list[Step], Literal["succeeded", "unmatched"] | StepError]:
    """The steps of a run, or of an item, and how it would end."""
    done: list[Step] = []
    while True:
        decision = decide(at.plan, at.event, at.now, done, at.related, item=item)
        done += decision.passed
        fault: StepError | None = None
        match decision.next:
            case Perform() as todo:
                step = _performed(at, todo)
                done.append(step)
                fault = None if is_handled(step) else step.error
            case Pause(node, seconds, until):
                done.append(Step(node, "wait", "succeeded", input=_waited(seconds, until)))
            case Each() as each:
                steps, fault = _gone_through(at, each, done)
                done += steps
            case Await(node, awaits):
                done.append(_taken_for_answered(at, node, awaits))
            case Broken(node, fault):
                if not any(step.node == node for step in done):
                    broken = at.plan.nodes[node]
                    kind = "trigger" if isinstance(broken, Trigger) else broken.kind
                    done.append(Step(node, kind, "failed", error=fault))
            case Finished(outcome):
                return done, outcome
        if fault is not None:
            return done, fault


def _performed(at: _Pretence, todo: Perform) -> Step:
    """An action counts as done, a question as answered, a search as made: unless it is taken for failed."""
    node, handled = todo.node, at.plan.handles(todo.node)
    starts = would_start(todo.do, todo.fields, at.rules)
    told = msgspec.convert({**preview(todo.do, todo.fields, at.event), "starts": starts}, Preview)
    at.previews[node] = with_files(at.plan.nodes[node], told, at.previews)
    shown = at.previews[node].fields
    found = at.found.get(node)
    if handled and node in at.failing:
        found = _PRETENDED
    if isinstance(found, StepError):
        return Step(node, "action", "failed", FAILED if handled else None, input=shown, error=found)
    if todo.do == "ask_approval":
        return _answered(node, at.answers.get(node, "approved"), shown)
    return Step(node, "action", "succeeded", input=shown, output=found)


def _gone_through(at: _Pretence, each: Each, before: Sequence[Step]) -> tuple[list[Step], StepError | None]:
    """The list and what would be done for its first item; that the others come out well is taken for granted.

    With the error where that item fails and the list stops at the first failure.
    """
    steps, ended = _walked(at, Item(each.node, 0, each.items[0], tuple(before)))
    count = len(each.items)
    failed, skipped = int(isinstance(ended, StepError)), int(ended == "unmatched")
    counts = Counts(
        count,
        succeeded=count - failed - skipped,
        failed=failed,
        skipped=skipped,
        failed_at=0 if failed else None,
    )
    node = at.plan.nodes[each.node]
    shown: JSONObject = {"count": count}
    if failed and isinstance(node, ForEach) and node.on_item_error == "stop":
        why = failure_of(counts)
        return [Step(each.node, "for_each", "failed", input=shown, error=why), *steps], why
    return [Step(each.node, "for_each", "succeeded", input=shown, output=counts.output), *steps], None


def _waited(seconds: float, until: str | None) -> JSONObject:
    return {"until": until} if until else {"seconds": seconds}


def _taken_for_answered(at: _Pretence, node: NodeId, awaits: Awaits) -> Step:
    """What is waited for comes, as the sample says or as the record is; or does not, where that is asked for."""
    waited: JSONObject = {"for": awaits.kind, "seconds": awaits.seconds}
    if node in at.failing:
        return Step(node, "wait", "succeeded", LATE, input=waited)
    wait = at.plan.graph.node(node)
    output: JSONObject = (
        {RECEIVED: as_data(wait.sample)} if isinstance(wait, WaitEvent) else {"after": at.event.after}
    )
    return Step(node, "wait", "succeeded", input=waited, output=output)


def _answered(node: NodeId, answer: Answer, shown: JSONObject) -> Step:
    """A question as if it were answered so, by nobody in particular."""
    branch = None if answer == "approved" else answer
    output: JSONObject | None = {"answer": answer, "by": None, "comment": None, "at": None}
    return Step(node, "action", "succeeded", branch, input=shown, output=None if answer == "late" else output)


async def _related(house: House, plan: Plan, event: Event, record: TestRecord | None) -> Related | None:
    """As they are now, with what is given by hand over them."""
    given = (record.related if record else None) or {}
    async with transaction(house.engine) as conn:
        (found,) = await related_now(house, conn, [plan], [event])
    if found is None or not given:
        return found
    records = dict(found.records)
    for key in plan.leads:
        fields = given.get(key)
        if key in given:
            records[key] = None if fields is None else {**(records.get(key) or {}), **fields}
    return msgspec.structs.replace(found, records=records)


def _moment(record: TestRecord | None) -> str:
    """When the test takes place, UTC text: a change that is looked at again is judged by its own moment."""
    at = None if record is None else record.at
    if at is None:
        return utc_text(utc_now())
    if not 1970 <= at.year < 9999:
        raise Invalid("Choose a moment between 1970 and 9998.")
    return utc_text(at.replace(tzinfo=UTC) if at.tzinfo is None else at)


async def _event(house: House, graph: Graph, record: TestRecord | None, at: str) -> Event:
    """The event that the test pretends."""
    trigger = graph.trigger
    match trigger:
        case ScheduleTrigger(table=None):
            tick: JSONObject = {"tick_at": at}
            return Event(OWN_LOG, EventId(0), 0, "@schedule", "tick", {"rule": 0}, at, after=tick)
        case WebhookTrigger():
            sent = trigger.sample if record is None or record.after is None else record.after
            return Event(OWN_LOG, EventId(0), 0, TABLE, "webhook", {"rule": 0}, at, after=as_data(sent))
        case ManualTrigger():
            after = None if record is None else await _after(house, record)
            return Event(OWN_LOG, EventId(0), 0, "@manual", "manual", {"rule": 0}, at, after=after)
    if record is None:
        raise Invalid("Choose a record to test on.", code="record-needed")
    if isinstance(trigger, ChangeTrigger):
        return await _change(house, trigger, record, at)
    visited, key = await _after(house, record) or {}, record.key or {}
    return as_visit(visited, table=record.table, key=key, log=LogId(1), event_id=EventId(0), lane=0, at=at)


async def _after(house: House, record: TestRecord) -> JSONObject | None:
    if record.after is not None or record.op == "delete":
        return record.after
    return await _stored(house, record)


async def _change(house: House, trigger: ChangeTrigger, record: TestRecord, at: str) -> Event:
    """`before` and `after` as given; what is not given is read by the key, and before = after."""
    before, after = record.before, record.after
    if (after is None and record.op != "delete") or (before is None and record.op == "delete"):
        stored = await _stored(house, record)
        after = (after or stored) if record.op != "delete" else None
        before = before if before is not None else stored
    if record.op == "insert":
        before = None
    elif before is None:
        before = after
    if record.op == "delete":
        after = None
    changed = sorted(
        name
        for name in {*(before or {}), *(after or {})}
        if (before or {}).get(name) != (after or {}).get(name)
    )
    if record.op == "update" and not changed:
        changed = list(trigger.columns) or sorted(after or {})
    return Event(
        log=LogId(1),
        id=EventId(0),
        lane=0,
        table=record.table,
        op=record.op,
        key=record.key or {},
        at=at,
        before=before,
        after=after,
        changed=tuple(changed),
    )


async def _stored(house: House, record: TestRecord) -> JSONObject:
    if record.key is None:
        raise Invalid("Say which record: by `key`, or whole in `after`.", code="record-needed")
    async with transaction(house.engine) as conn:
        at = (await connection_named(conn, record.connection)).id
    async with asking(house.logs, at) as pool:
        model = await table_model(pool, record.connection, record.table)
        if model is None:
            words = f"There is no table {record.table} that this connection can see."
            raise NotFound(words, code="unknown-table")
        return await read_record(pool, model, record.key)
