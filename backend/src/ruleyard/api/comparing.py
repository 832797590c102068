"""Compare two versions of a rule, or its draft with one: what changed, can they differ, and where they did."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.api.checking import surroundings
from ruleyard.api.house import House
from ruleyard.api.reach import asking
from ruleyard.api.related import related_now
from ruleyard.api.shapes.comparing import DifferentEvent, DifferentEvents
from ruleyard.core.diff import Diff, diff
from ruleyard.core.document import parse
from ruleyard.core.errors import Invalid
from ruleyard.core.event import Event
from ruleyard.core.graph import ChangeTrigger, Graph, home_of
from ruleyard.core.plan import Plan, compile_plan
from ruleyard.core.related import Related
from ruleyard.core.sidebyside import Decision, decisions
from ruleyard.core.types import LogId, RuleId, VersionId
from ruleyard.stores import drafts, versions
from ruleyard.stores.connections import connection_named
from ruleyard.stores.db import transaction
from ruleyard.stores.events import history_since, newest_events
from ruleyard.stores.pages import encode

DRAFT: Final = "draft"
SCAN: Final = 20_000
"""Stored changes looked at for one answer; the next page goes on from there."""

SCAN_S: Final = 3.0
PAGE: Final = 500


async def graph_of(conn: AsyncConnection, rule_id: RuleId, which: str) -> Graph:
    """Of a version by its number, or of the draft. Invalid, with its problems, where it cannot be read."""
    if which == DRAFT:
        graph, name = parse((await drafts.draft_of(conn, rule_id)).document), "The draft"
    elif which.isascii() and which.isdigit() and len(which) < 10:
        graph = parse((await versions.version_numbered(conn, rule_id, int(which))).document)
        name = f"Version {which}"
    else:
        raise Invalid(f"A version is a number or `draft`, not {which[:40]!r}.")
    if not isinstance(graph, Graph):
        raise Invalid(
            f"{name} is not whole, so it cannot be compared.", code="rule-has-problems", problems=graph
        )
    return graph


async def compare_versions(
    house: House, conn: AsyncConnection, rule_id: RuleId, which: str, other: str
) -> Diff:
    """From one version (or the draft) to the other."""
    old, new = await graph_of(conn, rule_id, which), await graph_of(conn, rule_id, other)
    pair, table = home_of(new.trigger), None
    if pair is not None:
        around = await surroundings(conn)
        table = (await house.models.see(around.connections, {pair})).lookup(*pair)
    return diff(old, new, table)


async def different_events(
    house: House, rule_id: RuleId, which: str, other: str, *, below: int | None, limit: int
) -> DifferentEvents:
    """Stored changes on which the two decide differently, newest first: the first `limit` in at most SCAN changes.

    Invalid where they do not both start on changes of one table.
    """
    async with transaction(house.engine) as conn:
        graphs = [await graph_of(conn, rule_id, one) for one in (which, other)]
        old, new = (graph.trigger for graph in graphs)
        if not isinstance(old, ChangeTrigger) or not isinstance(new, ChangeTrigger):
            raise Invalid(
                "Only rules that start on a change have a history to be compared on.", code="only-changes"
            )
        if (old.connection, old.table) != (new.connection, new.table):
            raise Invalid(
                "They start on different tables, so no stored change concerns both.", code="different-tables"
            )
        log = LogId(int((await connection_named(conn, new.connection)).id))
    first, second = (_plan(graph) for graph in graphs)
    ops = tuple(dict.fromkeys((*old.events, *new.events)))
    found: list[DifferentEvent] = []
    read, back_to, deadline = 0, "", time.monotonic() + SCAN_S
    over = False
    async with asking(house.logs, log) as pool:
        since = await history_since(pool, new.table)
        while not over and read < SCAN and len(found) < limit and time.monotonic() < deadline:
            size = min(PAGE, SCAN - read)
            events = await newest_events(pool, log, new.table, ops, below=below, limit=size)
            over = len(events) < size
            seen: list[Related | None] = [None] * len(events)
            if first.leads or second.leads:
                async with transaction(house.engine) as conn:
                    seen = await related_now(house, conn, [first, second], events)
            judged = await asyncio.to_thread(_judge, first, second, events, seen)
            for event, both in zip(events, judged, strict=True):
                read, below, back_to = read + 1, int(event.id), event.at
                if both is None:
                    continue
                found.append(
                    DifferentEvent(
                        event_id=event.id,
                        log=log,
                        at=datetime.fromisoformat(event.at),
                        record_key=event.record_key,
                        op=event.op,
                        before=event.before,
                        after=event.after,
                        old=both[0],
                        new=both[1],
                    )
                )
                if len(found) == limit:
                    over = over and event is events[-1]
                    break
    return DifferentEvents(
        items=tuple(found),
        next=None if over else encode((below,)),
        read=read,
        back_to=datetime.fromisoformat(back_to) if back_to else None,
        history_since=since,
        related_now=bool(first.leads or second.leads),
    )


def _judge(
    old: Plan, new: Plan, events: Sequence[Event], seen: Sequence[Related | None]
) -> list[tuple[Decision, Decision] | None]:
    return [decisions(old, new, event, related) for event, related in zip(events, seen, strict=True)]


def _plan(graph: Graph) -> Plan:
    return compile_plan(RuleId(0), VersionId(0), graph)
