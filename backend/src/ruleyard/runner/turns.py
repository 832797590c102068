"""Turns in our own database: one transaction that locks the rotation, asks who is next, and keeps it.

Who is next may be asked of a watched database while the rotation is ours. So those of this process who want a turn of
it wait here, and not in our database, each with a line that others need; what does not answer is not waited for long.
"""

from __future__ import annotations

import asyncio
from typing import Final
from weakref import WeakValueDictionary

import msgspec
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.actions.failure import ActionFailed
from ruleyard.actions.turns import Pick, Turn, Unwritten
from ruleyard.core import turns
from ruleyard.core.types import JSONObject, RuleId
from ruleyard.stores import rotations
from ruleyard.stores.db import transaction

PICK_S: Final = 6.0
"""To say who is next. Less than a statement of another process has that waits for the rotation."""


class RunnerTurns:
    """`actions.turns.Turns`, on our own database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._wanted: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def taken(self, key: str) -> Turn | None:
        async with self._engine.connect() as conn:
            found = await rotations.turn_of(conn, key)
        return None if found is None else Turn(found.person, found.position)

    async def take(
        self, *, key: str, rotation: str, rule_id: RuleId | None, record: JSONObject | None, pick: Pick
    ) -> Turn:
        mine = self._wanted.setdefault(rotation, asyncio.Lock())
        async with mine, transaction(self._engine) as conn:
            state = await rotations.lock_rotation(conn, rotation, rule_id)
            if (known := await rotations.turn_of(conn, key)) is not None:
                return Turn(known.person, known.position)
            waiting = [
                Unwritten(one.person, one.record or {})
                for one in (await rotations.unwritten(conn, rotation) if record is not None else ())
            ]
            try:
                async with asyncio.timeout(PICK_S):
                    turn, moved = await pick(msgspec.convert(state, turns.Rotation), waiting)
            except TimeoutError as error:
                raise ActionFailed(
                    "The database does not answer.",
                    f"Who has the least to do could not be counted within {PICK_S:g} s.",
                    retry=True,
                    code="database-silent",
                ) from error
            kept = rotations.KeptTurn(turn.person, turn.position, record)
            await rotations.keep_turn(conn, key, rotation, kept, turns.as_object(moved))
        return turn

    async def written(self, key: str) -> None:
        async with transaction(self._engine) as conn:
            await rotations.written(conn, key)
