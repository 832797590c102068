"""Fixtures of the runner's tests."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from litestar import Litestar
from sqlalchemy.ext.asyncio import AsyncEngine

from api.conftest import serving
from ruleyard.core.types import LogId
from ruleyard.intake.capture import install_log
from ruleyard.settings import Settings
from ruleyard.stores.connections import Connection, Watched
from runner.house import House


@pytest.fixture
async def house(engine: AsyncEngine, settings: Settings, crm_connection: Connection) -> AsyncIterator[House]:
    """Our database with the connection `crm`, whose database has the event log's schema."""
    watched = Watched(engine, settings)
    pool = await watched.pool(crm_connection.id)
    async with pool.acquire() as conn:
        await install_log(conn)
    yield House(engine, settings, watched, LogId(crm_connection.id))
    await watched.close()


@pytest.fixture
async def app(house: House) -> AsyncIterator[Litestar]:
    """The API on the same databases."""
    async with serving(house.settings) as app:
        yield app
