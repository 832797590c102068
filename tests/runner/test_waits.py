"""Waits for a date, for an event, for the record: each run goes on once, whatever comes first."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text

from ruleyard.bells import Bells
from ruleyard.core.errors import Conflict
from ruleyard.core.types import LANES, OWN_LOG, JSONObject, LogId, RunId
from ruleyard.intake.watching import start_watch
from ruleyard.lanes.evaluate_lane import Lanes
from ruleyard.lanes.look import ensure_own_cursors
from ruleyard.stores import awaited, passing_on, run_care
from ruleyard.stores.db import create_engine, transaction
from ruleyard.stores.events import LogPools
from ruleyard.stores.runs import due_slots
from ruleyard.stores.told import tell
from runner.house import House
from support.waiting import until

DAY = {"amount": 1, "unit": "days"}
EDGES = [["t", "w"], ["w", "came"], ["w", "missed", "late"]]
PAID: JSONObject = {
    "id": "w",
    "kind": "wait",
    "event": "order.paid",
    "where": {"===": [{"var": "received.lead"}, {"var": "after.id"}]},
    "at_most": DAY,
}
WON: JSONObject = {
    "id": "w",
    "kind": "wait",
    "logic": {"===": [{"var": "after.status"}, "won"]},
    "at_most": DAY,
}


def task(node: str, title: Any) -> JSONObject:
    fields = {"table": "public.tasks", "set": {"title": title}}
    return {"id": node, "kind": "action", "do": "create_record", "fields": fields}


CAME = task("came", {"cat": ["came ", {"var": "steps.w.output.received.sum"}]})
MISSED = task("missed", "missed")


class Town:
    """The house with lanes that hear its `public.leads`."""

    def __init__(self, house: House, lanes: Lanes) -> None:
        self.house, self.lanes = house, lanes

    async def drain(self, log: LogId) -> None:
        for lane in range(LANES):
            await self.lanes.drain(log, lane)

    async def tell(self, kind: str = "order.paid", key: str = "1", **data: Any) -> None:
        async with transaction(self.house.engine) as conn:
            await tell(conn, kind, key, data, actor="test")

    async def state(self, run: RunId) -> str:
        return (await self.house.run(run)).state

    async def begin(self, wait: JSONObject, **after: Any) -> RunId:
        version = await self.house.publish(wait, CAME, MISSED, edges=EDGES)
        [run] = await self.house.open(version, self.house.event(**after))
        await self.house.perform()
        return run

    async def rows(self) -> int:
        async with self.house.engine.connect() as conn:
            return int((await conn.execute(text("select count(*) from app.awaited"))).scalar_one())


@pytest.fixture
async def town(house: House, bells: Bells) -> AsyncIterator[Town]:
    await start_watch(house.engine, house.watched, connection_id=house.log, table="public.leads")
    pools = LogPools(house.settings, house.watched)
    await ensure_own_cursors(house.engine, pools)
    yield Town(house, Lanes(house.engine, pools, bells, batch=20))
    await pools.close()


async def titles(crm: asyncpg.Connection) -> list[str]:
    return [row["title"] for row in await crm.fetch("select title from tasks order by id")]


async def test_an_event_that_is_told_ends_the_wait_and_gives_its_data(
    town: Town, crm: asyncpg.Connection
) -> None:
    run = await town.begin(PAID)
    await town.tell(key="1", lead=2, sum=10)
    await town.tell(key="2", lead=1, sum=20)
    await town.tell("order.sent", key="3", lead=1, sum=30)
    await town.drain(OWN_LOG)
    assert await town.state(run) == "queued"

    await town.house.perform()

    assert await town.state(run) == "succeeded"
    assert await titles(crm) == ["came 20"]
    step = (await town.house.steps(run))["w"]
    assert (step.state, step.branch, step.output) == ("succeeded", None, {"received": {"lead": 1, "sum": 20}})
    assert await town.rows() == 0


async def test_an_event_that_was_told_between_the_start_and_the_wait_is_not_lost(
    town: Town, crm: asyncpg.Connection
) -> None:
    await town.tell(key="0", lead=1, sum=3)
    await town.drain(OWN_LOG)
    await town.house.execute("update app.told set at = '2026-05-01T08:59:59Z'")
    assert await town.state(await town.begin(PAID)) == "waiting", "it was told before the run began"
    await town.tell(lead=1, sum=5)
    await town.drain(OWN_LOG)
    await town.house.perform()
    await town.begin(PAID)
    assert await titles(crm) == ["came 5", "came 5"]


async def test_what_a_run_told_itself_is_not_what_it_waits_for(town: Town) -> None:
    """The same event of another run is: it is looked for when the run comes to its wait, and heard afterwards."""
    fields = {"type": "order.paid", "data": {"lead": {"var": "after.attempts"}, "sum": 9}}
    tells = {"id": "e", "kind": "action", "do": "emit_event", "fields": fields}
    version = await town.house.publish(tells, PAID, CAME, MISSED, edges=[["t", "e"], ["e", "w"], *EDGES[1:]])
    [first] = await town.house.open(version, town.house.event(id=1, attempts=1))
    await town.house.perform()
    assert await town.state(first) == "waiting"
    await town.drain(OWN_LOG)
    assert await town.state(first) == "waiting"
    [second] = await town.house.open(version, town.house.event(id=2, attempts=1))
    await town.house.perform()
    await town.drain(OWN_LOG)
    assert (await town.state(first), await town.state(second)) == ("queued", "waiting")


async def test_a_run_that_is_woken_for_nothing_has_no_more_time_than_before(town: Town) -> None:
    run = await town.begin(PAID)
    await town.house.execute("update app.awaited set until = clock_timestamp() + interval '100 seconds'")
    await town.house.execute("update app.run set state = 'queued', wake_at = null where id = :id", id=run)
    await town.house.perform()
    assert await town.state(run) == "waiting"
    async with town.house.engine.connect() as conn:
        found = await conn.execute(
            text("""
                select a.until - clock_timestamp() as left_of_wait, r.wake_at - clock_timestamp() as left_of_run
                from app.awaited a join app.run r on r.id = a.run_id
            """)
        )
    assert all(timedelta(seconds=50) < left <= timedelta(seconds=100) for left in found.one())


async def test_an_event_that_is_told_again_ends_one_wait_once(town: Town, crm: asyncpg.Connection) -> None:
    run = await town.begin(PAID)
    for _ in range(3):
        await town.tell(lead=1, sum=5)
        await town.drain(OWN_LOG)
    await town.house.perform()
    await town.house.perform()
    assert await town.state(run) == "succeeded"
    assert await titles(crm) == ["came 5"]
    async with town.house.engine.connect() as conn:
        kept = await conn.execute(text("select count(*) from ruleyard.event where table_name = '@event'"))
        assert kept.scalar_one() == 1


async def test_a_wait_that_is_over_is_not_answered_at_the_next_one(town: Town) -> None:
    more = {"id": "v", "kind": "wait", "amount": 3, "unit": "days"}
    version = await town.house.publish(PAID, more, CAME, edges=[["t", "w"], ["w", "v"], ["v", "came"]])
    [run] = await town.house.open(version, town.house.event())
    await town.house.perform()
    await town.tell(lead=1, sum=5)
    await town.drain(OWN_LOG)
    await town.house.perform()
    assert (await town.state(run), await town.rows()) == ("waiting", 0)
    async with transaction(town.house.engine) as conn:
        assert await awaited.wake_answered(conn) == []


async def test_a_wait_that_nobody_answers_in_time_goes_on_by_its_late_path(
    town: Town, crm: asyncpg.Connection
) -> None:
    run = await town.begin({**PAID, "at_most": {"amount": 1, "unit": "seconds"}})
    assert await town.state(run) == "waiting"
    await town.house.execute("update app.awaited set until = clock_timestamp()")
    await town.house.execute("update app.run set wake_at = clock_timestamp()")
    await town.house.wake()
    await town.house.perform()
    assert await town.state(run) == "succeeded"
    assert await titles(crm) == ["missed"]
    assert (await town.house.steps(run))["w"].branch == "late"
    await town.tell(lead=1, sum=5)
    await town.drain(OWN_LOG)
    assert await town.state(run) == "succeeded"


async def test_the_record_is_looked_at_when_the_run_comes_to_its_wait(
    town: Town, crm: asyncpg.Connection
) -> None:
    lead = await crm.fetchval("insert into leads (first_name, status) values ('A', 'won') returning id")
    run = await town.begin(WON, id=lead)
    assert await town.state(run) == "succeeded"
    assert (await town.house.steps(run))["w"].output["after"]["status"] == "won"


async def test_a_change_of_the_record_ends_the_wait_when_it_holds(
    town: Town, crm: asyncpg.Connection
) -> None:
    lead = await crm.fetchval("insert into leads (first_name) values ('A') returning id")
    run = await town.begin(WON, id=lead)
    assert await town.state(run) == "waiting"
    other = await crm.fetchval("insert into leads (first_name) values ('C') returning id")
    await crm.execute("update leads set status = 'won' where id = $1", other)
    await crm.execute("update leads set status = 'callback' where id = $1", lead)
    await town.drain(town.house.log)
    assert await town.state(run) == "waiting"
    await crm.execute("update leads set status = 'won' where id = $1", lead)
    await crm.execute("update leads set status = 'lost' where id = $1", lead)
    await town.drain(town.house.log)
    assert await town.state(run) == "queued"
    await town.house.perform()
    assert (await town.house.steps(run))["w"].output["after"]["status"] == "won"


async def test_a_record_that_is_gone_is_waited_for_until_it_is_late(
    town: Town, crm: asyncpg.Connection
) -> None:
    lead = await crm.fetchval("insert into leads (first_name) values ('A') returning id")
    run = await town.begin(WON, id=lead)
    await crm.execute("delete from leads where id = $1", lead)
    await town.drain(town.house.log)
    assert await town.state(run) == "waiting"


async def test_a_wait_for_the_record_that_cannot_be_decided_fails_and_says_why(
    town: Town, crm: asyncpg.Connection
) -> None:
    lead = await crm.fetchval("insert into leads (first_name) values ('A') returning id")
    broken = {**WON, "logic": {">": [{"/": [1, {"-": [{"var": "after.attempts"}, 3]}]}, 5]}}
    run = await town.begin(broken, id=lead)
    await crm.execute("update leads set attempts = 3 where id = $1", lead)
    await town.drain(town.house.log)
    await town.house.perform()
    found = await town.house.run(run)
    assert (found.state, found.error) == ("failed", (await town.house.steps(run))["w"].error.message)


async def test_a_worker_that_dies_before_it_looked_loses_nothing(town: Town, crm: asyncpg.Connection) -> None:
    lead = await crm.fetchval("insert into leads (first_name) values ('A') returning id")
    run = await town.begin(WON, id=lead)
    await crm.execute("update leads set status = 'won' where id = $1", lead)
    await town.house.execute("update app.awaited set looked_at = null")
    async with transaction(town.house.engine) as conn:
        assert [one.run_id for one in await awaited.wake_answered(conn, unlooked_s=0)] == [run]
        assert await due_slots(conn) == [3]
    await town.house.perform()
    assert await town.state(run) == "succeeded"


async def test_a_worker_that_dies_with_the_answer_in_hand_finishes_the_step_once(
    town: Town, crm: asyncpg.Connection
) -> None:
    """It was claimed, and its worker died before it wrote anything."""
    run = await town.begin(PAID)
    await town.tell(lead=1, sum=5)
    await town.drain(OWN_LOG)
    await town.house.execute(
        """update app.run set state = 'running', attempt = attempt + 1, leased_by = 'dead',
        lease_until = clock_timestamp() - interval '1 second' where id = :id""",
        id=run,
    )
    await town.house.execute(
        "update app.run set state = 'queued', deaths = 1, leased_by = null where id = :id", id=run
    )
    await town.house.perform()
    assert await town.state(run) == "succeeded"
    assert await titles(crm) == ["came 5"]


async def test_a_cancelled_run_hears_no_event(town: Town, crm: asyncpg.Connection) -> None:
    run = await town.begin(PAID)
    async with transaction(town.house.engine) as conn:
        await run_care.cancel(conn, run)
    await town.tell(lead=1, sum=5)
    await town.drain(OWN_LOG)
    await town.house.perform()
    assert (await town.state(run), await titles(crm), await town.rows()) == ("cancelled", [], 0)


async def test_an_event_and_the_time_out_at_once_go_one_way(town: Town, crm: asyncpg.Connection) -> None:
    for number in range(4):
        run = await town.begin(PAID, id=number)
        await town.house.execute("update app.awaited set until = clock_timestamp()")
        await town.house.execute("update app.run set wake_at = clock_timestamp() where id = :id", id=run)
        await town.tell(key=str(number), lead=number, sum=number)

        async def in_time() -> None:
            await town.house.wake()
            await town.house.perform()

        await asyncio.gather(town.drain(OWN_LOG), in_time())
        await town.house.wake()
        await town.house.perform()
        assert await town.state(run) == "succeeded"
    assert len(await titles(crm)) == 4


async def test_a_date_that_is_past_is_not_waited_for(town: Town, crm: asyncpg.Connection) -> None:
    version = await town.house.publish(
        {"id": "w", "kind": "wait", "until": {"var": "after.renewal_on"}},
        MISSED,
        edges=[["t", "w"], ["w", "missed"]],
    )
    past, coming = await town.house.open(
        version,
        town.house.event(id=1, renewal_on="2020-01-01"),
        town.house.event(id=2, renewal_on="2999-01-01"),
    )
    await town.house.perform()
    assert (await town.state(past), await town.state(coming)) == ("succeeded", "waiting")
    assert (await town.house.steps(coming))["w"].until.startswith("2999-01-01T09:00:00")
    await town.house.execute("update app.run set wake_at = clock_timestamp() where id = :id", id=coming)
    await town.house.wake()
    await town.house.perform()
    assert await town.state(coming) == "succeeded"


async def test_a_date_that_is_empty_fails_the_run_and_says_what_to_do(town: Town) -> None:
    version = await town.house.publish(
        {"id": "w", "kind": "wait", "until": {"var": "after.renewal_on"}},
        MISSED,
        edges=[["t", "w"], ["w", "missed"]],
    )
    [run] = await town.house.open(version, town.house.event(renewal_on=None))
    await town.house.perform()
    found = await town.house.run(run)
    assert (found.state, found.error.startswith("There is no date to wait for")) == ("failed", True)


async def go_on(town: Town, run: RunId, way: passing_on.Way) -> str:
    async with transaction(town.house.engine) as conn:
        state = (await passing_on.go_on(conn, run, way)).state
    await town.house.perform()
    return state


async def test_somebody_lets_a_waiting_run_go_on(town: Town, crm: asyncpg.Connection) -> None:
    now, late = await town.begin(PAID, id=1), await town.begin(PAID, id=2)
    assert await go_on(town, now, "now") == "queued"
    assert await go_on(town, late, "late") == "queued"
    assert await titles(crm) == ["came ", "missed"]
    assert (await town.house.steps(now))["w"].output == {"received": {}}
    with pytest.raises(Conflict, match="waits for nothing"):
        await go_on(town, now, "now")


async def test_somebody_ends_a_wait_for_a_time(town: Town, crm: asyncpg.Connection) -> None:
    version = await town.house.publish(
        {"id": "w", "kind": "wait", "amount": 3, "unit": "days"}, MISSED, edges=[["t", "w"], ["w", "missed"]]
    )
    [run] = await town.house.open(version, town.house.event())
    await town.house.perform()
    with pytest.raises(Conflict, match="no path"):
        await go_on(town, run, "late")
    assert await go_on(town, run, "now") == "queued"
    assert (await town.state(run), await titles(crm)) == ("succeeded", ["missed"])


async def test_as_many_may_look_at_once_as_there_are_lines_to_our_database(
    town: Town, crm: asyncpg.Connection
) -> None:
    """A look that kept its line while it asked for another would wait for whoever does the same."""
    few = create_engine(town.house.settings, pool_size=2)
    house = replace(town.house, engine=few)
    version = await town.house.publish(WON, CAME, MISSED, edges=EDGES)
    runs = await town.house.open(version, *(town.house.event(id=n) for n in range(1, 9)))

    async def looking() -> bool:
        return int(await crm.fetchval("select count(*) from pg_locks where not granted")) >= 2

    async with crm.transaction():
        await crm.execute("lock table public.leads in access exclusive mode")
        performing = asyncio.create_task(house.perform())
        await until(looking, what="two of them to look at their records")
    await asyncio.wait_for(performing, 60)
    assert {await town.state(run) for run in runs} == {"waiting"}
    async with town.house.engine.connect() as conn:
        unlooked = await conn.execute(text("select count(*) from app.awaited where looked_at is null"))
        assert unlooked.scalar_one() == 0
    await few.dispose()
