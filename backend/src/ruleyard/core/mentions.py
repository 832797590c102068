"""What a rule's expressions mention, read off the document without evaluating anything. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from ruleyard.core.graph import Action, Choose, Condition, ForEach, Node, WaitEvent, WaitRecord, WaitUntil
from ruleyard.core.types import JSON, JSONObject


def said_in(node: Node) -> JSON:
    """The expression of a condition or a wait, those of a choose, the list of a for_each, or the fields of an action;
    None where a node has none."""
    if isinstance(node, Condition):
        return node.logic
    if isinstance(node, Choose):
        return [way.logic for way in node.ways]
    if isinstance(node, WaitUntil):
        return node.until
    if isinstance(node, WaitEvent):
        return node.where
    if isinstance(node, WaitRecord):
        return node.logic
    if isinstance(node, ForEach):
        return node.over
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
