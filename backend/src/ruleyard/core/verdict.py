"""Can two versions ever decide differently? A proof that they cannot, a made-up change that separates them, or neither.

Pure. Tries one record for each region that the comparisons of both cut out (`core/grid.py`), and only records that the
trigger can hand over: an update has both rows, an insert no row before, a delete none after.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final, Literal

import msgspec

from ruleyard.core.alike import alike, same_part
from ruleyard.core.deciding import Test, deciding_in, tests_of
from ruleyard.core.graph import Action, ChangeTrigger, Choose, Deciding, Graph, Node, Policy, Trigger
from ruleyard.core.grid import FREE, Courses, Grid, grid, logics_of, walker
from ruleyard.core.in_effect import in_effect
from ruleyard.core.logic.compile import Compiled
from ruleyard.core.logic.values import truthy
from ruleyard.core.model import TableModel
from ruleyard.core.types import JSON, JSONObject, NodeId
from ruleyard.core.words import value_words

Outcome = Literal["equivalent", "different", "unknown"]
VerdictCode = Literal[
    "untouched",
    "proven",
    "separated",
    "other-content",
    "other-start",
    "other-timing",
    "not-a-change",
    "too-many",
    "doubtful",
]
Answer = Literal["yes", "no", "error"]

WORDS: Final[dict[VerdictCode, str]] = {
    "untouched": "Nothing that decides was changed.",
    "proven": "They do the same on every change: proven by trying every way it can come out.",
    "separated": "They differ, for example on a record with {record}.",
    "other-content": "They take the same steps for the same records; what the steps say or write differs.",
    "other-start": "They start on different things, so what follows is not compared.",
    "other-timing": "They decide alike, but not each change that starts one of them starts a run of the other, too.",
    "not-a-change": "Only rules that start on a change are tried on made-up records.",
    "too-many": "There are too many ways to try them all.",
    "doubtful": "They may differ, but a comparison cannot be reasoned about: see the stored changes.",
}
"""Every code of a verdict in English; the SPA has them in each language."""


class Verdict(msgspec.Struct, frozen=True):
    """Can the two versions ever do different things on the same change?

    `equivalent` is a proof. `different` comes with a made-up change (`before`, `after`: the columns that matter) and
    the steps that each version takes on it. Else `unknown`.
    """

    outcome: Outcome
    code: VerdictCode
    words: str
    before: JSONObject | None = None
    after: JSONObject | None = None
    old_steps: tuple[NodeId, ...] = ()
    new_steps: tuple[NodeId, ...] = ()


class ConditionVerdict(msgspec.Struct, frozen=True):
    """The same of one condition on its own: what the old and the new one say to the made-up record.

    `way`: the key of the way, where the condition is one of a choose; else "".
    """

    node: NodeId
    outcome: Outcome
    code: VerdictCode
    words: str
    before: JSONObject | None = None
    after: JSONObject | None = None
    old: Answer | None = None
    new: Answer | None = None
    way: str = ""


def verdict(old: Graph, new: Graph, table: TableModel | None = None) -> Verdict:
    """A proof that both do the same on every change, a made-up change that separates them, or neither."""
    old, new = in_effect(old), in_effect(new)
    a, b = old.trigger, new.trigger
    if not same_part(msgspec.structs.replace(a, id=b.id, note=b.note), b):
        return _verdict("unknown", "other-start")
    if _same_steps(old, new) and set(old.edges) == set(new.edges):
        return _alike(old.policy, new.policy, "untouched")
    if not isinstance(b, ChangeTrigger):
        return _verdict("unknown", "not-a-change")
    made = _grid([*logics_of(old), *logics_of(new)], b, table)
    if made is None:
        return _verdict("unknown", "too-many")
    first, second = walker(old, made), walker(new, made, len(logics_of(old)))
    works, kinds = (_Contents(old), _Contents(new)), (_kinds(old), _kinds(new))
    known: tuple[Courses, Courses] = ({}, {})
    other: Verdict | None = None
    doubtful = False
    for data in _points(made, b, table):
        if first.course(data, works[0], known[0]) == second.course(data, works[1], known[0]):
            continue
        if made.free:
            doubtful = True
            continue
        (_, left, _), (_, right, _) = first.walk(data), second.walk(data)
        alike = first.course(data, kinds[0], known[1]) == second.course(data, kinds[1], known[1])
        code: VerdictCode = "other-content" if alike else "separated"
        found = _verdict("different", code, data, tuple(left), tuple(right))
        if code == "separated":
            return found
        other = other or found
    if doubtful:
        return _verdict("unknown", "doubtful")
    return other or _alike(old.policy, new.policy, "proven")


def _alike(old: Policy, new: Policy, code: VerdictCode) -> Verdict:
    """Of versions that decide alike on each change: quiet, lists and hours that skip say which changes get a run."""
    if _taken(old) == _taken(new):
        return _verdict("equivalent", code)
    return _verdict("unknown", "other-timing")


def _taken(policy: Policy) -> tuple[object, ...]:
    skips = policy.hours if policy.hours is not None and policy.hours.outside == "skip" else None
    return policy.settle, policy.batch, skips, policy.once


def condition_verdicts(
    old: Graph, new: Graph, table: TableModel | None = None
) -> tuple[ConditionVerdict, ...]:
    """One for each condition, or way of a choose, that both versions have and that reads differently."""
    old, new = in_effect(old), in_effect(new)
    before = {(node.id, test.branch): test.logic for node in deciding_in(old) for test in tests_of(node)}
    return tuple(
        _condition(before[node.id, test.branch], node, test, new.trigger, table)
        for node in deciding_in(new)
        for test in tests_of(node)
        if not alike(before.get((node.id, test.branch), test.logic), test.logic)
    )


def _condition(
    was: JSON, node: Deciding, test: Test, trigger: Trigger, table: TableModel | None
) -> ConditionVerdict:
    way = test.branch if isinstance(node, Choose) else ""
    made = _grid([was, test.logic], trigger, table)
    if made is None:
        return ConditionVerdict(node.id, "unknown", "too-many", WORDS["too-many"], way=way)
    first, second = made.conditions
    doubtful = False
    for data in _points(made, trigger, table):
        left, right = _answer(first, data), _answer(second, data)
        if left == right:
            continue
        if made.free:
            doubtful = True
            continue
        words = f"{_said('separated', data)[:-1]}: the old one says {left}, the new one {right}."
        before, after = _rows(data)
        return ConditionVerdict(node.id, "different", "separated", words, before, after, left, right, way)
    if doubtful:
        return ConditionVerdict(node.id, "unknown", "doubtful", WORDS["doubtful"], way=way)
    return ConditionVerdict(node.id, "equivalent", "proven", "These two mean the same: proven.", way=way)


def contents(graph: Graph, steps: Sequence[NodeId]) -> list[JSON]:
    """What the steps do, without their names."""
    return [_content(graph.node(node_id)) for node_id in steps]


class _Contents:
    """By step, what it does, without its name; looked at once."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._known: dict[NodeId, bytes] = {}

    def __call__(self, node_id: NodeId) -> bytes:
        if node_id not in self._known:
            self._known[node_id] = msgspec.json.encode(_content(self._graph.node(node_id)), order="sorted")
        return self._known[node_id]


