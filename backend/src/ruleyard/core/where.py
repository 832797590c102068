"""The where of a search, compiled: what a run knows is put in, what is asked of the sought records stays.

`{"===": [{"var": "record.phone"}, {"var": "after.phone"}]}` becomes `{"===": [{"var": "record.phone"}, "+82 10"]}`.
What a value decides alone is left out: `and` ends at the first that does not hold, as in every evaluation. Pure.
"""

from __future__ import annotations

from typing import Final

from ruleyard.core.logic.budget import LogicError
from ruleyard.core.logic.compile import Compiled, compile_logic
from ruleyard.core.logic.dialect import BY_NAME
from ruleyard.core.logic.problems import at, root_of
from ruleyard.core.logic.tree import ListOf, Literal, Node, over_limit
from ruleyard.core.logic.values import truthy
from ruleyard.core.searchable import asks_record, literal
from ruleyard.core.types import JSON

_JUNCTIONS: Final = ("and", "or")


class Where:
    """One where, ready. Holds no state between runs."""

    def __init__(self, logic: JSON) -> None:
        self._logic = logic
        self._root = root_of(logic)
        self._given: dict[str, Compiled] = {}
        if self._root is not None:
            self._prepare(self._root)

    def _prepare(self, node: Node) -> None:
        if not asks_record(node):
            self._given[node.path] = compile_logic(at(self._logic, node.path))
            return
        for arg in node.args if node.operator != "var" else ():
            self._prepare(arg)

    def resolve(self, data: JSON) -> JSON | LogicError:
        """The where with the values of a run in it; why a part of it has none."""
        if self._root is None:
            return over_limit(self._logic) or LogicError("", "too-big", "This is too large.")
        return self._narrow(self._root, data)

    def _narrow(self, node: Node, data: JSON) -> JSON | LogicError:
        compiled = self._given.get(node.path)
        if compiled is not None:
            outcome = compiled.evaluate(data)
            if outcome.error is None:
                return literal(outcome.value)
            error = outcome.error
            return LogicError(node.path + error.path, error.reason, error.message)
        if isinstance(node, Literal) or node.operator == "var":
            return at(self._logic, node.path)
        if node.operator in _JUNCTIONS:
            return self._junction(node, data)
        if node.operator in ("if", "?:"):
            return self._choice(node, data)
        args: list[JSON] = []
        for arg in node.args:
            narrowed = self._narrow(arg, data)
            if isinstance(narrowed, LogicError):
                return narrowed
            args.append(narrowed)
        return args if isinstance(node, ListOf) else {node.operator: args}

    def _junction(self, node: Node, data: JSON) -> JSON | LogicError:
        """A part that is known already ends it, or says nothing."""
        ends = node.operator == "or"
        parts: list[JSON] = []
        for arg in node.args:
            narrowed = self._narrow(arg, data)
            if isinstance(narrowed, LogicError):
                return narrowed
            if _asks(narrowed):
                parts.append(narrowed)
            elif truthy(_plain(narrowed)) is ends:
                return ends
        if not parts:
            return not ends
        return parts[0] if len(parts) == 1 else {node.operator: parts}

    def _choice(self, node: Node, data: JSON) -> JSON | LogicError:
        """`if`: a way whose condition is known not to hold is left out, one that holds is the last."""
        kept: list[JSON] = []
        for index, arg in enumerate(node.args):
            is_condition = index % 2 == 0 and index + 1 < len(node.args)
            skipped = index % 2 == 1 and len(kept) % 2 == 0
            if skipped:
                continue
            narrowed = self._narrow(arg, data)
            if isinstance(narrowed, LogicError):
                return narrowed
            if is_condition and not _asks(narrowed):
                if truthy(_plain(narrowed)):
                    last = self._narrow(node.args[index + 1], data)
                    return last if isinstance(last, LogicError) else _if([*kept, last])
                continue
            kept.append(narrowed)
        return _if(kept)


def _if(kept: list[JSON]) -> JSON:
    return (kept[0] if kept else None) if len(kept) < 2 else {"if": kept}


def _asks(narrowed: JSON) -> bool:
    """Is something of the sought records left in it?"""
    return isinstance(narrowed, dict) and "preserve" not in narrowed


def _plain(value: JSON) -> JSON:
    return value["preserve"] if isinstance(value, dict) and "preserve" in value else value


def is_where(value: JSON) -> bool:
    """An expression, or `true`: every record."""
    return value is True or (isinstance(value, dict) and len(value) == 1 and next(iter(value)) in BY_NAME)
