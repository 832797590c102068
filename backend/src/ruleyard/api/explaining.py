"""Explain a stored event by the version that was live when it happened. Recomputed each time; nothing is stored."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.api.gaps import gap_after, lost_changes, lost_words
from ruleyard.api.house import House
from ruleyard.api.reach import asking
from ruleyard.api.related import AS_THEY_ARE, related_now
from ruleyard.api.shapes.related import related_seen
from ruleyard.api.shapes.rules import Explained
from ruleyard.clock import utc_text
from ruleyard.core.document import parse
from ruleyard.core.errors import Conflict, Invalid, NotFound
from ruleyard.core.event import Event
from ruleyard.core.explain import OUTSIDE, Reason, explain, hours_reason
from ruleyard.core.graph import ChangeTrigger, Graph
from ruleyard.core.nearest import Flip
from ruleyard.core.otherwise import otherwise
from ruleyard.core.plan import Plan, compile_plan
from ruleyard.core.related import Related
from ruleyard.core.types import OWN_LOG, EventId, JSONObject, LogId, RuleId, RunId, VersionId
from ruleyard.stores import drafts, rules, run_lists, versions
from ruleyard.stores.calendars import all_calendars
from ruleyard.stores.connections import connection_named
from ruleyard.stores.events import get_event, list_events
from ruleyard.stores.live import connection_names
from ruleyard.stores.log_health import log_health
from ruleyard.stores.once import AGAIN, came_again
from ruleyard.stores.runs import get_run
from ruleyard.stores.settling import CHANGES, taken_into


async def explain_event(
    house: House, conn: AsyncConnection, rule_id: RuleId, log: LogId, event_id: EventId
) -> Explained:
    """Why the rule did or did not run on an event: by the version that was live when it happened."""
    return await _explained(house, conn, rule_id, await stored_event(house, log, event_id))


async def stored_event(house: House, log: LogId, event_id: EventId) -> Event:
    """NotFound where the log does not have it (any more)."""
    async with asking(house.logs, log) as pool:
        event = await get_event(pool, log, event_id)
    if event is None:
        raise NotFound(
            "This event is not in the log (any more): events are kept for 30 days.", code="unknown-event"
        )
    return event


async def explain_record(
    house: House, conn: AsyncConnection, rule_id: RuleId, key: JSONObject, until: datetime | None
) -> Explained:
    """The same for the latest event of a record of the rule's own table, at or before `until`."""
    until = until.replace(tzinfo=UTC) if until is not None and until.tzinfo is None else until
    live = await versions.live_version(conn, rule_id)
    document = (await drafts.draft_of(conn, rule_id)).document if live is None else live.document
    graph = parse(document)
    if not isinstance(graph, Graph) or not isinstance(graph.trigger, ChangeTrigger):
        raise Invalid("Only a rule that starts on a change has records of its own: ask by event.")
    trigger = graph.trigger
    log = LogId(int((await connection_named(conn, trigger.connection)).id))
    async with asking(house.logs, log) as pool:
        found = await list_events(pool, log, table=trigger.table, key=key, until=until, limit=1)
        gap = await gap_after(conn, pool, found[0], until) if found else None
    if not found:
        lost = await lost_changes(conn, log, trigger.table, None, until)
        rest = f" And {lost_words(lost)}" if lost else ""
        kept = (await log_health(conn, log)).oldest_on
        oldest = f" The oldest in this database are from {kept} (UTC)." if kept else ""
        when = f" up to {until.isoformat(timespec='seconds')}" if until else ""
        raise NotFound(
            f"The log knows no change of this record of {trigger.table}{when}. Changes are kept for 30 days, "
            f"from the moment the table is watched.{oldest}{rest}",
            code="unknown-event",
        )
    told = await _explained(house, conn, rule_id, found[0])
    if gap is None:
        return told
    return msgspec.structs.replace(told, reason=f"{told.reason} {gap.message}", reasons=(*told.reasons, gap))


