"""`now` is the moment of the change, however late a lane comes to judge it."""

from __future__ import annotations

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.core.types import LANES, LogId
from ruleyard.lanes.evaluate_lane import Lanes
from ruleyard.stores.connections import Connection
from ruleyard.stores.db import transaction
from support.cluster import Cluster
from support.published import change_rule, publish

SATURDAY = "2026-11-21T23:59:00+00:00"
WEEKEND = {"in": [{"date_part": [{"var": "now"}, "weekday", "UTC"]}, [6, 7]]}


@pytest.mark.parametrize(("condition", "runs"), [(WEEKEND, 1), ({"!": [WEEKEND]}, 0)])
async def test_a_change_of_saturday_is_judged_as_of_saturday(
    condition: dict[str, object],
    runs: int,
    engine: AsyncEngine,
    lanes: Lanes,
    leads: Connection,
    crm: asyncpg.Connection,
    crm_database: str,
    cluster: Cluster,
) -> None:
    await publish(engine, change_rule(condition, events=("insert",)))
    await crm.execute("insert into public.leads (first_name) values ('Ann')")
    admin = await asyncpg.connect(cluster.postgres.url(database=crm_database))
    try:
        await admin.execute(f"update ruleyard.event set at = '{SATURDAY}'")
    finally:
        await admin.close()
    for lane in range(LANES):
        await lanes.drain(LogId(leads.id), lane)
    async with transaction(engine) as conn:
        assert (await conn.execute(text("select count(*) from app.run"))).scalar_one() == runs
