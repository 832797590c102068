"""Publishing, switching on and off while changes stream in: every change judged once, by what was live or newer."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import asyncpg
from sqlalchemy import text

from ruleyard.core.types import LANES, LogId, RuleId
from ruleyard.lanes.evaluate_lane import Lanes
from ruleyard.stores.db import transaction
from ruleyard.stores.generation import bump_generation
from support.published import change_rule, publish
from support.waiting import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sqlalchemy.ext.asyncio import AsyncEngine

    from ruleyard.bells import Bells
    from ruleyard.stores.connections import Connection
    from ruleyard.stores.events import LogPools

RULE = change_rule({"!==": [{"var": "after.first_name"}, "nobody"]}, events=("insert",))


async def drain(lanes: Lanes, log: LogId) -> None:
    for lane in range(LANES):
        await lanes.drain(log, lane)


@asynccontextmanager
async def readers(engine: AsyncEngine, pools: LogPools, bells: Bells, log: LogId) -> AsyncIterator[None]:
    """Three that fight for the lanes, each with an index of its own, as three processes have."""
    done = asyncio.Event()

    async def read() -> None:
        lanes = Lanes(engine, pools, bells, batch=5)
        while not done.is_set():
            await drain(lanes, log)

    tasks = [asyncio.create_task(read()) for _ in range(3)]
    try:
        yield
    finally:
        done.set()
        await asyncio.gather(*tasks)
        await drain(Lanes(engine, pools, bells), log)


async def switch(engine: AsyncEngine, rule: RuleId, *, on: bool) -> None:
    async with transaction(engine) as conn:
        await conn.execute(text("update app.rule set enabled = :on where id = :id"), {"on": on, "id": rule})
        await bump_generation(conn)


async def runs(engine: AsyncEngine) -> list[tuple[int, int, str]]:
    """(record, version number, what the writer knew to be live)."""
    async with engine.connect() as conn:
        found = await conn.execute(
            text("""
                select cast(r.record_key as int), v.number, r.event #>> '{after,first_name}'
                from app.run r join app.version v on v.id = r.version_id
            """)
        )
        return [(row[0], row[1], row[2]) for row in found]


async def test_each_change_is_judged_once_by_the_version_that_was_live_or_a_newer_one(
    engine: AsyncEngine, pools: LogPools, bells: Bells, leads: Connection, crm_url: str
) -> None:
    rule, _ = await publish(engine, RULE)
    live, writing = 1, True

    async def write() -> int:
        written = 0
        conn = await asyncpg.connect(crm_url)
        while writing:
            async with conn.transaction():
                await conn.execute("insert into leads (first_name) values ($1)", str(live))
            written += 1
        await conn.close()
        return written

    async with readers(engine, pools, bells, LogId(leads.id)):
        writers = [asyncio.create_task(write()) for _ in range(3)]
        for _ in range(12):
            judged = len(await runs(engine))

            async def read_on(before: int = judged) -> bool:
                return len(await runs(engine)) > before

            await until(read_on, what="changes to be judged by this version")
            await publish(engine, RULE, rule_id=rule)
            live += 1
        writing = False
        written = sum(await asyncio.gather(*writers))
    found = await runs(engine)
    assert len(found) == written
    assert set(Counter(record for record, _, _ in found).values()) == {1}
    assert [one for one in found if one[1] < int(one[2])] == []
    assert len({version for _, version, _ in found}) > 1


async def test_a_change_right_after_the_first_rule_of_a_table_is_published_is_never_missed(
    engine: AsyncEngine, pools: LogPools, bells: Bells, leads: Connection, crm: asyncpg.Connection
) -> None:
    """While nobody listens, rows of the table are not even fetched."""
    rule, _ = await publish(engine, RULE)
    async with readers(engine, pools, bells, LogId(leads.id)):
        for round_ in range(6):
            await switch(engine, rule, on=True)
            await crm.execute("insert into leads (first_name) values ($1)", f"on {round_}")
            await drain(Lanes(engine, pools, bells), LogId(leads.id))
            while len(await runs(engine)) <= round_:  # one of the readers has the lane
                await drain(Lanes(engine, pools, bells), LogId(leads.id))
            await switch(engine, rule, on=False)
            await crm.execute("insert into leads (first_name) values ($1)", f"off {round_}")
            await drain(Lanes(engine, pools, bells), LogId(leads.id))
    assert sorted(name for _, _, name in await runs(engine) if name.startswith("on")) == sorted(
        f"on {round_}" for round_ in range(6)
    )


async def test_a_change_that_is_read_while_the_rule_is_off_is_not_judged_later(
    engine: AsyncEngine, lanes: Lanes, leads: Connection, crm: asyncpg.Connection
) -> None:
    rule, _ = await publish(engine, RULE)
    await switch(engine, rule, on=False)
    await crm.execute("insert into leads (first_name) values ('off')")
    await drain(lanes, LogId(leads.id))
    await switch(engine, rule, on=True)
    await crm.execute("insert into leads (first_name) values ('on')")
    await drain(lanes, LogId(leads.id))
    await drain(lanes, LogId(leads.id))
    assert [name for _, _, name in await runs(engine)] == ["on"]


async def test_while_rules_are_read_for_the_first_time_one_line_is_taken_whatever_lanes_wait(
    engine: AsyncEngine, pools: LogPools, bells: Bells, leads: Connection
) -> None:
    lanes = Lanes(engine, pools, bells)
    async with engine.connect() as ours:
        await ours.execute(text("lock table app.rule in access exclusive mode"))
        draining = [asyncio.create_task(lanes.drain(LogId(leads.id), lane)) for lane in range(LANES)]

        async def somebody_waits() -> bool:
            found = await ours.execute(
                text("select count(*) from pg_locks where not granted and relation = 'app.rule'::regclass")
            )
            return bool(found.scalar_one())

        await until(somebody_waits, what="the rules to be read")
        assert engine.sync_engine.pool.checkedout() == 2  # type: ignore[attr-defined]  # ours and one more
    await asyncio.gather(*draining)
