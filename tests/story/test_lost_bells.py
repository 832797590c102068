"""Bells only ring: while any of them is lost, a change is judged and its run performed by the next slow look."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

import asyncpg
import pytest
from redis.asyncio import Redis
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.bells import LOOK_EVERY_S
from ruleyard.cli.work import work
from ruleyard.intake.listener import listen
from ruleyard.intake.watching import start_watch
from ruleyard.settings import Settings
from ruleyard.stores.connections import Connection, Watched, update_connection
from ruleyard.stores.db import transaction
from support.house import running
from support.proxy import Proxy
from support.published import change_rule, publish
from support.waiting import until

MOST_S = 12
"""A look every 1.2 to 2 s, one for the lane and one for the run, and the work itself on a machine that is busy with
other tests; less than the lease of a job, and than a line that is silent is believed."""
QUICK_S = 0.6 * LOOK_EVERY_S
"""Two looks are at least 0.75 of it apart: what was quicker was told of by a bell."""
NOTICED_S = 40
EVENTS = 4

SLOWEST = """
select cast(extract(epoch from max(finished_at - cast(event ->> 'at' as timestamptz))) as float8) from app.run
"""


@dataclass
class Town:
    """A watched table whose every change has a run, and what became of the changes so far."""

    crm: asyncpg.Connection
    engine: AsyncEngine

    async def change(self, count: int = EVENTS) -> float:
        """One change after the other, each done before the next: how long the slowest waited, in seconds."""
        for _ in range(count):
            before = await self.done()
            await self.crm.execute("insert into leads (first_name) values ('Ann')")
            await until(lambda before=before: self.more(before), what="the run")
        async with self.engine.connect() as conn:
            return float((await conn.execute(text(SLOWEST))).scalar_one())

    async def done(self) -> int:
        async with self.engine.connect() as conn:
            found = await conn.execute(text("select count(*) from app.run where state = 'succeeded'"))
            return int(found.scalar_one())

    async def more(self, than: int) -> bool:
        return await self.done() > than

    async def forget(self) -> None:
        async with transaction(self.engine) as conn:
            await conn.execute(text("delete from app.run"))


@pytest.fixture
async def town(
    engine: AsyncEngine, settings: Settings, crm_connection: Connection, crm: asyncpg.Connection
) -> Town:
    watched = Watched(engine, settings)
    await start_watch(engine, watched, connection_id=crm_connection.id, table="public.leads")
    await watched.close()
    await publish(engine, change_rule({"===": [1, 1]}))
    return Town(crm, engine)


@asynccontextmanager
async def redis_through(settings: Settings) -> AsyncIterator[tuple[Settings, Proxy]]:
    url = urlsplit(settings.redis_url)
    async with Proxy(url.hostname or "", url.port or 0) as proxy:
        place = f"{url.netloc.rpartition('@')[0]}@127.0.0.1:{proxy.port}"
        yield replace(settings, redis_url=url._replace(netloc=place).geturl()), proxy


@pytest.mark.parametrize("how", ["refused", "silent"])
async def test_while_redis_is_gone_nothing_waits_longer_than_a_slow_look(
    settings: Settings, town: Town, how: str
) -> None:
    """However long it lasts: nothing that is done meanwhile hangs on what was done before."""
    async with redis_through(settings) as (far, proxy), running(far, workers=2):
        await town.change(1)
        await town.forget()
        if how == "refused":
            proxy.cut()
        else:
            proxy.hold()
        slowest = await town.change()
        proxy.mend()
        proxy.release()
    assert slowest < MOST_S


async def test_after_redis_was_gone_bells_ring_again(settings: Settings, town: Town) -> None:
    """Nothing of the outage stays: the queue is empty, and changes do not wait for a look any more."""
    async with redis_through(settings) as (far, proxy), running(far):
        proxy.cut()
        await town.change(1)
        proxy.mend()

        async def quick() -> bool:
            await town.forget()
            return await town.change(1) < QUICK_S

        await until(quick, what="a change that a bell told of")


async def test_flushing_redis_at_every_change_costs_a_slow_look_at_most(
    settings: Settings, town: Town
) -> None:
    redis = Redis.from_url(settings.redis_url)
    stop = asyncio.Event()

    async def flush() -> None:
        while not stop.is_set():
            await redis.flushall()

    async with running(settings):
        await town.change(1)
        await town.forget()
        flushing = asyncio.create_task(flush())
        slowest = await town.change()
        stop.set()
        await flushing
    await redis.aclose()
    assert slowest < MOST_S


async def test_jobs_that_are_lost_cost_a_slow_look_at_most(settings: Settings, town: Town) -> None:
    """Every bell is rung in a room where nobody works: each job is lost between the two."""
    elsewhere = settings.redis_url.rpartition("/")[0] + "/0"
    stop = asyncio.Event()
    tasks = [asyncio.create_task(listen(settings, stop=stop))]
    tasks.append(asyncio.create_task(work(replace(settings, redis_url=elsewhere), stop=stop)))
    try:
        slowest = await town.change()
    finally:
        stop.set()
        await asyncio.gather(*tasks)
    assert slowest < MOST_S


async def test_while_the_listening_line_is_half_open_changes_are_found_and_it_is_replaced(
    settings: Settings, town: Town, engine: AsyncEngine, crm_connection: Connection
) -> None:
    """A line of its own, so that nothing else is cut: the server ends the old session, the ear leads again."""
    async with Proxy("127.0.0.1", int(str(crm_connection.settings["port"]))) as proxy:
        async with transaction(engine) as conn:
            direct = {**crm_connection.settings, "listen_port": proxy.port}
            await update_connection(conn, settings, crm_connection.id, public=direct)
        async with running(settings):
            await until(lambda: proxy.accepted > 0, what="the line that listens")
            await town.change(1)
            await town.forget()
            frozen_at = time.monotonic()
            before = proxy.accepted
            proxy.freeze()
            slowest = await town.change()
            await until(lambda: proxy.accepted > before, what="another line")
            noticed_s = time.monotonic() - frozen_at

            async def quick() -> bool:
                await town.forget()
                return await town.change(1) < QUICK_S

            await until(quick, what="a change that the new line told of")
    assert slowest < MOST_S
    assert noticed_s < NOTICED_S
