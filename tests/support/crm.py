"""The watched database of a test or a benchmark, registered with us as the connection `crm`."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.settings import Settings
from ruleyard.stores.connections import Connection, create_connection
from ruleyard.stores.db import transaction
from support.cluster import PASSWORDS


async def connect_crm(engine: AsyncEngine, settings: Settings, *, port: int, database: str) -> Connection:
    """`port`: of the PostgreSQL on this machine that holds `database`."""
    public = {
        "host": "127.0.0.1",
        "port": port,
        "database": database,
        "user": "ruleyard_crm",
        "sslmode": "disable",
    }
    async with transaction(engine) as conn:
        return await create_connection(
            conn,
            settings,
            name="crm",
            label="CRM",
            kind="postgres",
            public=public,
            secret={"password": PASSWORDS.watcher},
        )
