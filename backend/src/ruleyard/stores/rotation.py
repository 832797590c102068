"""The change of the key that seals secrets: each is opened with the old key and sealed with the new one.

One secret, one transaction: killed in between, the next time goes on with the rest. While both keys are set, every
process opens what either of them sealed (`secret_of`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.core.errors import Unavailable
from ruleyard.settings import Settings
from ruleyard.stores.db import transaction
from ruleyard.stores.seal import seal, unseal


@dataclass(frozen=True)
class Rotated:
    """How many are sealed with the new key now, how many were before, and the names of those that neither key opens."""

    resealed: int
    already: int
    unreadable: tuple[str, ...]


_SEALED: Final = (
    ("app.connection", "id", "name"),
    ("app.hook", "rule_id", "'the address of rule ' || rule_id"),
    ("app.hook_signature", "rule_id", "'the signing secret of rule ' || rule_id"),
)
"""Every table with a column `sealed`: its key, and what a row is called."""


async def rotate_key(engine: AsyncEngine, settings: Settings) -> Rotated:
    """Seals every secret with `settings.secret_key`. Safe to repeat, and beside processes that work."""
    counts = {"resealed": 0, "already": 0}
    unreadable: list[str] = []
    for table, key, name in _SEALED:
        async with engine.connect() as conn:
            rows = await conn.execute(
                text(f"select {key} as id from {table} where sealed is not null order by 1")
            )
            ids = [row.id for row in rows]
        for number in ids:
            async with transaction(engine) as conn:
                found = await conn.execute(
                    text(
                        f"select {name} as name, sealed from {table} "
                        f"where {key} = :id and sealed is not null for update"
                    ),
                    {"id": number},
                )
                row = found.one_or_none()
                if row is None:
                    continue
                sealed = _resealed(settings, bytes(row.sealed))
                if isinstance(sealed, str):
                    counts[sealed] += 1
                elif sealed is None:
                    unreadable.append(row.name)
                else:
                    await conn.execute(
                        text(f"update {table} set sealed = :sealed where {key} = :id"),
                        {"id": number, "sealed": sealed},
                    )
                    counts["resealed"] += 1
    return Rotated(**counts, unreadable=tuple(unreadable))


def _resealed(settings: Settings, sealed: bytes) -> bytes | Literal["already"] | None:
    """With the new key; None where neither opens it."""
    try:
        unseal(settings.secret_key, sealed)
        return "already"
    except Unavailable:
        pass
    try:
        return seal(settings.secret_key, unseal(settings.old_secret_key or settings.secret_key, sealed))
    except Unavailable:
        return None
