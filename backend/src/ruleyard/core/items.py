"""Going through a list: which steps are done for every item, what an item run sees, what comes of all of them. Pure.

An item run is a run of the same version on the same event that begins behind the edge `each` of one node.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import msgspec

from ruleyard.core.graph import Edge, ForEach, Node
from ruleyard.core.trace import Step, StepError
from ruleyard.core.types import EACH, JSON, JSONObject, NodeId

ITEMS: Final = "items"
"""The kind of what a run rests for while its items are gone through."""


class Item(msgspec.Struct, frozen=True):
    """One item of the list of `node`, its place from 0. `outer`: the finished steps of the run that it belongs to."""

    node: NodeId
    index: int
    value: JSON
    outer: tuple[Step, ...] = ()


class Counts(msgspec.Struct, frozen=True):
    """How the item runs of one list ended; `open`: that did not end yet. `failed_at`: the first that failed."""

    count: int = 0
    succeeded: int = 0
    failed: int = 0
    skipped: int = 0
    cancelled: int = 0
    open: int = 0
    failed_at: int | None = None

    @property
    def output(self) -> JSONObject:
        """What later steps see; what was cancelled counts as skipped: nothing follows of it."""
        return {
            "count": self.count,
            "succeeded": self.succeeded,
            "failed": self.failed,
            "skipped": self.skipped + self.cancelled,
        }


def items_in(node: ForEach, value: JSON) -> list[JSON] | StepError:
    """The items; nothing counts as an empty list. An error where it is no list, or longer than the rule allows."""
    if value is None:
        return []
    if not isinstance(value, list):
        return StepError("not-a-list", "What is to be gone through is no list.", args={"step": node.id})
    if len(value) > node.at_most:
        return StepError(
            "too-many-items",
            f"The list has {len(value):,} items; at most {node.at_most:,} are gone through. Nothing was done.",
            args={"count": len(value), "most": node.at_most},
        )
    return value


def failure_of(counts: Counts) -> StepError:
    """Why a list that stops at the first failure ends its run."""
    number = (counts.failed_at or 0) + 1
    return StepError(
        "item-failed",
        f"Item {number} of {counts.count} failed, so the rest was left out.",
        args={"number": number, "count": counts.count},
    )


def bodies_of(nodes: Iterable[Node], edges: Sequence[Edge]) -> Mapping[NodeId, ForEach]:
    """By node, the list that it is done for; nodes outside of every list are not in it."""
    found: dict[NodeId, ForEach] = {}
    for node in nodes:
        if not isinstance(node, ForEach):
            continue
        todo = [edge.target for edge in edges if edge.source == node.id and edge.branch == EACH]
        while todo:
            one = todo.pop()
            if one not in found:
                found[one] = node
                todo += [edge.target for edge in edges if edge.source == one]
    return found
