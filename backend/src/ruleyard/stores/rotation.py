"""The change of the key that seals connections' secrets: each is opened with the old key and sealed with the new one.

One connection, one transaction: killed in between, the next time goes on with the rest. While both keys are set, every
process opens what either of them sealed (`secret_of`).
"""

from __future__ import annotations

from dataclasses import dataclass

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


async def rotate_key(engine: AsyncEngine, settings: Settings) -> Rotated:
    """Seals every secret with `settings.secret_key`. Safe to repeat, and beside processes that work."""
    resealed = already = 0
    unreadable: list[str] = []
    async with engine.connect() as conn:
        rows = await conn.execute(text("select id from app.connection where sealed is not null order by id"))
        ids = [row.id for row in rows]
    for connection_id in ids:
        async with transaction(engine) as conn:
            found = await conn.execute(
                text(
                    "select name, sealed from app.connection where id = :id and sealed is not null for update"
                ),
                {"id": connection_id},
            )
            row = found.one_or_none()
            if row is None:
                continue
            try:
                unseal(settings.secret_key, bytes(row.sealed))
                already += 1
                continue
            except Unavailable:
                pass
            try:
                secret = unseal(settings.old_secret_key or settings.secret_key, bytes(row.sealed))
            except Unavailable:
                unreadable.append(row.name)
                continue
            await conn.execute(
                text("update app.connection set sealed = :sealed where id = :id"),
                {"id": connection_id, "sealed": seal(settings.secret_key, secret)},
            )
            resealed += 1
    return Rotated(resealed, already, tuple(unreadable))
