"""Events that cannot be read or kept stand aside with the reason; their lane and all others go on."""

from __future__ import annotations

from typing import Any

import asyncpg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.core.types import LANES, LogId
from ruleyard.lanes.again import look_again
from ruleyard.lanes.evaluate_lane import Lanes
from ruleyard.lanes.look import measure_lag
from ruleyard.stores.connections import Connection, Watched
from ruleyard.stores.events import LogPools
from support.published import change_rule, publish

ALWAYS = {"===": [1, 1]}
BAD = "update ruleyard.event set after = jsonb_set(after, '{budget}', ($1::text)::jsonb) where key = '{\"id\": 2}'"
DEEP = "[" * 3_000 + "]" * 3_000
DIGITS = "9" * 5_000
"""More than Python reads as a number."""


async def drain(lanes: Lanes, log: LogId) -> None:
    for lane in range(LANES):
        await lanes.drain(log, lane)


async def rows(engine: AsyncEngine, sql: str) -> list[Any]:
    async with engine.connect() as conn:
        return list(await conn.execute(text(sql)))


async def names(engine: AsyncEngine) -> list[str]:
    return sorted(row[0] for row in await rows(engine, "select event #>> '{after,first_name}' from app.run"))


async def test_a_row_that_cannot_be_decoded_stands_aside_and_its_lane_goes_on(
    engine: AsyncEngine,
    lanes: Lanes,
    pools: LogPools,
    watched: Watched,
    leads: Connection,
    crm: asyncpg.Connection,
) -> None:
    await publish(engine, change_rule(ALWAYS, events=("insert",)))
    await crm.execute("insert into leads (first_name) values ('Ann'), ('Bob'), ('Cid')")
    pool = await watched.pool(leads.id)
    await pool.execute("update ruleyard.event set lane = 3")
    await pool.execute(BAD, DEEP)
    log = LogId(leads.id)
    await drain(lanes, log)
    await drain(lanes, log)
    assert await names(engine) == ["Ann", "Cid"]
    (aside,) = await rows(engine, "select * from app.unreadable_event")
    assert (aside.log, aside.lane, aside.table_name) == (log, 3, "public.leads")
    assert aside.error.startswith("RecursionError")
    lag = {one.name: one for one in await measure_lag(engine, pools)}
    assert (lag["crm"].unread, lag["crm"].aside, lag["own"].aside) == (0, 1, 0)

    found = await look_again(engine, pools, log)
    assert (found.read, found.aside, found.gone) == (0, 1, 0)
    await pool.execute(BAD, "7")
    found = await look_again(engine, pools, log)
    assert (found.read, found.aside, len(found.runs)) == (1, 0, 1)
    assert await names(engine) == ["Ann", "Bob", "Cid"]
    assert await rows(engine, "select 1 from app.unreadable_event") == []
    (heard,) = await rows(engine, "select sum(events) from app.heard")
    (judged,) = await rows(engine, "select sum(matched), sum(unmatched + errors) from app.judged")
    assert (heard[0], *judged) == (3, 3, 0)


async def test_a_number_of_thousands_of_digits_is_read_as_text(
    engine: AsyncEngine, lanes: Lanes, leads: Connection, crm: asyncpg.Connection
) -> None:
    await publish(engine, change_rule(ALWAYS, events=("insert",)))
    await crm.execute(f"insert into leads (first_name, budget) values ('Ann', {DIGITS})")
    await drain(lanes, LogId(leads.id))
    assert [row[0] for row in await rows(engine, "select event #>> '{after,budget}' from app.run")] == [
        DIGITS
    ]
    assert await rows(engine, "select 1 from app.unreadable_event") == []


async def test_an_event_that_our_database_refuses_stands_aside(
    engine: AsyncEngine, lanes: Lanes, pools: LogPools, leads: Connection, crm: asyncpg.Connection
) -> None:
    await publish(engine, change_rule(ALWAYS, events=("insert",)))
    async with engine.begin() as conn:
        await conn.execute(
            text("""
                create function app.refuse() returns trigger language plpgsql as $$ begin
                  if new.event #>> '{after,first_name}' = 'Bob' then
                    raise exception 'index row size exceeds maximum' using errcode = '54000';
                  end if;
                  return new;
                end $$
            """)
        )
        await conn.execute(
            text("create trigger refuse before insert on app.run for each row execute function app.refuse()")
        )
    await crm.execute("insert into leads (first_name) select 'n' || n from generate_series(1, 30) n")
    await crm.execute("insert into leads (first_name) values ('Bob'), ('Cid')")
    log = LogId(leads.id)
    await drain(lanes, log)
    assert await names(engine) == sorted([*(f"n{n}" for n in range(1, 31)), "Cid"])
    (aside,) = await rows(engine, "select * from app.unreadable_event")
    assert "index row size" in aside.error
    found = await look_again(engine, pools, log)
    assert (found.read, found.aside) == (0, 1)
    async with engine.begin() as conn:
        await conn.execute(text("drop trigger refuse on app.run"))
    found = await look_again(engine, pools, log)
    assert (found.read, found.aside) == (1, 0)
    assert "Bob" in await names(engine)


async def test_an_event_that_is_no_longer_in_the_log_is_forgotten(
    engine: AsyncEngine, pools: LogPools, leads: Connection
) -> None:
    async with engine.begin() as conn:
        await conn.execute(
            text("""insert into app.unreadable_event (log, event_id, lane, table_name, error)
                values (:log, 7, 0, 'public.leads', 'ValueError: what was that')"""),
            {"log": leads.id},
        )
    found = await look_again(engine, pools, LogId(leads.id))
    assert (found.read, found.aside, found.gone) == (0, 0, 1)
    assert await rows(engine, "select 1 from app.unreadable_event") == []
