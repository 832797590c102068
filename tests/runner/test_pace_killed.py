"""Workers are killed while a rule keeps its pace and collects lists: nothing is lost, double, or too early."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta

import asyncpg
from sqlalchemy import text

from ruleyard.bells import Bells
from ruleyard.core.timing import Timing, Window
from ruleyard.stores.db import transaction
from ruleyard.stores.runs import sweep_leases
from runner.house import House
from runner.test_batches import TASK
from runner.test_kill import work_process
from support.waiting import until

AT_MOST, WINDOW_S = 4, 0.5


async def performed(house: House) -> int:
    async with house.engine.connect() as conn:
        found = await conn.execute(text("select count(*) from app.run where state = 'succeeded'"))
        return int(found.scalar_one())


async def left(house: House) -> int:
    """How many runs are not over."""
    async with house.engine.connect() as conn:
        found = await conn.execute(
            text("select count(*) from app.run where state in ('queued', 'running', 'waiting')")
        )
        return int(found.scalar_one())


async def killed_again_and_again(house: House, bells: Bells, wanted: int) -> None:
    """Three workers at once, each killed after some of the `wanted` runs, until all runs are over."""
    for kills in range(3):
        async with work_process(house, "") as first, work_process(house, "") as second:
            target = (kills + 1) * wanted // 4

            async def there(target: int = target, last: bool = kills == 2) -> bool:
                await bells.ring_slots([3])
                async with transaction(house.engine) as conn:
                    await sweep_leases(conn)
                return await left(house) == 0 if last else await performed(house) >= target

            await until(there, what="so many runs to be over")
            for process in (first, second):
                process.kill()
        await house.execute(
            "update app.run set lease_until = now() - interval '1 second' where state = 'running'"
        )


async def test_no_window_is_passed_and_nothing_lost_when_workers_die(
    house: House, crm: asyncpg.Connection, bells: Bells
) -> None:
    version = await house.publish(TASK, edges=[["t", "a"]])
    timing = Timing(pace=Window(AT_MOST, WINDOW_S))
    events = [house.event(id=number, first_name=str(number)) for number in range(24)]
    await asyncio.gather(
        *(house.open(version, *events[first : first + 6], timing=timing) for first in range(0, 24, 6))
    )
    await killed_again_and_again(house, bells, 24)
    async with house.engine.connect() as conn:
        rows = await conn.execute(text("select started_at from app.run order by started_at"))
        at = [row[0] for row in rows]
    for earlier, later in zip(at, at[AT_MOST:], strict=False):
        assert later - earlier >= timedelta(seconds=WINDOW_S)
    done = Counter(row["title"] for row in await crm.fetch("select title from tasks"))
    assert done == Counter(str(number) for number in range(24))


async def test_every_change_is_in_one_list_when_workers_die(
    house: House, crm: asyncpg.Connection, bells: Bells
) -> None:
    version = await house.publish(TASK, edges=[["t", "a"]])
    timing = Timing(batch=Window(3, 1.0), pace=Window(AT_MOST, WINDOW_S))
    for number in range(40):
        await house.open(version, house.event(id=number, first_name=f"<{number}>"), timing=timing)
    await killed_again_and_again(house, bells, 14)
    names = "".join([row["title"] for row in await crm.fetch("select title from tasks order by id")])
    seen = Counter(names.removeprefix("<").removesuffix(">").split("><"))
    assert seen == Counter(str(number) for number in range(40))
