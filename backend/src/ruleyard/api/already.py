"""Which records already match a rule: counted in stretches of a second or two, with a few of them by name.

Performs nothing. A whole table is read stretch by stretch, as often as somebody who looks asks for the next.
"""

from __future__ import annotations

import asyncio
import time
from datetime import UTC
from typing import Final

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.api.caller import Caller
from ruleyard.api.house import House
from ruleyard.api.reach import asking
from ruleyard.api.records import record_key
from ruleyard.api.shapes.already import Matching, MatchingRecord
from ruleyard.clock import utc_now, utc_text
from ruleyard.core.already import as_change, as_visit, columns_judged, no_question
from ruleyard.core.document import parse
from ruleyard.core.due_dates import Span, due_between, passed_span, schedule_of
from ruleyard.core.errors import Conflict
from ruleyard.core.evaluate import judge
from ruleyard.core.event import Event
from ruleyard.core.graph import ChangeTrigger, DateTrigger, Graph
from ruleyard.core.labels import LABELS, record_label
from ruleyard.core.plan import Plan, compile_plan
from ruleyard.core.related import Related, home_of
from ruleyard.core.schedule import next_ticks
from ruleyard.core.types import EventId, JSONObject, LogId, RuleId, VersionId
from ruleyard.core.zones import zone_of
from ruleyard.stores import audit, catch_ups, drafts, versions
from ruleyard.stores.calendars import all_calendars
from ruleyard.stores.connections import connection_named
from ruleyard.stores.db import transaction
from ruleyard.stores.pages import decode, encode
from ruleyard.stores.related import RelatedReader
from ruleyard.stores.table_pages import (
    WINDOW,
    Dated,
    Source,
    TableRow,
    about,
    looking,
    read_dated,
    read_page,
    source_of,
)
from ruleyard.stores.watches import left_out, watch_of

PAGE: Final = 1_000
STRETCH: Final = 20_000
STRETCH_S: Final = 1.5
SAMPLE: Final = 5


class _Asked(msgspec.Struct, frozen=True):
    """`span`, `dated`: of a date trigger, the days on which records fell due, and which dates those have."""

    plan: Plan
    trigger: ChangeTrigger | DateTrigger
    log: LogId
    key: tuple[str, ...]
    excluded: tuple[str, ...]
    columns: frozenset[str] | None
    span: Span | None = None
    dated: Dated | None = None


class _Page(msgspec.Struct, frozen=True):
    """`place`: where the next one begins; `looked` records were asked about. `about`: as in `Matching`."""

    rows: list[TableRow]
    place: tuple[str, ...]
    looked: int
    left: bool
    about: int | None


async def matching(house: House, rule_id: RuleId, number: int | None, cursor: str | None) -> Matching:
    """Of the draft, or of a version. Unavailable where the watched database does not answer."""
    after = decode(cursor, tuple[str, ...]) or ()
    async with transaction(house.engine) as conn:
        if number is None:
            version_id, document = VersionId(0), (await drafts.draft_of(conn, rule_id)).document
        else:
            row = await versions.version_numbered(conn, rule_id, number)
            version_id, document = row.id, row.document
        asked = await _asked(conn, rule_id, version_id, document)
    if isinstance(asked, Matching):
        return asked
    until = time.monotonic() + STRETCH_S
    total = Matching("", asked.trigger.table, passed=asked.dated is not None)
    while True:
        page = await _page(house, asked, after)
        fired, undecided = await _judged(house, asked, page.rows)
        async with transaction(house.engine) as conn:
            place = (asked.log, asked.trigger.table, [event.record_key for event in fired])
            have = await catch_ups.have_run(conn, version_id, *place) if version_id else set()
            fired = [event for event in fired if event.record_key not in have]
            before = await catch_ups.rule_ran(conn, rule_id, *place)
        after = page.place
        total = msgspec.structs.replace(
            total,
            about=page.about,
            looked=total.looked + page.looked,
            found=total.found + len(fired),
            ran_before=total.ran_before + sum(event.record_key in before for event in fired),
            undecided=total.undecided + undecided,
            sample=(*total.sample, *map(_named, fired))[:SAMPLE],
            next=encode(after) if page.left else None,
        )
        if not page.left or total.looked >= STRETCH or time.monotonic() >= until:
            return total


async def begin_catch_up(
    conn: AsyncConnection, caller: Caller, rule_id: RuleId, version: versions.VersionRow
) -> int:
    """Runs the version, which is on, for the records that already match. Conflict where none can."""
    asked = await _asked(conn, rule_id, version.id, version.document)
    if isinstance(asked, Matching):
        raise Conflict("No record can match this rule already.", code="nothing-to-catch-up")
    begun = await catch_ups.begin(
        conn,
        rule_id=rule_id,
        version_id=version.id,
        log=asked.log,
        table=asked.trigger.table,
        actor=caller.actor,
        span=asked.span,
    )
    await audit.record(
        conn, caller, "run for records that match", f"rule:{rule_id}", {"version": version.number}
    )
    return begun


