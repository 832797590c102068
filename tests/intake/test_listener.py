"""Listening: one leader, bells for news, and connections that fail are replaced without stopping the others."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import asyncpg
import pytest
from redis.asyncio import Redis
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.bells import Bells
from ruleyard.core.types import OWN_LOG, LogId
from ruleyard.embedded.ports import free_port
from ruleyard.intake.listener import Listener
from ruleyard.intake.watching import start_watch
from ruleyard.settings import Settings
from ruleyard.stores.connections import Connection, Watched, connection, create_connection
from ruleyard.stores.cursors import start_cursors
from ruleyard.stores.db import AWAY, create_engine, transaction
from ruleyard.stores.events import LogPools
from support.house import running
from support.proxy import Proxy
from support.published import change_rule, publish, publish_clock
from support.waiting import until

ALWAYS = {"===": [1, 1]}


@pytest.fixture(autouse=True)
def no_bell_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody looks by himself here: a Redis that had no second to spare would be waited for in vain."""
    monkeypatch.setattr("ruleyard.bells.ring.REDIS_TIMEOUT_S", 20.0)


@pytest.fixture
async def leads(engine: AsyncEngine, watched: Watched, crm_connection: Connection) -> Connection:
    await start_watch(engine, watched, connection_id=crm_connection.id, table="public.leads")
    return crm_connection


@pytest.fixture
async def redis(settings: Settings) -> AsyncIterator[Redis]:
    redis = Redis.from_url(settings.redis_url, decode_responses=True)
    yield redis
    await redis.aclose()


@asynccontextmanager
async def listening(settings: Settings, engine: AsyncEngine, bells: Bells) -> AsyncIterator[Listener]:
    watched = Watched(engine, settings)
    pools = LogPools(settings, watched)
    listener = Listener(settings, engine, pools, bells)
    stop = asyncio.Event()
    task = asyncio.create_task(listener.run(stop))
    try:
        yield listener
    finally:
        stop.set()
        await task
        await pools.close()
        await watched.close()


def leads_log(listener: Listener, log: int) -> bool:
    ear = listener.ears.get(LogId(log))
    return ear is not None and ear.leading.is_set()


async def rung(redis: Redis, log: int) -> set[str]:
    return {job for job in await redis.zrange("arq:queue", 0, -1) if job.startswith(f"lane:{log}:")}


async def runs(engine: AsyncEngine) -> int:
    async with engine.connect() as conn:
        return int((await conn.execute(text("select count(*) from app.run"))).scalar_one())


async def test_a_change_rings_the_lanes_of_its_records(
    settings: Settings,
    engine: AsyncEngine,
    bells: Bells,
    watched: Watched,
    leads: Connection,
    crm: asyncpg.Connection,
    redis: Redis,
) -> None:
    async with listening(settings, engine, bells) as listener:
        await until(lambda: leads_log(listener, leads.id), what="the listener to lead")
        assert await rung(redis, leads.id) == set()
        await crm.execute("insert into leads (first_name) select 'x' from generate_series(1, 3)")
        log = await watched.pool(leads.id)
        lanes = await log.fetch("select distinct lane from ruleyard.event")
        wanted = {f"lane:{leads.id}:{row['lane']}" for row in lanes}

        async def all_rung() -> bool:
            return await rung(redis, leads.id) >= wanted

        await until(all_rung, what="a bell for each lane")
        assert await rung(redis, leads.id) == wanted


async def test_what_happened_while_nobody_listened_is_rung_at_the_start(
    settings: Settings,
    engine: AsyncEngine,
    bells: Bells,
    leads: Connection,
    crm: asyncpg.Connection,
    redis: Redis,
) -> None:
    await crm.execute("insert into leads (first_name) values ('Ann')")
    async with listening(settings, engine, bells):
        await until(lambda: rung(redis, leads.id), what="a bell")


async def test_of_two_listeners_one_leads_and_the_other_takes_over(
    settings: Settings,
    engine: AsyncEngine,
    bells: Bells,
    leads: Connection,
    crm: asyncpg.Connection,
    redis: Redis,
) -> None:
    async with listening(settings, engine, bells) as second:
        async with listening(settings, engine, bells) as first:
            both = (first, second)
            await until(lambda: sum(leads_log(one, leads.id) for one in both) == 1, what="one leader")
        await until(lambda: leads_log(second, leads.id), what="the other to lead")
        await crm.execute("insert into leads (first_name) values ('Ann')")
        await until(lambda: rung(redis, leads.id), what="a bell")


