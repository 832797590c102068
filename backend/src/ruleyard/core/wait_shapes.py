"""How the four kinds of wait are written: JSON object → typed node. Which kind it is follows from its keys."""

from __future__ import annotations

from typing import Any, Final

from ruleyard.core.graph import (
    SECONDS,
    AtMost,
    Node,
    Schedule,
    Wait,
    WaitEvent,
    WaitRecord,
    WaitUntil,
)
from ruleyard.core.logic.problems import logic_problems
from ruleyard.core.schedule_check import problems as schedule_problems
from ruleyard.core.shape_reader import Reader
from ruleyard.core.types import JSON, JSONObject, NodeId
from ruleyard.core.webhook import event_type

LONGEST_WAIT_S: Final = 366 * 86_400
LONGEST_EVENT: Final = 200
_UNITS: Final = tuple(SECONDS)
_BASE: Final = ("id", "kind", "note", "off")


def read_wait(
    read: Reader, item: JSONObject, node: NodeId, path: str, *, off: bool, note: str
) -> Node | None:
    """A wait until a date has `until`, one for an event `event`, one for the record `logic`; else it has `amount`."""
    if "until" in item:
        return _until(read, item, node, path, off=off, note=note)
    if "event" in item:
        return _event(read, item, node, path, off=off, note=note)
    if "logic" in item:
        return _record(read, item, node, path, off=off, note=note)
    read.known_keys(item, (*_BASE, "amount", "unit"), path, node)
    span = _span(read, item, path, node)
    return Wait(node, span.amount, span.unit, off=off, note=note) if span else None


def _span(read: Reader, item: JSONObject, path: str, node: NodeId, *, least: int = 1) -> AtMost | None:
    unit: Any = read.word(item, "unit", path, _UNITS, "seconds" if least else "days", node)
    highest = LONGEST_WAIT_S // SECONDS[unit]
    amount = read.whole(item, "amount", path, least, highest, node, code="wait-out-of-range")
    return AtMost(amount, unit) if amount is not None else None


def _at_most(read: Reader, item: JSONObject, path: str, node: NodeId) -> AtMost | None:
    raw = item.get("at_most")
    if not isinstance(raw, dict):
        words = 'Say how long it waits at most: {"amount": 3, "unit": "days"}.'
        read.add("no-time-out", f"{path}/at_most", words, node)
        return None
    read.known_keys(raw, ("amount", "unit"), f"{path}/at_most", node)
    return _span(read, raw, f"{path}/at_most", node)


def _until(read: Reader, item: JSONObject, node: NodeId, path: str, *, off: bool, note: str) -> Node | None:
    read.known_keys(item, (*_BASE, "until", "amount", "unit", "side", "at", "zone"), path, node)
    before = len(read.problems)
    span = _span(read, item, path, node, least=0) if "amount" in item else AtMost(0, "days")
    side: Any = read.word(item, "side", path, ("before", "after"), "before", node)
    at = read.text(item, "at", path, node) if "at" in item else "09:00"
    zone = read.text(item, "zone", path, node) if "zone" in item else "UTC"
    if not off:
        _logic(read, item["until"], f"{path}/until", node)
    if len(read.problems) > before or span is None:
        return None
    for problem in schedule_problems(Schedule("day", zone, at=at), path):
        read.add(problem.code, problem.path, problem.message, node, **problem.args)
    return WaitUntil(node, item["until"], span.amount, span.unit, side, at, zone, off=off, note=note)


def _event(read: Reader, item: JSONObject, node: NodeId, path: str, *, off: bool, note: str) -> Node | None:
    read.known_keys(item, (*_BASE, "event", "where", "sample", "at_most"), path, node)
    event = event_type(read.text(item, "event", path, node, required=True, longest=LONGEST_EVENT))
    where = item.get("where", True)
    if not off:
        _logic(read, where, f"{path}/where", node)
    most = _at_most(read, item, path, node)
    return WaitEvent(node, event, most, where, item.get("sample"), off=off, note=note) if most else None


def _record(read: Reader, item: JSONObject, node: NodeId, path: str, *, off: bool, note: str) -> Node | None:
    read.known_keys(item, (*_BASE, "logic", "at_most"), path, node)
    if not off:
        _logic(read, item["logic"], f"{path}/logic", node)
    most = _at_most(read, item, path, node)
    return WaitRecord(node, item["logic"], most, off=off, note=note) if most else None


def _logic(read: Reader, logic: JSON, path: str, node: NodeId) -> None:
    read.problems.extend(logic_problems(logic, path, node))