async def _asked(
    conn: AsyncConnection, rule_id: RuleId, version_id: VersionId, document: JSONObject
) -> _Asked | Matching:
    graph = parse(document)
    if not isinstance(graph, Graph):
        return Matching("problems")
    trigger = graph.trigger
    why_not = no_question(graph)
    if why_not is not None or not isinstance(trigger, ChangeTrigger | DateTrigger):
        return Matching(why_not or "manual")
    at = await connection_named(conn, trigger.connection)
    watch = await watch_of(conn, at.id, trigger.table)
    if watch is None:
        return Matching("unwatched", trigger.table)
    log = LogId(int(at.id))
    if isinstance(trigger, DateTrigger):
        span, dated = await _passed(conn, graph, trigger)
        plan = compile_plan(rule_id, version_id, graph)
        return _Asked(plan, trigger, log, watch.key, watch.excluded, None, span, dated)
    judged = columns_judged(graph)
    return _Asked(
        compile_plan(rule_id, version_id, graph),
        trigger,
        log,
        watch.key,
        watch.excluded,
        None if judged is None else judged | LABELS | {*watch.key},
    )


async def _passed(conn: AsyncConnection, graph: Graph, trigger: DateTrigger) -> tuple[Span, Dated]:
    """As publishing counts: what falls due from the next look on is the schedule's."""
    now, zone = utc_now(), zone_of(trigger.zone) or UTC
    working = (await all_calendars(conn)).counting(graph.policy.hours, trigger.zone)
    upcoming = next_ticks(schedule_of(trigger), now, 1, working)
    today = now.astimezone(zone).date()
    span = passed_span(trigger, today, upcoming[0].astimezone(zone).date() if upcoming else today, working)
    due = due_between(trigger, span.since, span.until, working)
    return span, Dated(trigger.column, trigger.zone, due.dates, due.yearly)


async def _page(house: House, asked: _Asked, after: tuple[str, ...]) -> _Page:
    async with asking(house.logs, asked.log) as pool, looking(pool) as conn:
        source: Source | None = await source_of(
            conn, asked.log, asked.trigger.table, asked.key, asked.excluded
        )
        if source is None:
            return _Page([], after, 0, left=False, about=None)
        size = await about(conn, asked.trigger.table)
        if asked.dated is not None:
            rows, end = await read_dated(conn, source, after, asked.dated)
            return _Page(rows, end or after, WINDOW if end else len(rows), end is not None, size)
        rows = await read_page(conn, source, after, PAGE, asked.columns)
        return _Page(rows, rows[-1].place if rows else after, len(rows), len(rows) == PAGE, size)


async def _judged(house: House, asked: _Asked, rows: list[TableRow]) -> tuple[list[Event], int]:
    """The changes that would fire, and how many cannot be decided."""
    now = utc_text(utc_now())
    events = [event for row in rows if (event := _as_event(asked, row, now))]
    around: list[Related | None] = [None] * len(events)
    if asked.plan.leads and events:
        home = (asked.log, asked.trigger.table)
        async with transaction(house.engine) as conn:
            hidden = await left_out(conn)
        async with asking(house.logs, asked.log):
            reader = RelatedReader(house.logs.pool)
            records = [home_of(one) for one in events]
            around = [*await reader.around(home, asked.plan.leads, records, hidden)]

    def judged() -> tuple[list[Event], int]:
        fired: list[Event] = []
        undecided = sum(row.record is None for row in rows)
        for event, related in zip(events, around, strict=True):
            verdict = judge(asked.plan, event, now, related)
            if verdict.error is not None:
                undecided += 1
            elif verdict.fires:
                fired.append(event)
        return fired, undecided

    return await asyncio.to_thread(judged)


def _as_event(asked: _Asked, row: TableRow, now: str) -> Event | None:
    """None for a record that is too large, and for one in which all that is watched is empty."""
    if row.record is None:
        return None
    trigger, number = asked.trigger, EventId(0)
    if isinstance(trigger, DateTrigger):
        return as_visit(
            row.record,
            table=trigger.table,
            key=row.key,
            log=asked.log,
            event_id=number,
            lane=row.lane,
            at=now,
        )
    return as_change(
        trigger, row.record, key=row.key, log=asked.log, event_id=number, lane=row.lane, at=now, more=row.more
    )


def _named(event: Event) -> MatchingRecord:
    return MatchingRecord(event.key, record_key(event.key), record_label(event.after))
