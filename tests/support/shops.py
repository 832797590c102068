"""A watched database in a cluster of its own, for tests that crash, copy or restore the whole server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.core.types import LogId
from ruleyard.embedded import PostgresServer
from ruleyard.intake.watching import start_watch
from ruleyard.settings import Settings
from ruleyard.stores.connections import Watched, create_connection
from ruleyard.stores.db import transaction
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
