"""A watched database in a cluster of its own, for tests that crash, copy or restore the whole server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.bells import Bells
from ruleyard.core.types import LANES, ConnectionId, LogId
from ruleyard.embedded import PostgresServer
from ruleyard.intake.care import Care
from ruleyard.intake.going_on import WentOn, go_on
from ruleyard.intake.watching import start_watch
from ruleyard.lanes.evaluate_lane import Lanes
from ruleyard.settings import Settings
from ruleyard.stores.connections import Watched, create_connection
from ruleyard.stores.db import transaction
from ruleyard.stores.events import LogPools
from ruleyard.stores.log_health import list_gaps, log_health
from support.published import change_rule, publish


@dataclass
class Shop:
    """One table `orders (id)`, watched, and a rule that runs on each change of it."""

    server: PostgresServer
    log: LogId

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[asyncpg.Connection]:
        conn = await asyncpg.connect(self.server.url())
        try:
            yield conn
        finally:
            await conn.close()

    async def order(self, *numbers: int) -> None:
        async with self.connected() as conn:
            for number in numbers:
                await conn.execute("insert into orders values ($1)", number)


@dataclass
class ReadShop(Shop):
    """A shop and who reads it: what has a run, what is wrong, what was said about it."""

    engine: AsyncEngine
    watched: Watched
    settings: Settings
    bells: Bells

    async def read(self) -> list[int]:
        """Drain every lane; the orders that have a run, once for each run."""
        pools = LogPools(self.settings, self.watched)
        lanes = Lanes(self.engine, pools, self.bells)
        for lane in range(LANES):
            await lanes.drain(self.log, lane)
        async with self.engine.connect() as conn:
            found = await conn.execute(
                text("select cast(event #>> '{key,id}' as int) from app.run order by 1")
            )
            return [row[0] for row in found]

    async def codes(self) -> list[str]:
        await Care(self.settings, self.engine, LogPools(self.settings, self.watched), self.bells).look()
        async with transaction(self.engine) as conn:
            return [one.code for one in (await log_health(conn, self.log)).troubles]

    async def causes(self) -> list[str]:
        async with transaction(self.engine) as conn:
            return [one.cause for one in await list_gaps(conn, self.log)]

    async def go_on(self, since: int | None = None) -> WentOn:
        return await go_on(self.engine, self.watched, ConnectionId(int(self.log)), since=since)


async def open_shop(
    server: PostgresServer, engine: AsyncEngine, settings: Settings, watched: Watched
) -> Shop:
    conn = await asyncpg.connect(server.url())
    await conn.execute("create table orders (id int primary key)")
    await conn.close()
    async with transaction(engine) as own:
        made = await create_connection(
            own,
            settings,
            name="shop",
            kind="postgres",
            public={"host": "127.0.0.1", "port": server.port, "database": "postgres", "user": "postgres"},
            secret={"password": server.url().split(":")[2].split("@")[0]},
        )
    await start_watch(engine, watched, connection_id=made.id, table="public.orders")
    rule = change_rule({"===": [1, 1]}, table="public.orders")
    rule["nodes"][0]["connection"] = "shop"
    await publish(engine, rule)
    return Shop(server, LogId(made.id))
