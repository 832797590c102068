"""Somebody drops a table, takes a trigger away, locks the log: it is noticed, said in words, and mended."""

from __future__ import annotations

from collections.abc import Sequence

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.bells import Bells
from ruleyard.core.types import LogId
from ruleyard.intake.care import Care
from ruleyard.intake.watching import start_watch, stop_watch
from ruleyard.settings import Settings
from ruleyard.stores.connections import Connection, Watched
from ruleyard.stores.db import transaction
from ruleyard.stores.events import LogPools, list_events
from ruleyard.stores.log_health import Gap, LogHealth, list_gaps, log_health
from ruleyard.stores.watches import list_watches


class Looked:
    """Looks, and says what is known afterwards."""

    def __init__(self, care: Care, engine: AsyncEngine, watched: Watched, at: Connection) -> None:
        self._care, self._engine, self._watched, self.at = care, engine, watched, at
        self.log = LogId(int(at.id))

    async def watch(self, table: str) -> int:
        return (await start_watch(self._engine, self._watched, connection_id=self.at.id, table=table)).id

    async def unwatch(self, watch_id: int) -> None:
        await stop_watch(self._engine, self._watched, watch_id)

    async def __call__(self) -> LogHealth:
        await self._care.look()
        async with transaction(self._engine) as conn:
            return await log_health(conn, self.log)

    async def codes(self) -> Sequence[tuple[str, str]]:
        return [(one.code, one.table) for one in (await self()).troubles]

    async def gaps(self) -> list[Gap]:
        async with transaction(self._engine) as conn:
            return await list_gaps(conn, self.log)


@pytest.fixture
async def look(
    settings: Settings, engine: AsyncEngine, watched: Watched, bells: Bells, crm_connection: Connection
) -> Looked:
    care = Care(settings, engine, LogPools(settings, watched), bells)
    look = Looked(care, engine, watched, crm_connection)
    await look.watch("public.leads")
    await look.watch("public.tasks")
    assert await look.codes() == []
    return look


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        ("drop trigger ruleyard_update on public.tasks", "trigger-gone"),
        ("alter table public.tasks disable trigger ruleyard_update", "trigger-off"),
        ("alter table public.tasks disable trigger user", "trigger-off"),
    ],
)
async def test_a_trigger_that_is_removed_or_disabled_is_noticed_and_watching_again_mends_it(
    look: Looked, crm: asyncpg.Connection, pool: asyncpg.Pool, damage: str, code: str
) -> None:
    await crm.execute("insert into tasks (title) values ('a')")
    await crm.execute(damage)
    assert await look.codes() == [(code, "public.tasks")]
    await crm.execute("update tasks set title = 'b'")
    await crm.execute("insert into leads (first_name) values ('Ann')")
    assert next((e.table, e.op) for e in await list_events(pool, look.log)) == ("public.leads", "insert")
    assert [(gap.table, gap.cause, gap.to_at) for gap in await look.gaps()] == [
        ("public.tasks", "broken", None)
    ]
    await look.watch("public.tasks")
    assert await look.codes() == []
    await crm.execute("update tasks set title = 'c'")
    assert (await list_events(pool, look.log))[0].after == {
        "id": 1,
        "lead_id": None,
        "title": "c",
        "due_on": None,
        "done": False,
    }
    (gap,) = await look.gaps()
    assert gap.to_at is not None


async def test_a_trigger_that_comes_back_by_itself_ends_its_trouble_and_its_gap(
    look: Looked, crm: asyncpg.Connection
) -> None:
    await crm.execute("alter table public.tasks disable trigger ruleyard_update")
    assert await look.codes() == [("trigger-off", "public.tasks")]
    await crm.execute("alter table public.tasks enable trigger ruleyard_update")
    assert await look.codes() == []
    (gap,) = await look.gaps()
    assert gap.to_at is not None


async def test_a_dropped_table_is_noticed_and_the_others_go_on(
    look: Looked, crm: asyncpg.Connection, pool: asyncpg.Pool
) -> None:
    await crm.execute("drop table public.tasks")
    assert await look.codes() == [("table-gone", "public.tasks")]
    await crm.execute("insert into leads (first_name) values ('Ann')")
    assert [event.table for event in await list_events(pool, look.log)] == ["public.leads"]


async def test_a_schema_that_somebody_dropped_is_noticed_for_every_table(
    look: Looked, cluster_admin: asyncpg.Connection
) -> None:
    await cluster_admin.execute("drop schema ruleyard cascade")
    assert sorted(await look.codes()) == [("trigger-gone", "public.leads"), ("trigger-gone", "public.tasks")]
    await look.watch("public.leads")
    await look.watch("public.tasks")
    assert await look.codes() == []


async def test_a_changed_primary_key_is_noticed(look: Looked, crm: asyncpg.Connection) -> None:
    await crm.execute("alter table public.tasks rename column id to number")
    (trouble,) = (await look()).troubles
    assert (trouble.code, trouble.args) == ("key-changed", {"was": "id", "now": "number"})