def _kinds(graph: Graph) -> Callable[[NodeId], tuple[NodeId, str]]:
    kinds = {node.id: _kind(node) for node in graph.nodes}
    return lambda node_id: (node_id, kinds[node_id])


def same_steps(old: Graph, left: Sequence[NodeId], new: Graph, right: Sequence[NodeId]) -> bool:
    """Do they take the same way? A step that says or writes something else is still the same step."""
    if alike(contents(old, left), contents(new, right)):
        return True
    return list(left) == list(right) and all(_kind(old.node(one)) == _kind(new.node(one)) for one in left)


def _kind(node: Node) -> str:
    return node.do if isinstance(node, Action) else type(node).__name__


def _content(node: Node) -> JSON:
    if isinstance(node, Action):
        return [node.do, node.fields]
    found: JSON = msgspec.to_builtins(msgspec.structs.replace(node, id=NodeId(""), note=""))
    return found


def _answer(condition: Compiled, data: JSON) -> Answer:
    outcome = condition.evaluate(data)
    if outcome.error:
        return "error"
    return "yes" if truthy(outcome.value) else "no"


def _grid(logics: Sequence[JSON], trigger: Trigger, table: TableModel | None) -> Grid | None:
    events = set(trigger.events) if isinstance(trigger, ChangeTrigger) else set[str]()
    absent = "before" if events == {"insert"} else "after" if events == {"delete"} else ""
    sometimes = ("before", "after") if "delete" in events else ("before",)
    return grid(logics, table, absent=absent, sometimes=sometimes)


