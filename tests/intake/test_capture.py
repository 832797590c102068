"""What each kind of write leaves in the event log, and that nobody's write fails because of us."""

from __future__ import annotations

import asyncpg
import pytest

from ruleyard.core.types import LogId
from ruleyard.intake.capture import unwatch_table, watch_table
from ruleyard.stores.events import list_events
from support.capturing import events, things
from support.cluster import Cluster


async def test_an_insert_is_captured_with_the_whole_row(pool: asyncpg.Pool, crm: asyncpg.Connection) -> None:
    await things(crm, "id int primary key, name text")
    await watch_table(pool, "public.things")
    await crm.execute("insert into things values (1, 'a')")
    assert await events(pool) == [("insert", {"id": 1}, None, {"id": 1, "name": "a"}, ())]


async def test_an_update_is_captured_with_both_rows_and_what_changed(
    pool: asyncpg.Pool, crm: asyncpg.Connection
) -> None:
    await things(crm, "id int primary key, name text, n int")
    await crm.execute("insert into things values (1, 'a', 5)")
    await watch_table(pool, "public.things")
    await crm.execute("update things set name = 'b'")
    assert await events(pool) == [
        ("update", {"id": 1}, {"id": 1, "name": "a", "n": 5}, {"id": 1, "name": "b", "n": 5}, ("name",))
    ]


async def test_a_delete_is_captured_with_the_row_that_was(
    pool: asyncpg.Pool, crm: asyncpg.Connection
) -> None:
    await things(crm, "id int primary key")
    await crm.execute("insert into things values (1)")
    await watch_table(pool, "public.things")
    await crm.execute("delete from things")
    assert await events(pool) == [("delete", {"id": 1}, {"id": 1}, None, ())]


async def test_truncate_is_one_event_without_a_key(pool: asyncpg.Pool, crm: asyncpg.Connection) -> None:
    await things(crm, "id int primary key")
    await crm.execute("insert into things values (1), (2)")
    await watch_table(pool, "public.things")
    await crm.execute("truncate things")
    assert await events(pool) == [("truncate", {}, None, None, ())]


async def test_an_upsert_is_an_insert_or_an_update(pool: asyncpg.Pool, crm: asyncpg.Connection) -> None:
    await things(crm, "id int primary key, n int")
    await crm.execute("insert into things values (1, 1)")
    await watch_table(pool, "public.things")
    await crm.execute(
        "insert into things values (1, 9), (2, 9) on conflict (id) do update set n = excluded.n"
    )
    assert sorted((op, key["id"]) for op, key, *_ in await events(pool)) == [("insert", 2), ("update", 1)]


async def test_a_statement_over_many_rows_is_one_event_per_record(
    pool: asyncpg.Pool, crm: asyncpg.Connection
) -> None:
    await things(crm, "id int primary key, n int")
    await crm.execute("insert into things select g, 0 from generate_series(1, 300) g")
    await watch_table(pool, "public.things")
    await crm.execute("update things set n = id where id > 100")
    found = await events(pool)
    assert sorted(key["id"] for _, key, *_ in found) == list(range(101, 301))
    assert all(after["n"] == key["id"] and before["n"] == 0 for _, key, before, after, _ in found)


async def test_copy_is_captured_like_any_insert(pool: asyncpg.Pool, crm: asyncpg.Connection) -> None:
    await things(crm, "id int primary key, name text")
    await watch_table(pool, "public.things")
    await crm.copy_records_to_table("things", records=[(n, f"n{n}") for n in range(50)])
    assert len(await events(pool)) == 50


async def test_rows_that_did_not_change_write_nothing(pool: asyncpg.Pool, crm: asyncpg.Connection) -> None:
    await things(crm, "id int primary key, n int")
    await crm.execute("insert into things values (1, 1), (2, 2)")
    await watch_table(pool, "public.things")
    await crm.execute("update things set n = 2")
    await crm.execute("update things set n = n")
    await crm.execute("delete from things where false")
    assert [key for _, key, *_ in await events(pool)] == [{"id": 1}]


