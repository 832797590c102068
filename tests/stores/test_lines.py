"""Half-open connections: the line stands, nothing comes any more. One silence, and the whole pool is made anew."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.settings import Settings
from ruleyard.stores.db import AWAY, create_engine, open_pool, transaction
from ruleyard.stores.lines import ANSWER_S
from support.proxy import Proxy
from support.waiting import until


def through(settings: Settings, proxy: Proxy, port: int) -> Settings:
    return replace(settings, database_url=settings.database_url.replace(f":{port}/", f":{proxy.port}/"))


async def test_a_pool_whose_lines_froze_answers_again_after_one_silence(settings: Settings) -> None:
    port = urlsplit(settings.database_url).port or 0
    async with Proxy("127.0.0.1", port) as proxy:
        pool = await open_pool(through(settings, proxy, port).database_url)
        await asyncio.gather(*(pool.fetchval("select 1 from pg_sleep(0.1)") for _ in range(4)))
        proxy.freeze()
        began = time.monotonic()
        with pytest.raises(TimeoutError):
            await pool.fetchval("select 1", timeout=0.5)
        answers = await asyncio.wait_for(asyncio.gather(*(pool.fetchval("select 1") for _ in range(8))), 60)
        assert answers == [1] * 8
        assert time.monotonic() - began < 0.5 + 2 * ANSWER_S + 40
        pool.terminate()


async def test_an_engine_whose_lines_froze_answers_again_after_one_silence(settings: Settings) -> None:
    port = urlsplit(settings.database_url).port or 0

    async with Proxy("127.0.0.1", port) as proxy:
        engine = create_engine(through(settings, proxy, port), pool_size=4, patience_s=1)

        async def ask(question: str = "select 1") -> object:
            async with transaction(engine) as conn:
                return (await conn.execute(text(question))).scalar_one()

        await asyncio.gather(*(ask("select 1 from pg_sleep(0.1)") for _ in range(4)))
        proxy.freeze()

        async def in_the_end() -> object:
            for _ in range(3):
                try:
                    return await ask()
                except AWAY:
                    continue
            raise AssertionError("still no answer after three tries")

        answers = await asyncio.wait_for(asyncio.gather(*(in_the_end() for _ in range(8))), 60)
        assert answers == [1] * 8
        await engine.dispose()


async def test_lines_that_the_server_closed_are_replaced_before_they_are_used(
    settings: Settings, engine: AsyncEngine
) -> None:
    ours = create_engine(settings, pool_size=3)

    async def pid(pause_s: float = 0) -> int:
        async with transaction(ours) as conn:
            found = await conn.execute(
                text("select pg_backend_pid() from pg_sleep(:pause_s)"), {"pause_s": pause_s}
            )
            return int(found.scalar_one())

    before = await asyncio.gather(*(pid(0.1) for _ in range(3)))
    # PostgreSQL keeps the first answer of pg_stat_activity for as long as a transaction lasts.
    async with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as other:
        gone = text("select count(*) from pg_stat_activity where pid = any(cast(:pids as int[]))")
        assert (await other.execute(gone, {"pids": before})).scalar_one() == len({*before})
        await other.execute(
            text("select pg_terminate_backend(p) from unnest(cast(:pids as int[])) p"), {"pids": before}
        )

        async def all_gone() -> bool:
            return not (await other.execute(gone, {"pids": before})).scalar_one()

        await until(all_gone, what="the sessions to end")
    after = await asyncio.gather(*(pid(0.1) for _ in range(3)))
    assert not set(before) & set(after)
    await ours.dispose()
