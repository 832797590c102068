"""Changes, visits and people start a rule that runs once for each record: only the first run is performed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lanes.test_visits import next_moment, started, visiting
from ruleyard.bells import Bells
from ruleyard.core.types import LANES, OWN_LOG, LogId
from ruleyard.intake.tickers import make_ticks
from ruleyard.lanes.catch_up import CatchUps
from ruleyard.lanes.evaluate_lane import Lanes
from ruleyard.stores.connections import Connection
from ruleyard.stores.db import transaction
from ruleyard.stores.emit import emit
from ruleyard.stores.events import LogPools
from support.cluster import Cluster
from support.published import change_rule, publish

ALWAYS = {"===": [1, 1]}
ONCE = {"policy": {"once": "record"}}


async def read(lanes: Lanes, *logs: LogId) -> None:
    for log in logs:
        for lane in range(LANES):
            await lanes.drain(log, lane)


async def states(engine: AsyncEngine) -> list[tuple[str, str]]:
    async with engine.connect() as conn:
        found = await conn.execute(text("select record_key, state from app.run order by id"))
        return sorted(tuple(row) for row in found)


async def test_of_many_changes_of_a_record_one_has_a_run(
    engine: AsyncEngine, lanes: Lanes, leads: Connection, crm: asyncpg.Connection
) -> None:
    await publish(engine, change_rule(ALWAYS, events=("insert", "update")) | ONCE)
    await crm.execute("insert into leads (first_name) values ('Ann'), ('Ben')")
    await crm.execute("update leads set attempts = 7 where first_name = 'Ann'")
    await read(lanes, LogId(leads.id))
    await crm.execute("update leads set attempts = 8")
    await read(lanes, LogId(leads.id))
    found = await states(engine)
    keys = sorted({key for key, _ in found})
    one, two = keys
    assert found == [
        *((one, state) for state in ["queued", "skipped", "skipped"]),
        *((two, state) for state in ["queued", "skipped"]),
    ]


async def test_a_visit_passes_those_by_that_were_visited(
    engine: AsyncEngine,
    pools: LogPools,
    bells: Bells,
    leads: Connection,
    crm: asyncpg.Connection,
) -> None:
    await crm.execute(
        "insert into leads (first_name, attempts) select 'x' || n, 5 from generate_series(1, 3) n"
    )
    rule, _ = await started(engine, leads, visiting(policy={"once": "record"}))
    await make_ticks(engine)
    worker = CatchUps(engine, pools, bells)
    async with engine.connect() as conn:
        first = (await conn.execute(text("select max(id) from app.catch_up"))).scalar_one()
    await worker.run(first)
    await crm.execute("insert into leads (first_name, attempts) values ('x4', 5)")
    await worker.run(await next_moment(engine, rule, ago=timedelta(seconds=1)))
    assert [state for _, state in await states(engine)] == [
        "queued", "skipped", "queued", "skipped", "queued", "skipped", "queued",
    ]  # fmt: skip


async def test_who_starts_it_by_hand_has_a_run(engine: AsyncEngine, lanes: Lanes, leads: Connection) -> None:
    document: dict[str, Any] = change_rule(ALWAYS) | ONCE
    rule, _ = await publish(engine, document)
    for _ in range(2):
        async with transaction(engine) as conn:
            await emit(conn, rule, "manual", {"first_name": "Ann"}, actor="ann@example.com")
    await read(lanes, OWN_LOG)
    assert [state for _, state in await states(engine)] == ["queued", "queued"]


@pytest.mark.parametrize(("once", "wanted"), [("record", "skipped"), ("day", "queued")])
async def test_the_day_is_that_of_the_change(
    engine: AsyncEngine,
    lanes: Lanes,
    leads: Connection,
    crm: asyncpg.Connection,
    crm_database: str,
    cluster: Cluster,
    once: str,
    wanted: str,
) -> None:
    await publish(engine, change_rule(ALWAYS, events=("insert", "update")) | {"policy": {"once": once}})
    await crm.execute("insert into leads (first_name) values ('Ann')")
    admin = await asyncpg.connect(cluster.postgres.url(database=crm_database))
    try:
        await admin.execute("update ruleyard.event set at = at - interval '2 days'")
    finally:
        await admin.close()
    await read(lanes, LogId(leads.id))
    await crm.execute("update leads set attempts = 7")
    await read(lanes, LogId(leads.id))
    assert [state for _, state in await states(engine)] == sorted(["queued", wanted])
