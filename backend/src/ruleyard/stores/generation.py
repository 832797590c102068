"""The generation: grows whenever workers must look again (publish, on, off, connections, watches)."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection


async def bump_generation(conn: AsyncConnection) -> None:
    """Call inside the transaction that changed something workers must see."""
    await conn.execute(text("update app.generation set number = number + 1"))


async def current_generation(conn: AsyncConnection) -> int:
    return int((await conn.execute(text("select number from app.generation"))).scalar_one())
