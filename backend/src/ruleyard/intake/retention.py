"""The hourly duty that keeps runs, and all else that grows, as long as it is said, and no longer.

One process at a time does it. Can be stopped and begun again anywhere: each part is emptied of what must stay, then
dropped, or tried in an hour.
"""

from __future__ import annotations

from typing import Final

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.logs import get_logger
from ruleyard.stores import retention, run_counts, tidying
from ruleyard.stores.db import transaction

log = get_logger(__name__)

RETENTION_S: Final = 3600.0
BATCHES: Final = 20


class Kept(msgspec.Struct):
    """What one round did."""

    dropped: list[str] = msgspec.field(default_factory=list)
    moved: int = 0
    deleted: int = 0
    tidied: dict[str, int] = msgspec.field(default_factory=dict)
    analyzed: list[str] = msgspec.field(default_factory=list)


async def keep_runs(engine: AsyncEngine, *, days: int, failed_days: int) -> Kept:
    """Runs that ended well go after `days`, failed ones after `failed_days`; open ones never."""
    done = Kept()
    async with engine.connect() as leader:
        # Its silence is no sign of death: it holds the lock while the others work.
        await leader.execute(text("select set_config('idle_in_transaction_session_timeout', '0', true)"))
        mine = await leader.execute(text("select pg_try_advisory_xact_lock(hashtext('ruleyard.retention'))"))
        if not mine.scalar_one():
            return done
        async with transaction(engine) as conn:
            if not await retention.add_parts(conn):
                log.warning("a week of runs could not be made ahead")
        await retention.drop_detached(engine)
        shelves: tuple[tuple[retention.Shelf, int], ...] = (("recent", days), ("kept", failed_days))
        for shelf, age in shelves:
            async with transaction(engine) as conn:
                parts = await retention.parts_before(conn, shelf, age)
            for part in parts:
                await _drop(engine, part, age, done, days=days, failed_days=failed_days)
        for _ in range(BATCHES):
            gone = await retention.delete_some(engine, days=days, failed_days=failed_days)
            done.deleted += gone
            if gone == 0:
                break
        async with transaction(engine) as conn:
            await run_counts.forget(conn)
        done.tidied = await tidying.tidy(engine)
        done.analyzed = await retention.analyze(engine)
    if done.dropped or done.moved or done.deleted or done.tidied:
        log.info(
            "old runs removed",
            dropped=done.dropped,
            moved=done.moved,
            deleted=done.deleted,
            tidied=done.tidied,
        )
    return done


async def _drop(
    engine: AsyncEngine, part: retention.Part, age: int, done: Kept, *, days: int, failed_days: int
) -> None:
    async with transaction(engine) as conn:
        if await retention.is_young(conn, part, age):
            return
    moved = await retention.move_out(engine, part)
    done.moved += moved or 0
    if moved is not None and await retention.drop_part(engine, part, days=days, failed_days=failed_days):
        done.dropped.append(part.table("run"))
    else:
        log.info("old runs stay for another hour", part=part.table("run"))
