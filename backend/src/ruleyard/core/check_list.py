"""Check a for_each: its list is one, and something is done for its items. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from ruleyard.core.errors import Problem
from ruleyard.core.graph import ForEach, Graph
from ruleyard.core.logic.facts import Facts
from ruleyard.core.logic.problems import root_of
from ruleyard.core.logic.typecheck import Scope
from ruleyard.core.names import RuleNames
from ruleyard.core.types import EACH, JSONObject


def check_list(node: ForEach, path: str, graph: Graph, names: RuleNames, facts: Facts) -> Iterator[Problem]:
    """All problems of the node at `path`. `facts`: what is not null on every way here."""
    at = f"{path}/over"
    if node.over in (None, "", [], {}):
        yield Problem("no-list", at, "Say which list is gone through.", node=node.id)
    elif (root := root_of(node.over)) is not None:
        scope = Scope(names, at, node.id, node.over, facts)
        found = root.typecheck(scope)
        yield from scope.problems
        if not scope.problems and not found.open and "list" not in found.kinds:
            words = f"A list is needed here; this is {found.words()}."
            args: JSONObject = {"found": [*found.names()]}
            yield Problem("not-a-list-here", at, words, node=node.id, args=args)
    if graph.next(node.id, EACH) is None:
        words = "Nothing is done for the items yet: add a step."
        yield Problem("nothing-for-items", path, words, "warning", node.id)
