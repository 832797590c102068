"""Check a wait: the date that it waits for, what it asks of an event or of the record."""

from __future__ import annotations

from typing import Final

from ruleyard.core.errors import Problem
from ruleyard.core.graph import AnyWait, Graph, WaitEvent, WaitRecord, WaitUntil
from ruleyard.core.logic.facts import Facts
from ruleyard.core.logic.naming import Unknown
from ruleyard.core.logic.problems import root_of
from ruleyard.core.logic.typecheck import Scope
from ruleyard.core.logic.types import ANY, Type
from ruleyard.core.model import Known
from ruleyard.core.names import RuleNames
from ruleyard.core.samples import in_sample
from ruleyard.core.types import JSON
from ruleyard.core.wait_for import RECEIVED
from ruleyard.core.webhook import as_data

_DATES: Final = frozenset({"date", "timestamp"})


def check_wait(
    node: AnyWait, path: str, graph: Graph, names: RuleNames, known: Known, facts: Facts
) -> list[Problem]:
    """All problems of the wait at `path`. `facts`: what is not null on every way here."""
    if isinstance(node, WaitUntil):
        return _until(node, path, names, facts)
    if isinstance(node, WaitEvent):
        return _typed(node.where, f"{path}/where", node, _EventNames(names, node.sample), facts)[0]
    if isinstance(node, WaitRecord):
        return [*_record_home(node, path, graph, known), *_record(node, path, names, facts)]
    return []


def _until(node: WaitUntil, path: str, names: RuleNames, facts: Facts) -> list[Problem]:
    at = f"{path}/until"
    problems, found = _typed(node.until, at, node, names, facts)
    if found is None or found.told or problems:
        return problems
    if found.nullable:
        words = "This date can be empty: there is nothing to wait for then. Ask before the wait whether it is there."
        return [Problem("wait-date-empty", at, words, node=node.id)]
    if found.open or "text" in found.kinds:
        words = "Nobody knows before it runs whether this is a date. Where it is none, the run fails here."
        return [Problem("wait-maybe-no-date", at, words, "warning", node.id)]
    if not found.kinds <= _DATES:
        words = f"A wait needs a date or a moment, this is {found.words()}."
        return [Problem("wait-not-a-date", at, words, node=node.id, args={"found": found.names()})]
    return []


def _record(node: WaitRecord, path: str, names: RuleNames, facts: Facts) -> list[Problem]:
    """What was known of the record when the run came here may not hold for it later."""
    later = frozenset(fact for fact in facts if fact.partition(".")[0] != "after")
    return _typed(node.logic, f"{path}/logic", node, names, later)[0]


def _record_home(node: WaitRecord, path: str, graph: Graph, known: Known) -> list[Problem]:
    trigger = graph.trigger
    if not trigger.connection or not trigger.table:
        words = "This rule starts on no record, so there is none to wait for."
        return [Problem("wait-without-record", f"{path}/logic", words, node=node.id)]
    if trigger.on == "manual" and (trigger.connection, trigger.table) not in known.watched:
        words = f"The table {trigger.table} is not watched, so its changes are not seen: watch it on the Data screen."
        return [Problem("unwatched-table", path, words, node=node.id, args={"table": trigger.table})]
    return []


def _typed(
    logic: JSON, at: str, node: AnyWait, names: RuleNames | _EventNames, facts: Facts
) -> tuple[list[Problem], Type | None]:
    root = root_of(logic)
    if root is None:
        return [], None
    scope = Scope(names, at, node.id, logic, facts)
    found = root.typecheck(scope)
    return scope.problems, found


class _EventNames:
    """The names of the rule, and the event that came."""

    def __init__(self, names: RuleNames, sample: JSON) -> None:
        self._names, self._sample = names, sample

    def whole(self) -> Type:
        return self._names.whole()

    def type_of(self, path: str, facts: Facts = frozenset()) -> Type | Unknown:
        root, _, rest = path.partition(".")
        if root != RECEIVED:
            return self._names.type_of(path, facts)
        return ANY if self._sample is None else in_sample(as_data(self._sample), rest, root)
