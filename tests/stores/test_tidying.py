"""What grows beside runs goes when it is old, in bounded batches, and nothing that is young or in use."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.stores import tidying
from ruleyard.stores.db import transaction

FILLED = """
    with a as (
      insert into app.account (email, name, password_hash, role)
      values ('a@example.com', 'A', '', 'viewer') returning id
    ), r as (
      insert into app.rule (name) values ('Leads') returning id
    ), v as (
      insert into app.version (rule_id, number, document) select id, 1, '{}' from r returning id, rule_id
    ), told as (
      insert into app.notification (key, title, created_at)
      select n || '-a', 'Told', now() - n * interval '1 day' from generate_series(1, 400) n returning id
    ), seen as (
      insert into app.notification_read (notification_id, account_id) select told.id, a.id from told, a
    ), tried as (
      insert into app.backtest (document, log, table_name, ops, from_at, to_at, most, state, created_at)
      select '{}', 1, 'public.leads', '{update}', now(), now(), 1,
        case when n = 50 then 'running' else 'succeeded' end, now() - n * interval '1 day'
      from generate_series(1, 60) n returning id
    ), matched as (
      insert into app.backtest_match (backtest_id, event_id, at, record_key, fired, nearly, path, words)
      select id, 1, now(), '1', true, false, '', '' from tried
    ), judged as (
      insert into app.judged (rule_id, version_id, hour, lane, log, matched)
      select rule_id, id, date_trunc('hour', now()) - n * interval '1 hour', n % 16, 1, 1
      from v, generate_series(0, 2399) n
    ), visited as (
      insert into app.catch_up (rule_id, version_id, log, table_name, actor, state, finished_at)
      select rule_id, id, 1, 'public.leads', 'clock', 'finished', now() - n * interval '1 day'
      from v, generate_series(1, 200) n
    ), came as (
      insert into app.received (rule_id, key, event_id, at)
      select rule_id, n, n, now() - n * interval '1 day' from v, generate_series(1, 30) n
    ), session as (
      insert into app.session (token_hash, account_id, csrf, expires_at)
      select decode(md5(n::text), 'hex'), a.id, '', now() + (n - 5) * interval '1 day' from a, generate_series(1, 10) n
    )
    insert into app.heard (log, lane, hour, table_name, op, events, passed_over)
    select 1, n % 16, date_trunc('hour', now()) - n * interval '1 hour', 'public.leads', 'update', n, 1
    from generate_series(0, 2399) n
"""


@pytest.fixture(autouse=True)
async def much_of_everything(engine: AsyncEngine) -> None:
    async with transaction(engine) as conn:
        await conn.execute(text(FILLED))


async def ask(engine: AsyncEngine, question: str) -> int:
    async with transaction(engine) as conn:
        return int((await conn.execute(text(question))).scalar_one())


@pytest.mark.parametrize(
    ("table", "left"),
    [
        ("notification", 179),
        ("notification_read", 179),
        ("backtest", 6 + 1),
        ("backtest_match", 6 + 1),
        ("session", 5),
        ("catch_up", 89),
        ("received", 6),
    ],
)
async def test_what_is_old_goes_and_the_rest_stays(engine: AsyncEngine, table: str, left: int) -> None:
    gone = await tidying.tidy(engine)
    assert gone[table] > 0
    assert abs(await ask(engine, f"select count(*) from app.{table}") - left) <= 1
    assert table not in await tidying.tidy(engine)


async def test_changes_looked_at_count_the_same_when_their_hours_become_days(engine: AsyncEngine) -> None:
    sums = "select sum(events)::bigint from app.heard where hour >= date_trunc('day', now()) - interval '29 days'"
    before, rows = await ask(engine, sums), await ask(engine, "select count(*) from app.heard")
    await tidying.tidy(engine)
    assert await ask(engine, sums) == before
    assert await ask(engine, "select count(*) from app.heard") < rows / 10
    await tidying.tidy(engine)
    assert await ask(engine, sums) == before


async def test_one_round_is_bounded_and_the_next_goes_on(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tidying, "AT_ONCE", 100)
    monkeypatch.setattr(tidying, "BATCHES", 2)
    assert (await tidying.tidy(engine))["judged"] == 200
    assert (await tidying.tidy(engine))["judged"] == 200
