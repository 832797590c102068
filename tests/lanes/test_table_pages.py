"""A table read in part says of each record what reading it whole says, and leaves out what is not captured."""

from __future__ import annotations

from collections.abc import Collection

import asyncpg
import pytest

from ruleyard.actions.reading import read_by_key
from ruleyard.actions.records import Database, table_of
from ruleyard.api.records import read_record, search_records
from ruleyard.core.types import LogId
from ruleyard.intake.capture import watch_table
from ruleyard.intake.introspect import table_model
from ruleyard.stores.connections import Connection
from ruleyard.stores.events import LogPools
from ruleyard.stores.table_pages import TableRow, looking, read_page, source_of

EDGE = 65_536
NOISE = "(select string_agg(md5(random()::text), '') from generate_series(1, 3000))"
"""96,000 characters that do not pack."""


@pytest.fixture
async def wide(crm: asyncpg.Connection, leads: Connection) -> None:
    """Records around the size that is kept, wide in text, in JSON, in bytes, in lists; some have nothing but a key."""
    del leads
    await crm.execute("""
        set role crm_owner;
        create table public.wide (id int primary key, status text, name text, "The body" text, packed text,
          extra jsonb, raw bytea, marks int[], gone text, at timestamptz);
        alter table public.wide alter column "The body" set storage external;
        alter table public.wide drop column gone
    """)
    values = [
        *(f"repeat('x', {size}), null, null, null, null, null" for size in range(EDGE - 200, EDGE + 20, 11)),
        *(f"null, repeat('x', {size}), null, null, null, null" for size in range(EDGE - 200, EDGE + 20, 33)),
        *(
            f"null, null, to_jsonb(repeat('x', {size})), null, null, null"
            for size in (60, 60_000, 70_000, 200_000)
        ),
        *(
            f"null, null, to_jsonb(left({NOISE}, {size})), null, null, null"
            for size in (3_000, 60_000, 70_000)
        ),
        *(f"null, null, null, left({NOISE}, {size})::bytea, null, null" for size in (3_000, 30_000, 40_000)),
        *(
            f"null, null, null, null, array_fill(7, array[{size}]), null"
            for size in (10, 3_000, 4_000, 20_000)
        ),
        "null, null, null, null, null, now()",
        "null, null, null, null, null, null",
    ]
    rows = ", ".join(f"({n}, 'won', 'x{n}', {value})" for n, value in enumerate(values))
    await crm.execute(f"insert into public.wide values {rows}")
    await crm.execute("update public.wide set status = null, name = null where id >= $1", len(values) - 2)


async def pages(
    pools: LogPools, leads: Connection, only: Collection[str] | None, excluded: tuple[str, ...] = ()
) -> list[TableRow]:
    pool = await pools.pool(LogId(leads.id))
    await watch_table(pool, "public.wide", excluded)
    async with looking(pool) as conn:
        source = await source_of(conn, LogId(leads.id), "public.wide", ("id",), excluded)
        assert source is not None
        first = await read_page(conn, source, (), 20, only)
        return first + await read_page(conn, source, first[-1].place, 1_000, only)


@pytest.mark.usefixtures("wide")
@pytest.mark.parametrize(
    "only", [{"id"}, {"id", "status", "nobody"}, {"id", "status", "name", "extra", "at"}, set[str]()]
)
async def test_a_part_of_a_record_is_that_part_of_the_whole(
    only: set[str], pools: LogPools, leads: Connection
) -> None:
    whole, part = await pages(pools, leads, None), await pages(pools, leads, only)
    assert [one.place for one in part] == [one.place for one in whole]
    assert [one.key["id"] for one in part if one.record is None] == [
        one.key["id"] for one in whole if one.record is None
    ]
    assert 10 < sum(one.record is None for one in whole) < len(whole) - 10
    for one, all_of_it in zip(part, whole, strict=True):
        if one.record is None or all_of_it.record is None:
            continue
        assert one.record == {name: value for name, value in all_of_it.record.items() if name in only}
        assert one.more is any(
            value is not None for name, value in all_of_it.record.items() if name not in only
        )


@pytest.mark.usefixtures("wide")
async def test_what_is_left_out_of_capture_is_left_out_and_counts_for_nothing(
    pools: LogPools, leads: Connection
) -> None:
    excluded = ("The body", "packed", "status", "name")
    for only in (None, {"id", "status", "at"}):
        rows = await pages(pools, leads, only, excluded)
        seen = {name for one in rows for name in one.record or {}}
        assert seen == ({"id", "at"} if only else {"id", "extra", "raw", "marks", "at"})
        assert [one.more for one in rows[:3]] == [False, False, False]
        assert rows[0].record is not None


async def test_columns_may_be_called_as_rows_are_here(
    pools: LogPools, leads: Connection, crm: asyncpg.Connection
) -> None:
    await crm.execute("""
        set role crm_owner;
        create table public.odd (t bigint primary key, p text, r text, k text);
        insert into public.odd values (1, 'pea', 'are', 'key');
    """)
    whole = {"t": 1, "p": "pea", "r": "are", "k": "key"}
    pool = await pools.pool(LogId(leads.id))
    await watch_table(pool, "public.odd")
    async with looking(pool) as conn:
        source = await source_of(conn, LogId(leads.id), "public.odd", ("t",), ())
        assert source is not None
        assert [one.record for one in await read_page(conn, source, (), 20)] == [whole]
        assert [one.record for one in await read_page(conn, source, (), 20, {"t", "p"})] == [
            {"t": 1, "p": "pea"}
        ]
    model = await table_model(pool, "crm", "public.odd")
    assert model is not None
    assert await read_record(pool, model, {"t": 1}) == whole
    assert [one.record for one in await search_records(pool, model, "", 5)] == [whole]
    there = Database(pool)
    assert await read_by_key(there, await table_of(there, "public.odd"), {"t": 1}) == whole
