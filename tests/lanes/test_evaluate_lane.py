"""Lanes: every committed change judged once, in order per record, by the version that is live."""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from typing import Any

import asyncpg
import pytest
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.bells import Bells
from ruleyard.core.types import LANES, OWN_LOG, LogId
from ruleyard.intake.watching import start_watch, stop_watch
from ruleyard.lanes.evaluate_lane import Lanes
from ruleyard.lanes.look import measure_lag, slow_look
from ruleyard.lanes.reader import LogReplaced
from ruleyard.settings import Settings
from ruleyard.stores.connections import Connection, Watched, connection, create_connection
from ruleyard.stores.cursors import start_cursors
from ruleyard.stores.db import transaction
from ruleyard.stores.emit import emit
from ruleyard.stores.events import LogPools
from ruleyard.stores.watches import list_watches
from support.published import change_rule, publish
from support.waiting import until

WON = {"===": [{"var": "after.status"}, "won"]}
ALWAYS = {"===": [1, 1]}


async def drain_all(lanes: Lanes, log: LogId) -> None:
    for lane in range(LANES):
        await lanes.drain(log, lane)


async def rows(engine: AsyncEngine, sql: str) -> list[Any]:
    async with engine.connect() as conn:
        return list(await conn.execute(text(sql)))


async def test_a_change_that_matches_opens_one_run(
    engine: AsyncEngine, lanes: Lanes, leads: Connection, crm: asyncpg.Connection
) -> None:
    rule, version = await publish(engine, change_rule(WON))
    await crm.execute("insert into leads (first_name, status) values ('Ann', 'won'), ('Bob', 'new')")
    for _ in range(3):
        await drain_all(lanes, LogId(leads.id))
    (run,) = await rows(engine, "select * from app.run")
    assert (run.rule_id, run.version_id, run.log, run.state) == (rule, version, leads.id, "queued")
    assert run.event["after"]["first_name"] == "Ann"
    assert (run.record_table, run.record_key) == ("public.leads", "1")
    assert run.slot == run.event["lane"]


async def test_not_firing_is_counted_and_writes_nothing_else(
    engine: AsyncEngine, lanes: Lanes, leads: Connection, crm: asyncpg.Connection
) -> None:
    await publish(engine, change_rule(WON))
    await crm.execute("insert into leads (status) select 'new' from generate_series(1, 30)")
    await crm.execute("insert into leads (status) select 'won' from generate_series(1, 3)")
    await drain_all(lanes, LogId(leads.id))
    (sums,) = await rows(engine, "select sum(matched), sum(unmatched), sum(errors) from app.judged")
    assert tuple(int(n) for n in sums) == (3, 0, 0)
    heard = await rows(
        engine, "select table_name, op, sum(events), sum(passed_over) from app.heard group by 1, 2"
    )
    assert [tuple(row) for row in heard] == [("public.leads", "insert", 33, 30)]
    assert (await rows(engine, "select count(*) from app.run"))[0][0] == 3


async def test_nothing_from_before_the_watch_is_replayed(
    engine: AsyncEngine, lanes: Lanes, watched: Watched, crm_connection: Connection, crm: asyncpg.Connection
) -> None:
    await publish(engine, change_rule(ALWAYS))
    await crm.execute("insert into leads (first_name) values ('before')")
    await start_watch(engine, watched, connection_id=crm_connection.id, table="public.leads")
    await crm.execute("insert into leads (first_name) values ('after')")
    await drain_all(lanes, LogId(crm_connection.id))
    runs = await rows(engine, "select event #>> '{after,first_name}' from app.run")
    assert [run[0] for run in runs] == ["after"]


