"""Our own database goes away under a worker that lives on: what it did is not forgotten, and nobody calls it dead."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from urllib.parse import urlsplit

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import NoResultFound
from sqlalchemy.exc import TimeoutError as PoolTimeout

from ruleyard.core.types import ConnectionId
from ruleyard.stores.db import create_engine, passing, transaction
from runner.house import House
from support.proxy import Proxy
from support.servers import Answer, http_receiver
from support.waiting import until

TASK = {
    "id": "a",
    "kind": "action",
    "do": "create_record",
    "fields": {"table": "public.tasks", "set": {"title": "1"}},
}


DAWDLE = (
    "create function dawdle() returns trigger language plpgsql as "
    "'begin if true then perform pg_sleep(2); end if; return new; end'",
    "create trigger dawdle before insert on {table} for each row execute function dawdle()",
)


@asynccontextmanager
async def behind_a_proxy(house: House) -> AsyncIterator[tuple[House, Proxy]]:
    """The same house, whose runner reaches our database through the proxy; the watched one directly."""
    port = urlsplit(house.settings.database_url).port
    assert port is not None
    async with Proxy("127.0.0.1", port) as proxy:
        url = house.settings.database_url.replace(f":{port}/", f":{proxy.port}/")
        engine = create_engine(replace(house.settings, database_url=url))
        yield replace(house, engine=engine), proxy
        await engine.dispose()


async def test_an_answer_that_came_while_our_database_was_away_is_not_asked_for_again(house: House) -> None:
    go = asyncio.Event()
    async with (
        http_receiver(Answer(wait=go)) as receiver,
        behind_a_proxy(house) as (far, proxy),
        far.runner(outbound_allow=(receiver.address,)) as runner,
    ):
        hook = {"id": "h", "kind": "action", "do": "call_webhook", "fields": {"url": receiver.url}}
        version = await house.publish(hook, edges=[["t", "h"]])
        [run_id] = await house.open(version, house.event())
        performing = asyncio.create_task(runner.perform_slot(3))
        await receiver.wait_for(1)
        proxy.cut()
        go.set()

        async def given_up_on_once() -> bool:
            return proxy.refused > 0

        await until(given_up_on_once, what="a try to write while the database is away")
        proxy.mend()
        await performing
    run = await house.run(run_id)
    assert (run.state, run.attempt, run.deaths) == ("succeeded", 1, 0)
    assert len(receiver.received) == 1


async def test_a_run_that_could_not_begin_is_given_back_and_counts_no_death(
    house: House, crm: asyncpg.Connection
) -> None:
    version = await house.publish(TASK, edges=[["t", "a"]])
    [run_id] = await house.open(version, house.event())
    async with behind_a_proxy(house) as (far, proxy), far.runner() as runner:
        async with transaction(house.engine) as conn:
            await conn.execute(text("lock table app.drift in access exclusive mode"))
            performing = asyncio.create_task(runner.perform_slot(3))

            async def held_up() -> bool:
                return (await house.run(run_id)).state == "running"

            await until(held_up, what="the claim")
            await until(lambda: waiting_for(house, "drift"), what="the run to be held up")
            proxy.cut()
            await until(lambda: proxy.refused > 0, what="a try while the database is away")
        proxy.mend()
        await performing
    run = await house.run(run_id)
    assert (run.state, run.attempt, run.deaths) == ("succeeded", 2, 0)
    assert await crm.fetchval("select count(*) from tasks") == 1


async def waiting_for(house: House, table: str) -> bool:
    async with house.engine.connect() as conn:
        found = await conn.execute(
            text("""
                select count(*) from pg_locks l join pg_class c on c.oid = l.relation
                where not l.granted and c.relname = :t
            """),
            {"t": table},
        )
        return bool(found.scalar_one())


async def test_what_our_database_refuses_fails_the_action_in_its_words(house: House) -> None:
    tell = {"id": "n", "kind": "action", "do": "notify", "fields": {"title": "Hello"}}
    version = await house.publish(tell, edges=[["t", "n"]])
    [run_id] = await house.open(version, house.event())
    await house.execute("alter table app.notification alter column title type varchar(3)")
    await asyncio.wait_for(house.perform(), 90)
    run, error = await house.run(run_id), (await house.steps(run_id))["n"].error
    assert (run.state, run.attempt, error.code) == ("failed", 1, "database-refused")
    assert error.detail == "value too long for type character varying(3)"


async def test_what_our_database_stops_each_time_fails_after_the_tries_of_its_rule(house: House) -> None:
    """It answers, so it is not away: a run that is only given back would be begun for ever."""
    engine = create_engine(house.settings, patience_s=0.5)
    tell = {"id": "n", "kind": "action", "do": "notify", "fields": {"title": "Hello"}}
    version = await house.publish(tell, edges=[["t", "n"]])
    [run_id] = await house.open(version, house.event())
    for one in DAWDLE:
        await house.execute(one.format(table="app.notification"))
    async with asyncio.timeout(180):
        while (run := await house.run(run_id)).state in ("queued", "waiting", "running"):
            await house.execute("update app.run set wake_at = now() where state = 'waiting'")
            await house.wake()
            await replace(house, engine=engine).perform()
    await engine.dispose()
    step = (await house.steps(run_id))["n"]
    assert (run.state, step.error.code, step.attempts) == ("failed", "statement-stopped", 3)
    assert "took too long" in step.error.message
    assert run.deaths == 0


async def test_what_our_database_stops_once_is_done_the_next_time(house: House) -> None:
    engine = create_engine(house.settings, patience_s=0.5)
    tell = {"id": "n", "kind": "action", "do": "notify", "fields": {"title": "Hello"}}
    version = await house.publish(tell, edges=[["t", "n"]], policy={"on_error": "stop"})
    [run_id] = await house.open(version, house.event())
    await house.execute("create sequence app.begun")
    for one in DAWDLE:
        await house.execute(
            one.format(table="app.notification").replace("if true", "if nextval(''app.begun'') = 1")
        )
    for _ in range(2):
        await asyncio.wait_for(replace(house, engine=engine).perform(), 90)
    await engine.dispose()
    run = await house.run(run_id)
    assert (run.state, run.attempt, (await house.steps(run_id))["n"].attempts) == ("succeeded", 2, 1)


async def test_a_write_that_a_watched_database_stops_each_time_says_what_to_look_at(
    house: House, crm: asyncpg.Connection
) -> None:
    for one in DAWDLE:
        await crm.execute(one.format(table="public.tasks"))
    pool = await house.watched.pool(ConnectionId(int(house.log)))
    name = await crm.fetchval("select quote_ident(current_database())")
    await pool.execute(f"alter role current_user in database {name} set statement_timeout = '500ms'")
    await house.watched.close()
    version = await house.publish(TASK, edges=[["t", "a"]])
    [run_id] = await house.open(version, house.event())
    async with asyncio.timeout(180):
        while (run := await house.run(run_id)).state in ("queued", "waiting"):
            await house.execute("update app.run set wake_at = now() where state = 'waiting'")
            await house.wake()
            await house.perform()
    step = (await house.steps(run_id))["a"]
    assert (run.state, step.error.code, step.attempts) == ("failed", "statement-stopped", 3)
    assert step.error.detail == "canceling statement due to statement timeout"


async def test_a_mistake_of_ours_is_no_database_that_is_away(house: House) -> None:
    tell = {"id": "n", "kind": "action", "do": "notify", "fields": {"title": "Hello"}}
    version = await house.publish(tell, edges=[["t", "n"]])
    [run_id] = await house.open(version, house.event())
    await house.execute("alter table app.notification rename column title to headline")
    await asyncio.wait_for(house.perform(), 90)
    run = await house.run(run_id)
    assert (run.state, run.attempt) == ("failed", 1)
    assert "Ruleyard itself failed" in run.error


@pytest.mark.parametrize(
    ("error", "passes"),
    [
        (asyncpg.AdminShutdownError("restart"), True),
        (asyncpg.InvalidPasswordError("it is being changed"), True),
        (asyncpg.ReadOnlySQLTransactionError("a standby"), True),
        (asyncpg.DeadlockDetectedError("deadlock"), True),
        (OSError("nobody there"), True),
        (PoolTimeout("no line is free"), True),
        (asyncpg.UndefinedColumnError("no such column"), False),
        (asyncpg.CharacterNotInRepertoireError("0x00"), False),
        (NoResultFound("one row was promised"), False),
    ],
)
def test_what_may_pass_by_itself(error: BaseException, passes: bool) -> None:
    assert passing(error) is passes