async def test_excluded_columns_never_leave_the_table(pool: asyncpg.Pool, crm: asyncpg.Connection) -> None:
    await things(crm, "id int primary key, name text, secret text")
    await watch_table(pool, "public.things", ["secret"])
    await crm.execute("insert into things values (1, 'a', 'hush')")
    await crm.execute("update things set secret = 'louder'")
    await crm.execute("update things set name = 'b', secret = 'hush'")
    assert [(op, after, changed) for op, _, _, after, changed in await events(pool)] == [
        ("insert", {"id": 1, "name": "a"}, ()),
        ("update", {"id": 1, "name": "b"}, ("name",)),
    ]


async def test_composite_and_uuid_keys_are_whole_in_the_event(
    pool: asyncpg.Pool, crm: asyncpg.Connection
) -> None:
    await things(crm, 'shop int, "Order No" uuid, n int, primary key ("Order No", shop)')
    await watch_table(pool, "public.things")
    number = "6f1c1a52-5a5b-4d0f-9a1e-0f2d8a4c7b11"
    await crm.execute("insert into things values (7, $1, 1), (8, $1, 1)", number)
    await crm.execute("update things set n = 2 where shop = 8")
    assert (await events(pool))[-1][:2] == ("update", {"Order No": number, "shop": 8})


async def test_a_changed_primary_key_is_a_delete_and_an_insert(
    pool: asyncpg.Pool, crm: asyncpg.Connection
) -> None:
    await things(crm, "id int primary key, n int")
    await crm.execute("insert into things values (1, 5)")
    await watch_table(pool, "public.things")
    await crm.execute("update things set id = 2")
    assert sorted((op, key["id"]) for op, key, *_ in await events(pool)) == [("delete", 1), ("insert", 2)]


async def test_a_row_over_64_kb_is_cut_and_says_so(pool: asyncpg.Pool, crm: asyncpg.Connection) -> None:
    await things(crm, "id int primary key, name text, story text")
    await watch_table(pool, "public.things")
    await crm.execute("insert into things values (1, 'a', repeat('x', 1000000)), (2, 'b', 'short')")
    await crm.execute("update things set name = 'c' where id = 1")
    cut, whole, updated = reversed(await list_events(pool, LogId(1)))
    assert (cut.cut, whole.cut, updated.cut) == (True, False, True)
    assert cut.after is not None
    assert cut.after["name"] == "a"
    assert len(str(cut.after["story"])) < 300
    assert updated.changed == ("name",)


async def test_odd_names_and_values_are_only_data(pool: asyncpg.Pool, crm: asyncpg.Connection) -> None:
    await crm.execute(
        """create table public."Odd ""table'%s" ("i d" int primary key, "va'l" jsonb, "$body$" numeric)"""
    )
    await crm.execute("""grant select, trigger on public."Odd ""table'%s" to public""")
    await watch_table(pool, """public.Odd "table'%s""", ["$body$"])
    await crm.execute("""insert into public."Odd ""table'%s" values (1, '{"var": "x"}', 'NaN')""")
    assert await events(pool) == [("insert", {"i d": 1}, None, {"i d": 1, "va'l": {"var": "x"}}, ())]


async def test_columns_named_like_our_own_aliases_are_only_columns(
    pool: asyncpg.Pool, crm: asyncpg.Connection
) -> None:
    await things(
        crm, "id int primary key, n int, o int, r int, s int, key text, before int, written int, fn text"
    )
    await watch_table(pool, "public.things")
    await crm.execute("insert into things values (1, 1, 1, 1, 1, 'k', 1, 1, 'f')")
    await crm.execute("update things set n = 2, o = 3, written = 4")
    await crm.execute("delete from things")
    found = await events(pool)
    assert [op for op, *_ in found] == ["insert", "update", "delete"]
    assert found[1][4] == ("n", "o", "written")
    assert found[2][2] == {
        "id": 1,
        "n": 2,
        "o": 3,
        "r": 1,
        "s": 1,
        "key": "k",
        "before": 1,
        "written": 4,
        "fn": "f",
    }