async def test_a_partition_that_is_added_is_captured_without_a_word(
    look: Looked, crm: asyncpg.Connection, pool: asyncpg.Pool
) -> None:
    await crm.execute("create table public.parts (id int primary key) partition by range (id)")
    await crm.execute("create table public.parts_1 partition of parts for values from (0) to (100)")
    await crm.execute("grant select, trigger on public.parts, parts_1 to public")
    await look.watch("public.parts")
    await crm.execute("create table public.parts_2 partition of parts for values from (100) to (200)")
    await crm.execute("grant select, trigger on public.parts_2 to public")
    assert await look.codes() == []
    await crm.execute("insert into parts_2 values (101)")
    assert [(e.table, e.key) for e in await list_events(pool, look.log)] == [("public.parts", {"id": 101})]


async def test_statements_that_could_not_be_captured_are_told_with_their_number_and_leave_a_gap(
    look: Looked, crm: asyncpg.Connection, pool: asyncpg.Pool
) -> None:
    await pool.execute("alter table ruleyard.event rename column lane to lan")
    await crm.execute("insert into leads (first_name) values ('Ann')")
    await crm.execute("insert into leads (first_name) values ('Bob')")
    await pool.execute("alter table ruleyard.event rename column lan to lane")
    (trouble,) = (await look()).troubles
    assert (trouble.code, trouble.args["count"]) == ("changes-missed", 2)
    assert [(gap.table, gap.cause) for gap in await look.gaps()] == [("", "missed")]
    assert await look.codes() == [("changes-missed", "")], "it is told for a day"


async def test_the_size_of_the_log_and_its_oldest_day_are_known(
    look: Looked, crm: asyncpg.Connection
) -> None:
    before = await look()
    await crm.execute("insert into leads (first_name) select 'Ann ' || g from generate_series(1, 2000) g")
    after = await look()
    assert after.size_bytes > before.size_bytes + 500_000
    assert after.oldest_on == str(await crm.fetchval("select (now() at time zone 'UTC')::date"))


async def test_unwatching_and_watching_again_leaves_a_gap_that_is_over(look: Looked) -> None:
    watch = await look.watch("public.tasks")
    await look.unwatch(watch)
    await look.watch("public.tasks")
    (gap,) = await look.gaps()
    assert (gap.table, gap.cause, gap.to_at is not None) == ("public.tasks", "unwatched", True)


NAMES = """select array_agg(right(inhrelid::regclass::text, 8) order by 1) from pg_inherits
  where inhparent = 'ruleyard.event'::regclass and inhrelid::regclass::text ~ '\\d{8}$'"""


async def fill_day(pool: asyncpg.Pool, day: str, rows: int = 500) -> None:
    await pool.execute(f"create table ruleyard.event_{day} (like ruleyard.event including defaults)")
    await pool.execute(
        f"alter table ruleyard.event attach partition ruleyard.event_{day} "
        f"for values from ('{day}') to (date '{day}' + 1)"
    )
    await pool.execute(
        f"""insert into ruleyard.event (lane, table_name, op, key, after, at)
        select 1, 'public.leads', 'insert', '{{"id": 1}}', '{{"id": 1, "note": "some words"}}', '{day}'
        from generate_series(1, {rows})"""
    )


async def test_a_log_over_its_bound_gives_up_whole_days_oldest_first(
    look: Looked, pool: asyncpg.Pool
) -> None:
    for day in ("20260101", "20260102", "20260103"):
        await fill_day(pool, day)
    size = (await look()).size_bytes
    read_to = await pool.fetchval("select pg_current_snapshot()::text")
    await pool.execute("select ruleyard.keep_days(0, 36500, $1, $2)", read_to, size - 50_000)
    assert [day for day in await pool.fetchval(NAMES) if day.startswith("202601")] == ["20260102", "20260103"]
    await pool.execute("select ruleyard.keep_days(0, 36500, $1, 1)", read_to)
    assert [day for day in await pool.fetchval(NAMES) if day.startswith("202601")] == []


async def test_a_day_that_is_not_read_yet_is_never_given_up(look: Looked, pool: asyncpg.Pool) -> None:
    read_to = await pool.fetchval("select pg_current_snapshot()::text")
    await fill_day(pool, "20260101", 1)
    await pool.execute("select ruleyard.keep_days(0, 1, $1, 1)", read_to)
    assert "20260101" in await pool.fetchval(NAMES)
    now = await pool.fetchval("select pg_current_snapshot()::text")
    await pool.execute("select ruleyard.keep_days(0, 1, $1, 0)", now)
    assert "20260101" not in await pool.fetchval(NAMES)


async def test_the_watch_follows_a_column_that_is_left_out_and_renamed(
    look: Looked, crm: asyncpg.Connection, pool: asyncpg.Pool, engine: AsyncEngine
) -> None:
    await start_watch(
        engine, look._watched, connection_id=look.at.id, table="public.tasks", excluded=["title"]
    )
    await crm.execute("alter table tasks rename title to heading")
    assert await look.codes() == []
    async with transaction(engine) as conn:
        watch = next(one for one in await list_watches(conn) if one.table == "public.tasks")
    assert watch.excluded == ("heading",)
    await crm.execute("insert into tasks (heading) values ('hush')")
    event = (await list_events(pool, look.log))[0]
    assert event.after is not None
    assert "heading" not in event.after
