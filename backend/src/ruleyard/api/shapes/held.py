"""Shapes of held runs: what waits for somebody's word, and what letting it run would do."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec

from ruleyard.core.types import RuleId
from ruleyard.stores.bulk import Bulk
from ruleyard.stores.held import Holding


class WouldDo(msgspec.Struct, frozen=True):
    """At most so many times an action of this kind, where every held run came past it."""

    do: str
    times: int


class HeldRuns(msgspec.Struct, frozen=True):
    """`since`: while it is set, further runs are held, too. `limit`: runs an hour as it stands now, null where none is;
    `automatic`: what it would be without a limit of the rule's own.

    `work`: what somebody last began with held runs, and how far it is. `can_recall`: it may still be taken back.
    """

    rule_id: RuleId
    rule_name: str
    held: int
    since: datetime | None
    limit: int | None
    automatic: int | None
    would_do: tuple[WouldDo, ...]
    work: Bulk | None
    can_recall: bool


class HeldList(msgspec.Struct, frozen=True):
    items: tuple[Holding, ...]


class DecideHeld(msgspec.Struct, frozen=True):
    """`count`: how many were looked at; refused where it would be far more by now."""

    count: Annotated[int, msgspec.Meta(ge=1)]
