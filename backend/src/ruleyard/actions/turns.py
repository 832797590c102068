"""What actions need of turns: whose it is, kept under the key of the step. Knows nothing of where turns are kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

import msgspec

from ruleyard.core.turns import Rotation
from ruleyard.core.types import JSON, JSONObject, RuleId


class Turn(msgspec.Struct, frozen=True):
    """`position` in the list of people, from 1."""

    person: JSON
    position: int


class Unwritten(msgspec.Struct, frozen=True):
    """A turn that may not stand in the watched database yet. `record`: the key of what was given."""

    person: JSON
    record: JSONObject


Pick = Callable[[Rotation, Sequence[Unwritten]], Awaitable[tuple[Turn, Rotation]]]
"""Who is next, and where the rotation stands then."""


class Turns(Protocol):
    async def taken(self, key: str) -> Turn | None:
        """The turn of an earlier try of this step."""
        ...

    async def take(
        self, *, key: str, rotation: str, rule_id: RuleId | None, record: JSONObject | None, pick: Pick
    ) -> Turn:
        """One turn of a rotation, once per key; nobody else takes one of it meanwhile.

        With a `record` the turn counts as unwritten until `written` is said.
        """
        ...

    async def written(self, key: str) -> None:
        """What the turn is about stands in the watched database."""
        ...