async def test_an_awake_reader_keeps_writers_from_notifying(
    settings: Settings,
    engine: AsyncEngine,
    bells: Bells,
    leads: Connection,
    crm: asyncpg.Connection,
    crm_url: str,
) -> None:
    heard: list[str] = []
    await crm.add_listener("ruleyard", lambda *args: heard.append(str(args[-1])))
    writer = await asyncpg.connect(crm_url)
    try:
        await writer.execute("insert into leads (first_name) values ('asleep')")
        await until(lambda: heard == [""], what="a bell without a payload")
        async with writer.transaction():
            reader = await asyncpg.connect(crm_url)
            await reader.execute("select pg_advisory_lock(8247343692100105)")
            await writer.execute("insert into leads (first_name) values ('awake')")
            await reader.close()
        await writer.execute("insert into leads (first_name) values ('asleep again')")
        await until(lambda: len(heard) == 2, what="the second bell")
    finally:
        await writer.close()
        await crm.reset()


async def test_a_killed_connection_is_replaced(
    settings: Settings,
    engine: AsyncEngine,
    bells: Bells,
    leads: Connection,
    crm: asyncpg.Connection,
    redis: Redis,
    watched: Watched,
) -> None:
    async with listening(settings, engine, bells) as listener:
        await until(lambda: leads_log(listener, leads.id), what="the listener to lead")
        pool = await watched.pool(leads.id)
        killed = await pool.fetchval(
            """select count(pg_terminate_backend(l.pid)) from pg_locks l
            where l.locktype = 'advisory' and l.pid <> pg_backend_pid()
              and l.database = (select oid from pg_database where datname = current_database())"""
        )
        assert killed >= 1
        await crm.execute("insert into leads (first_name) values ('Ann')")
        await until(lambda: rung(redis, leads.id), what="a bell over the new connection")
        await until(lambda: leads_log(listener, leads.id), what="the listener to lead again")


