"""Watching and unwatching: what is refused, what the log is made of, and that nothing stays behind."""

from __future__ import annotations

import json

import asyncpg
import pytest

from ruleyard.core.errors import Invalid, NotFound, Unavailable
from ruleyard.core.types import LogId
from ruleyard.intake.capture import unwatch_table, watch_table
from ruleyard.stores.events import list_events
from support.capturing import events, things


async def test_watching_again_renews_the_excluded_columns(
    pool: asyncpg.Pool, crm: asyncpg.Connection
) -> None:
    await things(crm, "id int primary key, name text")
    await watch_table(pool, "public.things", ["name"])
    await watch_table(pool, "public.things")
    await crm.execute("insert into things values (1, 'a')")
    assert await events(pool) == [("insert", {"id": 1}, None, {"id": 1, "name": "a"}, ())]


async def test_what_cannot_be_watched_is_refused_with_what_to_do(
    pool: asyncpg.Pool, crm: asyncpg.Connection
) -> None:
    with pytest.raises(Invalid, match=r"no_key has no primary key.*add primary key"):
        await watch_table(pool, "public.no_key")
    with pytest.raises(NotFound, match=r"no table public\.nowhere"):
        await watch_table(pool, "public.nowhere")
    with pytest.raises(Invalid, match="no column shoe_size"):
        await watch_table(pool, "public.leads", ["shoe_size"])
    with pytest.raises(Invalid, match="part of the primary key"):
        await watch_table(pool, "public.leads", ["id"])
    await crm.execute("create table public.private (id int primary key)")
    await crm.execute("revoke all on public.private from public, ruleyard_crm")
    with pytest.raises(Invalid, match="may not put triggers"):
        await watch_table(pool, "public.private")
    assert not await crm.fetchval("select to_regnamespace('ruleyard') is not null")


async def test_a_table_under_a_long_lock_is_busy_and_writers_do_not_queue_for_ever(
    pool: asyncpg.Pool, crm: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ruleyard.intake.capture.LOCK_TIMEOUT", "50ms")
    async with crm.transaction():
        await crm.execute("lock table public.leads in exclusive mode")
        with pytest.raises(Unavailable, match="busy"):
            await watch_table(pool, "public.leads")


CATALOGUE = """
select 'class ' || relname || ' ' || relkind::text from pg_class where relnamespace::regnamespace::text !~ '^pg_toast'
union all select 'proc ' || oid::regprocedure::text from pg_proc
union all select 'trigger ' || tgrelid::regclass || ' ' || tgname from pg_trigger
union all select 'schema ' || nspname from pg_namespace
union all select 'type ' || oid::regtype::text from pg_type
union all select 'default ' || pg_get_expr(adbin, adrelid) from pg_attrdef
order by 1
"""


async def test_unwatching_the_last_table_leaves_no_trace(pool: asyncpg.Pool, crm: asyncpg.Connection) -> None:
    before = [row[0] for row in await crm.fetch(CATALOGUE)]
    await watch_table(pool, "public.leads")
    await watch_table(pool, "public.tasks")
    await crm.execute("insert into leads (first_name) values ('Ann')")
    assert await unwatch_table(pool, "public.leads") is False
    await crm.execute("insert into leads (first_name) values ('Bob')")
    assert len(await events(pool)) == 1
    assert await unwatch_table(pool, "public.tasks") is True
    assert [row[0] for row in await crm.fetch(CATALOGUE)] == before
    assert await unwatch_table(pool, "public.tasks") is True


async def test_a_dropped_table_can_still_be_unwatched(pool: asyncpg.Pool, crm: asyncpg.Connection) -> None:
    await things(crm, "id int primary key")
    await watch_table(pool, "public.things")
    await crm.execute("drop table things")
    assert await unwatch_table(pool, "public.things") is True


async def test_ids_of_a_log_that_was_installed_again_go_on(
    pool: asyncpg.Pool, crm: asyncpg.Connection
) -> None:
    ids: list[int] = []
    for _ in range(2):
        await watch_table(pool, "public.leads")
        await crm.execute("insert into leads (first_name) values ('Ann')")
        ids += [event.id for event in await list_events(pool, LogId(1))]
        await unwatch_table(pool, "public.leads")
    assert ids[0] < ids[1] < 2**53


async def test_day_partitions_are_made_ahead_and_old_ones_dropped(
    pool: asyncpg.Pool, crm: asyncpg.Connection
) -> None:
    await watch_table(pool, "public.leads")
    names = """select array_agg(inhrelid::regclass::text order by 1) from pg_inherits
        where inhparent = 'ruleyard.event'::regclass"""
    assert len(await pool.fetchval(names)) == 4
    await pool.execute("create table ruleyard.event_20200101 (like ruleyard.event including defaults)")
    await pool.execute(
        """alter table ruleyard.event attach partition ruleyard.event_20200101
        for values from ('2020-01-01') to ('2020-01-02')"""
    )
    await pool.execute("select ruleyard.keep_days(3, 30)")
    found = json.dumps(await pool.fetchval(names))
    assert "event_20200101" not in found
    assert found.count("event_2") == 4


async def test_every_part_of_the_log_has_an_index_by_id(pool: asyncpg.Pool, crm: asyncpg.Connection) -> None:
    await things(crm, "id int primary key, name text")
    await watch_table(pool, "public.things")
    without = await pool.fetch(
        """
        select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'ruleyard' and c.relname like 'event%' and c.relkind in ('r', 'p') and not exists (
          select from pg_indexes i
          where i.schemaname = 'ruleyard' and i.tablename = c.relname and i.indexdef like '%btree (id)')
        """
    )
    assert without == []
