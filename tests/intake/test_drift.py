"""Tables change their shape under rules that are on: noticed, listed with the reason, announced once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.bells import Bells
from ruleyard.core.types import JSON, RuleId, VersionId
from ruleyard.intake.drift import DriftWatch
from ruleyard.intake.introspect import fingerprints
from ruleyard.intake.watching import start_watch
from ruleyard.settings import Settings
from ruleyard.stores.connections import Connection, Watched
from ruleyard.stores.db import transaction
from ruleyard.stores.drift import Drift, list_drift
from ruleyard.stores.events import LogPools
from support.house import running
from support.published import change_rule, publish
from support.waiting import until

LOST = {"and": [{"===": [{"var": "after.status"}, "lost"]}, {"===": [{"var": "after.owner"}, "ann"]}]}


@pytest.fixture
async def leads(engine: AsyncEngine, watched: Watched, crm_connection: Connection) -> Connection:
    await start_watch(engine, watched, connection_id=crm_connection.id, table="public.leads")
    return crm_connection


@pytest.fixture
def watch(settings: Settings, engine: AsyncEngine, watched: Watched, bells: Bells) -> DriftWatch:
    return DriftWatch(engine, LogPools(settings, watched), bells)


async def drifted(engine: AsyncEngine) -> list[Drift]:
    async with transaction(engine) as conn:
        return await list_drift(conn)


async def told(engine: AsyncEngine) -> list[tuple[str, str]]:
    async with transaction(engine) as conn:
        rows = await conn.execute(text("select title, body from app.notification order by id"))
        return [(row.title, row.body) for row in rows]


async def test_a_rule_whose_tables_are_as_they_were_has_not_drifted(
    engine: AsyncEngine, leads: Connection, watch: DriftWatch, crm: asyncpg.Connection
) -> None:
    await publish(engine, change_rule(LOST))
    await watch.look()
    await crm.execute("alter table leads add column more text")
    await watch.look()
    assert (await drifted(engine), await told(engine)) == ([], [])


CHANGES = [
    ("alter table leads drop column owner", "unknown-column", "owner", True),
    ("alter table leads rename column owner to agent", "unknown-column", "owner", True),
    ("alter table leads alter column owner type int using 1", "type-mismatch", "owner", True),
    ("alter table leads drop column status", "unknown-column", "status", True),
    ("drop table tasks; alter table leads rename to people", "unknown-table", "public.leads", True),
    (
        "alter table leads drop constraint leads_status_check;"
        "alter table leads add check (status in ('new', 'callback', 'won'))",
        "unknown-choice",
        "status",
        False,
    ),
]


@pytest.mark.parametrize(("sql", "code", "named", "blocks"), CHANGES, ids=[sql for sql, *_ in CHANGES])
async def test_a_change_that_a_rule_does_not_survive_is_listed_with_its_reason_and_told_once(
    engine: AsyncEngine,
    leads: Connection,
    watch: DriftWatch,
    crm: asyncpg.Connection,
    sql: str,
    code: str,
    named: str,
    blocks: bool,
) -> None:
    rule_id, version_id = await publish(engine, change_rule(LOST))
    await watch.look()
    await crm.execute(sql)
    await watch.look()
    await watch.look()
    (drift,) = await drifted(engine)
    assert (drift.rule_id, drift.version_id, drift.blocks) == (rule_id, version_id, blocks)
    assert [problem.code for problem in drift.problems] == [code]
    assert named in drift.reason
    assert await told(engine) == [("“A rule” no longer fits its table", drift.reason)]


RETYPES = [
    ("int not null default 1", "jsonb using to_jsonb(extra)", {">=": [{"var": "after.extra"}, 3]}),
    (
        "date not null default current_date",
        "text",
        {"===": [{"date_part": [{"var": "after.extra"}, "year"]}, 2026]},
    ),
]


@pytest.mark.parametrize(("was", "becomes", "read"), RETYPES, ids=["int to jsonb", "date to text"])
async def test_a_retype_that_only_brings_a_doubt_is_listed_and_survives_a_restart(
    engine: AsyncEngine,
    leads: Connection,
    watch: DriftWatch,
    settings: Settings,
    watched: Watched,
    bells: Bells,
    crm: asyncpg.Connection,
    was: str,
    becomes: str,
    read: JSON,
) -> None:
    await crm.execute(f"alter table leads add column extra {was}")
    await publish(engine, change_rule(read))
    await watch.look()
    assert await drifted(engine) == []
    await crm.execute(f"alter table leads alter column extra drop default, alter column extra type {becomes}")
    await watch.look()
    (drift,) = await drifted(engine)
    assert {problem.code for problem in drift.problems} == {"maybe-wrong-type"}
    await DriftWatch(engine, LogPools(settings, watched), bells).look()
    assert await drifted(engine) == [drift]


async def test_a_rule_that_also_sends_mail_is_looked_at_like_any_other(
    engine: AsyncEngine, leads: Connection, watch: DriftWatch, crm: asyncpg.Connection
) -> None:
    document: Any = change_rule(LOST)
    document["nodes"].append(
        {
            "id": "m",
            "kind": "action",
            "do": "send_email",
            "fields": {"connection": "mail", "to": "ann@example.com", "subject": "Lost", "body": "Lost"},
        }
    )
    document["edges"].append([document["edges"][-1][1], "m"])
    await publish(engine, document)
    await watch.look()
    await crm.execute("alter table leads drop column owner")
    await watch.look()
    [found] = await drifted(engine)
    assert found.problems[0].code == "unknown-column"


async def test_a_doubt_that_was_published_with_is_no_drift(
    engine: AsyncEngine, leads: Connection, watch: DriftWatch, crm: asyncpg.Connection
) -> None:
    await crm.execute("alter table leads add column more jsonb not null default '1'")
    await publish(engine, change_rule({">=": [{"var": "after.more"}, 3]}))
    await watch.look()
    await crm.execute("alter table leads add column other text")
    await watch.look()
    assert await drifted(engine) == []


async def test_a_comparison_that_only_a_newer_release_refuses_is_no_drift_until_its_column_changes(
    engine: AsyncEngine,
    leads: Connection,
    watch: DriftWatch,
    settings: Settings,
    watched: Watched,
    bells: Bells,
    crm: asyncpg.Connection,
) -> None:
    await crm.execute("alter table leads add column due_on date, add column opens_at time")
    never: JSON = {"===": [{"var": "after.due_on"}, {"var": "after.opens_at"}]}
    await publish(engine, change_rule(never))
    later, _ = await publish(engine, change_rule({"===": [{"var": "after.due_on"}, "2026-01-01"]}))
    await watch.look()
    await crm.execute("alter table leads add column more text")
    await watch.look()
    assert await drifted(engine) == []
    await crm.execute("alter table leads alter column due_on type time using '09:00'")
    await watch.look()
    (drift,) = await drifted(engine)
    assert (drift.rule_id, [one.code for one in drift.problems], drift.blocks) == (
        later,
        ["type-mismatch"],
        True,
    )
    await DriftWatch(engine, LogPools(settings, watched), bells).look()
    assert await drifted(engine) == [drift]


RELATED_CHANGES = [
    ("alter table agents drop column email", "unknown-column", True),
    ("alter table agents rename column email to mail", "unknown-column", True),
    ("alter table agents alter column email type int using 1", "type-mismatch", True),
    ("alter table leads drop constraint leads_agent_id_fkey", "not-a-reference", True),
    ("alter table leads drop column agent_id", "unknown-column", True),
    ("alter table agents rename to people", None, False),
    ("alter table agents add column more text", None, False),
]


@pytest.mark.parametrize("looks", [1, 2])
@pytest.mark.parametrize(("sql", "code", "blocks"), RELATED_CHANGES, ids=[sql for sql, *_ in RELATED_CHANGES])
async def test_a_change_of_a_table_that_a_foreign_key_leads_to_is_noticed(
    engine: AsyncEngine,
    leads: Connection,
    watch: DriftWatch,
    crm: asyncpg.Connection,
    sql: str,
    code: str | None,
    blocks: bool,
    looks: int,
) -> None:
    await crm.execute("""
        set role crm_owner;
        create table agents (id bigint primary key, email text);
        alter table leads add column agent_id bigint references agents
    """)
    await publish(engine, change_rule({"===": [{"var": "related.agent_id.email"}, "ann@example.com"]}))
    for _ in range(looks):
        await watch.look()
    assert await drifted(engine) == []
    await crm.execute(sql)
    await watch.look()
    found = [(problem.code, one.blocks) for one in await drifted(engine) for problem in one.problems]
    assert found == ([(code, blocks)] if code else [])


async def test_a_change_while_nobody_looked_is_noticed_by_the_first_look(
    engine: AsyncEngine, leads: Connection, watch: DriftWatch, crm: asyncpg.Connection
) -> None:
    await publish(engine, change_rule(LOST))
    await crm.execute("alter table leads drop column owner")
    await watch.look()
    assert len(await drifted(engine)) == 1


async def back(engine: AsyncEngine, crm: asyncpg.Connection, rule_id: RuleId) -> None:
    await crm.execute("alter table leads add column owner text")


async def next_version(engine: AsyncEngine, crm: asyncpg.Connection, rule_id: RuleId) -> None:
    await publish(engine, change_rule({"===": [{"var": "after.status"}, "won"]}), rule_id=rule_id)


async def off(engine: AsyncEngine, crm: asyncpg.Connection, rule_id: RuleId) -> None:
    async with transaction(engine) as conn:
        await conn.execute(text("update app.rule set enabled = false"))


@pytest.mark.parametrize("mend", [back, next_version, off], ids=lambda mend: mend.__name__)
async def test_a_rule_that_fits_again_or_is_off_is_listed_no_longer(
    engine: AsyncEngine,
    leads: Connection,
    watch: DriftWatch,
    crm: asyncpg.Connection,
    mend: Callable[[AsyncEngine, asyncpg.Connection, RuleId], Any],
) -> None:
    rule_id, _ = await publish(engine, change_rule(LOST))
    await crm.execute("alter table leads drop column owner")
    await watch.look()
    assert len(await drifted(engine)) == 1
    await mend(engine, crm, rule_id)
    await watch.look()
    assert await drifted(engine) == []


async def test_only_rules_of_changed_tables_are_checked_again(
    engine: AsyncEngine, leads: Connection, watch: DriftWatch, crm: asyncpg.Connection
) -> None:
    await publish(engine, change_rule(LOST))
    await watch.look()
    before = dict(watch._checked)
    await crm.execute("alter table tasks add column more text")
    await watch.look()
    assert watch._checked == before


async def test_a_database_that_does_not_answer_is_no_drift(
    engine: AsyncEngine, leads: Connection, watch: DriftWatch
) -> None:
    await publish(engine, change_rule(LOST))
    async with transaction(engine) as conn:
        await conn.execute(text("update app.connection set settings = settings || '{\"port\": 1}'"))
    await watch.look()
    assert await drifted(engine) == []


async def test_fingerprints_follow_columns_types_enums_and_checks(
    pool: asyncpg.Pool, crm: asyncpg.Connection
) -> None:
    seen = [await fingerprints(pool, ["public.leads", "public.nothing"])]
    assert set(seen[0]) == {"public.leads"}
    for sql in (
        "create type mood as enum ('good', 'bad'); alter table leads add column mood mood",
        "alter type mood add value 'calm'",
        "alter table leads alter column attempts type bigint",
        "alter table leads alter column email set not null",
        "alter table leads add check (owner in ('a', 'b'))",
        "alter table leads rename column owner to agent",
    ):
        await crm.execute(sql)
        seen.append(await fingerprints(pool, ["public.leads"]))
    texts = [one["public.leads"] for one in seen]
    assert len(set(texts)) == len(texts)


async def test_listen_looks_by_itself(
    settings: Settings, engine: AsyncEngine, leads: Connection, crm: asyncpg.Connection
) -> None:
    await publish(engine, change_rule(LOST))
    await crm.execute("alter table leads drop column owner")
    async with running(settings):
        (drift,) = await until(lambda: drifted(engine), what="the drift to be listed")
    assert '"owner"' in drift.reason


async def test_a_run_of_a_rule_that_drifted_fails_with_the_reason(
    settings: Settings, engine: AsyncEngine, leads: Connection, watch: DriftWatch, crm: asyncpg.Connection
) -> None:
    _, version_id = await publish(engine, change_rule({"!==": [{"var": "after.owner"}, "ann"]}))
    await crm.execute("alter table leads rename column owner to agent")
    await watch.look()

    async def failed() -> str | None:
        async with transaction(engine) as conn:
            found = await conn.execute(
                text("select error from app.run where version_id = :version and state = 'failed'"),
                {"version": VersionId(version_id)},
            )
            return found.scalars().first()

    async with running(settings):
        await crm.execute("insert into leads (first_name, status) values ('Ann', 'new')")
        reason = await until(failed, what="the run to fail")
    assert "A table changed after this rule was published" in str(reason)
    assert '"owner"' in str(reason)
