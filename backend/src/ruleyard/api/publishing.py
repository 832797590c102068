"""Publish, switch on, switch off: each in one transaction, after which workers look again.

What is published was checked against the live schema inside that transaction, with the draft held.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.api.caller import Caller
from ruleyard.api.checking import check_document, surroundings
from ruleyard.api.house import House
from ruleyard.api.problems import TableNotWatched
from ruleyard.clock import utc_now
from ruleyard.core.document import parse
from ruleyard.core.due_dates import schedule_of
from ruleyard.core.errors import Conflict, Fix, Invalid
from ruleyard.core.graph import DateTrigger, Graph, ManualTrigger, ScheduleTrigger, home_of
from ruleyard.core.schedule import next_ticks
from ruleyard.core.types import LogId, RuleId
from ruleyard.core.zones import zone_of
from ruleyard.stores import audit, drafts, rules, schedules, turns, versions
from ruleyard.stores.calendars import all_calendars
from ruleyard.stores.connections import connection_named
from ruleyard.stores.generation import bump_generation
from ruleyard.stores.watches import list_watches


async def publish(
    house: House,
    conn: AsyncConnection,
    caller: Caller,
    rule_id: RuleId,
    *,
    etag: str,
    note: str,
    enable: bool,
) -> versions.VersionRow:
    """A new version of the draft with this etag. Invalid with its problems, DraftChanged, or TableNotWatched.

    The live version, where it was made of this very draft: who asks twice, or lost the answer, gets one version.
    """
    draft = await drafts.draft_of(conn, rule_id, lock=True)
    if etag.strip('"') != str(draft.etag):
        raise drafts.DraftChanged(draft)
    row = await rules.rule_row(conn, rule_id)
    if row.archived:
        raise Conflict("This rule is archived. Restore it first.", code="rule-archived")
    made = await versions.live_of_draft(conn, rule_id, draft.etag)
    if made is not None:
        if enable and not row.enabled:
            await switch_on(conn, caller, rule_id)
        elif row.enabled and not enable:
            await switch_off(conn, caller, rule_id)
        return made
    around = await surroundings(conn, [draft.document])
    checked = await check_document(house.models, around, draft.document, fresh=True, rule_id=rule_id)
    if checked.graph is None or checked.faults:
        count = len(checked.faults)
        raise Invalid(
            "The rule has a problem. Mend it, then publish."
            if count == 1
            else f"The rule has {count} problems. Mend them, then publish.",
            code="rule-has-problems",
            problems=checked.problems,
        )
    if enable:
        await refuse_unwatched(conn, checked.graph)
    made = await versions.insert_version(
        conn,
        rule_id,
        document=draft.document,
        layout=draft.layout,
        note=note,
        by=caller.account_id,
        draft_etag=draft.etag,
    )
    await _switch(conn, rule_id, checked.graph, made, on=enable)
    await audit.record(
        conn,
        caller,
        "publish rule",
        f"rule:{rule_id}",
        {"version": made.number, "enabled": enable, "note": note},
    )
    return made


async def switch_on(conn: AsyncConnection, caller: Caller, rule_id: RuleId) -> versions.VersionRow:
    """The version that is on now. Conflict when it was never published; TableNotWatched."""
    live = await versions.live_version(conn, rule_id)
    graph = None if live is None else parse(live.document)
    if live is None or not isinstance(graph, Graph):
        await drafts.draft_of(conn, rule_id)
        raise Conflict("This rule was never published. Publish its draft first.", code="rule-not-published")
    await refuse_unwatched(conn, graph)
    await _switch(conn, rule_id, graph, live, on=True)
    await audit.record(conn, caller, "enable rule", f"rule:{rule_id}", {"version": live.number})
    return live


async def switch_off(conn: AsyncConnection, caller: Caller, rule_id: RuleId) -> None:
    if await versions.set_enabled(conn, rule_id, enabled=False):
        await audit.record(conn, caller, "disable rule", f"rule:{rule_id}")
    await schedules.stop_schedule(conn, rule_id)
    await bump_generation(conn)


async def refuse_unwatched(conn: AsyncConnection, graph: Graph) -> None:
    trigger = graph.trigger
    if isinstance(trigger, ManualTrigger) or not trigger.connection:
        return
    watched = {(one.connection, one.table) for one in await list_watches(conn)}
    if (trigger.connection, trigger.table) not in watched:
        raise TableNotWatched(
            f"Nobody watches {trigger.table} of {trigger.connection} yet, so this rule would never run. "
            "Watch the table first (Data, or POST /api/v1/watches).",
            fix=Fix(
                label=f"Watch {trigger.table}",
                path="/api/v1/watches",
                value={"connection": trigger.connection, "table": trigger.table},
            ),
        )


async def _switch(
    conn: AsyncConnection, rule_id: RuleId, graph: Graph, version: versions.VersionRow, *, on: bool
) -> None:
    await versions.set_enabled(conn, rule_id, enabled=on)
    await turns.follow(conn, rule_id, version.id, graph.policy.timing)
    await schedules.stop_schedule(conn, rule_id)
    trigger = graph.trigger
    if on and isinstance(trigger, ScheduleTrigger | DateTrigger):
        schedule = trigger.schedule if isinstance(trigger, ScheduleTrigger) else schedule_of(trigger)
        hours = graph.policy.hours
        working = (await all_calendars(conn)).counting(hours, schedule.zone)
        upcoming = next_ticks(schedule, utc_now(), 1, working)
        if not upcoming and schedule.days_off != "run":
            upcoming = (schedules.NEVER,)
        if upcoming:
            await schedules.start_schedule(
                conn,
                rule_id=rule_id,
                version_id=version.id,
                schedule=schedule,
                next_at=upcoming[0],
                visited=await _visited(conn, trigger, upcoming[0]),
                hours=hours,
            )
    await bump_generation(conn)


async def _visited(
    conn: AsyncConnection, trigger: ScheduleTrigger | DateTrigger, next_at: datetime
) -> schedules.Visited | None:
    home = home_of(trigger)
    if home is None:
        return None
    log = LogId(int((await connection_named(conn, home[0])).id))
    if isinstance(trigger, ScheduleTrigger):
        return schedules.Visited(log, home[1])
    day = next_at.astimezone(zone_of(trigger.zone)).date()
    return schedules.Visited(log, home[1], day - timedelta(days=1))