async def _explained(house: House, conn: AsyncConnection, rule_id: RuleId, event: Event) -> Explained:
    made = await run_lists.runs_of_events(conn, event.log, [event.id], rule_ids=[rule_id])
    run_id = made[0].run_id if made else None
    at = datetime.fromisoformat(event.at)
    version = await versions.live_version_at(conn, rule_id, at)
    off = version is None and event.log != OWN_LOG
    version = version or await versions.live_version(conn, rule_id)
    document = (await drafts.draft_of(conn, rule_id)).document if version is None else version.document
    graph = parse(document)
    if not isinstance(graph, Graph):
        if version is None:
            raise Conflict("This rule was never published, so it never ran.", code="rule-not-published")
        raise Invalid("This version cannot be read any more.", code="rule-has-problems", problems=graph)
    names = await connection_names(conn)
    plan = compile_plan(rule_id, VersionId(0) if version is None else version.id, graph)
    into: RunId | None = None
    if graph.policy.settle is not None and event.op in CHANGES:
        run_id = into = run_id or await taken_into(conn, rule_id, event)
    related, kept = await _related(house, conn, plan, event, run_id)
    found = explain(plan, event, event.at, names.get(event.log), related)
    reasons: tuple[Reason, ...] = (Reason(found.reason_code, found.args, found.reason),)
    fired, code, reason, nearest = found.fired, str(found.reason_code), found.reason, found.nearest
    if off and run_id is None:
        rest = await _off(conn, rule_id, at, None if version is None else version.number)
        which = "the draft" if version is None else f"version {version.number}"
        fired, code, reason = False, rest.code, f"{rest.message} With {which}: {reason}"
        reasons = (rest, *reasons)
        nearest = (Flip(graph.trigger.id, "", "was on", False, True, rest.message, kind="off"), *nearest)
    elif run_id is None and found.reason_code == "fired":
        rest = Reason(
            "no-run", {}, "No run is recorded for it: it was not looked at yet, or the run is gone."
        )
        reason, reasons = f"{reason} {rest.message}", (*reasons, rest)
    if fired and (closed := await _hours(conn, graph, at)) is not None:
        if closed.args["outside"] == "skip" and await _passed_by(conn, run_id):
            fired, code, reason, reasons = False, closed.code, closed.message, (closed, *reasons)
        else:
            reason, reasons = f"{reason} {closed.message}", (*reasons, closed)
    if run_id is not None and (again := await came_again(conn, run_id)) is not None:
        rest = Reason(again.code, again.args, again.message)
        fired, code, reason, reasons = False, rest.code, rest.message, (rest, *reasons)
    if into is not None:
        words = "The rule waits until a record is quiet: this change is judged together with the others, in run %s."
        rest = Reason("taken-in", {"run": into}, words % into)
        reason, reasons = f"{reason} {rest.message}", (*reasons, rest)
    if related is not None and not kept:
        reason, reasons = f"{reason} {AS_THEY_ARE}", (*reasons, Reason("related-now", {}, AS_THEY_ARE))
    return Explained(
        fired or (run_id is not None and code not in (OUTSIDE, *AGAIN)),
        code,
        reason,
        found.trace,
        run_id,
        None if version is None else version.number,
        event.id,
        at,
        nearest,
        reasons,
        otherwise(graph, event, event.at, found.trace.steps, related),
        related_seen(related, kept=kept),
    )


async def _hours(conn: AsyncConnection, graph: Graph, at: datetime) -> Reason | None:
    """By the calendars as they are now."""
    hours = graph.policy.hours
    if hours is None:
        return None
    return hours_reason(hours, (await all_calendars(conn)).hours_of(hours), at)


async def _passed_by(conn: AsyncConnection, run_id: RunId | None) -> bool:
    """Was nothing done? A run that somebody let go on all the same is no such one."""
    return run_id is None or (await get_run(conn, run_id)).state == "skipped"


async def _related(
    house: House, conn: AsyncConnection, plan: Plan, event: Event, run_id: RunId | None
) -> tuple[Related | None, bool]:
    """As the run kept them, or else as they are now; and which of the two."""
    if plan.leads and run_id is not None:
        kept = (await get_run(conn, run_id)).related
        if kept is not None:
            return kept, True
    (now,) = await related_now(house, conn, [plan], [event])
    return now, False


async def _off(conn: AsyncConnection, rule_id: RuleId, at: datetime, version: int | None) -> Reason:
    """Why nothing was on at that moment. `args`: the moments, UTC text, and the version that is looked at instead."""
    off_at, on_at = await versions.off_since(conn, rule_id, at)
    made_at = await rules.made_at(conn, rule_id)
    args: JSONObject = {"version": version}
    if off_at is not None:
        args["off_at"] = utc_text(off_at)
        words = f"The rule was off at that moment: it was switched off at {_moment(off_at)}."
        return Reason("rule-off", args, words)
    if on_at is not None:
        args["on_at"] = utc_text(on_at)
    if at < made_at:
        args["made_at"] = utc_text(made_at)
        then = f"; it was first switched on at {_moment(on_at)}" if on_at else ""
        return Reason(
            "rule-not-made", args, f"The rule did not exist then: it was made at {_moment(made_at)}{then}."
        )
    if on_at is not None:
        words = f"The rule was off at that moment: it was first switched on at {_moment(on_at)}."
        return Reason("rule-off", args, words)
    return Reason("rule-never-on", args, "The rule was off at that moment: it has never been on.")


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