def _points(made: Grid, trigger: Trigger, table: TableModel | None) -> Iterator[JSONObject]:
    """The points of the grid that can come about."""
    filled = {column.name for column in table.columns if not column.nullable} if table else set[str]()
    return (data for data in made.points() if _possible(data, trigger, filled))


def _possible(data: JSONObject, trigger: Trigger, filled: set[str]) -> bool:
    before, after = (row or {} for row in _rows(data))
    gone = all(value is None for value in before.values()), all(value is None for value in after.values())
    whole = [all(row[name] is not None for name in filled & row.keys()) for row in (before, after)]
    if not isinstance(trigger, ChangeTrigger) and trigger.table:
        return all(_same_value(value, after.get(name, value)) for name, value in before.items())
    if not isinstance(trigger, ChangeTrigger):
        return True
    if "insert" in trigger.events and gone[0] and whole[1]:
        return True
    if "delete" in trigger.events and gone[1] and whole[0]:
        return True
    return "update" in trigger.events and all(whole) and _touches(trigger, before, after)


def _touches(trigger: ChangeTrigger, before: JSONObject, after: JSONObject) -> bool:
    """Can this be an update of one of the trigger's columns?"""
    return not trigger.columns or any(
        name not in before or name not in after or not _same_value(before[name], after[name])
        for name in trigger.columns
    )


def _same_value(a: JSON, b: JSON) -> bool:
    return isinstance(a, bool) == isinstance(b, bool) and a == b


def _rows(data: JSONObject) -> tuple[JSONObject | None, JSONObject | None]:
    before, after = data["before"], data["after"]
    return (before if isinstance(before, dict) else None), (after if isinstance(after, dict) else None)


def _verdict(
    outcome: Outcome,
    code: VerdictCode,
    data: JSONObject | None = None,
    old_steps: tuple[NodeId, ...] = (),
    new_steps: tuple[NodeId, ...] = (),
) -> Verdict:
    before, after = _rows(data) if data else (None, None)
    return Verdict(outcome, code, _said(code, data), before, after, old_steps, new_steps)


def _said(code: VerdictCode, data: JSONObject | None) -> str:
    return WORDS[code].replace("{record}", _record_words(data) if data else "")


def _steps(graph: Graph) -> dict[NodeId, Node]:
    """Without what decides nothing: notes, how long and how often an action is tried."""
    return {node.id: _bare(node) for node in graph.nodes if not isinstance(node, Trigger)}


def _bare(node: Node) -> Node:
    bare = msgspec.structs.replace(node, note="")
    return msgspec.structs.replace(bare, timeout=None, tries=None) if isinstance(bare, Action) else bare


def _same_steps(old: Graph, new: Graph) -> bool:
    before, after = _steps(old), _steps(new)
    return before.keys() == after.keys() and all(same_part(before[one], after[one]) for one in before)


def _record_words(data: JSONObject) -> str:
    """`status "won" and attempts 3`, without the free facts."""
    parts = []
    for root, suffix in (("after", ""), ("before", " before")):
        row = data.get(root)
        if isinstance(row, dict) and root != FREE:
            parts += [f"{name.replace('_', ' ')} {value_words(value)}{suffix}" for name, value in row.items()]
    return " and ".join(parts) or "anything in it"
