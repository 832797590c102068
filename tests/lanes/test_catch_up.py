"""Runs for records that match already: one each, however often it is done and whatever changes meanwhile."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.bells import Bells
from ruleyard.core.types import LogId, RuleId, VersionId
from ruleyard.lanes import catch_up as module
from ruleyard.lanes.catch_up import CatchUps
from ruleyard.lanes.evaluate_lane import Lanes
from ruleyard.stores import catch_ups
from ruleyard.stores.catch_ups import CatchUp
from ruleyard.stores.connections import Connection
from ruleyard.stores.db import transaction
from ruleyard.stores.events import LogPools
from support.published import change_rule, publish

WON = {"===": [{"var": "after.status"}, "won"]}
JUST_WON = {"and": [WON, {"!==": [{"var": "before.status"}, "won"]}]}


@pytest.fixture
async def history(crm: asyncpg.Connection, leads: Connection) -> None:
    """40 leads: each fourth is won."""
    await crm.execute(
        "insert into leads (first_name, status, attempts) "
        "select 'x' || n, case when n % 4 = 0 then 'won' else 'new' end, n % 8 from generate_series(1, 40) n"
    )


@pytest.fixture
async def passed(history: None, lanes: Lanes, leads: Connection) -> None:
    """No change is unread."""
    await drained(lanes, leads)


async def drained(lanes: Lanes, leads: Connection) -> None:
    for lane in range(16):
        await lanes.drain(LogId(leads.id), lane)


async def begun(engine: AsyncEngine, leads: Connection, rule: tuple[RuleId, VersionId]) -> int:
    async with transaction(engine) as conn:
        return await catch_ups.begin(
            conn, rule_id=rule[0], version_id=rule[1], log=LogId(leads.id), table="public.leads", actor="Ann"
        )


async def read(engine: AsyncEngine, number: int) -> CatchUp:
    async with transaction(engine) as conn:
        return await catch_ups.read(conn, number)


async def runs(engine: AsyncEngine) -> list[Any]:
    async with transaction(engine) as conn:
        found = await conn.execute(
            text(
                "select record_key, state, event_id, event, slot from app.run order by cast(record_key as int)"
            )
        )
        return list(found.all())


WON_KEYS = [str(n) for n in range(4, 41, 4)]


@pytest.mark.usefixtures("passed")
async def test_every_record_that_matches_gets_one_run(
    engine: AsyncEngine, pools: LogPools, bells: Bells, leads: Connection
) -> None:
    quiet = {"settle": {"amount": 1, "unit": "hours"}}  # which nobody who stands as they are waits for
    rule = {**change_rule(JUST_WON, columns=("status",)), "policy": quiet}
    one = await begun(engine, leads, await publish(engine, rule))
    await CatchUps(engine, pools, bells, page_size=7).run(one)
    done = await read(engine, one)
    assert (done.state, done.looked, done.runs, done.undecided) == ("finished", 40, 10, 0)
    opened = await runs(engine)
    assert [run.record_key for run in opened] == WON_KEYS
    assert {run.state for run in opened} == {"queued"}
    event = opened[0].event
    assert (event["op"], event["changed"], event["cause"]) == ("update", ["status"], f"already:{one}")
    assert (event["before"]["status"], event["after"]["status"]) == (None, "won")
    assert event["before"]["first_name"] == "x4"


@pytest.mark.usefixtures("passed")
async def test_a_worker_that_dies_after_a_page_loses_and_repeats_nothing(
    engine: AsyncEngine, pools: LogPools, bells: Bells, leads: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = await begun(engine, leads, await publish(engine, change_rule(WON)))

    class Died(BaseException):
        pass

    async def die(*_: object) -> None:
        raise Died

    with monkeypatch.context() as patched:
        patched.setattr(catch_ups, "save", die)  # the page's runs are written, its place is not
        with pytest.raises(Died):
            await CatchUps(engine, pools, bells, page_size=9).run(one)
    assert await runs(engine) == []
    with monkeypatch.context() as patched:
        patched.setattr(bells, "ring_slots", die)  # committed, and nobody was rung
        with pytest.raises(Died):
            await CatchUps(engine, pools, bells, page_size=9).run(one)
    assert len(await runs(engine)) == 2
    async with transaction(engine) as conn:
        assert await catch_ups.due(conn) == [one]
    await CatchUps(engine, pools, bells, page_size=9).run(one)
    assert [run.record_key for run in await runs(engine)] == WON_KEYS


@pytest.mark.usefixtures("passed")
async def test_two_workers_open_no_run_twice(
    engine: AsyncEngine, pools: LogPools, bells: Bells, leads: Connection
) -> None:
    rule = await publish(engine, change_rule(WON))
    one = await begun(engine, leads, rule)
    assert await begun(engine, leads, rule) == one, "asking again while it goes on is the same"
    workers = [CatchUps(engine, pools, bells, page_size=3) for _ in range(3)]
    for _ in range(3):
        await asyncio.gather(*(worker.run(one) for worker in workers))
    assert (await read(engine, one)).state == "finished"
    assert [run.record_key for run in await runs(engine)] == WON_KEYS
    again = await begun(engine, leads, rule)
    await workers[0].run(again)
    assert (await read(engine, again)).runs == 0, "the version ran for them"


@pytest.mark.usefixtures("passed")
async def test_what_changes_meanwhile_runs_once(
    engine: AsyncEngine,
    pools: LogPools,
    bells: Bells,
    leads: Connection,
    lanes: Lanes,
    crm: asyncpg.Connection,
) -> None:
    one = await begun(engine, leads, await publish(engine, change_rule(JUST_WON, columns=("status",))))
    await crm.execute("update leads set status = 'won' where id in (1, 2)")
    for lane in range(8):  # some of these changes are read, some not
        await lanes.drain(LogId(leads.id), lane)
    await crm.execute("update leads set status = 'won' where id = 3")
    await crm.execute("update leads set attempts = 7 where id = 4")  # concerns the rule not at all
    await CatchUps(engine, pools, bells).run(one)
    await drained(lanes, leads)
    assert [run.record_key for run in await runs(engine)] == ["1", "2", "3", *WON_KEYS]


@pytest.mark.usefixtures("passed")
async def test_a_rules_limit_does_not_hold_what_somebody_asked_for(
    engine: AsyncEngine,
    pools: LogPools,
    bells: Bells,
    leads: Connection,
    crm: asyncpg.Connection,
    lanes: Lanes,
) -> None:
    document = change_rule(WON) | {"policy": {"limit": 3}}
    one = await begun(engine, leads, await publish(engine, document))
    await CatchUps(engine, pools, bells).run(one)
    assert {run.state for run in await runs(engine)} == {"queued"}
    await crm.execute("update leads set attempts = 9 where status = 'won' and id <= 16")
    await drained(lanes, leads)
    states = [run.state for run in await runs(engine) if run.event_id > 0]
    assert sorted(states) == ["queued", "queued", "queued", "waiting"], "changes count towards it as ever"


@pytest.mark.usefixtures("passed")
async def test_it_ends_when_its_version_is_not_the_one_that_is_on(
    engine: AsyncEngine, pools: LogPools, bells: Bells, leads: Connection
) -> None:
    rule_id, version_id = await publish(engine, change_rule(WON))
    one = await begun(engine, leads, (rule_id, version_id))
    await publish(engine, change_rule(WON), rule_id=rule_id)
    await CatchUps(engine, pools, bells).run(one)
    assert (await read(engine, one)).state == "stopped"
    assert await runs(engine) == []


@pytest.mark.usefixtures("passed")
async def test_it_waits_while_many_of_its_runs_wait_and_stopping_cancels_those(
    engine: AsyncEngine, pools: LogPools, bells: Bells, leads: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "AHEAD", 2)
    one = await begun(engine, leads, await publish(engine, change_rule(WON)))
    worker = CatchUps(engine, pools, bells, page_size=10)
    await worker.run(one)
    await worker.run(one)
    assert (await read(engine, one)).state == "running"
    assert len(await runs(engine)) == 2
    async with transaction(engine) as conn:
        await catch_ups.end(conn, one, "stopped")
        assert await catch_ups.cancel_waiting(conn, one) == 2
    await worker.run(one)
    assert [run.state for run in await runs(engine)] == ["cancelled", "cancelled"]


@pytest.mark.usefixtures("passed")
async def test_a_database_that_is_away_is_waited_for_and_a_table_that_is_gone_is_not(
    engine: AsyncEngine, pools: LogPools, bells: Bells, leads: Connection, crm: asyncpg.Connection
) -> None:
    rule = await publish(engine, change_rule(WON))
    one = await begun(engine, leads, rule)
    await crm.execute("set role crm_owner; begin; lock table leads")
    await CatchUps(engine, pools, bells).run(one)
    waits = await read(engine, one)
    assert (waits.state, waits.runs) == ("running", 0)
    assert "timeout" in waits.error
    await crm.execute("commit; drop table leads cascade")
    await CatchUps(engine, pools, bells).run(one)
    over = await read(engine, one)
    assert (over.state, over.runs) == ("failed", 0)
    assert "public.leads" in over.error
