"""Tables made for a test of capturing, and what the log then holds."""

from __future__ import annotations

from typing import Any

import asyncpg

from ruleyard.core.types import LogId
from ruleyard.stores.events import list_events


async def events(pool: asyncpg.Pool) -> list[tuple[Any, ...]]:
    """(op, key, before, after, changed) in the order of writing."""
    return [
        (e.op, e.key, e.before, e.after, e.changed)
        for e in reversed(await list_events(pool, LogId(1), limit=10_000))
    ]


async def things(crm: asyncpg.Connection, definition: str) -> None:
    await crm.execute(f"create table public.things ({definition})")
    await crm.execute("grant select, trigger on public.things to public")
