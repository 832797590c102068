"""A rule that fails on most of what it is asked: somebody is told once, not by each of its failed runs alone."""

from __future__ import annotations

from typing import Any

import asyncpg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.core.types import LANES, LogId
from ruleyard.lanes.evaluate_lane import Lanes
from ruleyard.stores.accounts import create_account
from ruleyard.stores.connections import Connection
from ruleyard.stores.db import transaction
from ruleyard.stores.undecided import LEAST
from support.published import change_rule, publish

MORE_THAN_3 = {">": [{"var": "after.first_name"}, 3]}


async def insert(crm: asyncpg.Connection, lanes: Lanes, leads: Connection, name: str, count: int) -> None:
    await crm.execute(
        "insert into leads (first_name) select $1 from generate_series(1, $2::int)", name, count
    )
    for lane in range(LANES):
        await lanes.drain(LogId(leads.id), lane)


async def told(engine: AsyncEngine) -> list[Any]:
    async with engine.connect() as conn:
        return list(await conn.execute(text("select * from app.notification order by id")))


async def test_the_owner_is_told_once_of_a_version_that_cannot_decide(
    engine: AsyncEngine, lanes: Lanes, leads: Connection, crm: asyncpg.Connection
) -> None:
    async with transaction(engine) as conn:
        await create_account(conn, email="ann@example.test", name="Ann", role="admin", password_hash="x")
    rule, version = await publish(engine, change_rule(MORE_THAN_3, events=("insert",), name="By name"))
    await insert(crm, lanes, leads, "Ann", LEAST - 1)
    assert await told(engine) == [], "some failures are no storm"
    await insert(crm, lanes, leads, "Ann", 3 * LEAST)
    (note,) = await told(engine)
    assert (note.rule_id, note.key, note.title) == (
        rule,
        f"undecided:{version}",
        "“By name” cannot decide most changes",
    )
    assert note.told["code"] == "rule-undecided"
    assert note.told["args"]["times"] >= LEAST
    assert note.told["args"]["why"]["code"] == "not-a-number"
    await insert(crm, lanes, leads, "Bob", LEAST)
    assert len(await told(engine)) == 1


async def test_a_few_odd_records_among_many_are_no_reason_to_tell(
    engine: AsyncEngine, lanes: Lanes, leads: Connection, crm: asyncpg.Connection
) -> None:
    async with transaction(engine) as conn:
        await create_account(conn, email="ann@example.test", name="Ann", role="admin", password_hash="x")
    await publish(engine, change_rule(MORE_THAN_3, events=("insert",)))
    await insert(crm, lanes, leads, "7", 3 * LEAST)
    await insert(crm, lanes, leads, "Ann", 2 * LEAST)
    assert await told(engine) == []
