"""Whatever happens to the event log, the writer's statement succeeds, soon, and the loss is counted."""

from __future__ import annotations

import time

import asyncpg
import pytest

from ruleyard.core.types import LogId
from ruleyard.intake.capture import watch_table
from ruleyard.stores.events import list_events

DAMAGE = {
    "the event table is gone": "drop table ruleyard.event",
    "a column is gone": "alter table ruleyard.event drop column lane",
    "the ids are used up": "alter sequence ruleyard.event_id restart with 5 maxvalue 5 no cycle start with 1",
    "a function is gone": "drop function ruleyard.lane_of(text, jsonb)",
    "the disk is full": """create function ruleyard.full_disk() returns trigger language plpgsql as
      $$ begin raise disk_full using message = 'No space left on device'; end $$;
      create trigger full_disk before insert on ruleyard.event for each row execute function ruleyard.full_disk()""",
}


@pytest.fixture
async def things(pool: asyncpg.Pool, crm: asyncpg.Connection) -> asyncpg.Connection:
    """`public.things`, watched, with one row; the writer's connection."""
    await crm.execute("create table public.things (id int primary key, name text)")
    await crm.execute("grant select, trigger on public.things to public")
    await watch_table(pool, "public.things")
    await crm.execute("insert into things values (1, 'a')")
    return crm


async def missed(pool: asyncpg.Pool) -> int:
    return int(
        await pool.fetchval("select case when is_called then last_value + 1 else 0 end from ruleyard.missed")
    )


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
async def test_a_damaged_log_is_a_warning_to_the_writer_and_counted(
    pool: asyncpg.Pool, things: asyncpg.Connection, damage: str
) -> None:
    await pool.execute(damage)
    if "maxvalue" in damage:
        await pool.fetchval("select nextval('ruleyard.event_id')")
    warnings: list[str] = []
    things.add_log_listener(lambda _connection, message: warnings.append(message.message))
    await things.execute("insert into things values (2, 'b')")
    await things.execute("update things set name = 'c' where id = 1")
    await things.execute("delete from things where id = 2")
    assert await things.fetch("select name from things") == [("c",)]
    assert len([one for one in warnings if "could not record a change of public.things" in one]) == 3
    assert await missed(pool) == 3


async def test_a_log_that_somebody_locks_holds_a_writer_for_two_seconds(
    pool: asyncpg.Pool, things: asyncpg.Connection
) -> None:
    async with pool.acquire() as somebody, somebody.transaction():
        await somebody.execute("lock table ruleyard.event in access exclusive mode")
        began = time.monotonic()
        await things.execute("update things set name = 'b'")
        assert 1 < time.monotonic() - began < 60
    assert await things.fetchval("select name from things") == "b"
    assert await missed(pool) == 1


async def test_a_writer_whose_time_is_up_in_our_trigger_has_written(
    pool: asyncpg.Pool, things: asyncpg.Connection
) -> None:
    await things.execute("set statement_timeout = '1500ms'")
    async with pool.acquire() as somebody, somebody.transaction():
        await somebody.execute("lock table ruleyard.event in access exclusive mode")
        await things.execute("update things set name = 'b'")
    assert await things.fetchval("select name from things") == "b"
    assert await missed(pool) == 1


async def test_a_lost_change_of_a_writer_that_rolls_back_later_is_counted_all_the_same(
    pool: asyncpg.Pool, things: asyncpg.Connection
) -> None:
    await pool.execute("alter table ruleyard.event drop column lane")
    writing = things.transaction()
    await writing.start()
    await things.execute("update things set name = 'b'")
    await writing.rollback()
    assert await missed(pool) == 1


async def test_a_detached_partition_is_another_table(pool: asyncpg.Pool, crm: asyncpg.Connection) -> None:
    await crm.execute("create table public.parts (id int primary key, n int) partition by range (id)")
    await crm.execute("create table public.parts_1 partition of parts for values from (0) to (100)")
    await crm.execute("grant select, trigger on public.parts, parts_1 to public")
    await watch_table(pool, "public.parts")
    await crm.execute("insert into parts_1 values (1, 1)")
    await crm.execute("alter table parts detach partition parts_1")
    await crm.execute("insert into parts_1 values (2, 1)")
    await crm.execute("alter table parts attach partition parts_1 for values from (0) to (100)")
    await crm.execute("insert into parts_1 values (3, 1)")
    found = await list_events(pool, LogId(1))
    assert sorted(str(one.key["id"]) for one in found) == ["1", "3"]


async def test_an_update_of_one_record_and_of_many_tell_the_same(
    pool: asyncpg.Pool, things: asyncpg.Connection
) -> None:
    await things.execute("insert into things values (2, 'b')")
    await things.execute("update things set name = 'x' where id = 1")
    await things.execute("update things set name = name || '!'")
    one, *many = [e for e in reversed(await list_events(pool, LogId(1))) if e.op == "update"]
    assert (one.before, one.after, one.changed) == (
        {"id": 1, "name": "a"},
        {"id": 1, "name": "x"},
        ("name",),
    )
    assert sorted((str(e.after), e.changed) for e in many) == [
        ("{'id': 1, 'name': 'x!'}", ("name",)),
        ("{'id': 2, 'name': 'b!'}", ("name",)),
    ]


async def test_a_restoring_session_writes_without_capture(
    pool: asyncpg.Pool, things: asyncpg.Connection, cluster_admin: asyncpg.Connection
) -> None:
    """`session_replication_role = replica` is what restores and replication use: no trigger runs."""
    await cluster_admin.execute("set session_replication_role = replica")
    await cluster_admin.execute("insert into public.things values (7, 'r')")
    assert len(await list_events(pool, LogId(1))) == 1


async def test_a_cut_change_names_the_columns_that_are_not_whole(
    pool: asyncpg.Pool, things: asyncpg.Connection
) -> None:
    await things.execute("update things set name = repeat('x', 100000) where id = 1")
    await things.execute("insert into things values (2, 'short')")
    whole, cut = await list_events(pool, LogId(1), limit=2)
    assert (whole.cut_columns, cut.cut_columns, cut.changed) == (
        (),
        ("name",),
        ("name",),
    )
