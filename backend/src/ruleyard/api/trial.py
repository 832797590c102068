"""Try a draft on a record: walk the graph and perform nothing.

Actions count as done without an output and waits as over, so that the whole path shows.
"""

from __future__ import annotations

from datetime import UTC
from typing import Final

import msgspec

from ruleyard.actions.registry import preview
from ruleyard.api.checking import check_document, surroundings
from ruleyard.api.house import House
from ruleyard.api.reach import asking
from ruleyard.api.records import read_record
from ruleyard.api.related import related_now
from ruleyard.api.shapes.related import related_seen
from ruleyard.api.shapes.rules import Preview, TestData, TestDraft, TestRecord, TestResult
from ruleyard.clock import utc_now, utc_text
from ruleyard.core.already import as_visit
from ruleyard.core.errors import Invalid, NotFound
from ruleyard.core.event import Event
from ruleyard.core.explain import explain
from ruleyard.core.graph import ChangeTrigger, Graph, ManualTrigger, ScheduleTrigger, WebhookTrigger
from ruleyard.core.match import listens
from ruleyard.core.plan import Plan, compile_plan
from ruleyard.core.related import Related
from ruleyard.core.run import Broken, Finished, Pause, Perform, decide
from ruleyard.core.trace import Step, StepError, Trace
from ruleyard.core.types import FAILED, OWN_LOG, EventId, JSONObject, LogId, NodeId, RuleId, VersionId
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


async def try_draft(house: House, data: TestDraft) -> TestResult:
    """What the rule would do. Invalid with problems where the document does not hold."""
    trial = await trial_of(house, data)
    return walk(trial.plan, trial.event, trial.now, trial.related, frozenset(data.failing))


async def trial_of(house: House, data: TestDraft) -> Trial:
    """Invalid with problems where the document does not hold; NotFound where there is no such record."""
    async with transaction(house.engine) as conn:
        around = await surroundings(conn)
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
    return Trial(plan, event, at, related)


def walk(
    plan: Plan,
    event: Event,
    now: str,
    related: Related | None = None,
    failing: frozenset[NodeId] = frozenset(),
) -> TestResult:
    """Trace and previews of one event through one plan. Pure. `failing`: actions that are taken for failed."""
    data = TestData(event.before, event.after, event.changed, related_seen(related, kept=False))
    deaf = explain(plan, event, now, related=related) if listens(plan, event) else None
    if deaf is not None:
        return TestResult(deaf.trace, False, deaf.reason, {}, data)
    done: list[Step] = []
    previews: dict[NodeId, Preview] = {}
    while True:
        decision = decide(plan, event, now, done, related)
        done += decision.passed
        match decision.next:
            case Perform(node, do, fields):
                previews[node] = msgspec.convert(preview(do, fields, event), Preview)
                shown = previews[node].fields
                if node in failing and plan.handles(node):
                    done.append(Step(node, "action", "failed", FAILED, input=shown, error=_PRETENDED))
                else:
                    done.append(Step(node, "action", "succeeded", input=shown))
            case Pause(node, seconds):
                done.append(Step(node, "wait", "succeeded", input={"seconds": seconds}))
            case Broken(node, error):
                if not any(step.node == node for step in done):
                    done.append(Step(node, "action", "failed", error=error))
                return TestResult(
                    Trace("failed", tuple(done), error.message), True, error.message, previews, data
                )
            case Finished(outcome):
                reason = explain(plan, event, now, related=related).reason if outcome == "unmatched" else ""
                return TestResult(
                    Trace(outcome, tuple(done), reason), outcome == "succeeded", reason, previews, data
                )


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
