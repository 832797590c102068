"""A demo database for stories: the CRM's tables and rows, registered with us, nothing watched yet."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.core.types import RuleId
from ruleyard.demo.seed import fill
from ruleyard.embedded import roles
from ruleyard.settings import Settings
from ruleyard.stores.db import transaction
from support.cluster import PASSWORDS, Cluster, apart


@dataclass(frozen=True)
class Demo:
    """Where the demo's database is, as its owner and as the company's own program."""

    owner_url: str
    app_url: str


@pytest.fixture
def empty_demo(cluster: Cluster) -> Iterator[Demo]:
    """A database for the CRM with no table in it."""
    name = cluster.new_empty_database(owner=roles.WATCHED_OWNER)
    apart(roles.open_watched(cluster.postgres.url(database=name)))
    yield Demo(cluster.owner_url(name), cluster.app_url(name))
    cluster.drop_database(name)


@pytest.fixture
def demo(empty_demo: Demo) -> Demo:
    """The same with tables and rows."""
    apart(fill(empty_demo.owner_url))
    return empty_demo


@pytest.fixture
async def app(demo: Demo) -> AsyncIterator[asyncpg.Connection]:
    """The company's own program, with a connection to its database."""
    connection = await asyncpg.connect(demo.app_url, server_settings={"application_name": "psql"})
    yield connection
    with contextlib.suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        await connection.close(timeout=5)


async def states(engine: AsyncEngine, rule_id: RuleId) -> list[str]:
    """The states of a rule's runs, oldest first."""
    async with transaction(engine) as conn:
        rows = await conn.execute(
            text("select state from app.run where rule_id = :rule order by id"), {"rule": rule_id}
        )
        return [row.state for row in rows]


__all__ = ["PASSWORDS", "Demo", "Settings", "states"]
