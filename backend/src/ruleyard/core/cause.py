"""Causes: which run wrote the change that an event tells of, how its chain of runs began, and how long it is.

As text `run:57 root:12 depth:3`, sealed by the watched database (log.sql), so that it can be believed.
"""

from __future__ import annotations

import re
from typing import Final

import msgspec

from ruleyard.core.event import Event
from ruleyard.core.types import RunId

MAX_DEPTH: Final = 8
"""A chain has at most so many runs: the first, and those that it set off one after the other."""

_TEXT: Final = re.compile(r"run:(\d{1,18})(?: root:(\d{1,18}) depth:(\d{1,4}))?", re.ASCII)


class Cause(msgspec.Struct, frozen=True):
    """`run` wrote the change; `root` is the first run of its chain; `depth` runs came before what happens now."""

    run: RunId
    root: RunId
    depth: int


def cause_of(event: Event) -> Cause | None:
    """None where no run of ours made the event."""
    found = _TEXT.fullmatch(event.cause or "")
    if found is None:
        return None
    run, root, depth = found.groups()
    return Cause(RunId(int(run)), RunId(int(root or run)), int(depth or 1))


def cause_of_write(run: RunId, event: Event) -> str:
    """What a write of `run` says, which `event` set off."""
    before = cause_of(event)
    root, depth = (run, 0) if before is None else (before.root, before.depth)
    return f"run:{run} root:{root} depth:{depth + 1}"
