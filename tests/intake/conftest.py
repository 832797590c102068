"""The watched database as our own role sees it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import asyncpg
import pytest

from ruleyard.stores.connections import Connection, Watched
from support.cluster import Cluster

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

    from ruleyard.settings import Settings


@pytest.fixture
async def watched(engine: AsyncEngine, settings: Settings) -> AsyncIterator[Watched]:
    watched = Watched(engine, settings)
    yield watched
    await watched.close()


@pytest.fixture
async def pool(watched: Watched, crm_connection: Connection) -> asyncpg.Pool:
    """The watched database as our role, which owns none of its tables."""
    return await watched.pool(crm_connection.id)


@pytest.fixture
async def cluster_admin(cluster: Cluster, crm_database: str) -> AsyncIterator[asyncpg.Connection]:
    """The watched database as its superuser."""
    connection = await asyncpg.connect(cluster.postgres.url(database=crm_database))
    yield connection
    await connection.close()
