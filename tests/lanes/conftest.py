"""A watched `public.leads` and lanes that read it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import pytest

from ruleyard.intake.watching import start_watch
from ruleyard.lanes.evaluate_lane import Lanes
from ruleyard.lanes.look import ensure_own_cursors
from ruleyard.stores.connections import Connection, Watched
from ruleyard.stores.events import LogPools

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

    from ruleyard.bells import Bells
    from ruleyard.settings import Settings


@pytest.fixture
async def watched(engine: AsyncEngine, settings: Settings) -> AsyncIterator[Watched]:
    watched = Watched(engine, settings)
    yield watched
    await watched.close()


@pytest.fixture
async def pools(engine: AsyncEngine, settings: Settings, watched: Watched) -> AsyncIterator[LogPools]:
    pools = LogPools(settings, watched)
    await ensure_own_cursors(engine, pools)
    yield pools
    await pools.close()


@pytest.fixture
async def leads(engine: AsyncEngine, watched: Watched, crm_connection: Connection) -> Connection:
    """The connection `crm`, whose `public.leads` is watched."""
    await start_watch(engine, watched, connection_id=crm_connection.id, table="public.leads")
    return crm_connection


@pytest.fixture
def lanes(engine: AsyncEngine, pools: LogPools, bells: Bells) -> Lanes:
    return Lanes(engine, pools, bells, batch=20)