async def test_instants_are_utc_text_whatever_the_writers_time_zone(
    pool: asyncpg.Pool, crm: asyncpg.Connection
) -> None:
    await things(crm, "id int primary key, at timestamptz")
    await watch_table(pool, "public.things")
    await crm.execute("set timezone = 'Asia/Seoul'")
    await crm.execute("insert into things values (1, '2026-11-22 09:00:00.5+09')")
    assert (await events(pool))[0][3]["at"] == "2026-11-22T00:00:00.5+00:00"


async def test_a_role_without_any_right_on_our_schema_writes_as_before(
    pool: asyncpg.Pool, crm: asyncpg.Connection, cluster: Cluster, crm_database: str
) -> None:
    await things(crm, "id int primary key")
    await crm.execute("grant insert on public.things to public")
    await watch_table(pool, "public.things")
    app = await asyncpg.connect(cluster.app_url(crm_database))
    try:
        assert not await app.fetchval("select has_schema_privilege('ruleyard', 'usage')")
        await app.execute("insert into things values (1)")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await app.execute("delete from ruleyard.event")
    finally:
        await app.close()
    assert len(await events(pool)) == 1


async def test_a_write_succeeds_even_if_the_event_cannot_be_written(
    pool: asyncpg.Pool, crm: asyncpg.Connection
) -> None:
    await things(crm, "id int primary key, name text")
    await watch_table(pool, "public.things")
    await crm.execute("alter table things rename column id to number")
    warnings: list[str] = []
    crm.add_log_listener(lambda _connection, message: warnings.append(message.message))
    await crm.execute("insert into things values (1, 'a')")
    assert await crm.fetchval("select count(*) from things") == 1
    assert any("could not record a change of public.things" in warning for warning in warnings)


async def test_a_rolled_back_change_leaves_no_event(pool: asyncpg.Pool, crm: asyncpg.Connection) -> None:
    await things(crm, "id int primary key")
    await watch_table(pool, "public.things")
    writing = crm.transaction()
    await writing.start()
    await crm.execute("insert into things values (1)")
    await writing.rollback()
    assert await events(pool) == []


async def test_a_record_always_falls_in_the_same_lane(pool: asyncpg.Pool, crm: asyncpg.Connection) -> None:
    await things(crm, "id int primary key, n int")
    await watch_table(pool, "public.things")
    await crm.execute("insert into things select g, 0 from generate_series(1, 200) g")
    await crm.execute("update things set n = 1")
    lanes: dict[str, set[int]] = {}
    for event in await list_events(pool, LogId(1), limit=1000):
        lanes.setdefault(event.record_key, set()).add(event.lane)
    assert all(len(of_record) == 1 for of_record in lanes.values())
    assert {lane for of_record in lanes.values() for lane in of_record} == set(range(16))


async def test_a_partitioned_table_is_captured_through_its_parent(
    pool: asyncpg.Pool, crm: asyncpg.Connection
) -> None:
    await crm.execute("create table public.parts (id int primary key, n int) partition by range (id)")
    await crm.execute("create table public.parts_1 partition of parts for values from (0) to (100)")
    await crm.execute("grant select, trigger on public.parts to public")
    await watch_table(pool, "public.parts")
    await crm.execute("insert into parts values (1, 1)")
    await crm.execute("update parts set n = 2")
    assert [op for op, *_ in await events(pool)] == ["insert", "update"]


async def test_a_write_that_names_a_partition_is_captured_once_as_its_parents(
    pool: asyncpg.Pool, crm: asyncpg.Connection
) -> None:
    await crm.execute("create table public.parts (id int primary key, n int) partition by range (id)")
    await crm.execute("create table public.parts_1 partition of parts for values from (0) to (100)")
    await crm.execute(
        "create table public.parts_2 partition of parts for values from (100) to (200) partition by range (id)"
    )
    await crm.execute("create table public.parts_2a partition of parts_2 for values from (100) to (150)")
    await crm.execute("grant select, trigger on public.parts, parts_1, parts_2, parts_2a to public")
    await watch_table(pool, "public.parts")
    await crm.execute("insert into parts_1 values (1, 1)")
    await crm.execute("insert into parts_2 values (101, 1)")
    await crm.execute("update parts_2a set n = 2")
    await crm.execute("update parts set n = 3")
    await crm.execute("delete from parts_1")
    found = await list_events(pool, LogId(1), limit=100)
    assert {one.table for one in found} == {"public.parts"}
    assert [(one.op, one.key["id"]) for one in reversed(found)] == [
        ("insert", 1),
        ("insert", 101),
        ("update", 101),
        ("update", 1),
        ("update", 101),
        ("delete", 1),
    ]
    assert await unwatch_table(pool, "public.parts")
    assert await crm.fetchval("select count(*) from pg_trigger where not tgisinternal") == 0


