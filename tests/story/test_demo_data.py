"""The demo's rows: the same for the same seed, whole, and of nobody real."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime
from importlib.resources import files

import asyncpg
import pytest

from ruleyard.demo.generator import CALLS, CUSTOMERS, DEALS, LEADS, TASKS, Table, generate
from ruleyard.demo.simulate import simulate
from support.cluster import Cluster

ANCHOR = datetime(2026, 11, 22, 12, tzinfo=UTC)
FICTION = re.compile(r"\+1 \d{3} 555 01\d\d|\+44 7700 900\d{3}|\+33 6 39 98 \d\d \d\d")


def column(table: Table, name: str) -> list[object]:
    place = table.columns.index(name)
    return [row[place] for row in table.rows]


def by_name(seed: int = 7) -> dict[str, Table]:
    return {table.name: table for table in generate(seed, ANCHOR)}


def test_the_same_seed_and_anchor_give_the_same_rows() -> None:
    assert generate(7, ANCHOR) == generate(7, ANCHOR)
    assert generate(7, ANCHOR) != generate(8, ANCHOR)


def test_there_are_a_few_thousand_rows_in_four_languages() -> None:
    tables = by_name()
    counted = {name: len(table.rows) for name, table in tables.items()}
    assert counted == {
        "agents": 12,
        "leads": LEADS,
        "customers": CUSTOMERS,
        "deals": DEALS,
        "calls": CALLS,
        "tasks": TASKS,
    }
    assert set(column(tables["leads"], "language")) == {"en", "ko", "zh", "ru"}


def test_nobody_real_is_ever_called_or_written_to() -> None:
    for table in by_name().values():
        if "phone" in table.columns:
            assert all(FICTION.fullmatch(str(p)) for p in column(table, "phone") if p is not None)
        if "email" in table.columns:
            mails = [str(m) for m in column(table, "email") if m is not None]
            assert all(m.isascii() and m.endswith(("@example.com", "@example.org")) for m in mails)


def test_nothing_happened_after_the_anchor() -> None:
    for table in by_name().values():
        for name in ("created_at", "started_at", "last_call_at", "closed_at", "done_at"):
            if name in table.columns:
                assert all(at <= ANCHOR for at in column(table, name) if isinstance(at, datetime))


@pytest.fixture
async def filled(cluster: Cluster) -> str:
    """The address of a database with the demo's tables and rows."""
    url = cluster.owner_url(cluster.new_empty_database(owner="crm_owner"))
    conn = await asyncpg.connect(url)
    try:
        await conn.execute(files("ruleyard.demo").joinpath("schema.sql").read_text())
        for table in generate(7, ANCHOR):
            await conn.copy_records_to_table(table.name, records=table.rows, columns=table.columns)
            await conn.execute(
                f"select setval(pg_get_serial_sequence('public.{table.name}', 'id'), {len(table.rows)})"
            )
    finally:
        await conn.close()
    return url


async def test_the_simulator_makes_every_kind_of_change(filled: str) -> None:
    counted = """select (select count(*) from public.leads) > $1 and (select count(*) from public.calls) > $2
      and (select count(*) from public.deals) > $3
      and (select count(*) from public.tasks where done and done_at > now() - interval '1 hour') > 0
      and (select count(*) from public.leads where last_call_at > now() - interval '1 hour') > 0"""
    done = await simulate(filled, per_second=0, stop=asyncio.Event(), seed=3, limit=200)
    conn = await asyncpg.connect(filled)
    try:
        assert done == 200
        assert await conn.fetchval(counted, LEADS, CALLS, DEALS)
    finally:
        await conn.close()


async def test_the_simulator_stops_when_told(filled: str) -> None:
    stop = asyncio.Event()
    stop.set()
    assert await simulate(filled, per_second=1, stop=stop) == 0
