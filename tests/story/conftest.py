"""A demo database for stories, and the few questions that stories ask."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

import asyncpg
import pytest

from ruleyard.demo.seed import fill
from ruleyard.embedded import roles
from support.cluster import Cluster, apart


@dataclass(frozen=True)
class Demo:
    """Where the demo's database is: as its owner, as the company's own program, and as us."""

    owner_url: str
    app_url: str
    watcher_url: str


@pytest.fixture
def empty_demo(cluster: Cluster) -> Iterator[Demo]:
    """A database for the CRM with no table in it."""
    name = cluster.new_empty_database(owner=roles.WATCHED_OWNER)
    apart(roles.open_watched(cluster.postgres.url(database=name)))
    yield Demo(cluster.owner_url(name), cluster.app_url(name), cluster.watcher_url(name))
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
