"""The whole way, with real servers: somebody's SQL, the log, the run, the world."""

from __future__ import annotations

import asyncpg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.api.house import open_house
from ruleyard.clock import utc_now, utc_text
from ruleyard.core.document import parse
from ruleyard.core.explain import explain
from ruleyard.core.graph import Graph
from ruleyard.core.plan import compile_plan
from ruleyard.core.types import LogId, RuleId, VersionId
from ruleyard.demo.install import ensure_connections, ensure_rules, ensure_watches
from ruleyard.demo.rulebook import crm_rules
from ruleyard.demo.seed import TABLES, seed
from ruleyard.settings import Settings
from ruleyard.stores.connections import connection_named
from ruleyard.stores.db import transaction
from ruleyard.stores.drafts import draft_of, save_draft
from ruleyard.stores.events import list_events
from ruleyard.stores.rules import rule_named
from ruleyard.stores.versions import live_version
from ruleyard.stores.watches import list_watches
from story.asking import ended, judged, runs_of, steps
from story.conftest import Demo
from support.house import running
from support.servers import http_receiver, smtp_receiver
from support.waiting import until

CATCHER = "http://127.0.0.1:9"
LEAD = """
    insert into public.leads (first_name, last_name, email, source, status, attempts, budget)
    values ('Minji', 'Kim', 'minji.kim@example.org', 'referral', 'contacted', 4, 9000) returning id
"""


async def rule(engine: AsyncEngine, name: str) -> RuleId:
    async with transaction(engine) as conn:
        found = await rule_named(conn, name)
    assert found is not None, name
    return found


async def seeded(settings: Settings, demo: Demo, *, smtp_port: int = 9, hooks: str = CATCHER) -> None:
    """As `up` does: our connection is a role of its own, the tables belong to somebody else."""
    async with open_house(settings) as house:
        await ensure_connections(house, crm_url=demo.watcher_url, smtp=("127.0.0.1", smtp_port))
    await seed(
        settings, crm_owner_url=demo.owner_url, catcher_smtp=("127.0.0.1", smtp_port), catcher_http=hooks
    )


async def test_a_change_by_plain_sql_really_sends_the_mail(
    settings: Settings, engine: AsyncEngine, demo: Demo, app: asyncpg.Connection
) -> None:
    async with smtp_receiver() as inbox, running(settings):
        await seeded(settings, demo, smtp_port=inbox.port)
        lead = await app.fetchval(LEAD)
        await app.execute("update public.leads set status = 'callback' where id = $1", lead)
        (mail,) = await inbox.wait_for(1)
        (run,) = await ended(engine, await rule(engine, "Rescue missed callbacks"))
    assert mail.to == ["minji.kim@example.org"]
    assert mail.message["Subject"] == "We tried to reach you, Minji"
    assert await app.fetchval("select queue from public.leads where id = $1", lead) == "senior"
    assert (run.state, run.record_table, run.record_key) == ("succeeded", "public.leads", str(lead))
    assert run.event.changed == ("status",)
    assert [(step.node, step.state, step.branch) for step in await steps(engine, run)] == [
        ("start", "succeeded", None),
        ("asked", "succeeded", "yes"),
        ("hard", "succeeded", "yes"),
        ("hand_over", "succeeded", None),
        ("reachable", "succeeded", "yes"),
        ("mail", "succeeded", None),
        ("tell", "succeeded", None),
        ("done", "succeeded", None),
    ]


async def test_a_large_deal_calls_the_webhook_once(
    settings: Settings, engine: AsyncEngine, demo: Demo, app: asyncpg.Connection
) -> None:
    async with http_receiver() as hooks:
        allowed = Settings(**{**_values(settings), "outbound_allow": (hooks.address,)})
        async with running(allowed):
            await seeded(allowed, demo, hooks=hooks.url)
            deal = await app.fetchval("select min(id) from public.deals where stage = 'open'")
            await app.execute("update public.deals set amount = 600000 where id = $1", deal)
            (request,) = await hooks.wait_for(1)
            await app.execute("update public.deals set amount = 700000 where id = $1", deal)
            rule_id = await rule(engine, "大额商机通知主管")
            await ended(engine, rule_id)
            await until(lambda: _is(judged(engine, rule_id), (1, 1)), what="the second change to be judged")
            (run,) = await runs_of(engine, rule_id)
    assert request.path == "/hooks/large-deals"
    assert (request.json()["deal"], request.json()["amount"]) == (deal, 600000)
    assert request.headers["idempotency-key"] == f"{run.id}:hook"


