"""Lists: changes are collected, and one run goes on with all of them; each change is in exactly one list."""

from __future__ import annotations

import asyncio
import random

import asyncpg
from sqlalchemy import text

from ruleyard.core.timing import Timing, Window
from ruleyard.core.types import VersionId
from ruleyard.stores.batches import gather
from ruleyard.stores.db import transaction
from ruleyard.stores.turns import due_turns
from runner.house import House
from support.waiting import until

TASK = {
    "id": "a",
    "kind": "action",
    "do": "create_record",
    "fields": {
        "table": "public.tasks",
        "set": {
            "title": {
                "reduce": [
                    {"var": "batch"},
                    {"cat": [{"var": "accumulator"}, {"var": "current.after.first_name"}]},
                    "",
                ]
            },
        },
    },
}


def lists(most: int, seconds: float, pace: Window | None = None) -> Timing:
    return Timing(batch=Window(most, seconds), pace=pace)


async def collecting(house: House, **policy: object) -> VersionId:
    return await house.publish(TASK, edges=[["t", "a"]], policy=policy)


async def states(house: House) -> list[str]:
    async with house.engine.connect() as conn:
        rows = await conn.execute(
            text("select coalesce(case when state = 'waiting' then turn end, state) from app.run order by id")
        )
        return [row[0] for row in rows]


async def titles(crm: asyncpg.Connection) -> list[str]:
    return [row["title"] for row in await crm.fetch("select title from tasks order by id")]


async def test_a_full_list_goes_on_at_once_with_every_change_in_it(
    house: House, crm: asyncpg.Connection
) -> None:
    version = await collecting(house)
    for number, name in enumerate("abc"):
        await house.open(version, house.event(id=number, first_name=name), timing=lists(3, 3600))
    assert await states(house) == ["skipped", "skipped", "queued"]
    await house.perform()
    assert await titles(crm) == ["abc"]
    await house.open(version, house.event(id=9, first_name="d"), timing=lists(3, 3600))
    assert (await states(house))[-1] == "batch"


async def test_a_list_that_is_not_full_goes_on_when_its_time_is_over(
    house: House, crm: asyncpg.Connection
) -> None:
    version = await collecting(house)
    events = [house.event(id=number, first_name=name) for number, name in enumerate("ab")]
    await house.open(version, *events, timing=lists(100, 0.2))
    assert await states(house) == ["batch", "batch"]

    async def over() -> bool:
        await house.wake()
        return await states(house) == ["skipped", "queued"]

    await until(over, what="the list goes on")
    await house.perform()
    assert await titles(crm) == ["ab"]


async def test_lists_of_a_rule_go_on_one_after_the_other(house: House) -> None:
    version = await collecting(house)
    await house.open(version, *(house.event(id=n) for n in range(4)), timing=lists(2, 3600))
    assert await states(house) == ["skipped", "queued", "batch", "batch"]
    for state in ("running", "waiting", "queued"):
        async with transaction(house.engine) as conn:
            first = await conn.execute(
                text(
                    "update app.run set state = :state where id = batch_run and state <> "
                    "'skipped' returning rule_id"
                ),
                {"state": state},
            )
            assert await gather(conn, first.scalar_one(), 2, turn=None) == set()
    await house.perform()

    async def next_one() -> bool:
        await house.wake()
        return await states(house) == ["skipped", "succeeded", "skipped", "queued"]

    await until(next_one, what="the next list goes on")


async def locked_by(house: House) -> list[str]:
    """Who touched what is collected last, by PostgreSQL's own mark."""
    async with house.engine.connect() as conn:
        rows = await conn.execute(
            text(
                "select cast(xmax as text) from app.run where state = 'waiting' and turn = 'batch' order by id"
            )
        )
        return [row[0] for row in rows]


async def test_while_a_list_goes_on_the_clock_touches_nothing_that_waits(house: House) -> None:
    """It looks twice a second, perhaps for days: a list may wait for somebody's approval."""
    version = await collecting(house)
    await house.open(version, *(house.event(id=n) for n in range(5)), timing=lists(2, 3600))
    assert await states(house) == ["skipped", "queued", "batch", "batch", "batch"]
    before = await locked_by(house)
    await house.execute("update app.gate set look_at = clock_timestamp()")
    await house.wake()
    assert await locked_by(house) == before


async def test_what_is_collected_is_touched_when_its_list_is_made(house: House) -> None:
    version = await collecting(house)
    for number in range(3):
        await house.open(version, house.event(id=number), timing=lists(4, 3600))
    assert await locked_by(house) == ["0", "0", "0"]
    await house.open(version, house.event(id=4), timing=lists(4, 3600))
    assert await states(house) == ["skipped", "skipped", "skipped", "queued"]


async def test_lists_go_by_the_pace_of_their_rule(house: House) -> None:
    version = await collecting(house, overlap="parallel")
    await house.open(version, *(house.event(id=n) for n in range(6)), timing=lists(2, 3600, Window(2, 3600)))
    assert await states(house) == ["skipped", "queued", "skipped", "queued", "skipped", "pace"]


async def test_every_change_is_in_one_list_whoever_dies_when(house: House, crm: asyncpg.Connection) -> None:
    """Transactions that make lists are broken off at random; what is left at the end is every name once."""
    version = await collecting(house)
    chance = random.Random(7)
    timing = lists(4, 0.3)

    async def open_some(first: int) -> None:
        for number in range(first, first + 20):
            event = house.event(id=number, first_name=f"<{number}>")
            await house.open(version, event, timing=timing)
            await asyncio.sleep(chance.random() * 0.02)

    async def clock() -> None:
        for _ in range(40):
            try:
                async with transaction(house.engine) as conn:
                    await due_turns(conn)
                    if chance.random() < 0.5:
                        raise ZeroDivisionError
            except ZeroDivisionError:
                pass
            await asyncio.sleep(0.02)

    await asyncio.gather(open_some(0), open_some(100), clock(), clock())

    async def over() -> bool:
        await house.wake()
        await house.perform()
        return not {"batch", "queued", "pace"} & set(await states(house))

    await until(over, what="every list was performed")
    names = "".join(await titles(crm))
    assert sorted(names.removeprefix("<").removesuffix(">").split("><")) == sorted(
        str(n) for n in [*range(20), *range(100, 120)]
    )
