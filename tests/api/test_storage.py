"""Runs that are not kept any more say so, and everybody can read what takes room."""

from __future__ import annotations

import httpx
import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.core.types import LogId
from ruleyard.intake.retention import keep_runs
from ruleyard.stores.connections import Connection
from ruleyard.stores.db import transaction
from ruleyard.stores.log_health import LogHealth, keep_log_health

FILLED = """
    with r as (insert into app.rule (name) values ('Leads') returning id),
    v as (insert into app.version (rule_id, number, document) select id, 1, '{}' from r returning id, rule_id)
    insert into app.run (rule_id, version_id, log, event_id, event, slot, state, created_at, finished_at, event_on)
    select v.rule_id, v.id, 1, n, jsonb_build_object('log', 1, 'id', n, 'lane', 0, 'table', 'public.leads',
        'op', 'update', 'key', '{}'::jsonb, 'at', '2026-01-01T00:00:00+00:00'),
      0, 'succeeded', now() - n * interval '1 day', now() - n * interval '1 day', (now() at time zone 'UTC')::date - n
    from v, generate_series(0, 60) n returning id
"""


async def runs_of_sixty_days(engine: AsyncEngine) -> list[int]:
    """Ids, the newest event first."""
    async with transaction(engine) as conn:
        await conn.execute(text("select app.add_weeks((now() at time zone 'UTC')::date - 70, current_date)"))
        return [row.id for row in await conn.execute(text(FILLED))]


async def test_a_run_that_is_not_kept_any_more_says_so(
    client: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    ids = await runs_of_sixty_days(engine)
    before = (await client.get("/runs")).json()["kept"]
    assert before == {"from_on": None, "failed_from_on": None, "keep_days": 30, "keep_failed_days": 90}
    await keep_runs(engine, days=30, failed_days=90)
    for path in ("", "/trace", "/cascade"):
        told = await client.get(f"/runs/{ids[-1]}{path}")
        assert (told.status_code, told.json()["code"]) == (404, "run-gone")
        gone = told.json()["gone"]
        assert gone["from_on"] < gone["to_on"]
        assert (gone["keep_days"], gone["keep_failed_days"]) == (30, 90)
        assert "is not kept any more" in told.json()["detail"]
    assert (await client.post(f"/runs/{ids[-1]}/cancel")).json()["code"] == "run-gone"
    assert (await client.get(f"/runs/{ids[-1] + 1000}")).json()["code"] == "not-found"
    kept = (await client.get("/runs")).json()["kept"]
    assert kept["from_on"] > gone["to_on"]
    assert kept["failed_from_on"] is None


async def test_everybody_reads_what_takes_room_and_what_goes_next(
    client: httpx.AsyncClient, engine: AsyncEngine, crm_connection: Connection
) -> None:
    await runs_of_sixty_days(engine)
    async with transaction(engine) as conn:
        await keep_log_health(
            conn, LogId(int(crm_connection.id)), LogHealth(5_000_000, 1_000_000, "2026-11-01")
        )
    found = (await client.get("/storage")).json()
    kinds = {one["kind"]: one for one in found["kinds"]}
    assert {"runs", "steps", "attempts", "figures", "audit", "notifications", "backtests"} <= set(kinds)
    assert kinds["runs"]["size_bytes"] > kinds["attempts"]["size_bytes"] > 0
    assert kinds["runs"]["growth_bytes"] > 0
    assert (kinds["runs"]["keep_days"], kinds["audit"]["keep_days"]) == (30, None)
    assert found["database_bytes"] > sum(one["size_bytes"] for one in found["kinds"])
    assert found["next"]["from_on"] < found["next"]["to_on"] < found["next"]["goes_on"]
    assert found["next"]["size_bytes"] > 0
    assert [(one["name"], one["size_bytes"], one["keep_days"]) for one in found["logs"]] == [
        (crm_connection.name, 5_000_000, 30)
    ]
    async with transaction(engine) as conn:
        plain = await conn.execute(
            text("select sum(pg_total_relation_size(relid)) from pg_partition_tree('app.run') where isleaf")
        )
        assert kinds["runs"]["size_bytes"] == plain.scalar_one()
    assert msgspec.json.decode((await client.get("/storage")).content)["keep_failed_days"] == 90
