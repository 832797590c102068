"""How each kind of node is written: JSON object → typed node. One function per kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, get_args

from ruleyard.core.action_fields import field_kind
from ruleyard.core.approval import MOST_REMINDERS, UNITS, most_of
from ruleyard.core.due_dates import MOST_DAYS
from ruleyard.core.due_dates import problems as due_date_problems
from ruleyard.core.graph import (
    LONGEST_TIMEOUT_S,
    MOST_ITEMS,
    MOST_ITEMS_USUALLY,
    MOST_TRIES,
    Action,
    ChangeTrigger,
    Choose,
    Condition,
    DateTrigger,
    DaysOff,
    End,
    ForEach,
    ManualTrigger,
    Node,
    Schedule,
    ScheduleTrigger,
    Way,
    WebhookTrigger,
)
from ruleyard.core.json_field import expressions_in
from ruleyard.core.logic.problems import logic_problems
from ruleyard.core.logic.tree import pointer
from ruleyard.core.near import did_you_mean, suggested
from ruleyard.core.schedule_check import problems as schedule_problems
from ruleyard.core.shape_reader import Reader
from ruleyard.core.types import JSON, JSONObject, NodeId
from ruleyard.core.wait_shapes import read_wait
from ruleyard.core.webhook import event_type

Read = Callable[[Reader, JSONObject, NodeId, str], Node | None]

_OPERATIONS: Final = ("insert", "update", "delete")
_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_REPEATS: Final = ("minutes", "hours", "day", "weekday", "week", "month", "cron", "rrule")
_SCHEDULE: Final = (
    *("repeat", "zone", "every", "at", "days", "day", "cron", "missed"),
    *("nth", "start", "between", "rrule", "days_off"),
)
LONGEST_NOTE: Final = 1_000
LONGEST_WAY: Final = 80
"""Characters of the name of a way."""
MOST_WAYS: Final = 20
NO_KEYS: Final = ("yes", "no", "otherwise", "failed", "each", "next", "main")
"""What other ways out are called; no way of a choose has one of these as its key."""
_OF_ALL: Final = ("id", "kind", "note")
_OF_STEPS: Final = (*_OF_ALL, "off")


def read_node(read: Reader, item: JSONObject, node: NodeId, path: str) -> Node | None:
    """The typed node, None where it has problems (they are added)."""
    before = len(read.problems)
    kind = item.get("kind")
    if kind == "trigger":
        found = _trigger(read, item, node, path)
    elif isinstance(kind, str) and kind in _KINDS:
        found = _KINDS[kind](read, item, node, path)
    else:
        known = ("trigger", *_KINDS)
        words = f'There is no kind of node "{kind}".' if isinstance(kind, str) else 'A node needs a "kind".'
        hint = did_you_mean(kind, known) if isinstance(kind, str) else ""
        read.add(
            "unknown-node-kind",
            f"{path}/kind",
            f"{words}{hint} Known are: {', '.join(known)}.",
            node,
            choices=[*known],
            **suggested(kind, known),
        )
        return None
    return found if len(read.problems) == before else None


def _trigger(read: Reader, item: JSONObject, node: NodeId, path: str) -> Node | None:
    on = item.get("on")
    base, note = (*_OF_ALL, "on"), _note(read, item, node, path)
    if on == "change":
        read.known_keys(item, (*base, "connection", "table", "events", "columns"), path, node)
        events = read.words(item, "events", path, node, among=_OPERATIONS)
        if not events and isinstance(item.get("events", []), list) and not item.get("events"):
            read.add("no-events", f"{path}/events", "Say which changes: insert, update, delete.", node)
        connection = read.text(item, "connection", path, node, required=True)
        table = read.text(item, "table", path, node, required=True)
        columns = read.words(item, "columns", path, node)
        return ChangeTrigger(node, connection, table, events, columns, note=note)  # type: ignore[arg-type]
    if on == "schedule":
        read.known_keys(item, (*base, "schedule", "connection", "table"), path, node)
        schedule = read_schedule(read, item.get("schedule"), f"{path}/schedule", node)
        connection, table = _home(read, item, node, path)
        return (
            ScheduleTrigger(node, schedule, connection or None, table or None, note=note)
            if schedule
            else None
        )
    if on == "manual":
        read.known_keys(item, (*base, "connection", "table"), path, node)
        connection, table = _home(read, item, node, path)
        return ManualTrigger(node, connection or None, table or None, note=note)
    if on == "date":
        return _date_trigger(read, item, node, path)
    if on == "webhook":
        read.known_keys(item, (*base, "sample", "event"), path, node)
        return WebhookTrigger(
            node, item.get("sample"), event_type(read.text(item, "event", path, node)), note=note
        )
    words = ("change", "schedule", "date", "webhook", "manual")
    hint = did_you_mean(on, words) if isinstance(on, str) else ""
    said, args = f'"on" is one of: {", ".join(words)}.{hint}', suggested(on, words)
    read.add("unknown-trigger", f"{path}/on", said, node, choices=[*words], **args)
    return None


def _date_trigger(read: Reader, item: JSONObject, node: NodeId, path: str) -> Node | None:
    known = ("connection", "table", "column", "amount", "unit", "side", "at", "zone", "yearly")
    before = len(read.problems)
    read.known_keys(item, (*_OF_ALL, "on", *known), path, node)
    connection, table, column = (
        read.text(item, key, path, node, required=True) for key in ("connection", "table", "column")
    )
    amount = (
        read.whole(item, "amount", path, 0, MOST_DAYS, node, code="bad-schedule") if "amount" in item else 0
    )
    unit: Any = read.word(item, "unit", path, ("days", "working_days"), "days", node)
    side: Any = read.word(item, "side", path, ("before", "after"), "before", node)
    yearly = read.flag(item, "yearly", path, node)
    at = read.text(item, "at", path, node) if "at" in item else "09:00"
    zone = read.text(item, "zone", path, node) if "zone" in item else "UTC"
    if len(read.problems) > before or amount is None:
        return None
    note = _note(read, item, node, path)
    trigger = DateTrigger(node, connection, table, column, amount, unit, side, at, zone, yearly, note=note)
    for problem in due_date_problems(trigger, path):
        read.add(problem.code, problem.path, problem.message, node, **problem.args)
    return trigger


def _home(read: Reader, item: JSONObject, node: NodeId, path: str) -> tuple[str, str]:
    """Connection and table: both or neither."""
    connection = read.text(item, "connection", path, node)
    table = read.text(item, "table", path, node)
    if bool(connection) != bool(table):
        missing = "table" if connection else "connection"
        words = "Give both a connection and a table, or neither."
        read.add("missing-text", f"{path}/{missing}", words, node, key=missing)
    return connection, table


def read_schedule(read: Reader, raw: JSON, path: str, node: str | None = None) -> Schedule | None:
    """The schedule of a trigger or of a preview request."""
    if not isinstance(raw, dict):
        read.add("bad-schedule", path, 'A schedule is a JSON object with "repeat".', node, part="repeat")
        return None
    before = len(read.problems)
    read.known_keys(raw, _SCHEDULE, path, node)
    repeat: Any = read.word(raw, "repeat", path, _REPEATS, "", node)
    every = read.whole(raw, "every", path, 1, 1_440, node, code="bad-schedule") if "every" in raw else None
    day = read.whole(raw, "day", path, -1, 31, node, code="bad-schedule") if "day" in raw else None
    days: Any = read.words(raw, "days", path, node, among=_DAYS)
    missed: Any = read.word(raw, "missed", path, ("skip", "last", "all"), "last", node)
    zone = read.text(raw, "zone", path, node) if "zone" in raw else "UTC"
    at = read.text(raw, "at", path, node) or None
    cron = read.text(raw, "cron", path, node) or None
    nth = read.whole(raw, "nth", path, -1, 4, node, code="bad-schedule") if "nth" in raw else None
    start = read.text(raw, "start", path, node) or None
    rule = read.text(raw, "rrule", path, node) or None
    between = _between(read, raw, path, node)
    days_off: Any = read.word(raw, "days_off", path, get_args(DaysOff), "run", node)
    if len(read.problems) > before:
        return None
    schedule = Schedule(repeat, zone, every, at, days, day, cron, missed, nth, start, between, rule, days_off)
    for problem in schedule_problems(schedule, path):
        read.add(problem.code, problem.path, problem.message, node, **problem.args)
    return schedule if len(read.problems) == before else None


def _between(read: Reader, raw: JSONObject, path: str, node: str | None) -> tuple[str, str] | None:
    match raw.get("between"):
        case None:
            return None
        case [str(opens), str(closes)]:
            return opens, closes
    read.add("bad-schedule", f"{path}/between", 'Say the hours as ["09:00", "18:00"].', node, part="between")
    return None


def _note(read: Reader, item: JSONObject, node: NodeId, path: str) -> str:
    return read.text(item, "note", path, node, longest=LONGEST_NOTE)


def _off(read: Reader, item: JSONObject, node: NodeId, path: str) -> bool:
    return read.flag(item, "off", path, node)


def _condition(read: Reader, item: JSONObject, node: NodeId, path: str) -> Node | None:
    read.known_keys(item, (*_OF_STEPS, "logic"), path, node)
    off, note = _off(read, item, node, path), _note(read, item, node, path)
    if "logic" not in item:
        read.add("no-logic", f"{path}/logic", "Say when this condition holds.", node)
        return None
    if not off:
        read.problems.extend(logic_problems(item["logic"], f"{path}/logic", node))
    return Condition(node, item["logic"], off=off, note=note)


def _choose(read: Reader, item: JSONObject, node: NodeId, path: str) -> Node | None:
    read.known_keys(item, (*_OF_STEPS, "ways"), path, node)
    off, note = _off(read, item, node, path), _note(read, item, node, path)
    raw = item.get("ways")
    if not isinstance(raw, list):
        read.add("not-a-list", f"{path}/ways", '"ways" is a list of ways.', node, key="ways")
        return None
    if not 1 <= len(raw) <= MOST_WAYS:
        words = f"A choose has 1 to {MOST_WAYS} ways, this one has {len(raw)}."
        read.add("bad-ways", f"{path}/ways", words, node, most=MOST_WAYS, count=len(raw))
        return None
    ways = [_way(read, one, node, f"{path}/ways/{index}", off) for index, one in enumerate(raw)]
    keys = [way.key for way in ways if way and way.key]
    for index, way in enumerate(ways):
        if way and keys.count(way.key) > 1:
            words = f'Two ways have the key "{way.key}".'
            read.add("bad-way-key", f"{path}/ways/{index}/key", words, node, key=way.key)
    return Choose(node, tuple(way for way in ways if way), off=off, note=note)


def _way(read: Reader, item: JSON, node: NodeId, path: str, off: bool) -> Way | None:
    if not isinstance(item, dict):
        read.add("not-an-object", path, "A way is a JSON object.", node)
        return None
    read.known_keys(item, ("key", "name", "logic"), path, node)
    key = read.text(item, "key", path, node, required=True, longest=40)
    if key and (not read.is_id(key) or key in NO_KEYS):
        words = (
            f"A key has letters, digits, - and _, begins with a letter and is none of: {', '.join(NO_KEYS)}."
        )
        read.add("bad-way-key", f"{path}/key", words, node, key=key)
    name = read.text(item, "name", path, node, longest=LONGEST_WAY) if item.get("name") != "" else ""
    if "logic" not in item:
        read.add("no-logic", f"{path}/logic", "Say when this way is taken.", node)
        return None
    if not off:
        read.problems.extend(logic_problems(item["logic"], f"{path}/logic", node))
    return Way(key, item["logic"], name)


def _action(read: Reader, item: JSONObject, node: NodeId, path: str) -> Node | None:
    read.known_keys(item, (*_OF_STEPS, "do", "fields", "timeout", "tries"), path, node)
    off, note = _off(read, item, node, path), _note(read, item, node, path)
    timeout = tries = None
    if "timeout" in item:
        timeout = read.whole(item, "timeout", path, 1, LONGEST_TIMEOUT_S, node, code="timeout-out-of-range")
    if "tries" in item:
        tries = read.whole(item, "tries", path, 1, MOST_TRIES, node, code="tries-out-of-range")
    do = read.text(item, "do", path, node, required=True)
    fields = item.get("fields", {})
    if not isinstance(fields, dict):
        read.add("not-an-object", f"{path}/fields", "The fields of an action are a JSON object.", node)
        return None
    for name, value in fields.items():
        at, kind = pointer(f"{path}/fields", name), field_kind(do, name)
        if kind in ("named", "columns"):
            if not isinstance(value, dict):
                read.add("not-an-object", at, f'"{name}" is an object: name → value.', node, field=name)
                continue
            for key, expression in value.items() if not off else ():
                read.problems.extend(logic_problems(expression, pointer(at, key), node))
        elif kind in ("expression", "html", "where"):
            read.problems.extend(() if off else logic_problems(value, at, node))
        elif kind == "json":
            for way, expression in expressions_in(value) if not off else ():
                read.problems.extend(logic_problems(expression, pointer(at, *way), node))
        elif kind == "rule":
            _rule_ref(read, value, at, node)
        elif kind == "span":
            _span(read, value, at, node, name)
        elif kind == "flag":
            read.flag(fields, name, f"{path}/fields", node)
        elif kind in ("connection", "table", "word", "text", "zone") and not isinstance(value, str):
            read.add("missing-text", at, f'"{name}" is plain text.', node, key=name, field=name)
    return Action(node, do, fields, timeout=timeout, tries=tries, off=off, note=note)


def _rule_ref(read: Reader, value: JSON, at: str, node: NodeId) -> None:
    """Another rule, by its id, its name, or both; {} where it is still to be chosen."""
    if not isinstance(value, dict):
        read.add("not-an-object", at, 'Another rule is an object: {"id": 7, "name": "Call back"}.', node)
        return
    read.known_keys(value, ("id", "name"), at, node)
    if "id" in value:
        read.whole(value, "id", at, 1, 2**53, node)
    read.text(value, "name", at, node)


def _span(read: Reader, item: JSON, path: str, node: NodeId, name: str) -> None:
    if not isinstance(item, dict):
        read.add("not-an-object", path, f'"{name}" is an object: amount and unit.', node, field=name)
        return
    times = ("times",) if name == "remind" else ()
    read.known_keys(item, ("amount", "unit", *times), path, node)
    unit = read.word(item, "unit", path, tuple(UNITS), "", node)
    read.whole(item, "amount", path, 1, most_of(unit), node, code="wait-out-of-range")
    if "times" in item:
        read.whole(item, "times", path, 1, MOST_REMINDERS, node)


def _wait(read: Reader, item: JSONObject, node: NodeId, path: str) -> Node | None:
    off, note = _off(read, item, node, path), _note(read, item, node, path)
    return read_wait(read, item, node, path, off=off, note=note)


def _for_each(read: Reader, item: JSONObject, node: NodeId, path: str) -> Node | None:
    read.known_keys(item, (*_OF_STEPS, "over", "at_most", "on_item_error"), path, node)
    off, note = _off(read, item, node, path), _note(read, item, node, path)
    if "over" not in item:
        read.add("no-list", f"{path}/over", "Say which list is gone through.", node)
        return None
    if not off:
        read.problems.extend(logic_problems(item["over"], f"{path}/over", node))
    most: int | None = MOST_ITEMS_USUALLY
    if "at_most" in item:
        most = read.whole(item, "at_most", path, 1, MOST_ITEMS, node, code="items-out-of-range")
    then: Any = read.word(item, "on_item_error", path, ("go_on", "stop"), "go_on", node)
    return None if most is None else ForEach(node, item["over"], most, then, off=off, note=note)


def _end(read: Reader, item: JSONObject, node: NodeId, path: str) -> Node | None:
    read.known_keys(item, _OF_ALL, path, node)
    return End(node, note=_note(read, item, node, path))


_KINDS: Final[dict[str, Read]] = {
    "condition": _condition,
    "choose": _choose,
    "action": _action,
    "wait": _wait,
    "for_each": _for_each,
    "end": _end,
}