async def test_a_transaction_that_was_open_while_the_watch_began_is_not_missed(
    engine: AsyncEngine,
    lanes: Lanes,
    watched: Watched,
    crm_connection: Connection,
    crm: asyncpg.Connection,
    crm_url: str,
) -> None:
    await publish(engine, change_rule(ALWAYS))
    async with crm.transaction():
        await crm.execute("select pg_current_xact_id()")
        await start_watch(engine, watched, connection_id=crm_connection.id, table="public.leads")
        await crm.execute("insert into leads (first_name) values ('open')")
        await drain_all(lanes, LogId(crm_connection.id))
    await drain_all(lanes, LogId(crm_connection.id))
    assert (await rows(engine, "select count(*) from app.run"))[0][0] == 1


async def test_concurrent_writers_lose_nothing_and_keep_each_records_order(
    engine: AsyncEngine,
    pools: LogPools,
    bells: Bells,
    leads: Connection,
    crm: asyncpg.Connection,
    crm_url: str,
) -> None:
    """Long transactions, savepoints and rollbacks; three readers that fight for the lanes meanwhile."""
    await publish(engine, change_rule(ALWAYS, events=("update",)))
    await crm.execute("insert into leads (attempts) select 0 from generate_series(1, 40)")
    log = LogId(leads.id)
    done = asyncio.Event()

    async def write(seed: int) -> None:
        chance = random.Random(seed)
        conn = await asyncpg.connect(crm_url)
        try:
            for _ in range(25):
                transaction_ = conn.transaction()
                await transaction_.start()
                for record in sorted(chance.sample(range(1, 41), chance.randint(1, 4))):
                    async with conn.transaction():
                        await conn.execute("update leads set attempts = attempts + 1 where id = $1", record)
                    if chance.random() < 0.3:
                        await conn.execute("select pg_sleep(0.01)")
                await (transaction_.rollback() if chance.random() < 0.2 else transaction_.commit())
        finally:
            await conn.close()

    async def read() -> None:
        lanes = Lanes(engine, pools, bells, batch=7)
        while not done.is_set():
            await drain_all(lanes, log)

    readers = [asyncio.create_task(read()) for _ in range(3)]
    await asyncio.gather(*(write(seed) for seed in range(6)))
    done.set()
    await asyncio.gather(*readers)
    await drain_all(Lanes(engine, pools, bells), log)

    seen: dict[int, list[int]] = defaultdict(list)
    for record, attempts in await rows(
        engine,
        "select cast(event #>> '{key,id}' as int), cast(event #>> '{after,attempts}' as int) from app.run order by id",
    ):
        seen[record].append(attempts)
    truth = {row["id"]: row["attempts"] for row in await crm.fetch("select id, attempts from leads")}
    assert {record: seen[record] for record in truth} == {
        record: list(range(1, attempts + 1)) for record, attempts in truth.items()
    }


async def test_a_version_published_between_two_batches_judges_the_second(
    engine: AsyncEngine, lanes: Lanes, leads: Connection, crm: asyncpg.Connection
) -> None:
    rule, first = await publish(engine, change_rule(ALWAYS))
    await crm.execute("insert into leads (status) values ('new')")
    await drain_all(lanes, LogId(leads.id))
    _, second = await publish(engine, change_rule(WON), rule_id=rule)
    await crm.execute("insert into leads (status) values ('new'), ('won')")
    await drain_all(lanes, LogId(leads.id))
    found = await rows(engine, "select version_id, event #>> '{after,status}' from app.run order by id")
    assert [tuple(run) for run in found] == [(first, "new"), (second, "won")]


async def test_an_expression_that_errs_opens_a_run_and_counts_an_error(
    engine: AsyncEngine, lanes: Lanes, leads: Connection, crm: asyncpg.Connection
) -> None:
    await publish(engine, change_rule({"date_add": ["no date", 1, "days"]}))
    await crm.execute("insert into leads (status) values ('new')")
    await drain_all(lanes, LogId(leads.id))
    (sums,) = await rows(engine, "select sum(matched), sum(unmatched), sum(errors) from app.judged")
    assert tuple(int(n) for n in sums) == (0, 0, 1)
    assert (await rows(engine, "select count(*) from app.run"))[0][0] == 1


