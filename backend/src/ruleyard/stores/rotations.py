"""Rotations: where each stands, and the turns that were taken of it, one for each step of a run that asked.

Knows the tables `app.rotation` and `app.turn`; what a rotation's state means is core's business.
"""

from __future__ import annotations

from typing import Final

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.types import JSON, JSONObject, RuleId
from ruleyard.stores.db import encode_json

KEPT_DAYS: Final = 30
"""So long a turn is known at the least, and longer while its run may be tried again."""
UNWRITTEN_S: Final = 600
"""A turn whose record is not written after this time does not count as work any more: its run has failed."""


class KeptTurn(msgspec.Struct, frozen=True):
    person: JSON
    position: int
    record: JSONObject | None


async def turn_of(conn: AsyncConnection, key: str) -> KeptTurn | None:
    found = await conn.execute(
        text("select person, position, record from app.turn where key = :key"), {"key": key}
    )
    row = found.one_or_none()
    return None if row is None else KeptTurn(row.person, row.position, row.record)


async def lock_rotation(conn: AsyncConnection, name: str, rule_id: RuleId | None) -> JSONObject:
    """Its state; nobody else has it until the transaction ends."""
    values = {"name": name, "rule": rule_id}
    await conn.execute(
        text("insert into app.rotation (name, rule_id) values (:name, :rule) on conflict do nothing"), values
    )
    found = await conn.execute(
        text("select state from app.rotation where name = :name for update"), {"name": name}
    )
    state: JSONObject = found.scalar_one()
    return state


async def unwritten(conn: AsyncConnection, rotation: str) -> list[KeptTurn]:
    """Turns of it whose record may not be written yet."""
    rows = await conn.execute(
        text("""
            select person, position, record from app.turn
            where rotation = :rotation and written_at is null
              and taken_at > clock_timestamp() - make_interval(secs => :most)
        """),
        {"rotation": rotation, "most": UNWRITTEN_S},
    )
    return [KeptTurn(row.person, row.position, row.record) for row in rows]


async def keep_turn(
    conn: AsyncConnection, key: str, rotation: str, turn: KeptTurn, state: JSONObject
) -> None:
    """Moves a locked rotation on. Without a record the turn is written with it."""
    await conn.execute(
        text("""
            update app.rotation set state = cast(cast(:state as text) as jsonb), moved_at = clock_timestamp()
            where name = :name
        """),
        {"name": rotation, "state": encode_json(state)},
    )
    await conn.execute(
        text("""
            insert into app.turn (key, rotation, person, position, record, written_at)
            values (:key, :rotation, cast(cast(:person as text) as jsonb), :position,
              cast(cast(:record as text) as jsonb), case when cast(:record as text) is null then clock_timestamp() end)
        """),
        {
            "key": key,
            "rotation": rotation,
            "person": encode_json(turn.person),
            "position": turn.position,
            "record": None if turn.record is None else encode_json(turn.record),
        },
    )


async def written(conn: AsyncConnection, key: str) -> None:
    """The record of this turn is written."""
    await conn.execute(
        text("update app.turn set written_at = clock_timestamp() where key = :key and written_at is null"),
        {"key": key},
    )
