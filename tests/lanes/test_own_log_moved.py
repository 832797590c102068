"""Our own database restored from its dump in another cluster: nothing that waited is lost, nothing is done again."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import replace

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.core.types import LANES, OWN_LOG, LogId, RuleId
from ruleyard.embedded import PostgresServer, roles
from ruleyard.intake.going_on import go_on
from ruleyard.intake.own_log import LEAP
from ruleyard.lanes.evaluate_lane import Lanes
from ruleyard.settings import Settings
from ruleyard.stores.connections import Connection, Watched, connection
from ruleyard.stores.db import create_engine, transaction
from ruleyard.stores.emit import emit
from support.cluster import PASSWORDS, Cluster
from support.house import running
from support.processes import reachable_folder, removed
from support.published import change_rule, publish, tick_rule
from support.waiting import until

PAST = """
do $$ begin
  for number in 1..3000 loop
    perform pg_current_xact_id();
    commit;
  end loop;
end $$
"""
"""Numbers of transactions that the other cluster has not come to yet."""


@pytest.fixture
def elsewhere() -> Iterator[PostgresServer]:
    with removed(reachable_folder("ruleyard-moved-")) as folder:
        server = PostgresServer(folder / "postgres", crash_safe=False)
        server.start()
        yield server
        server.stop()


def copy(server: PostgresServer, here: str, there: str) -> None:
    dump = [server.program("pg_dump"), "--no-owner", "--no-privileges", here]
    load = [server.program("psql"), "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", there]
    dumped = subprocess.run(dump, check=True, capture_output=True, timeout=60).stdout
    subprocess.run(load, input=dumped, check=True, capture_output=True, timeout=60)


async def restore(settings: Settings, server: PostgresServer) -> Settings:
    """As the documentation says it: a dump of our database, and the same secret key."""
    await roles.make_roles(server.url(), PASSWORDS)
    await roles.make_database(server.url(), "moved", roles.OWN)
    there = server.url(user=roles.OWN, password=PASSWORDS.own, database="moved")
    copy(server, settings.database_url, there)
    return replace(settings, database_url=there)


async def tick(engine: AsyncEngine, rule_id: RuleId, number: int) -> None:
    async with transaction(engine) as conn:
        await emit(conn, rule_id, "tick", {"number": number})


async def numbers(engine: AsyncEngine) -> list[tuple[int, int]]:
    """What ran: the tick's number and the run's."""
    async with engine.connect() as conn:
        found = await conn.execute(
            text("select cast(event #>> '{after,number}' as int) as n, id from app.run order by id")
        )
        return [(row.n, row.id) for row in found]


async def test_our_database_restored_elsewhere_reads_on_where_it_was(
    settings: Settings, engine: AsyncEngine, lanes: Lanes, cluster: Cluster, elsewhere: PostgresServer
) -> None:
    rule_id, _ = await publish(engine, tick_rule({"repeat": "hours", "every": 1, "zone": "UTC"}))
    superuser = await asyncpg.connect(cluster.postgres.url())
    await superuser.execute(PAST)
    await superuser.close()
    await tick(engine, rule_id, 1)
    for lane in range(LANES):
        await lanes.drain(OWN_LOG, lane)
    ((_, first),) = await numbers(engine)
    await tick(engine, rule_id, 2)
    moved = await restore(settings, elsewhere)
    there = create_engine(moved)
    await tick(there, rule_id, 3)

    async def all_three() -> bool:
        return len(await numbers(there)) == 3

    async with running(moved):
        await until(all_three, what="what waited, and what came before anybody looked")
        await tick(there, rule_id, 4)

        async def all_four() -> bool:
            return len(await numbers(there)) == 4

        await until(all_four, what="what came after")
    ran = await numbers(there)
    await there.dispose()
    assert sorted(number for number, _ in ran) == [1, 2, 3, 4]
    assert all(run > first + LEAP for number, run in ran if number > 1), (
        "a number of before may be a key elsewhere"
    )


async def test_what_ran_after_the_copy_is_not_run_again_unasked(
    settings: Settings,
    engine: AsyncEngine,
    lanes: Lanes,
    leads: Connection,
    crm: asyncpg.Connection,
    elsewhere: PostgresServer,
) -> None:
    await publish(engine, change_rule({"===": [1, 1]}))

    async def change_and_read(house: Lanes) -> None:
        await crm.execute("insert into leads (first_name) values ('Ann')")
        for lane in range(LANES):
            await house.drain(LogId(leads.id), lane)

    await change_and_read(lanes)
    moved = await restore(settings, elsewhere)
    await change_and_read(lanes)
    there = create_engine(moved)
    watched = Watched(there, moved)

    async def runs() -> int:
        async with there.connect() as conn:
            found = await conn.execute(
                text("select count(*) from app.run where record_table = 'public.leads'")
            )
            return int(found.scalar_one())

    async def asks() -> bool:
        async with there.connect() as conn:
            return (await connection(conn, leads.id)).state == "failing"

    try:
        async with running(moved):
            await until(asks, what="the watched log to be asked about")
            await crm.execute("insert into leads (first_name) values ('Eve')")
            assert await runs() == 1
            await go_on(there, watched, leads.id, since=None)
            await crm.execute("insert into leads (first_name) values ('Bea')")

            async def read_on() -> bool:
                return await runs() == 2

            await until(read_on, what="the first change after somebody said how")
    finally:
        await watched.close()
        await there.dispose()