async def test_a_lane_whose_batch_fails_reads_it_again_whole(
    engine: AsyncEngine,
    lanes: Lanes,
    leads: Connection,
    crm: asyncpg.Connection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await publish(engine, change_rule(ALWAYS))
    await crm.execute("insert into leads (status) select 'new' from generate_series(1, 50)")

    async def dies(*_: object, **__: object) -> None:
        raise ConnectionError("the worker died here")

    with monkeypatch.context() as broken:
        broken.setattr("ruleyard.lanes.evaluate_lane.move_cursor", dies)
        await drain_all(lanes, LogId(leads.id))
    assert (await rows(engine, "select count(*) from app.run"))[0][0] == 0
    await drain_all(lanes, LogId(leads.id))
    assert (await rows(engine, "select count(*) from app.run"))[0][0] == 50


async def test_a_manual_firing_is_an_event_of_our_own_log(engine: AsyncEngine, lanes: Lanes) -> None:
    rule, _ = await publish(engine, change_rule(ALWAYS))
    async with transaction(engine) as conn:
        event_id = await emit(conn, rule, "manual", {"first_name": "Ann"}, actor="ann@example.com")
    await drain_all(lanes, OWN_LOG)
    (run,) = await rows(engine, "select * from app.run")
    assert (run.log, run.event_id, run.event["op"]) == (0, event_id, "manual")
    assert run.event["actor"] == "ann@example.com"


async def test_a_replaced_log_stops_with_its_reason_and_goes_on_when_watched_again(
    engine: AsyncEngine, lanes: Lanes, watched: Watched, leads: Connection, crm: asyncpg.Connection
) -> None:
    await publish(engine, change_rule(ALWAYS))
    pool = await watched.pool(leads.id)
    await pool.execute("update ruleyard.log set identity = gen_random_uuid()")
    await crm.execute("insert into leads (first_name) values ('unread')")
    with pytest.raises(LogReplaced):
        await lanes.read_batch(LogId(leads.id), 0)
    await lanes.drain(LogId(leads.id), 0)
    async with engine.connect() as conn:
        found = await connection(conn, leads.id)
    assert found.state == "failing"
    assert "restored, re-created or moved" in found.state_reason
    assert (await rows(engine, "select count(*) from app.run"))[0][0] == 0
    await start_watch(engine, watched, connection_id=leads.id, table="public.leads")
    await crm.execute("insert into leads (first_name) values ('read')")
    await drain_all(lanes, LogId(leads.id))
    assert (await rows(engine, "select count(*) from app.run"))[0][0] == 1


async def test_a_cluster_that_went_back_in_time_is_never_read_on_silently(
    engine: AsyncEngine, lanes: Lanes, leads: Connection
) -> None:
    async with transaction(engine) as conn:
        await conn.execute(text("update app.cursor set from_snapshot = '900000000:900000000:' where log > 0"))
    with pytest.raises(LogReplaced, match="older than what was read"):
        await lanes.read_batch(LogId(leads.id), 0)


async def test_the_slow_look_finds_lanes_with_news_and_the_lag(
    engine: AsyncEngine, lanes: Lanes, pools: LogPools, leads: Connection, crm: asyncpg.Connection
) -> None:
    await publish(engine, change_rule(WON))
    look = slow_look(engine, pools)
    assert (await look()).lanes == ()
    await crm.execute("insert into leads (first_name) select 'x' from generate_series(1, 200)")
    assert set((await look()).lanes) == {(LogId(leads.id), lane) for lane in range(LANES)}
    lag = {one.name: one for one in await measure_lag(engine, pools)}
    assert (lag["crm"].unread, lag["own"].unread) == (200, 0)
    await drain_all(lanes, LogId(leads.id))
    assert (await look()).lanes == ()
    assert {one.unread for one in await measure_lag(engine, pools)} == {0}


async def test_databases_that_never_answer_hold_up_neither_the_look_nor_the_lag(
    engine: AsyncEngine,
    settings: Settings,
    pools: LogPools,
    leads: Connection,
    crm: asyncpg.Connection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ruleyard.lanes.look.LOOK_TIMEOUT_S", 4.0)
    await crm.execute("insert into leads (first_name) values ('x')")
    open_now, most = 0, 0

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal open_now, most
        open_now += 1
        most = max(most, open_now)
        await reader.read()  # until they give up
        open_now -= 1
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with transaction(engine) as conn:
        for number in range(5):
            public = {"host": "127.0.0.1", "port": port, "database": "x", "user": "x", "sslmode": "disable"}
            made = await create_connection(
                conn, settings, name=f"silent_{number}", kind="postgres", public=public, secret={}
            )
            await start_cursors(conn, LogId(made.id), "3:3:", "nobody knows")
    try:
        found = await slow_look(engine, pools)()
        assert most == 5
        await until(lambda: open_now == 0, what="the first look to have left")
        most = 0
        lag = {one.name: one.unread for one in await measure_lag(engine, pools)}
        assert most == 5
    finally:
        server.close()
    assert {log_id for log_id, _ in found.lanes} == {LogId(leads.id)}
    assert lag == {"own": 0, "crm": 1} | {f"silent_{number}": None for number in range(5)}


async def test_stopping_the_last_watch_forgets_its_cursors(
    engine: AsyncEngine, watched: Watched, leads: Connection, crm: asyncpg.Connection
) -> None:
    async with engine.connect() as conn:
        (watch,) = await list_watches(conn)
    assert (watch.connection, watch.table, watch.key) == ("crm", "public.leads", ("id",))
    await stop_watch(engine, watched, watch.id)
    assert await rows(engine, "select 1 from app.cursor where log > 0") == []
    assert await rows(engine, "select 1 from app.watch") == []
    assert await crm.fetchval("select to_regnamespace('ruleyard') is null")


async def test_a_lane_holds_what_is_beyond_the_usual_rate_and_counts_it_with_the_cursor(
    engine: AsyncEngine, pools: LogPools, bells: Bells, leads: Connection, crm: asyncpg.Connection
) -> None:
    rule, _ = await publish(engine, change_rule(WON, events=("insert",)))
    free = {**change_rule(WON, events=("insert",), name="Free"), "policy": {"limit": "off"}}
    await publish(engine, free)
    lanes = Lanes(engine, pools, bells, batch=20, fuse_runs=40)
    await crm.execute("insert into leads (status) select 'won' from generate_series(1, 300)")
    log = LogId(leads.id)
    await asyncio.gather(*(lanes.drain(log, lane) for lane in range(LANES)))
    by_rule = await rows(
        engine,
        """select rule_id, count(*) filter (where state = 'queued') as queued,
             count(*) filter (where state = 'waiting' and fault ->> 'code' = 'held') as held
           from app.run group by 1 order by 1""",
    )
    assert [tuple(row) for row in by_rule] == [(rule, 40, 260), (rule + 1, 300, 0)]
    (fuse,) = await rows(engine, "select * from app.fuse")
    assert (fuse.rule_id, fuse.used, fuse.held) == (rule, 40, 260)
    assert (await rows(engine, "select count(*) from app.notification"))[0][0] <= 1


async def test_a_batch_asks_our_database_what_is_new_once(
    engine: AsyncEngine, lanes: Lanes, leads: Connection, crm: asyncpg.Connection
) -> None:
    """What is published and what is waited for are one question, after the events were read."""
    await publish(engine, change_rule({"===": [{"var": "after.status"}, "won"]}))
    await crm.execute("insert into leads (status) values ('new')")
    log = LogId(leads.id)
    await drain_all(lanes, log)
    asked: list[str] = []
    event.listen(engine.sync_engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    await lanes.read_batch(log, 0)
    assert len([one for one in asked if "app.generation" in one or "app.awaited" in one]) == 1, asked
