"""Ask for a back-test and tell how far it is. Judging is a worker's job (lanes/backtest.py)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.api.checking import check_document, surroundings
from ruleyard.api.house import House
from ruleyard.api.reach import asking
from ruleyard.api.related import related_now
from ruleyard.api.shapes.backtests import (
    BacktestInfo,
    BacktestMatch,
    BacktestProgress,
    BacktestResult,
    StartBacktest,
)
from ruleyard.api.trial import walk
from ruleyard.clock import utc_now
from ruleyard.core.action_fields import ways_of
from ruleyard.core.backtest import Match, Tally
from ruleyard.core.document import parse
from ruleyard.core.errors import Invalid, NotFound
from ruleyard.core.evaluate import data_of
from ruleyard.core.graph import Action, ChangeTrigger, ForEach, Graph
from ruleyard.core.in_effect import in_effect
from ruleyard.core.labels import record_label
from ruleyard.core.match import listens
from ruleyard.core.nearest import Nearest
from ruleyard.core.plan import compile_plan
from ruleyard.core.related import Related, reads_of
from ruleyard.core.types import AccountId, EventId, JSONObject, LogId, RuleId, VersionId
from ruleyard.stores import backtests, drafts, versions
from ruleyard.stores.backtests import COUNTED, BacktestRow, NewBacktest
from ruleyard.stores.connections import connection_named
from ruleyard.stores.db import transaction
from ruleyard.stores.events import events_by_id

VERSION: Final = "version "
"""Before the number of what it is compared with."""

ONLY_CHANGES: Final = "Only rules that start on a change have a history to be tried on."


async def start_backtest(
    house: House, conn: AsyncConnection, asked: StartBacktest, by: AccountId | None
) -> int:
    """Queued. Invalid where the document does not hold or does not start on a change."""
    document = await _document(conn, asked)
    graph = parse(document)
    if asked.version is None:
        checked = await check_document(house.models, await surroundings(conn, [document]), document)
        if checked.graph is None or checked.faults:
            raise Invalid(
                "The rule has problems. Mend them, then try it on the history.",
                code="rule-has-problems",
                problems=checked.problems,
            )
    if not isinstance(graph, Graph) or not isinstance(graph.trigger, ChangeTrigger):
        raise Invalid(ONLY_CHANGES, code="only-changes")
    trigger = graph.trigger
    connection = await connection_named(conn, trigger.connection)
    other, words, ops = await _other(conn, asked, trigger)
    now = utc_now()
    new = NewBacktest(
        asked.rule_id,
        document,
        other,
        words,
        LogId(int(connection.id)),
        trigger.table,
        tuple(dict.fromkeys((*trigger.events, *ops))),
        now - timedelta(days=asked.days),
        now,
        asked.most,
    )
    return await backtests.open_backtest(conn, new, by)


async def _document(conn: AsyncConnection, asked: StartBacktest) -> JSONObject:
    if asked.document is not None:
        return asked.document
    if asked.rule_id is None:
        raise Invalid("Say what to try: a `document`, or a `rule_id`.")
    if asked.version is not None:
        return (await versions.version_numbered(conn, asked.rule_id, asked.version)).document
    return (await drafts.draft_of(conn, asked.rule_id)).document


async def _other(
    conn: AsyncConnection, asked: StartBacktest, trigger: ChangeTrigger
) -> tuple[JSONObject | None, str, tuple[str, ...]]:
    """What it is compared with, its name, and the operations that it listens to."""
    if asked.rule_id is None:
        return None, "", ()
    if asked.against is not None:
        found = await versions.version_numbered(conn, asked.rule_id, asked.against)
    else:
        live = await versions.live_version(conn, asked.rule_id)
        if live is None:
            return None, "", ()
        found = live
    graph = parse(found.document)
    if not isinstance(graph, Graph) or not isinstance(graph.trigger, ChangeTrigger):
        return None, "", ()
    if (graph.trigger.connection, graph.trigger.table) != (trigger.connection, trigger.table):
        return None, "", ()
    return found.document, f"{VERSION}{found.number}", graph.trigger.events


def backtest_info(row: BacktestRow) -> BacktestInfo:
    tally = row.tally
    total = None if row.total is None else min(row.total, row.most)
    known = None if row.total is None else min(row.total, max(row.most, COUNTED))
    over = row.state == "succeeded"
    share = 1.0 if over else min(tally.events / total, 1.0) if total else 0.0
    sampled = row.total is not None and row.total > row.most
    values = msgspec.structs.asdict(tally)
    values.pop("kept")
    near = sorted(tally.near.values(), key=lambda one: -one.count)
    return BacktestInfo(
        id=row.id,
        rule_id=row.rule_id,
        document=row.document,
        table=row.table_name,
        days=round((row.to_at - row.from_at) / timedelta(days=1)),
        state=row.state,
        error=row.error,
        progress=BacktestProgress(tally.events, total, share, known, known != row.total),
        result=BacktestResult(**values | {"near": tuple(near)}),
        compared_with=row.other_words,
        against=int(row.other_words.removeprefix(VERSION)) if row.other_words else None,
        from_at=row.from_at,
        to_at=row.to_at,
        history_since=row.history_since,
        sampled=sampled,
        notes=_notes(row, tally, sampled),
        created_at=row.created_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
    )


def _notes(row: BacktestRow, tally: Tally, sampled: bool) -> tuple[str, ...]:
    """What the figures leave out, in words."""
    notes: list[str] = []
    if _reads_related(row.document) or _reads_related(row.other_document):
        notes.append(
            "Related records are taken as they are now, not as they were at the time of each change."
        )
    since = row.history_since
    if row.total is not None and since is None:
        notes.append(f"The log knows no change of {row.table_name} yet: there is nothing to try the rule on.")
    elif since is not None and since > row.from_at + timedelta(minutes=1):
        notes.append(
            f"The history of {row.table_name} begins at {_moment(since)}; what was before is not known."
        )
    notes += _taken_for(row.document, tally)
    if sampled:
        known = f"{row.total:,}" if (row.total or 0) <= COUNTED else f"more than {COUNTED:,}"
        notes.append(f"There are {known} changes: only the newest {row.most:,} are judged.")
    if tally.cut:
        notes.append(f"{tally.cut:,} changes have rows over 64 KB, of which only a part was kept.")
    if row.state == "cancelled":
        notes.append(f"It was cancelled: only the newest {tally.events:,} changes are counted.")
    return tuple(notes)


def _taken_for(document: JSONObject, tally: Tally) -> list[str]:
    """What the counts take for granted: hours, approvals, and what is done for the items of lists."""
    graph = parse(document)
    if not isinstance(graph, Graph):
        return []
    notes: list[str] = []
    acting, hours = in_effect(graph).nodes, graph.policy.hours
    if tally.outside and hours is not None:
        what = "been skipped" if hours.outside == "skip" else "waited"
        notes.append(f"{tally.outside:,} of the runs would have {what}, outside of the hours of the rule.")
    asking = [node.id for node in acting if isinstance(node, Action) and ways_of(node.do)]
    if asked := sum(tally.actions.get(one, 0) for one in asking):
        times = "once" if asked == 1 else f"{asked:,} times"
        notes.append(
            f"Approval would have been asked for {times}. What follows is counted as if it was given."
        )
    if tally.fired and any(isinstance(node, ForEach) for node in acting):
        notes.append(
            "How many items a list would have had is not known, so what is done for each item is not counted."
        )
    return notes


def _reads_related(document: JSONObject | None) -> bool:
    graph = None if document is None else parse(document)
    return isinstance(graph, Graph) and bool(reads_of(in_effect(graph)))


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


async def whole_matches(
    house: House, row: BacktestRow, matches: tuple[Match, ...]
) -> tuple[BacktestMatch, ...]:
    """Each with its record, its trace and what would have been performed, made anew from the log. Performs nothing."""
    graph = parse(row.document)
    if not isinstance(graph, Graph):
        raise NotFound("This back-test cannot be read any more.")
    plan = compile_plan(RuleId(0), VersionId(0), graph)
    nearest = Nearest(plan)
    async with asking(house.logs, row.log) as pool:
        events = await events_by_id(pool, row.log, [match.event_id for match in matches])
    seen: dict[EventId, Related | None] = {}
    if plan.leads:
        async with transaction(house.engine) as conn:
            now = await related_now(house, conn, [plan], list(events.values()))
        seen = dict(zip(events, now, strict=True))
    found: list[BacktestMatch] = []
    for match in matches:
        event = events.get(match.event_id)
        related = None if event is None else seen.get(event.id)
        tried = None if event is None else walk(plan, event, event.at, related)
        deaf = event is not None and bool(listens(plan, event))
        values = msgspec.structs.asdict(match) | {
            "at": datetime.fromisoformat(match.at),
            "record_label": record_label(event.after or event.before) if event else "",
            "before": event.before if event else None,
            "after": event.after if event else None,
            "changed": event.changed if event else (),
            "flips": ()
            if event is None or match.fired or deaf
            else nearest.flips(data_of(event, event.at, related=related)),
            "trace": tried.trace if tried else None,
            "previews": tried.previews if tried else {},
        }
        found.append(BacktestMatch(**values))
    return tuple(found)
