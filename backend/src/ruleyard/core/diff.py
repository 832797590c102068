"""What changed between two versions: each difference by node and field, and in words. Pure.

Knows documents, not where they are kept. Whether they can ever decide differently is `core/verdict.py`; on which
stored events they did, `core/sidebyside.py`. The SPA says `kind`, `field`, `old` and `new` in its own languages.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

import msgspec

from ruleyard.core.alike import alike, same_part
from ruleyard.core.deciding import branch_words
from ruleyard.core.graph import (
    Action,
    AnyWait,
    Choose,
    Condition,
    ForEach,
    Graph,
    Hours,
    Node,
    Policy,
    Trigger,
    Wait,
    Way,
)
from ruleyard.core.hours_words import policy_words
from ruleyard.core.in_effect import Switchable
from ruleyard.core.model import TableModel
from ruleyard.core.sentence import step_words, trigger_words, wait_words
from ruleyard.core.timing import timing_words
from ruleyard.core.types import EACH, FAILED, JSON, LATE, REFUSED, JSONObject
from ruleyard.core.verdict import ConditionVerdict, Verdict, condition_verdicts, verdict
from ruleyard.core.words import logic_words, value_words

ChangeKind = Literal["added", "removed", "changed"]
_EMPTY: Final = object()


class Change(msgspec.Struct, frozen=True):
    """One difference. `field` is a dotted path inside the node ("" for a whole node); `node` is "" for the rule."""

    kind: ChangeKind
    node: str
    field: str
    old: JSON
    new: JSON
    words: str


class Diff(msgspec.Struct, frozen=True):
    """`verdict` speaks of the whole, `conditions` of each condition that both have and that was changed."""

    changes: tuple[Change, ...]
    verdict: Verdict
    conditions: tuple[ConditionVerdict, ...]


def diff(old: Graph, new: Graph, table: TableModel | None = None) -> Diff:
    """From `old` to `new`. `table`: the live table of the trigger, for what its columns can be."""
    return Diff(tuple(_changes(old, new)), verdict(old, new, table), condition_verdicts(old, new, table))


def _changes(old: Graph, new: Graph) -> Iterator[Change]:
    for name in ("name", "description"):
        was, now = getattr(old, name), getattr(new, name)
        if was != now:
            yield Change(
                "changed", "", name, was, now, f"The {name} is now {_text(now)} (it was {_text(was)})."
            )
    for name in Policy.__struct_fields__:
        was, now = getattr(old.policy, name), getattr(new.policy, name)
        if was != now:
            label = name.replace("_", " ")
            yield Change(
                "changed",
                "",
                f"policy.{name}",
                _plain(was),
                _plain(now),
                f"{label} is now {_told(name, now)} (it was {_told(name, was)}).".capitalize(),
            )
    before = {node.id: node for node in old.nodes}
    after = {node.id: node for node in new.nodes}
    for node_id, node in before.items():
        if node_id not in after:
            yield Change("removed", node_id, "", _plain(node), None, f"Removed: {_named(node)}.")
    for node_id, node in after.items():
        earlier = before.get(node_id)
        if earlier is None:
            yield Change("added", node_id, "", None, _plain(node), f"Added: {_named(node)}.")
        elif type(earlier) is not type(node) or getattr(earlier, "do", "") != getattr(node, "do", ""):
            words = f"{_named(earlier)} became: {_named(node)}."
            yield Change("changed", node_id, "", _plain(earlier), _plain(node), words[0].upper() + words[1:])
        else:
            yield from _around(earlier, node)
            if not same_part(_bare(earlier), _bare(node)):
                yield from _inside(_bare(earlier), _bare(node))
    yield from _wiring(old, new)


def _around(old: Node, new: Node) -> Iterator[Change]:
    """What every step can have, whatever it does: switched off, a note."""
    was, now = getattr(old, "off", False), getattr(new, "off", False)
    if was != now:
        yield Change("changed", new.id, "off", was, now, f"Switched {'off' if now else 'on'}: {_named(new)}.")
    if old.note != new.note:
        words = f"The note of {_named(new)} is now {_text(new.note)} (it was {_text(old.note)})."
        yield Change("changed", new.id, "note", old.note, new.note, words)


def _bare(node: Node) -> Node:
    bare = msgspec.structs.replace(node, note="")
    return msgspec.structs.replace(bare, off=False) if isinstance(bare, Switchable) else bare


def _inside(old: Node, new: Node) -> Iterator[Change]:
    if isinstance(old, Condition) and isinstance(new, Condition):
        words = f"The condition is now: {logic_words(new.logic)} (it was: {logic_words(old.logic)})."
        yield Change("changed", new.id, "logic", old.logic, new.logic, words)
        return
    if isinstance(old, Choose) and isinstance(new, Choose):
        yield from _ways(old, new)
        return
    if isinstance(old, Wait) and isinstance(new, Wait):
        words = f"It now waits {new.amount} {new.unit} (it was {old.amount} {old.unit})."
        yield Change(
            "changed", new.id, "amount", f"{old.amount} {old.unit}", f"{new.amount} {new.unit}", words
        )
        return
    if isinstance(old, AnyWait) and isinstance(new, AnyWait):
        yield from _waits(old, new)
        return
    if isinstance(old, ForEach) and isinstance(new, ForEach):
        yield from _list(old, new)
        return
    if isinstance(old, Action) and isinstance(new, Action):
        yield from _limits(old, new)
        for path, was, now in _fields(old.fields, new.fields):
            words = f"To {step_words(new)}: {_label(path)} is now {_shown(now)} (it was {_shown(was)})."
            if was is _EMPTY:
                words = f"To {step_words(new)}: {_label(path)} is new: {_shown(now)}."
            elif now is _EMPTY:
                words = f"To {step_words(new)}: {_label(path)} is gone (it was {_shown(was)})."
            yield Change("changed", new.id, f"fields.{path}", _json(was), _json(now), words)
        return
    for name in new.__struct_fields__:
        was, now = getattr(old, name), getattr(new, name)
        if not alike(_plain(was), _plain(now)):
            words = f"{_trigger_field(name)} {_shown(_plain(now))} (it was {_shown(_plain(was))})."
            yield Change("changed", new.id, name, _plain(was), _plain(now), words)


def _limits(old: Action, new: Action) -> Iterator[Change]:
    """How long it waits for the other side, and how often it is tried."""
    for name, unit in (("timeout", "s"), ("tries", "tries")):
        was, now = getattr(old, name), getattr(new, name)
        if was != now:
            shown = [f"{one} {unit}" if one is not None else "as usual" for one in (now, was)]
            label = "it gives up after" if name == "timeout" else "at most"
            words = f"To {step_words(new)}: {label} {shown[0]} (it was {shown[1]})."
            yield Change("changed", new.id, name, was, now, words)


def _waits(old: AnyWait, new: AnyWait) -> Iterator[Change]:
    """Field by field, of two waits for the same kind of thing."""
    for name in new.__struct_fields__:
        was, now = (msgspec.to_builtins(getattr(one, name)) for one in (old, new))
        if not alike(was, now):
            words = f"It now says: {wait_words(new)} (it was: {wait_words(old)})."
            yield Change("changed", new.id, name, was, now, words)


def _list(old: ForEach, new: ForEach) -> Iterator[Change]:
    if not alike(old.over, new.over):
        words = f"It now goes through {logic_words(new.over)} (it was {logic_words(old.over)})."
        yield Change("changed", new.id, "over", old.over, new.over, words)
    if old.at_most != new.at_most:
        words = f"It now takes at most {new.at_most:,} items (it was {old.at_most:,})."
        yield Change("changed", new.id, "at_most", old.at_most, new.at_most, words)
    if old.on_item_error != new.on_item_error:
        words = "It now stops at the first item that fails."
        if new.on_item_error == "go_on":
            words = "It now goes on with the others where an item fails."
        yield Change("changed", new.id, "on_item_error", old.on_item_error, new.on_item_error, words)


def _ways(old: Choose, new: Choose) -> Iterator[Change]:
    """By way: gone, new, renamed, asks something else; and their order, for the first that holds wins."""
    before, after = ({way.key: way for way in node.ways} for node in (old, new))
    for key, way in before.items():
        if key not in after:
            words = f"The way {_way_words(way)} is gone: {logic_words(way.logic)}."
            yield Change("changed", new.id, f"ways.{key}", _plain(way), None, words)
    for key, way in after.items():
        was = before.get(key)
        if was is None:
            words = f"The way {_way_words(way)} is new: {logic_words(way.logic)}."
            yield Change("changed", new.id, f"ways.{key}", None, _plain(way), words)
            continue
        if was.name != way.name:
            words = f"The way {_way_words(was)} is now called {_way_words(way)}."
            yield Change("changed", new.id, f"ways.{key}.name", was.name, way.name, words)
        if not alike(was.logic, way.logic):
            words = f"The way {_way_words(way)} is now: {logic_words(way.logic)} (it was: {logic_words(was.logic)})."
            yield Change("changed", new.id, f"ways.{key}.logic", was.logic, way.logic, words)
    orders = [[key for key in ways if key in before and key in after] for ways in (before, after)]
    if orders[0] != orders[1]:
        shown = [", ".join(_way_words(way) for way in node.ways) for node in (new, old)]
        words = f"The ways are now asked in this order: {shown[0]} (it was: {shown[1]})."
        yield Change("changed", new.id, "order", [*before], [*after], words)


def _way_words(way: Way) -> str:
    return f'"{way.name or way.key}"'


def _as_was(was: object, now: object) -> bool:
    """Of values that may not be there."""
    return was is now or (_EMPTY not in (was, now) and alike(_plain(was), _plain(now)))


def _fields(old: JSONObject, new: JSONObject) -> Iterator[tuple[str, object, object]]:
    """Fields that differ; one level deeper in objects that are no expressions (`set.owner`)."""
    for name in dict.fromkeys((*old, *new)):
        was, now = old.get(name, _EMPTY), new.get(name, _EMPTY)
        if _as_was(was, now):
            continue
        if name in ("set", "payload", "headers") and isinstance(was, dict) and isinstance(now, dict):
            for key in dict.fromkeys((*was, *now)):
                if not _as_was(was.get(key, _EMPTY), now.get(key, _EMPTY)):
                    yield f"{name}.{key}", was.get(key, _EMPTY), now.get(key, _EMPTY)
        else:
            yield name, was, now


def _wiring(old: Graph, new: Graph) -> Iterator[Change]:
    ways = [{(edge.source, edge.branch): edge.target for edge in graph.edges} for graph in (old, new)]
    ids = [{node.id: node for node in graph.nodes} for graph in (old, new)]
    for place in dict.fromkeys((*ways[0], *ways[1])):
        source, branch = place
        was, now = ways[0].get(place), ways[1].get(place)
        if was == now or source not in ids[0] or source not in ids[1]:
            continue
        called = branch_words(ids[1][source], branch) or branch_words(ids[0][source], branch)
        on = _BESIDE.get(branch or "") or (f", on {called}," if branch else "")
        after = f"After {_named(ids[1][source])}{on}"
        goes = f"it goes to {_named(ids[1][now])}" if now else "nothing follows"
        went = _named(ids[0][was]) if was else "nothing"
        yield Change(
            "changed", source, f"edge.{branch or 'next'}", was, now, f"{after} {goes} (it was {went})."
        )


_BESIDE: Final = {
    FAILED: ", if it fails,",
    REFUSED: ", if it is refused,",
    LATE: ", if time runs out,",
    EACH: ", for each item,",
}


def _named(node: Node) -> str:
    if isinstance(node, Condition):
        return f"the condition {logic_words(node.logic)}"
    if isinstance(node, Choose):
        return f"the choice of {', '.join(_way_words(way) for way in node.ways)}"
    if isinstance(node, Trigger):
        words = trigger_words(node)
        return f"the trigger ({words[0].lower()}{words[1:]})"
    return step_words(node)


def _trigger_field(name: str) -> str:
    return {
        "events": "The trigger now listens to",
        "columns": "The trigger now listens to changes of the columns",
        "table": "The trigger is now on the table",
        "connection": "The trigger is now on the connection",
        "schedule": "The schedule is now",
    }.get(name, f"{name} is now")


def _label(path: str) -> str:
    return path.removeprefix("set.").replace("_", " ")


_ONCE: Final = {"record": "one run for each record", "day": "one run a day for each record"}


def _told(name: str, value: object) -> str:
    if name == "hours":
        return policy_words(value if isinstance(value, Hours) else None)
    if name == "once":
        return _ONCE.get(str(value), "every time")
    return timing_words(value)


def _plain(value: object) -> JSON:
    found: JSON = msgspec.to_builtins(list(value) if isinstance(value, tuple) else value)
    return found


def _json(value: object) -> JSON:
    return None if value is _EMPTY else _plain(value)


def _shown(value: object) -> str:
    if value is _EMPTY:
        return "nothing"
    plain = _plain(value)
    if isinstance(plain, list):
        return ", ".join(one if isinstance(one, str) else value_words(one) for one in plain) or "any"
    if isinstance(plain, dict) and len(plain) != 1:
        return ", ".join(f"{name} {value_words(one)}" for name, one in plain.items()) or "nothing"
    return logic_words(plain)


def _text(value: str) -> str:
    return f'"{value}"' if value else "empty"
