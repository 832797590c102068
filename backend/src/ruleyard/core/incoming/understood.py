"""How much of an imported document is understood: which steps are, and which cannot be a rule's at all. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import msgspec

from ruleyard.core.errors import Problem
from ruleyard.core.types import JSONObject

_NODE: Final = re.compile(r"/nodes/(\d+)(?:/|$)")
FOREIGN: Final = frozenset(
    (
        "not-an-object",
        "not-a-list",
        "unknown-key",
        "unknown-word",
        "unknown-trigger",
        "unknown-node-kind",
        "unknown-action",
        "unknown-field",
        "unknown-operator",
        "bad-arguments",
        "bad-schedule",
        "bad-id",
        "duplicate-id",
        "two-triggers",
        "no-logic",
    )
)
"""What makes a step one that is not understood. With other problems it is understood, and unfinished or unfit here."""
REFUSED: Final = frozenset(("cycle", "document-too-large", "too-deep", "too-big"))
"""What no draft may have: it could neither be drawn in order nor ever be mended in the builder."""


class Understood(msgspec.Struct, frozen=True):
    """Of `steps` nodes, which are not understood: their places in `nodes`."""

    steps: int
    foreign: tuple[int, ...]


def understood(document: JSONObject, problems: Sequence[Problem]) -> Understood:
    nodes = document.get("nodes")
    count = len(nodes) if isinstance(nodes, list) else 0
    foreign = {
        int(mark[1])
        for one in problems
        if one.severity == "error" and one.code in FOREIGN and (mark := _NODE.match(one.path))
    }
    return Understood(count, tuple(sorted(index for index in foreign if index < count)))


def refusals(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """Why the document is not even kept as a draft."""
    return tuple(one for one in problems if one.code in REFUSED)
