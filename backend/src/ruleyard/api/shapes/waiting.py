"""Shapes of runs that wait for their turn: how many, for what, until when, and what becomes of them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec

from ruleyard.api.shapes.held import WouldDo
from ruleyard.core.types import RuleId, RunId
from ruleyard.stores.bulk import Bulk
from ruleyard.stores.turns import Turn


class RunInTurn(msgspec.Struct, frozen=True):
    """One that waits. `turn`: for quiet (`settle`), for its list (`batch`), at the gate of its rule (`pace`, `hours`).

    `at`: when it goes on, as far as that is known.
    """

    id: RunId
    record_table: str
    record_key: str
    record_label: str
    turn: Turn
    created_at: datetime
    at: datetime | None


class WaitingRuns(msgspec.Struct, frozen=True):
    """`count` runs wait: so many for quiet, for a list, at the gate. The next goes on at `next_at`, the last at about
    `last_at`; null where nobody can know. `closed_until`: nothing begins before, for the rule's hours.

    `work`: what somebody last began with all of them, and how far it is. `items` are the oldest, paged.
    """

    rule_id: RuleId
    rule_name: str
    count: int
    settle: int
    batch: int
    at_gate: int
    next_at: datetime | None
    last_at: datetime | None
    closed_until: datetime | None
    would_do: tuple[WouldDo, ...]
    work: Bulk | None
    items: tuple[RunInTurn, ...]
    next: str | None


class DecideWaiting(msgspec.Struct, frozen=True):
    """All of them, as far as `count` were looked at (refused where it would be far more by now), or only `runs`."""

    count: Annotated[int, msgspec.Meta(ge=1)]
    runs: Annotated[tuple[RunId, ...], msgspec.Meta(max_length=500)] = ()
