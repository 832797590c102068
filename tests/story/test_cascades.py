"""Rules that set each other off: every chain ends, and says so where people look."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.intake.watching import start_watch
from ruleyard.settings import Settings
from ruleyard.stores.connections import Connection, Watched
from ruleyard.stores.db import transaction
from story.asking import ended
from support.house import running
from support.published import change_rule, publish
from support.waiting import until


def waking(name: str, *, when: str, attempts: Any, owner: str) -> dict[str, Any]:
    """When a lead's owner becomes `when`, set the owner and the number of attempts."""
    rule = change_rule({"===": [{"var": "after.owner"}, when]}, name=name, events=("update",))
    rule["nodes"][2] = {
        "id": "a",
        "kind": "action",
        "do": "update_record",
        "fields": {"set": {"owner": owner, "attempts": attempts}},
    }
    return rule


NEXT = {"+": [{"var": "after.attempts"}, 1]}


@pytest.fixture
async def leads(engine: AsyncEngine, settings: Settings, crm_connection: Connection) -> Connection:
    watched = Watched(engine, settings)
    await start_watch(engine, watched, connection_id=crm_connection.id, table="public.leads")
    await watched.close()
    return crm_connection


async def test_two_rules_that_wake_each_other_end_after_eight_runs_and_say_so(
    engine: AsyncEngine, settings: Settings, leads: Connection, crm: asyncpg.Connection
) -> None:
    ping, _ = await publish(engine, waking("Ping", when="ping", attempts=NEXT, owner="pong"))
    pong, _ = await publish(engine, waking("Pong", when="pong", attempts=NEXT, owner="ping"))
    await crm.execute("insert into leads (first_name) values ('Ann')")
    async with running(settings):
        await crm.execute("update leads set owner = 'ping'")
        pings, pongs = await ended(engine, ping, 5), await ended(engine, pong, 4)
    assert Counter(run.state for run in pings + pongs) == {"succeeded": 8, "failed": 1}
    assert await crm.fetchval("select attempts from leads") == 8
    assert pings[-1].error == "Stopped: this chain of rules is 8 runs long, each set off by the one before."
    async with engine.connect() as conn:
        chain = await conn.execute(
            text("select id, cause_run, root_run, depth, fault ->> 'code' as code from app.run order by id")
        )
        rows = chain.all()
    first = rows[0].id
    assert [(row.cause_run, row.root_run, row.depth) for row in rows] == [
        (None, None, 0),
        *((before.id, first, depth) for depth, before in enumerate(rows[:-1], start=1)),
    ]
    assert rows[-1].code == "chain-too-long"


async def test_rules_that_tell_each_other_events_end_after_eight_runs(
    engine: AsyncEngine, settings: Settings, leads: Connection, crm: asyncpg.Connection
) -> None:
    def telling(hears: str, tells: str) -> dict[str, Any]:
        fields = {"type": tells, "data": {"n": {"+": [{"var": ["after.n", 0]}, 1]}}}
        trigger = {"id": "t", "kind": "trigger", "on": "webhook", "event": hears}
        action = {"id": "a", "kind": "action", "do": "emit_event", "fields": fields}
        return {"dialect": 1, "name": hears, "nodes": [trigger, action], "edges": [["t", "a"]]}

    ping, _ = await publish(engine, telling("ping", "pong"))
    pong, _ = await publish(engine, telling("pong", "ping"))
    first = change_rule({"===": [{"var": "after.owner"}, "go"]}, name="First", events=("update",))
    first["nodes"][2] = {"id": "a", "kind": "action", "do": "run_rule", "fields": {"rule": {"id": ping}}}
    await publish(engine, first)
    await crm.execute("insert into leads (first_name) values ('Ann')")
    async with running(settings):
        await crm.execute("update leads set owner = 'go'")
        pings, pongs = await ended(engine, ping, 4), await ended(engine, pong, 4)
    assert Counter(run.state for run in pings + pongs) == {"succeeded": 7, "failed": 1}
    assert [run.event.after for run in pongs] == [{"n": 1}, {"n": 3}, {"n": 5}, {"n": 7}]
    assert pongs[-1].error == "Stopped: this chain of rules is 8 runs long, each set off by the one before."


async def test_what_comes_of_one_run_is_bounded_even_when_the_chain_is_short(
    engine: AsyncEngine, settings: Settings, leads: Connection, crm: asyncpg.Connection
) -> None:
    ping, _ = await publish(engine, waking("Ping", when="ping", attempts=NEXT, owner="ping "))
    grown = [
        (await publish(engine, waking(f"Echo {n}", when="ping ", attempts=NEXT, owner="done")))[0]
        for n in range(5)
    ]
    await crm.execute("insert into leads (first_name) values ('Ann')")
    async with running(replace(settings, cascade_runs=3)):
        await crm.execute("update leads set owner = 'ping'")
        await ended(engine, ping)
        runs = [run for rule in grown for run in await ended(engine, rule)]
    assert Counter(run.state for run in runs) == {"succeeded": 3, "failed": 2}
    assert {run.error for run in runs if run.state == "failed"} == {
        f"Stopped: run {(await ended(engine, ping))[0].id} has set off 3 runs already."
    }


async def test_a_rule_that_keeps_waking_itself_is_paused_once_and_its_owner_is_told_once(
    engine: AsyncEngine, settings: Settings, leads: Connection, crm: asyncpg.Connection
) -> None:
    again, _ = await publish(engine, waking("Again", when="again", attempts=NEXT, owner="again"))
    async with transaction(engine) as conn:
        await conn.execute(
            text("""
                with made as (
                  insert into app.account (email, name, password_hash, role)
                  values ('kim@example.com', 'Kim', '-', 'publisher') returning id)
                update app.rule set created_by = (select id from made)
            """)
        )
    await crm.execute("insert into leads (first_name) select 'Ann' from generate_series(1, 12)")

    async def paused() -> Any:
        async with engine.connect() as conn:
            found = await conn.execute(
                text("select paused ->> 'code' as code from app.rule where not enabled")
            )
            return found.one_or_none()

    async with running(settings):
        await crm.execute("update leads set owner = 'again'")
        assert (await until(paused, what="the rule is paused")).code == "rule-looped-long"
        await ended(engine, again, 12)
    async with engine.connect() as conn:
        told = (
            await conn.execute(
                text("select title, told ->> 'code' as code, account_id from app.notification")
            )
        ).all()
        noted = (await conn.execute(text("select actor, action, subject from app.audit"))).all()
    assert [(one.title, one.code) for one in told] == [("“Again” was paused", "rule-looped-long")]
    assert told[0].account_id is not None
    assert [tuple(one) for one in noted] == [("Ruleyard", "pause rule", f"rule:{again}")]
