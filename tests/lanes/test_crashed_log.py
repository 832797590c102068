"""A watched database that dies in the middle: the numbers of transactions that it forgot are given out again."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.core.types import LANES, LogId
from ruleyard.embedded import PostgresServer
from ruleyard.lanes.evaluate_lane import Lanes
from ruleyard.settings import Settings
from ruleyard.stores.connections import Watched
from support.processes import family_of, reachable_folder, removed
from support.shops import Shop, open_shop


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    """A cluster of its own, which writes its log of changes to disk only when a commit asks for it."""
    with removed(reachable_folder("ruleyard-crash-")) as folder:
        server = PostgresServer(folder / "postgres")
        server.start()
        yield server
        server.stop()


def journal_writer(server: PostgresServer) -> int:
    """The process that brings to disk what no commit asked for."""
    assert server.process is not None
    (pid,) = [one for one, words in family_of(server.process.pid).items() if "walwriter" in words]
    return pid


def crash(server: PostgresServer) -> None:
    process = server.process
    assert process is not None
    writer = journal_writer(server)
    os.kill(process.pid, signal.SIGKILL)
    os.kill(writer, signal.SIGKILL)  # held still it would not notice
    process.wait(60)
    server.start()


@pytest.fixture
async def shop(server: PostgresServer, engine: AsyncEngine, settings: Settings, watched: Watched) -> Shop:
    conn = await asyncpg.connect(server.url())
    for name, value in (("wal_writer_delay", "10s"), ("checkpoint_timeout", "1h")):
        await conn.execute(f"alter system set {name} = '{value}'")
    await conn.execute("select pg_reload_conf()")
    await conn.close()
    return await open_shop(server, engine, settings, watched)


async def read(engine: AsyncEngine, lanes: Lanes, log: LogId) -> list[int]:
    """Drain every lane; the orders that have a run."""
    for lane in range(LANES):
        await lanes.drain(log, lane)
    async with engine.connect() as conn:
        found = await conn.execute(text("select cast(event #>> '{key,id}' as int) from app.run order by 1"))
        return [row[0] for row in found]


@pytest.mark.parametrize("with_news", [False, True])
async def test_a_change_under_a_number_that_was_given_out_before_the_crash_is_not_missed(
    shop: Shop, engine: AsyncEngine, lanes: Lanes, with_news: bool
) -> None:
    """Rolled back, so never flushed; read past, so taken as seen; forgotten in the crash, so given out again."""
    async with shop.connected() as conn, shop.connected() as other:
        await conn.execute("insert into orders values (1)")
        os.kill(
            journal_writer(shop.server), signal.SIGSTOP
        )  # or what was rolled back may come to disk all the same
        rolled_back = other.transaction()
        await rolled_back.start()
        if not with_news:
            assert await read(engine, lanes, shop.log) == [1]
        number = int(await other.fetchval("select pg_current_xact_id()::text"))
        await rolled_back.rollback()
        assert await read(engine, lanes, shop.log) == [1]
    crash(shop.server)
    async with shop.connected() as conn:
        for order in range(2, 6):
            await conn.execute("insert into orders values ($1)", order)
        first = int(await conn.fetchval("select xid::text from ruleyard.event where key = '{\"id\": 2}'"))
    assert (first == number) is not with_news, "the number is given out again unless reading made it last"
    assert await read(engine, lanes, shop.log) == [1, 2, 3, 4, 5]


async def test_what_was_read_of_a_commit_that_did_not_wait_for_the_disk_lasts(
    shop: Shop, engine: AsyncEngine, lanes: Lanes
) -> None:
    """Its event has an id: forgotten, that id would be the next change's, and a run of it is there already."""
    async with shop.connected() as conn:
        await conn.execute("set synchronous_commit = off")
        await conn.execute("insert into orders values (1)")
        assert await read(engine, lanes, shop.log) == [1]
    crash(shop.server)
    async with shop.connected() as conn:
        assert await conn.fetchval("select array_agg(id) from orders") == [1]
        await conn.execute("insert into orders values (2)")
    assert await read(engine, lanes, shop.log) == [1, 2]
