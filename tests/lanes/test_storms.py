"""A table that storms stands apart in its lanes: others go on, nothing is lost or read twice, and they join again."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.bells import Bells
from ruleyard.core.types import LANES, LogId
from ruleyard.intake.listener import oldest_place
from ruleyard.intake.watching import start_watch, stop_watch
from ruleyard.lanes.evaluate_lane import Lanes
from ruleyard.lanes.look import measure_lag
from ruleyard.settings import Settings
from ruleyard.stores.connections import Connection, Watched
from ruleyard.stores.cursors import list_cursors
from ruleyard.stores.db import transaction
from ruleyard.stores.events import LogPools
from ruleyard.stores.watches import list_watches
from support.house import running
from support.published import change_rule, publish
from support.waiting import until

ALWAYS = {"===": [1, 1]}
FREE = {"policy": {"limit": "off", "overlap": "parallel"}}
BATCH = 20


@pytest.fixture
async def log(engine: AsyncEngine, watched: Watched, leads: Connection) -> LogId:
    """Leads and tasks are watched, and each has a rule."""
    await start_watch(engine, watched, connection_id=leads.id, table="public.tasks")
    for table in ("public.leads", "public.tasks"):
        await publish(
            engine, change_rule(ALWAYS, table=table, events=("insert", "update"), name=table) | FREE
        )
    return LogId(leads.id)


@pytest.fixture
def lanes(engine: AsyncEngine, pools: LogPools, bells: Bells) -> Lanes:
    return Lanes(engine, pools, bells, batch=BATCH)


async def rows(engine: AsyncEngine, sql: str) -> list[Any]:
    async with engine.connect() as conn:
        return list(await conn.execute(text(sql)))


async def apart(engine: AsyncEngine) -> list[str]:
    return [
        row[0] for row in await rows(engine, "select apart from app.cursor where apart <> '' order by lane")
    ]


async def runs_of(engine: AsyncEngine, table: str) -> int:
    return int((await rows(engine, f"select count(*) from app.run where record_table = '{table}'"))[0][0])


async def storm(crm: asyncpg.Connection, rows: int) -> None:
    await crm.execute(f"insert into leads (first_name) select 'Ann ' || n from generate_series(1, {rows}) n")


async def of_log(pools: LogPools, log: LogId, sql: str) -> list[Any]:
    return list(await (await pools.pool(log)).fetch(sql))


async def busiest_lane(pools: LogPools, log: LogId) -> int:
    found = await of_log(
        pools, log, "select lane from ruleyard.event group by 1 order by count(*) desc, 1 limit 1"
    )
    return int(found[0]["lane"])


async def task_in(pools: LogPools, log: LogId, crm: asyncpg.Connection, lane: int) -> None:
    """Tasks are made until the change of one falls into this lane."""
    here = f"select 1 from ruleyard.event where table_name = 'public.tasks' and lane = {lane}"
    while not await of_log(pools, log, here):
        await crm.execute("insert into tasks (title) values ('Call')")


async def test_a_change_of_another_table_waits_for_batches_and_not_for_the_storm(
    engine: AsyncEngine, pools: LogPools, lanes: Lanes, log: LogId, crm: asyncpg.Connection
) -> None:
    await storm(crm, 3_000)
    lane = await busiest_lane(pools, log)
    await lanes.read_batch(log, lane)
    assert await apart(engine) == ["public.leads"]
    await task_in(pools, log, crm, lane)
    await lanes.read_batch(log, lane)
    await lanes.read_batch(log, lane)
    assert await runs_of(engine, "public.tasks") == 1
    assert await runs_of(engine, "public.leads") == BATCH
    (lag,) = [one for one in await measure_lag(engine, pools) if one.log == log]
    written = await of_log(pools, log, "select 1 from ruleyard.event")
    assert lag.unread == len(written) - 1 - BATCH


async def test_everything_is_read_once_and_the_table_joins_again(
    engine: AsyncEngine, lanes: Lanes, pools: LogPools, bells: Bells, log: LogId, crm: asyncpg.Connection
) -> None:
    """Two readers at every lane, and writers that go on meanwhile."""
    other = Lanes(engine, pools, bells, batch=BATCH)
    await storm(crm, 2_000)
    writing = asyncio.Event()

    async def write() -> None:
        for number in range(40):
            await crm.execute("update leads set attempts = attempts + 1 where id % 50 = $1", number % 50)
            await crm.execute("insert into tasks (title) values ('Call')")
        writing.set()

    async def read(reader: Lanes) -> None:
        while not writing.is_set():
            await asyncio.gather(*(reader.drain(log, lane) for lane in range(LANES)))

    await asyncio.gather(write(), read(lanes), read(other))
    for lane in range(LANES):
        await lanes.drain(log, lane)
    assert await apart(engine) == []
    assert await rows(engine, "select 1 from app.cursor where others <> '{}'") == []
    events = await of_log(pools, log, "select id from ruleyard.event")
    judged = await rows(engine, "select event_id from app.run")
    assert sorted(row.event_id for row in judged) == sorted(row["id"] for row in events)
    (heard,) = await rows(engine, "select sum(events)::bigint from app.heard")
    assert heard[0] == len(events)
    late = await rows(
        engine,
        """select count(*) from app.run a
           join app.run b on (a.record_table, a.record_key) = (b.record_table, b.record_key)
           where a.id < b.id and a.event_id > b.event_id""",
    )
    assert late[0][0] == 0
    (lag,) = [one for one in await measure_lag(engine, pools) if one.log == log]
    assert lag.unread == 0


async def test_days_are_kept_for_a_table_that_stands_apart(
    engine: AsyncEngine, pools: LogPools, lanes: Lanes, log: LogId, crm: asyncpg.Connection
) -> None:
    async with transaction(engine) as conn:
        start = next(one for one in await list_cursors(conn) if one.log == log).from_snapshot
    await storm(crm, 1_000)
    lane = await busiest_lane(pools, log)
    await lanes.read_batch(log, lane)
    for other in range(LANES):
        if other != lane:
            await lanes.drain(log, other)
    await lanes.read_batch(log, lane)
    async with transaction(engine) as conn:
        held = [one for one in await list_cursors(conn) if one.log == log]
    assert oldest_place(held) == start
    assert len(held) == LANES + 1


async def test_a_storm_of_a_table_that_nobody_watches_any_more_ends(
    engine: AsyncEngine,
    pools: LogPools,
    lanes: Lanes,
    watched: Watched,
    log: LogId,
    crm: asyncpg.Connection,
) -> None:
    await storm(crm, 1_000)
    lane = await busiest_lane(pools, log)
    await lanes.read_batch(log, lane)
    async with transaction(engine) as conn:
        await conn.execute(text("update app.rule set enabled = false where name = 'public.leads'"))
        await conn.execute(text("update app.generation set number = number + 1"))
        (watch,) = [one for one in await list_watches(conn) if one.table == "public.leads"]
    await stop_watch(engine, watched, watch.id)
    await lanes.drain(log, lane)
    assert await apart(engine) == []
    assert await runs_of(engine, "public.leads") == BATCH


async def test_a_table_alone_does_not_part(
    engine: AsyncEngine, pools: LogPools, bells: Bells, leads: Connection, crm: asyncpg.Connection
) -> None:
    await publish(engine, change_rule(ALWAYS, events=("insert",)) | FREE)
    lanes, log = Lanes(engine, pools, bells, batch=BATCH), LogId(leads.id)
    await storm(crm, 1_000)
    lane = await busiest_lane(pools, log)
    for _ in range(3):
        await lanes.read_batch(log, lane)
    assert await apart(engine) == []


async def test_while_20_000_rows_are_read_in_other_tables_go_on(
    engine: AsyncEngine,
    settings: Settings,
    watched: Watched,
    leads: Connection,
    crm: asyncpg.Connection,
) -> None:
    """Real lanes and workers: changes of the other table overtake most of the import in their lanes."""
    await start_watch(engine, watched, connection_id=leads.id, table="public.tasks")
    imports, _ = await publish(engine, change_rule(ALWAYS, events=("insert",)) | {"policy": {"limit": 10}})
    await publish(engine, change_rule(ALWAYS, table="public.tasks", events=("insert",)) | FREE)
    read = "select coalesce(sum(events), 0)::bigint from app.heard where table_name = 'public.leads'"

    async def count(sql: str) -> int:
        return int((await rows(engine, sql))[0][0])

    async with running(settings):
        await crm.copy_records_to_table(
            "leads", records=[(f"Ann {n}",) for n in range(20_000)], columns=["first_name"]
        )
        await crm.execute("insert into tasks (title) select 'Call' from generate_series(1, 5)")

        async def through() -> bool:
            return await count(read) == 20_000 and await runs_of(engine, "public.tasks") == 5

        await until(through, what="the import to be read", timeout_s=300)
    (fuse,) = await rows(engine, f"select used, held from app.fuse where rule_id = {imports}")
    assert tuple(fuse) == (10, 19_990)
    assert await runs_of(engine, "public.leads") == 20_000
    behind_all = """
        select count(*) from app.run t where record_table = 'public.tasks' and not exists (
          select from app.run l where l.record_table = 'public.leads' and l.slot = t.slot and l.id > t.id)
    """
    assert await count(behind_all) == 0
