"""Keys of record writes stay while their run could write again, and go after that."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.intake import applied
from ruleyard.intake.applied import forget_applied
from ruleyard.intake.watching import start_watch
from ruleyard.settings import Settings
from ruleyard.stores.connections import Connection, Watched
from ruleyard.stores.db import transaction
from ruleyard.stores.events import LogPools

RUNS = """
    insert into app.rule (name) values ('Leads');
    insert into app.version (rule_id, number, document) values (1, 1, '{}');
    insert into app.run (rule_id, version_id, log, event_id, event, slot, state, event_on)
    select 1, 1, 1, n, '{}', 0, 'succeeded', current_date from generate_series(1, 100) n
"""


@pytest.fixture
async def pools(settings: Settings, watched: Watched) -> AsyncIterator[LogPools]:
    pools = LogPools(settings, watched)
    yield pools
    await pools.close()


@pytest.fixture(autouse=True)
async def keys_of_a_hundred_runs(
    engine: AsyncEngine, watched: Watched, crm_connection: Connection, pool: asyncpg.Pool
) -> None:
    """Written 100 days ago; those of the last ten runs today. One key is of an unknown kind."""
    await start_watch(engine, watched, connection_id=crm_connection.id, table="public.leads")
    async with transaction(engine) as conn:
        for statement in RUNS.split(";"):
            await conn.execute(text(statement))
    await pool.execute("""
        insert into ruleyard.applied (key, at)
        select n || ':a', now() - case when n > 90 then 0 else 100 end * interval '1 day' from generate_series(1, 100) n
    """)
    await pool.execute(
        "insert into ruleyard.applied (key, at) values ('by hand', now() - interval '9 years')"
    )


async def kept(pool: asyncpg.Pool) -> set[str]:
    return {row["key"] for row in await pool.fetch("select key from ruleyard.applied")}


@pytest.mark.parametrize("state", ["failed", "waiting", "queued", "running"])
async def test_a_key_stays_while_a_run_as_old_could_try_again(
    engine: AsyncEngine, pools: LogPools, pool: asyncpg.Pool, state: str
) -> None:
    async with transaction(engine) as conn:
        await conn.execute(text("update app.run set state = :state where id = 40"), {"state": state})
    assert await forget_applied(engine, pools) == 39
    assert await kept(pool) == {*(f"{n}:a" for n in range(40, 101)), "by hand"}
    assert await forget_applied(engine, pools) == 0


async def test_young_keys_stay_though_all_runs_ended(
    engine: AsyncEngine, pools: LogPools, pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applied, "AT_ONCE", 20)
    monkeypatch.setattr(applied, "BATCHES", 3)
    assert [await forget_applied(engine, pools) for _ in range(3)] == [60, 30, 0]
    assert await kept(pool) == {*(f"{n}:a" for n in range(91, 101)), "by hand"}


async def test_dropping_old_days_of_events_takes_no_keys(pool: asyncpg.Pool) -> None:
    await pool.execute("select ruleyard.keep_days(2, 30)")
    assert len(await kept(pool)) == 101


async def test_a_database_that_is_away_is_left_for_the_next_time(
    engine: AsyncEngine, pools: LogPools, pool: asyncpg.Pool, crm_connection: Connection
) -> None:
    async with transaction(engine) as conn:
        await conn.execute(
            text("""
                insert into app.connection (name, kind, settings)
                select 'away', kind, settings || '{"port": 1}' from app.connection where id = :id
            """),
            {"id": crm_connection.id},
        )
    assert await forget_applied(engine, pools) == 90