async def test_a_scheduled_rule_ticks_once_for_each_moment(
    settings: Settings, engine: AsyncEngine, demo: Demo
) -> None:
    async with running(settings, workers=2):
        await seeded(settings, demo)
        rule_id = await rule(engine, "Напомнить о просроченных задачах")
        async with transaction(engine) as conn:
            due = text("update app.schedule set next_at = now() - interval '1 second' where rule_id = :rule")
            await conn.execute(due, {"rule": rule_id})
        (run,) = await ended(engine, rule_id)
        async with transaction(engine) as conn:
            ticks = text("select count(*) from app.tick where rule_id = :rule")
            assert (await conn.execute(ticks, {"rule": rule_id})).scalar_one() == 1
            ahead = text("select next_at > now() from app.schedule where rule_id = :rule")
            assert (await conn.execute(ahead, {"rule": rule_id})).scalar_one()
    assert (run.event.op, run.event.log, run.state) == ("tick", 0, "succeeded")


async def test_not_firing_is_counted_and_explained(
    settings: Settings, engine: AsyncEngine, demo: Demo, app: asyncpg.Connection
) -> None:
    async with running(settings):
        await seeded(settings, demo)
        rule_id = await rule(engine, "Welcome new web leads")
        await app.fetchval(LEAD)
        await until(lambda: _is(judged(engine, rule_id), (0, 1)), what="the new lead to be judged")
        assert await runs_of(engine, rule_id) == []
    async with transaction(engine) as conn:
        crm = await connection_named(conn, "crm")
    pool = await asyncpg.create_pool(demo.watcher_url, min_size=1, max_size=1)
    (event,) = await list_events(pool, LogId(int(crm.id)), table="public.leads", op="insert", limit=1)
    await pool.close()
    graph = parse(next(d for d in crm_rules(CATCHER) if d["name"] == "Welcome new web leads"))
    assert isinstance(graph, Graph)
    why = explain(compile_plan(rule_id, VersionId(1), graph), event, utc_text(utc_now()), "crm")
    assert (why.fired, why.reason_code, why.trace.outcome) == (False, "condition-false", "unmatched")
    assert "referral" in why.reason or "source" in why.reason.lower(), why.reason


async def test_a_wait_is_a_row_and_not_a_sleep(
    settings: Settings, engine: AsyncEngine, demo: Demo, app: asyncpg.Connection
) -> None:
    async with running(settings):
        await seeded(settings, demo)
        lead = await app.fetchval(LEAD)
        await app.execute("update public.leads set status = 'callback', attempts = 1 where id = $1", lead)
        rule_id = await rule(engine, "Rescue missed callbacks")

        async def waits() -> bool:
            return [run.state for run in await runs_of(engine, rule_id)] == ["waiting"]

        await until(waits, what="the run to wait")
        async with transaction(engine) as conn:
            over = text("update app.run set wake_at = now() where rule_id = :rule")
            await conn.execute(over, {"rule": rule_id})
        (run,) = await ended(engine, rule_id)
    assert run.state == "succeeded"
    task = await app.fetchrow("select title, priority from public.tasks where lead_id = $1", lead)
    assert tuple(task) == ("Call Minji Kim again", "high")


async def test_seeding_again_changes_nothing(settings: Settings, engine: AsyncEngine, demo: Demo) -> None:
    await seeded(settings, demo)
    async with open_house(settings) as house:
        crm = await ensure_connections(house, crm_url=demo.watcher_url)
        await ensure_watches(house, crm, TABLES)
        again = await ensure_rules(house, crm_rules(CATCHER))
    assert len(again) == 6
    async with transaction(engine) as conn:
        assert {watch.table for watch in await list_watches(conn)} == set(TABLES)
        versions = text("select count(*) from app.version")
        enabled = text("select count(*) from app.rule where enabled")
        counted = [(await conn.execute(one)).scalar_one() for one in (versions, enabled)]
        assert counted == [6, 6]


async def test_the_demos_webhook_follows_a_catcher_that_moved(
    settings: Settings, engine: AsyncEngine, demo: Demo
) -> None:
    await seeded(settings, demo, hooks="http://127.0.0.1:9")
    await seeded(settings, demo, hooks="http://127.0.0.1:10")
    rule_id = await rule(engine, "大额商机通知主管")
    async with transaction(engine) as conn:
        live = await live_version(conn, rule_id)
        assert live is not None
        assert live.number == 2
        assert "http://127.0.0.1:10/hooks" in str(live.document)
        mine = {**live.document, "description": "a person was here"}
        await save_draft(conn, rule_id, document=mine, layout=None, etag=None, by=None)
    await seeded(settings, demo, hooks="http://127.0.0.1:11")
    async with transaction(engine) as conn:
        assert (await draft_of(conn, rule_id)).document == mine
        assert (await conn.execute(text("select count(*) from app.version"))).scalar_one() == 7


async def _is(asked: object, answer: object) -> bool:
    return (await asked) == answer  # type: ignore[misc]


def _values(settings: Settings) -> dict[str, object]:
    return {name: getattr(settings, name) for name in settings.__dataclass_fields__}
