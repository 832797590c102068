"""Explain a stored event by the version that was live when it happened. Recomputed each time; nothing is stored."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.api.house import House
from ruleyard.api.reach import asking
from ruleyard.api.shapes.rules import Explained
from ruleyard.core.document import parse
from ruleyard.core.errors import Conflict, Invalid, NotFound
from ruleyard.core.event import Event
from ruleyard.core.explain import explain
from ruleyard.core.graph import ChangeTrigger, Graph
from ruleyard.core.nearest import Flip
from ruleyard.core.plan import compile_plan
from ruleyard.core.types import OWN_LOG, EventId, JSONObject, LogId, RuleId
from ruleyard.stores import rules, run_lists, versions
from ruleyard.stores.connections import connection_named
from ruleyard.stores.events import get_event, list_events
from ruleyard.stores.live import connection_names


async def explain_event(
    house: House, conn: AsyncConnection, rule_id: RuleId, log: LogId, event_id: EventId
) -> Explained:
    """Why the rule did or did not run on an event: by the version that was live when it happened."""
    async with asking(house.logs, log) as pool:
        event = await get_event(pool, log, event_id)
    if event is None:
        raise NotFound(
            "This event is not in the log (any more): events are kept for 30 days.", code="unknown-event"
        )
    return await _explained(conn, rule_id, event)


async def explain_record(
    house: House, conn: AsyncConnection, rule_id: RuleId, key: JSONObject, until: datetime | None
) -> Explained:
    """The same for the latest event of a record of the rule's own table, at or before `until`."""
    until = until.replace(tzinfo=UTC) if until is not None and until.tzinfo is None else until
    live = await versions.live_version(conn, rule_id)
    document = (await rules.draft_of(conn, rule_id)).document if live is None else live.document
    graph = parse(document)
    if not isinstance(graph, Graph) or not isinstance(graph.trigger, ChangeTrigger):
        raise Invalid("Only a rule that starts on a change has records of its own: ask by event.")
    trigger = graph.trigger
    log = LogId(int((await connection_named(conn, trigger.connection)).id))
    async with asking(house.logs, log) as pool:
        found = await list_events(pool, log, table=trigger.table, key=key, until=until, limit=1)
    if not found:
        when = f" up to {until.isoformat(timespec='seconds')}" if until else ""
        raise NotFound(
            f"The log knows no change of this record of {trigger.table}{when}. Changes are kept for 30 days, "
            "from the moment the table is watched.",
            code="unknown-event",
        )
    return await _explained(conn, rule_id, found[0])


async def _explained(conn: AsyncConnection, rule_id: RuleId, event: Event) -> Explained:
    made = await run_lists.runs_of_events(conn, event.log, [event.id], rule_ids=[rule_id])
    at = datetime.fromisoformat(event.at)
    version = await versions.live_version_at(conn, rule_id, at)
    off = version is None and event.log != OWN_LOG
    version = version or await versions.live_version(conn, rule_id)
    if version is None:
        raise Conflict("This rule was never published, so it never ran.", code="rule-not-published")
    graph = parse(version.document)
    if not isinstance(graph, Graph):
        raise Invalid("This version cannot be read any more.", code="rule-has-problems", problems=graph)
    names = await connection_names(conn)
    found = explain(compile_plan(rule_id, version.id, graph), event, event.at, names.get(event.log))
    run_id = made[0].run_id if made else None
    code: str = found.reason_code
    fired, reason, nearest = found.fired, found.reason, found.nearest
    if off and run_id is None:
        words = await _off_words(conn, rule_id, at)
        fired, code, reason = False, "rule-off", f"{words} With version {version.number}: {reason}"
        nearest = (Flip(graph.trigger.id, "", "was on", False, True, words), *nearest)
    return Explained(
        fired or run_id is not None,
        code,
        reason,
        found.trace,
        run_id,
        version.number,
        event.id,
        at,
        nearest,
    )


async def _off_words(conn: AsyncConnection, rule_id: RuleId, at: datetime) -> str:
    off_at, on_at = await versions.off_since(conn, rule_id, at)
    if off_at is not None:
        return f"The rule was off at that moment: it was switched off at {_moment(off_at)}."
    if on_at is not None:
        return f"The rule was off at that moment: it was first switched on at {_moment(on_at)}."
    return "The rule was off at that moment: it has never been on."


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"
