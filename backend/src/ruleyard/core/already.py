"""Records that already match when a rule goes on: may anybody ask about them, and as which change are they judged?

A record is judged as if what the rule watches had just come from nothing. Pure; reads no record and opens no run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, Literal, TypeAlias

from ruleyard.core.cut import ROOTS
from ruleyard.core.deciding import deciding_in, tests_of
from ruleyard.core.event import Event
from ruleyard.core.gates import Gate, gates_of, holds, stands
from ruleyard.core.graph import (
    ChangeTrigger,
    DateTrigger,
    Graph,
    ManualTrigger,
    ScheduleTrigger,
    WebhookTrigger,
)
from ruleyard.core.in_effect import in_effect
from ruleyard.core.mentions import objects_in
from ruleyard.core.related import leads_of, reads_of
from ruleyard.core.types import JSON, EventId, JSONObject, LogId

NoQuestion: TypeAlias = Literal["schedule", "webhook", "manual", "deletes", "before", "nothing"]
"""Why nobody is asked: the rule starts by the clock, or by hand; on deletes alone; it asks for a value that a watched
column had before; or it never does anything.
"""

CAUSE: Final = "already:"
"""Before the number of the catch-up that an event was made for (`Event.cause`)."""


VISIT: Final = "visit:"
"""The same for a record that a schedule visits."""


def no_question(graph: Graph) -> NoQuestion | None:
    """None where records may match already: of a date, where their moment has passed."""
    trigger = graph.trigger
    match trigger:
        case ScheduleTrigger():
            return "schedule"
        case DateTrigger():
            return "nothing" if gates_of(in_effect(graph)) is None else None
        case WebhookTrigger():
            return "webhook"
        case ManualTrigger():
            return "manual"
        case ChangeTrigger():
            if not {"insert", "update"} & set(trigger.events):
                return "deletes"
    gates = gates_of(in_effect(graph))
    if gates is None:
        return "nothing"
    empty = _emptied(trigger)
    return "before" if any(_never(gate, empty) for gate in gates) else None


def as_change(
    trigger: ChangeTrigger,
    record: JSONObject,
    *,
    key: JSONObject,
    log: LogId,
    event_id: EventId,
    lane: int,
    at: str,
    cause: str = "",
    actor: str | None = None,
    more: bool = False,
) -> Event | None:
    """The change that the record is judged as; None where all that the rule watches is empty in it.

    `more`: a column of the record that was not read has a value.

    A rule that watches columns, or hears of updates alone: they had no value before. Any other: the record is new.
    """
    before: JSONObject | None = None
    changed: tuple[str, ...] = ()
    if _as_update(trigger):
        watched = trigger.columns or [name for name in record if name not in key]
        changed = tuple(sorted(name for name in watched if record.get(name) is not None))
        if not changed and (trigger.columns or not more):
            return None
        before = {**record, **dict.fromkeys(changed)}
    return Event(
        log=log,
        id=event_id,
        lane=lane,
        table=trigger.table,
        op="update" if before is not None else "insert",
        key=key,
        at=at,
        before=before,
        after=record,
        changed=changed,
        actor=actor,
        cause=cause or None,
    )


def columns_judged(graph: Graph) -> frozenset[str] | None:
    """The columns of a record that decide whether the rule fires on it, the key apart; None: all of them.

    Perhaps more than that, never fewer.
    """
    acting, trigger = in_effect(graph), graph.trigger
    found: set[str] = set(leads_of(reads_of(acting)))
    if isinstance(trigger, ChangeTrigger):
        found |= {*trigger.columns}
    for node in deciding_in(acting):
        for test in tests_of(node):
            named = _columns_in(test.logic)
            if named is None:
                return None
            found |= named
    return frozenset(found)


_READERS: Final = ("var", "missing", "missing_some")


def _columns_in(logic: JSON) -> set[str] | None:
    """None where it reads a whole record, or by a name that is made while judging."""
    found: set[str] = set()
    for one in objects_in(logic):
        for operator in _READERS:
            if operator not in one:
                continue
            for path in _first(one[operator]) if operator == "var" else _leaves(one[operator]):
                root, _, rest = str(path).partition(".")
                if isinstance(path, dict) or root == "changed" or (root in ("", *ROOTS) and not rest):
                    return None
                if root in ROOTS:
                    found.add(rest.partition(".")[0])
    return found


def _first(body: JSON) -> tuple[JSON]:
    """The path of a `var`, without what stands in where there is nothing."""
    return ((body[0] if body else "") if isinstance(body, list) else body,)


def _leaves(body: JSON) -> Iterable[JSON]:
    if not isinstance(body, list):
        return (body,)
    return (leaf for one in body for leaf in _leaves(one))


def as_visit(
    record: JSONObject,
    *,
    table: str,
    key: JSONObject,
    log: LogId,
    event_id: EventId,
    lane: int,
    at: str,
    cause: str | None = None,
) -> Event:
    """A schedule looks at the record: nothing changed, and nobody did it."""
    return Event(
        log=log, id=event_id, lane=lane, table=table, op="tick", key=key, at=at, after=record, cause=cause
    )


def _as_update(trigger: ChangeTrigger) -> bool:
    return "update" in trigger.events and (bool(trigger.columns) or "insert" not in trigger.events)


def _emptied(trigger: ChangeTrigger) -> Callable[[str], bool]:
    """Has this column certainly no value before? A key has one, and what is not watched."""
    if not _as_update(trigger):
        return lambda _: True
    return lambda name: name in trigger.columns


def _never(gate: Gate, empty: Callable[[str], bool]) -> bool:
    """Does it ask for a value that there certainly was not?"""
    needs = (*gate.ways, *gate.guards)
    return (
        all(one.path[0] == "before" and empty(one.path[1]) for one in needs)
        and all(holds(guard.kind, None) for guard in gate.guards)
        and not any(stands(way, None) for way in gate.ways)
    )
