"""A house with runs is carried over into partitions: nothing is lost, and the numbers go on."""

from __future__ import annotations

import asyncio

import asyncpg

from support.cluster import Cluster
from support.migrations import migrate_to

BEFORE = "0009"

FILLED = """
    insert into app.rule (name) values ('Leads');
    insert into app.version (rule_id, number, document) values (1, 1, '{}');
    insert into app.run (rule_id, version_id, log, event_id, event, slot, state, created_at)
    select 1, 1, 1, n, jsonb_build_object('at', to_char(
        (now() - n * interval '1 day') at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"+00:00"')),
      n % 16, case when n % 10 = 0 then 'failed' when n = 1 then 'waiting' else 'succeeded' end,
      now() - n * interval '1 day'
    from generate_series(1, 1000) n;
    insert into app.step (run_id, seq, node_id, kind, state) select id, 0, 'a', 'notify', 'succeeded' from app.run;
    insert into app.attempt (step_id, number, started_at, outcome) select id, 1, now(), 'succeeded' from app.step;
    insert into app.notification (key, title, run_id) values ('7:a', 'Told', 7);
"""


async def test_a_house_with_runs_is_carried_over_into_weeks(cluster: Cluster) -> None:
    database = cluster.new_empty_database()
    url = cluster.own_url(database)
    await asyncio.to_thread(migrate_to, url, BEFORE)
    conn = await asyncpg.connect(url)
    seen = "select id, event_id, state, created_at from app.run order by id"
    try:
        await conn.execute(FILLED)
        before = await conn.fetch(seen)
        await conn.close()
        await asyncio.to_thread(migrate_to, url, "heads")
        conn = await asyncpg.connect(url)
        assert await conn.fetch(seen) == before
        together = await conn.fetchval("""
            select count(*) from app.run r
            join app.step s on (s.run_id, s.event_on, s.shelf) = (r.id, r.event_on, r.shelf)
            join app.attempt a on (a.step_id, a.event_on, a.shelf) = (s.id, s.event_on, s.shelf)
        """)
        assert together == 1000
        weeks = await conn.fetch("select distinct tableoid::regclass::text as part from app.run order by 1")
        assert 60 <= len(weeks) <= 63
        assert await conn.fetchval("select count(*) from app.run_recent_other") > 500
        assert await conn.fetchval("select nextval('app.run_id')") == 1001
        assert await conn.fetchval("select run_id from app.notification") == 7
        counted = await conn.fetchrow("""
            select sum(opened) as opened, sum(succeeded) as succeeded, sum(failed) as failed from app.run_count
            where span = 'day'
        """)
        assert dict(counted) == {"opened": 1000, "succeeded": 899, "failed": 100}
    finally:
        await conn.close()
        cluster.drop_database(database)
