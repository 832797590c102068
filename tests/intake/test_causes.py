"""Causes: an action's own write carries one, nobody else's does, and logs of an older release learn it."""

from __future__ import annotations

import asyncpg
import pytest

from ruleyard.actions.records import Database, apply_once, table_of, update_sql
from ruleyard.intake.capture import install_log, log_script, watch_table
from ruleyard.intake.renew import renew_log, script_version
from ruleyard.stores.watches import Watch

CAUSE = "run:7 root:7 depth:1"


async def causes(pool: asyncpg.Pool) -> list[str | None]:
    return [row["cause"] for row in await pool.fetch("select cause from ruleyard.event order by id")]


async def write(pool: asyncpg.Pool, key: str, cause: str = CAUSE) -> None:
    database = Database(pool)
    leads = await table_of(database, "public.leads")
    await apply_once(
        database, update_sql(leads, ["owner"]), key, cause, f'{{"owner": "{key}"}}', '{"id": 1}', ["owner"]
    )


@pytest.fixture
async def ann(crm: asyncpg.Connection) -> None:
    await crm.execute("insert into leads (first_name) values ('Ann')")


async def test_an_actions_write_carries_its_cause(pool: asyncpg.Pool, ann: None) -> None:
    await watch_table(pool, "public.leads")
    await write(pool, "7:a")
    assert await causes(pool) == [CAUSE]


async def test_what_a_trigger_of_the_customer_writes_carries_it_too(
    pool: asyncpg.Pool, crm: asyncpg.Connection, ann: None
) -> None:
    await crm.execute("""
        create function public.note() returns trigger language plpgsql as
        $$ begin insert into public.tasks (title) values ('called'); return new; end $$;
        create trigger note before update on public.leads for each row execute function public.note();
    """)
    await watch_table(pool, "public.leads")
    await watch_table(pool, "public.tasks")
    await write(pool, "7:a")
    assert await causes(pool) == [CAUSE, CAUSE]


@pytest.mark.parametrize("forged", [CAUSE, f"{CAUSE} #", f"{CAUSE} #{'0' * 64}", "nonsense"])
async def test_a_cause_that_an_ordinary_role_sets_is_no_cause(
    pool: asyncpg.Pool, crm: asyncpg.Connection, ann: None, forged: str
) -> None:
    await watch_table(pool, "public.leads")
    async with crm.transaction():
        await crm.execute("select set_config('ruleyard.cause', $1, true)", forged)
        await crm.execute("update leads set owner = 'me'")
    assert await causes(pool) == [None]


async def test_a_seal_that_was_overheard_is_worth_nothing_in_another_transaction(
    pool: asyncpg.Pool, crm: asyncpg.Connection, ann: None
) -> None:
    await watch_table(pool, "public.leads")
    async with pool.acquire() as ours, ours.transaction():
        overheard = await ours.fetchval("select ruleyard.signed_cause($1)", CAUSE)
    async with crm.transaction():
        await crm.execute("select set_config('ruleyard.cause', $1, true)", overheard)
        await crm.execute("update leads set owner = 'me'")
    assert await causes(pool) == [None]


async def test_an_ordinary_role_can_neither_seal_nor_read_the_secret(
    pool: asyncpg.Pool, crm: asyncpg.Connection, ann: None
) -> None:
    await watch_table(pool, "public.leads")
    for question in ("select ruleyard.signed_cause('run:1')", "select secret from ruleyard.log"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await crm.fetchval(question)


async def test_a_write_where_nobody_watches_needs_no_log(pool: asyncpg.Pool, ann: None) -> None:
    await write(pool, "7:a")
    await watch_table(pool, "public.leads")
    await write(pool, "7:b")
    assert await causes(pool) == [CAUSE]


async def test_a_log_of_an_older_release_is_renewed_once_with_its_triggers(
    pool: asyncpg.Pool, crm: asyncpg.Connection, ann: None
) -> None:
    await watch_table(pool, "public.leads", ["email"])
    async with pool.acquire() as conn:
        await conn.execute(f"""
            create or replace function {
            await conn.fetchval("select 'ruleyard.' || ruleyard.capture_name('public.leads')")
        }() returns trigger
            language plpgsql security definer as $$ begin return null; end $$;
            drop function ruleyard.capture_version();
            drop function ruleyard.cause_seal(text);
            alter table ruleyard.log drop column secret;
        """)
        watch = Watch(1, 1, "crm", "public.leads", ("id",), ("email",), "")  # type: ignore[arg-type]
        assert await renew_log(conn, [watch])
        assert not await renew_log(conn, [watch])
    await write(pool, "7:a")
    row = await pool.fetchrow("select cause, after ? 'email' as leaked from ruleyard.event")
    assert (row["cause"], row["leaked"]) == (CAUSE, False)


async def test_a_log_of_a_newer_release_is_left_alone(pool: asyncpg.Pool) -> None:
    await watch_table(pool, "public.leads")
    newer = log_script().replace(f"select {script_version()} $$", f"select {script_version() + 1} $$")
    async with pool.acquire() as conn:
        await conn.execute(newer)
        assert not await renew_log(conn, [])
        assert await conn.fetchval("select ruleyard.capture_version()") == script_version() + 1
        await install_log(conn)
