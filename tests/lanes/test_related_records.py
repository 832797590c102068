"""Related records at judging: what a foreign key leads to decides, is kept with the run, and is read in one query."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.core.types import LANES, OWN_LOG, ConnectionId, JSONObject, LogId
from ruleyard.intake.watching import start_watch
from ruleyard.lanes.evaluate_lane import Lanes
from ruleyard.stores.connections import Connection, Watched
from ruleyard.stores.db import transaction
from ruleyard.stores.emit import emit
from ruleyard.stores.related import RelatedReader, Wishes, wish
from support.cluster import Cluster
from support.published import change_rule, publish

EMAIL = {"var": "related.agent_id.email"}
ANN = {"===": [EMAIL, "ann@example.com"]}
NOBODY = {"===": [{"var": "related.agent_id.id"}, None]}


@pytest.fixture
async def agents(crm: asyncpg.Connection, leads: Connection) -> LogId:
    """Leads have an agent and a helper, both of `public.agents`."""
    await crm.execute("""
        set role crm_owner;
        create table public.agents (id bigint primary key, email text, secret text, hired timestamptz);
        insert into public.agents values
          (1, 'ann@example.com', 's', '2026-01-02 03:04:05+00'), (2, 'bob@example.com', 's', null);
        alter table public.leads add column agent_id bigint references public.agents on delete set null,
          add column helper_id bigint references public.agents deferrable;
    """)
    return LogId(leads.id)


async def drain(lanes: Lanes, log: LogId) -> None:
    for lane in range(LANES):
        await lanes.drain(log, lane)


async def runs(engine: AsyncEngine) -> list[Any]:
    async with engine.connect() as conn:
        return list(await conn.execute(text("select * from app.run order by id")))


async def judged(engine: AsyncEngine) -> tuple[int, int, int]:
    async with engine.connect() as conn:
        found = await conn.execute(text("select sum(matched), sum(unmatched), sum(errors) from app.judged"))
        matched, unmatched, errors = found.one()
        return int(matched or 0), int(unmatched or 0), int(errors or 0)


async def test_a_related_value_decides_and_is_kept_with_the_run(
    engine: AsyncEngine, lanes: Lanes, agents: LogId, crm: asyncpg.Connection
) -> None:
    await publish(engine, change_rule(ANN))
    await crm.execute("insert into leads (first_name, agent_id) values ('A', 1), ('B', 2), ('C', null)")
    await drain(lanes, agents)
    (run,) = await runs(engine)
    assert run.event["after"]["first_name"] == "A"
    assert run.related["records"] == {"agent_id": {"email": "ann@example.com"}}
    assert run.related["at"]
    assert await judged(engine) == (1, 2, 0)


async def test_an_empty_key_and_a_record_that_is_gone_are_both_empty(
    engine: AsyncEngine, lanes: Lanes, agents: LogId, crm: asyncpg.Connection
) -> None:
    await publish(engine, change_rule(NOBODY, events=("insert",)))
    await crm.execute(
        "insert into leads (first_name, agent_id) values ('none', null), ('gone', 2), ('there', 1)"
    )
    await crm.execute("delete from agents where id = 2")
    await drain(lanes, agents)
    found = {run.event["after"]["first_name"]: run.related["records"] for run in await runs(engine)}
    assert found == {"none": {"agent_id": None}, "gone": {"agent_id": None}}


async def test_the_value_at_judging_counts_not_the_one_at_the_change(
    engine: AsyncEngine, lanes: Lanes, agents: LogId, crm: asyncpg.Connection
) -> None:
    await publish(engine, change_rule(ANN))
    await crm.execute("insert into leads (agent_id) values (2)")
    await crm.execute("update agents set email = 'ann@example.com' where id = 2")
    await drain(lanes, agents)
    await crm.execute("update agents set email = 'later@example.com' where id = 2")
    await drain(lanes, agents)
    (run,) = await runs(engine)
    assert run.related["records"] == {"agent_id": {"email": "ann@example.com"}}


async def test_a_deleted_record_leads_by_what_it_was(
    engine: AsyncEngine, lanes: Lanes, agents: LogId, crm: asyncpg.Connection
) -> None:
    await crm.execute("insert into leads (agent_id) values (1)")
    await drain(lanes, agents)
    await publish(engine, change_rule(ANN, events=("delete",)))
    await crm.execute("delete from leads")
    await drain(lanes, agents)
    (run,) = await runs(engine)
    assert run.related["records"] == {"agent_id": {"email": "ann@example.com"}}


async def test_each_run_keeps_only_what_its_rule_reads(
    engine: AsyncEngine, lanes: Lanes, agents: LogId, crm: asyncpg.Connection
) -> None:
    await publish(engine, change_rule(ANN))
    await publish(engine, change_rule({"!==": [{"var": "related.helper_id.hired"}, EMAIL]}))
    await publish(engine, change_rule({"===": [1, 1]}))
    await crm.execute("insert into leads (agent_id, helper_id) values (1, 1)")
    await drain(lanes, agents)
    kept = [run.related and run.related["records"] for run in await runs(engine)]
    assert kept == [
        {"agent_id": {"email": "ann@example.com"}},
        {"agent_id": {"email": "ann@example.com"}, "helper_id": {"hired": "2026-01-02T03:04:05+00:00"}},
        None,
    ]


async def test_one_query_for_each_table_that_is_led_to(
    cluster: Cluster, crm_database: str, agents: LogId
) -> None:
    asked: list[str] = []

    async def listening(conn: asyncpg.Connection) -> None:
        conn.add_query_logger(lambda record: asked.append(record.query))

    async with asyncpg.create_pool(
        cluster.watcher_url(crm_database), min_size=1, max_size=1, init=listening
    ) as pool:

        async def the_pool(log: LogId) -> asyncpg.Pool:
            return pool

        reader, home = RelatedReader(the_pool), (agents, "public.leads")
        wishes: Wishes = {}
        for number in range(500):
            record: JSONObject = {"agent_id": number % 3 or None, "helper_id": 2}
            wish(wishes, home, {"agent_id": frozenset({"email"})}, record)
            wish(wishes, home, {"helper_id": frozenset({"id"})}, record)
        found = await reader.fetch(wishes, {})
        assert sum("as k(key)" in query for query in asked) == 1
        both = {"agent_id": frozenset({"email"}), "helper_id": frozenset({"id"})}
        assert found.of(home, both, {"agent_id": 1, "helper_id": 2}).records == {
            "agent_id": {"email": "ann@example.com"},
            "helper_id": {"id": 2},
        }


async def test_a_database_that_answers_too_late_is_read_again_and_nothing_is_lost(
    engine: AsyncEngine,
    lanes: Lanes,
    agents: LogId,
    crm: asyncpg.Connection,
    crm_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await publish(engine, change_rule(ANN))
    await crm.execute("insert into leads (agent_id) values (1)")
    other = await asyncpg.connect(crm_url)
    try:
        async with other.transaction():
            monkeypatch.setattr("ruleyard.stores.related.TIMEOUT_MS", 50)
            await other.execute("lock table public.agents in access exclusive mode")
            await drain(lanes, agents)
            assert await runs(engine) == []
        monkeypatch.undo()
        await drain(lanes, agents)
        assert len(await runs(engine)) == 1
        assert await judged(engine) == (1, 0, 0)
    finally:
        await other.close()


async def test_what_may_not_be_read_fails_in_the_open_and_holds_up_nobody(
    engine: AsyncEngine, lanes: Lanes, agents: LogId, crm: asyncpg.Connection
) -> None:
    await publish(engine, change_rule({"===": [{"var": "related.agent_id.secret"}, "s"]}))
    await publish(engine, change_rule(ANN))
    await crm.execute("""
        revoke select on public.agents from ruleyard_crm; grant select (id, email) on public.agents to ruleyard_crm;
        insert into leads (agent_id) values (1)
    """)
    await drain(lanes, agents)
    kept = [run.related for run in await runs(engine)]
    assert kept[0] is None
    assert kept[1]["records"] == {"agent_id": {"email": "ann@example.com"}}
    assert await judged(engine) == (1, 0, 1)


async def test_a_condition_that_does_not_get_that_far_is_decided_without(
    engine: AsyncEngine, lanes: Lanes, agents: LogId, crm: asyncpg.Connection
) -> None:
    document = change_rule({"===": [{"lower": {"var": "after.status"}}, "won"]})
    document["nodes"][2]["fields"] = {"title": {"var": "related.agent_id.secret"}}
    await publish(engine, document)
    await crm.execute("""
        revoke select on public.agents from ruleyard_crm;
        insert into leads (agent_id, status) values (1, 'new')
    """)
    await drain(lanes, agents)
    assert (await runs(engine), await judged(engine)) == ([], (0, 1, 0))


async def test_a_table_that_was_renamed_is_still_led_to(
    engine: AsyncEngine, lanes: Lanes, agents: LogId, crm: asyncpg.Connection
) -> None:
    await publish(engine, change_rule(ANN))
    await crm.execute("insert into leads (agent_id) values (1)")
    await drain(lanes, agents)
    await crm.execute("alter table agents rename to people; insert into leads (agent_id) values (1)")
    await drain(lanes, agents)
    await crm.execute("insert into leads (agent_id) values (1)")
    await drain(lanes, agents)
    records = [run.related and run.related["records"] for run in await runs(engine)]
    assert records == [{"agent_id": {"email": "ann@example.com"}}] * 3


SECRET = {"!==": [{"var": "related.agent_id.secret"}, "none"]}


async def test_a_column_that_is_left_out_of_the_other_table_is_neither_read_nor_kept(
    engine: AsyncEngine, lanes: Lanes, agents: LogId, crm: asyncpg.Connection, watched: Watched
) -> None:
    await publish(engine, change_rule(SECRET))
    await publish(engine, change_rule(ANN))
    await crm.execute("insert into leads (agent_id) values (1)")
    await drain(lanes, agents)
    assert await judged(engine) == (2, 0, 0)
    here = ConnectionId(int(agents))
    await start_watch(engine, watched, connection_id=here, table="public.agents", excluded=["secret"])
    await crm.execute("delete from leads; insert into leads (agent_id) values (1)")
    await drain(lanes, agents)
    assert await judged(engine) == (3, 0, 1)
    ann = {"agent_id": {"email": "ann@example.com"}}
    kept = [run.related and run.related["records"] for run in await runs(engine)]
    assert kept == [{"agent_id": {"secret": "s"}}, ann, None, ann]


@pytest.mark.parametrize(
    ("renamed", "column"),
    [
        ("alter table agents rename column secret to hint", "hint"),
        ("alter table agents rename to people", "secret"),
    ],
)
async def test_what_is_left_out_stays_so_under_another_name(
    engine: AsyncEngine,
    lanes: Lanes,
    agents: LogId,
    crm: asyncpg.Connection,
    watched: Watched,
    renamed: str,
    column: str,
) -> None:
    await publish(engine, change_rule({"!==": [{"var": f"related.agent_id.{column}"}, "none"]}))
    here = ConnectionId(int(agents))
    await start_watch(engine, watched, connection_id=here, table="public.agents", excluded=["secret"])
    await crm.execute(f"{renamed}; insert into leads (agent_id) values (1)")
    await drain(lanes, agents)
    assert [run.related for run in await runs(engine)] == [None]
    assert await judged(engine) == (0, 0, 1)


async def test_a_rule_fired_by_hand_reads_them_from_its_own_database(
    engine: AsyncEngine, lanes: Lanes, agents: LogId
) -> None:
    rule, _ = await publish(engine, change_rule(ANN))
    async with transaction(engine) as conn:
        await emit(conn, rule, "manual", {"id": 7, "agent_id": 1})
    await drain(lanes, OWN_LOG)
    (run,) = await runs(engine)
    assert run.related["records"] == {"agent_id": {"email": "ann@example.com"}}


async def test_columns_may_be_called_whatever_we_call_things(
    engine: AsyncEngine, lanes: Lanes, leads: Connection, crm: asyncpg.Connection
) -> None:
    await crm.execute("""
        set role crm_owner;
        create table public.agents (t bigint primary key, r text, k text);
        insert into public.agents values (1, 'ann', 'k');
        alter table public.leads add column agent_id bigint references public.agents;
    """)
    await publish(engine, change_rule({"===": [{"var": "related.agent_id.r"}, "ann"]}))
    await publish(engine, change_rule({"===": [{"var": "related.agent_id.k"}, "k"]}))
    await crm.execute("insert into leads (first_name, agent_id) values ('Ann', 1)")
    await drain(lanes, LogId(leads.id))
    assert [one.related["records"]["agent_id"] for one in await runs(engine)] == [{"r": "ann"}, {"k": "k"}]