async def test_a_column_that_is_left_out_stays_so_when_it_is_renamed(
    pool: asyncpg.Pool, crm: asyncpg.Connection, crm_url: str
) -> None:
    await things(crm, "gone int, id int primary key, name text, secret text, quiet text")
    await crm.execute("alter table things drop column gone")
    await watch_table(pool, "public.things", ["secret", "quiet"])
    await crm.execute("insert into things values (1, 'a', 'hush', 'shh')")
    old = await asyncpg.connect(crm_url)
    try:
        async with old.transaction(isolation="repeatable_read"):
            await old.execute("select 1")
            await crm.execute("alter table things rename secret to open_secret")
            await crm.execute("alter table things drop column quiet")
            await old.execute("update things set name = 'b', open_secret = 'HUSH'")
    finally:
        await old.close()
    await crm.execute("update things set open_secret = 'louder'")
    await crm.execute("delete from things")
    assert [(op, before, after) for op, _, before, after, _ in await events(pool)] == [
        ("insert", None, {"id": 1, "name": "a"}),
        ("update", {"id": 1, "name": "a"}, {"id": 1, "name": "b"}),
        ("delete", {"id": 1, "name": "b"}, None),
    ]


async def test_renewing_with_the_old_name_keeps_a_renamed_column_out(
    pool: asyncpg.Pool, crm: asyncpg.Connection
) -> None:
    await things(crm, "id int primary key, secret text")
    await watch_table(pool, "public.things", ["secret"])
    await crm.execute("alter table things rename secret to open_secret")
    await crm.execute("select 1")
    await pool.execute("select ruleyard.watch('public.things'::regclass, '{id}', '{secret}')")
    await crm.execute("insert into things values (1, 'hush')")
    assert [after for _, _, _, after, _ in await events(pool)] == [{"id": 1}]


async def test_a_renamed_column_stays_out_of_a_partition_that_is_named(
    pool: asyncpg.Pool, crm: asyncpg.Connection
) -> None:
    await crm.execute("create table parted (id int primary key, secret text) partition by range (id)")
    await crm.execute("create table part_one (secret text, id int not null)")
    await crm.execute("alter table parted attach partition part_one for values from (0) to (10)")
    await watch_table(pool, "public.parted", ["secret"])
    await crm.execute("alter table parted rename secret to open_secret")
    await crm.execute("insert into part_one (id, open_secret) values (1, 'hush')")
    assert [after for _, _, _, after, _ in await events(pool)] == [{"id": 1}]


async def test_a_restored_table_whose_hidden_column_has_another_name_is_not_captured(
    pool: asyncpg.Pool, crm: asyncpg.Connection
) -> None:
    await things(crm, "id int primary key, secret text")
    await watch_table(pool, "public.things", ["secret"])
    body = await pool.fetchval(
        "select prosrc from pg_proc where proname = ruleyard.capture_name('public.things')"
    )
    oid = await pool.fetchval("select 'public.things'::regclass::oid::text")
    name = await pool.fetchval("select ruleyard.capture_name('public.things')")
    elsewhere = body.replace(f"<> {oid}", "<> 1").replace(f"left_out({oid}", "left_out(1")
    await pool.execute(
        f"create or replace function ruleyard.{name}() returns trigger language plpgsql security definer"
        f" as $b${elsewhere}$b$"
    )
    await crm.execute("insert into things values (1, 'hush')")
    await crm.execute("alter table things rename secret to open_secret")
    await crm.execute("insert into things values (2, 'hush')")
    assert [after for _, _, _, after, _ in await events(pool)] == [{"id": 1}]
    assert await pool.fetchval("select is_called from ruleyard.missed")
