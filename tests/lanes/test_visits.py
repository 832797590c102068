"""A schedule visits every record of a table: one run for each that matches, at every moment, whatever dies."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.bells import Bells
from ruleyard.core.graph import Schedule
from ruleyard.core.types import LogId, RuleId, VersionId
from ruleyard.intake.tickers import make_ticks
from ruleyard.lanes.catch_up import CatchUps
from ruleyard.stores import catch_ups
from ruleyard.stores.connections import Connection
from ruleyard.stores.db import transaction
from ruleyard.stores.events import LogPools
from ruleyard.stores.schedules import Visited, start_schedule
from support.published import publish

SELDOM: Final = Schedule("rrule", at="00:00", rrule="FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29")
"""Comes by itself in no test: only the moments that a test makes are due."""
BUSY: Final = {">=": [{"var": "after.attempts"}, 3]}
KEYS: Final = [str(n) for n in range(1, 41) if n % 8 >= 3]


def visiting(logic: object = BUSY, policy: Mapping[str, object] | None = None) -> dict[str, Any]:
    """Every hour, for each lead: if `logic`, tell everyone."""
    home = {"connection": "crm", "table": "public.leads"}
    return {
        "dialect": 1,
        "name": "Visits",
        "nodes": [
            {
                "id": "t",
                "kind": "trigger",
                "on": "schedule",
                "schedule": {"repeat": "hours", "every": 1},
                **home,
            },
            {"id": "c", "kind": "condition", "logic": logic},
            {"id": "a", "kind": "action", "do": "notify", "fields": {"title": {"var": "after.first_name"}}},
        ],
        "edges": [["t", "c"], ["c", "a", "yes"]],
        "policy": {"limit": "off", **(policy or {})},
    }


@pytest.fixture
async def records(crm: asyncpg.Connection, leads: Connection) -> None:
    await crm.execute(
        "insert into leads (first_name, attempts) select 'x' || n, n % 8 from generate_series(1, 40) n"
    )


@pytest.fixture
async def rule(records: None, engine: AsyncEngine, leads: Connection) -> tuple[RuleId, VersionId]:
    return await started(engine, leads, visiting())


async def started(
    engine: AsyncEngine, leads: Connection, document: dict[str, Any]
) -> tuple[RuleId, VersionId]:
    rule = await publish(engine, document)
    async with transaction(engine) as conn:
        await start_schedule(
            conn,
            rule_id=rule[0],
            version_id=rule[1],
            schedule=SELDOM,
            next_at=datetime.now(UTC) - timedelta(seconds=1),
            visited=Visited(LogId(leads.id), "public.leads"),
        )
    return rule


async def next_moment(engine: AsyncEngine, rule: RuleId, *, ago: timedelta) -> int:
    """The schedule comes again. Returns the newest visit."""
    async with engine.begin() as conn:
        await conn.execute(
            text("update app.schedule set next_at = :at where rule_id = :rule"),
            {"at": datetime.now(UTC) - ago, "rule": rule},
        )
    await make_ticks(engine)
    return await newest(engine)


async def newest(engine: AsyncEngine) -> int:
    async with engine.connect() as conn:
        return int((await conn.execute(text("select max(id) from app.catch_up"))).scalar_one())


async def runs(engine: AsyncEngine, visit: int) -> list[Any]:
    async with engine.connect() as conn:
        found = await conn.execute(
            text("""
                select record_key, state, event, event_id from app.run where event ->> 'cause' = :cause
                order by cast(record_key as int)
            """),
            {"cause": f"visit:{visit}"},
        )
        return list(found.all())


async def test_each_moment_visits_every_record_anew(
    engine: AsyncEngine, pools: LogPools, bells: Bells, rule: tuple[RuleId, VersionId]
) -> None:
    assert await make_ticks(engine) == 1
    assert await make_ticks(engine) == 0
    first = await newest(engine)
    worker = CatchUps(engine, pools, bells, page_size=7)
    await worker.run(first)
    async with transaction(engine) as conn:
        done = await catch_ups.read(conn, first)
        ticks = await conn.execute(text("select tick_at from app.tick"))
        assert done.tick_at == ticks.scalar_one()
    assert (done.state, done.looked, done.runs, done.undecided) == ("finished", 40, 25, 0)
    opened = await runs(engine, first)
    assert [run.record_key for run in opened] == KEYS
    event = opened[0].event
    assert (event["op"], event["table"], event["key"]) == ("tick", "public.leads", {"id": 3})
    assert datetime.fromisoformat(event["at"]) == done.tick_at
    assert event["after"]["first_name"] == "x3"
    assert "before" not in event

    second = await next_moment(engine, rule[0], ago=timedelta(seconds=20))
    await worker.run(second)
    again = await runs(engine, second)
    assert [run.record_key for run in again] == KEYS, "who had a run at the last visit has one now"
    assert not {run.event_id for run in opened} & {run.event_id for run in again}


async def test_a_moment_that_comes_while_a_visit_goes_on_is_visited_after_it(
    engine: AsyncEngine, pools: LogPools, bells: Bells, rule: tuple[RuleId, VersionId]
) -> None:
    first = await next_moment(engine, rule[0], ago=timedelta(seconds=50))
    assert await next_moment(engine, rule[0], ago=timedelta(seconds=40)) == first
    assert await next_moment(engine, rule[0], ago=timedelta(seconds=30)) == first
    worker = CatchUps(engine, pools, bells)
    await worker.run(first)
    async with transaction(engine) as conn:
        (second,) = await catch_ups.due(conn)
        old, new = await catch_ups.read(conn, first), await catch_ups.read(conn, second)
    assert old.tick_at is not None
    assert new.tick_at is not None
    assert timedelta(seconds=15) < new.tick_at - old.tick_at < timedelta(seconds=25), "the newest of the two"
    await worker.run(second)
    assert [run.record_key for run in await runs(engine, second)] == KEYS
    async with transaction(engine) as conn:
        assert await catch_ups.due(conn) == []


async def test_a_worker_that_dies_after_a_page_loses_and_repeats_nothing(
    engine: AsyncEngine,
    pools: LogPools,
    bells: Bells,
    rule: tuple[RuleId, VersionId],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Died(BaseException):
        pass

    async def die(*_: object) -> None:
        raise Died

    await make_ticks(engine)
    visit = await newest(engine)
    for module, name in ((catch_ups, "save"), (bells, "ring_slots")):
        with monkeypatch.context() as patched:
            patched.setattr(module, name, die)
            with pytest.raises(Died):
                await CatchUps(engine, pools, bells, page_size=9).run(visit)
    await CatchUps(engine, pools, bells, page_size=9).run(visit)
    assert [run.record_key for run in await runs(engine, visit)] == KEYS


@pytest.mark.usefixtures("records")
async def test_the_limit_of_the_rule_holds_what_is_beyond_it(
    engine: AsyncEngine, pools: LogPools, bells: Bells, leads: Connection
) -> None:
    await started(engine, leads, visiting(policy={"limit": 10}))
    await make_ticks(engine)
    visit = await newest(engine)
    await CatchUps(engine, pools, bells).run(visit)
    states = [run.state for run in await runs(engine, visit)]
    assert (states.count("queued"), states.count("waiting")) == (10, 15)


async def test_a_rule_that_went_off_meanwhile_visits_nobody(
    engine: AsyncEngine, pools: LogPools, bells: Bells, rule: tuple[RuleId, VersionId]
) -> None:
    await make_ticks(engine)
    async with engine.begin() as conn:
        await conn.execute(text("update app.rule set enabled = false"))
    visit = await newest(engine)
    await CatchUps(engine, pools, bells).run(visit)
    async with transaction(engine) as conn:
        assert (await catch_ups.read(conn, visit)).state == "stopped"
    assert await runs(engine, visit) == []


async def test_cancelling_ends_what_did_not_begin(
    engine: AsyncEngine, pools: LogPools, bells: Bells, rule: tuple[RuleId, VersionId]
) -> None:
    await make_ticks(engine)
    visit = await newest(engine)
    await CatchUps(engine, pools, bells).run(visit)
    async with transaction(engine) as conn:
        assert await catch_ups.cancel_waiting(conn, visit) == 25
    assert {run.state for run in await runs(engine, visit)} == {"cancelled"}
