"""What a rule's expressions mention, read off the document without evaluating anything. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from ruleyard.core.graph import Action, Choose, Condition, Node
from ruleyard.core.types import JSON, JSONObject


def said_in(node: Node) -> JSON:
    """The expression of a condition, those of a choose, or the fields of an action; None where a node has neither."""
    if isinstance(node, Condition):
        return node.logic
    if isinstance(node, Choose):
        return [way.logic for way in node.ways]
    return node.fields if isinstance(node, Action) else None


def objects_in(value: JSON) -> Iterator[JSONObject]:
    """Every object in it, at any depth: those that are operator calls, and those that only look like one."""
    todo: list[JSON] = [value]
    while todo:
        one = todo.pop()
        if isinstance(one, list):
            todo.extend(one)
        elif isinstance(one, dict):
            yield one
            todo.extend(one.values())
