"""Fixtures for every room: a real PostgreSQL, a real Valkey, fresh databases per test."""

from __future__ import annotations

import contextlib
import secrets
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import asyncpg
import hypothesis
import pytest
import structlog

from ruleyard.embedded.ports import free_port
from ruleyard.settings import Settings
from support.cluster import Cluster

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

    from ruleyard.bells import Bells
    from ruleyard.stores.connections import Connection


hypothesis.settings.register_profile(
    "house", deadline=None, derandomize=True, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("house")

# Where `rich` is installed, structlog draws a traceback with all variables of all frames: each stops the loop for
# seconds, in which leases end and servers give lines up.
structlog.configure(
    processors=[
        structlog.processors.add_log_level,
        structlog.dev.set_exc_info,
        structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
    ]
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Two tests of one name are refused: of these only one would be run where tests go to several processes."""
    double = [name for name, count in Counter(item.nodeid for item in items).items() if count > 1]
    if double:
        raise pytest.UsageError(f"These tests share their name with others: {', '.join(double)}")


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """Both servers, started once, gone at the end (or with us, however we end)."""
    cluster = Cluster()
    cluster.start()
    yield cluster
    cluster.stop()


@pytest.fixture
def settings(cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """Settings with a fresh own database, a Redis database and a free port.

    A watched database may take its time with its columns: its silence would be one problem more of every rule.
    """
    monkeypatch.setattr("ruleyard.api.models.ANSWER_WITHIN_S", 30.0)
    name = cluster.new_own_database()
    yield Settings(
        database_url=cluster.own_url(name),
        redis_url=cluster.new_redis_url(),
        secret_key=secrets.token_hex(32),
        port=free_port(),
        catcher_dir=tmp_path / "caught",
        log_level="warning",
    )
    cluster.drop_database(name)


@pytest.fixture
async def engine(settings: Settings) -> AsyncIterator[AsyncEngine]:
    """The engine of our own database."""
    from ruleyard.stores.db import create_engine

    engine = create_engine(settings)
    yield engine
    await engine.dispose()


@pytest.fixture
def crm_database(cluster: Cluster) -> Iterator[str]:
    """The name of a fresh watched database."""
    name = cluster.new_crm_database()
    yield name
    cluster.drop_database(name)


@pytest.fixture
def crm_url(cluster: Cluster, crm_database: str) -> str:
    """The watched database as its owner, who is not us."""
    return cluster.owner_url(crm_database)


@pytest.fixture
async def crm(crm_url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection to the watched database as its owner: somebody else's program."""
    connection = await asyncpg.connect(crm_url, server_settings={"timezone": "UTC"})
    yield connection
    with contextlib.suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        await connection.close(timeout=5)


@pytest.fixture
async def crm_connection(
    cluster: Cluster, crm_database: str, engine: AsyncEngine, settings: Settings
) -> Connection:
    """The watched database registered with us as the connection `crm`."""
    from support.crm import connect_crm

    return await connect_crm(engine, settings, port=cluster.postgres.port, database=crm_database)


@pytest.fixture
async def bells(settings: Settings) -> AsyncIterator[Bells]:
    """Bells that ring in this test's Redis database."""
    from ruleyard.bells import connect_bells

    bells = connect_bells(settings)
    yield bells
    await bells.close()