async def test_a_half_open_connection_is_noticed_and_replaced(
    settings: Settings,
    engine: AsyncEngine,
    bells: Bells,
    leads: Connection,
    crm: asyncpg.Connection,
    redis: Redis,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ruleyard.intake.listener.HEARTBEAT_S", 1.0)
    monkeypatch.setattr("ruleyard.intake.listener.GHOST_S", 2)
    async with Proxy("127.0.0.1", int(str(leads.settings["port"]))) as proxy:
        async with transaction(engine) as conn:
            await conn.execute(
                text("""update app.connection set updated_at = now(),
                settings = settings || jsonb_build_object('port', cast(:port as integer)) where id = :id"""),
                {"port": proxy.port, "id": leads.id},
            )
        async with listening(settings, engine, bells) as listener:
            await until(lambda: leads_log(listener, leads.id), what="the listener to lead")
            await crm.execute("insert into leads (first_name) values ('Ann')")
            await until(lambda: rung(redis, leads.id), what="a bell over the first connection")
            await redis.flushdb()
            before = proxy.accepted
            proxy.freeze()
            await until(lambda: proxy.accepted > before, what="a new connection")
            # The server believes in the old one and its lock until it has heard nothing for a while.
            await crm.execute("insert into leads (first_name) values ('Bob')")
            await until(lambda: rung(redis, leads.id), what="a bell over the new connection")


async def test_a_connection_that_fails_says_why_and_does_not_stop_the_others(
    settings: Settings,
    engine: AsyncEngine,
    bells: Bells,
    leads: Connection,
    crm: asyncpg.Connection,
    redis: Redis,
) -> None:
    async with transaction(engine) as conn:
        bad = await create_connection(
            conn,
            settings,
            name="bad",
            label="Bad",
            kind="postgres",
            public={
                "host": "127.0.0.1",
                "port": free_port(),
                "database": "x",
                "user": "x",
                "sslmode": "disable",
            },
            secret={"password": "x"},
        )
        await start_cursors(conn, LogId(bad.id), "5:5:", "nowhere")

    async def state(of: Connection) -> tuple[str, str]:
        async with engine.connect() as conn:
            found = await connection(conn, of.id)
        return found.state, found.state_reason

    async def failing() -> bool:
        return (await state(bad))[0] == "failing"

    async with listening(settings, engine, bells):
        await until(failing, what="the bad connection to be marked")
        assert "Nothing listens at 127.0.0.1:" in (await state(bad))[1]
        await crm.execute("insert into leads (first_name) values ('Ann')")
        await until(lambda: rung(redis, leads.id), what="a bell of the good connection")

        async def works() -> bool:
            return (await state(leads))[0] == "works"

        await until(works, what="the good connection to be marked")


async def test_a_log_that_was_removed_by_hand_is_marked_failing(
    settings: Settings, engine: AsyncEngine, bells: Bells, leads: Connection, watched: Watched
) -> None:
    await (await watched.pool(leads.id)).execute("drop schema ruleyard cascade")

    async def failing() -> bool:
        async with engine.connect() as conn:
            return (await connection(conn, leads.id)).state == "failing"

    async with listening(settings, engine, bells):
        await until(failing, what="the connection to be marked")


async def test_a_watch_that_is_added_later_is_followed(
    settings: Settings,
    engine: AsyncEngine,
    bells: Bells,
    watched: Watched,
    crm_connection: Connection,
    crm: asyncpg.Connection,
    redis: Redis,
) -> None:
    async with listening(settings, engine, bells) as listener:
        await until(lambda: leads_log(listener, OWN_LOG), what="our own log to be led")
        await start_watch(engine, watched, connection_id=crm_connection.id, table="public.leads")
        await crm.execute("insert into leads (first_name) values ('Ann')")
        await until(lambda: rung(redis, crm_connection.id), what="a bell")


async def test_two_listeners_make_each_tick_once(
    settings: Settings, engine: AsyncEngine, bells: Bells, redis: Redis
) -> None:
    await publish_clock(
        engine, {"repeat": "hours", "every": 1, "zone": "UTC"}, datetime.now(UTC) + timedelta(seconds=0.5)
    )
    async with listening(settings, engine, bells), listening(settings, engine, bells):
        await until(lambda: rung(redis, OWN_LOG), what="a bell for the tick")
    async with engine.connect() as conn:
        assert (await conn.execute(text("select count(*) from ruleyard.event"))).scalar_one() == 1


async def test_the_whole_way_a_change_becomes_a_run(
    settings: Settings, engine: AsyncEngine, leads: Connection, crm: asyncpg.Connection
) -> None:
    await publish(engine, change_rule(ALWAYS))
    async with running(settings, workers=2):
        await crm.execute("insert into leads (first_name) select 'x' from generate_series(1, 50)")
        await until(lambda: runs(engine), what="the first run")

        async def all_done() -> bool:
            return await runs(engine) == 50

        await until(all_done, what="all runs")


async def test_with_every_bell_lost_a_change_still_becomes_a_run(
    settings: Settings, engine: AsyncEngine, leads: Connection, crm: asyncpg.Connection
) -> None:
    await publish(engine, change_rule(ALWAYS))
    deaf = replace(settings, redis_url=f"redis://127.0.0.1:{free_port()}/0")
    async with running(deaf):
        await crm.execute("insert into leads (first_name) values ('Ann')")
        await until(lambda: runs(engine), what="the run")


@pytest.mark.parametrize(("blind_s", "taken"), [(60.0, False), (0.0, True)])
async def test_after_our_database_was_away_no_lease_is_judged_at_once(
    settings: Settings, engine: AsyncEngine, bells: Bells, blind_s: float, taken: bool
) -> None:
    """A database that restarts for longer than a lease must not make every living worker look dead."""
    rule_id, version_id = await publish(engine, change_rule(ALWAYS))
    async with transaction(engine) as conn:
        await conn.execute(
            text("""
                insert into app.run (rule_id, version_id, log, event_id, event, slot, record_table, record_key,
                  state, attempt, leased_by, lease_until, event_on)
                values (:rule, :version, 1, 1, '{}', 3, 'public.leads', '1', 'running', 1, 'w', now(), current_date)
            """),
            {"rule": rule_id, "version": version_id},
        )
    port = urlsplit(settings.database_url).port
    assert port is not None
    async with Proxy("127.0.0.1", port) as proxy:
        far = replace(settings, database_url=settings.database_url.replace(f":{port}/", f":{proxy.port}/"))
        far_engine = create_engine(far)
        watched = Watched(far_engine, far)
        pools = LogPools(far, watched)
        listener = Listener(far, far_engine, pools, bells, blind_s=blind_s)
        proxy.cut()
        with pytest.raises(AWAY):
            await listener.tick()
        proxy.mend()
        await listener.tick()
        await pools.close()
        await far_engine.dispose()
    async with engine.connect() as conn:
        state = (await conn.execute(text("select state from app.run"))).scalar_one()
    assert state == ("queued" if taken else "running")
