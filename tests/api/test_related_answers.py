"""Related records in what the API says: checks, trials, explanations, back-tests."""

from __future__ import annotations

import json
from typing import Any

import asyncpg
import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from api.conftest import published, rule_document
from ruleyard.bells import Bells
from ruleyard.core.types import LANES, LogId
from ruleyard.lanes.evaluate_lane import Lanes
from ruleyard.settings import Settings
from ruleyard.stores.connections import Connection, Watched
from ruleyard.stores.events import LogPools

TIER = {"var": "related.agent_id.tier"}


def document(logic: Any = None, **changes: Any) -> dict[str, Any]:
    made = rule_document(**changes)
    made["nodes"][1]["logic"] = logic or {"===": [TIER, "senior"]}
    made["nodes"][2]["fields"]["title"] = {"cat": ["For ", {"var": "related.agent_id.name"}]}
    return made


@pytest.fixture
async def lead(watched_leads: Connection, crm: asyncpg.Connection) -> int:
    """A lead of Ann, who is senior; nobody watches the agents."""
    await crm.execute("""
        set role crm_owner;
        create table public.agents (
          id bigint primary key, name text not null, tier text not null check (tier in ('junior', 'senior')));
        insert into public.agents values (1, 'Ann', 'senior'), (2, 'Bob', 'junior');
        alter table public.leads add column agent_id bigint references public.agents on delete set null
    """)
    return int(
        await crm.fetchval("insert into public.leads (first_name, agent_id) values ('X', 1) returning id")
    )


def record(lead: int, **given: Any) -> dict[str, Any]:
    return {"connection": "crm", "table": "public.leads", "key": {"id": lead}, **given}


async def tried(client: httpx.AsyncClient, lead: int, **given: Any) -> dict[str, Any]:
    answer = await client.post("/rules/test", json={"document": document(), "record": record(lead, **given)})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


@pytest.mark.usefixtures("lead")
async def test_a_column_that_is_left_out_of_the_other_table_is_named_as_an_own_one_would_be(
    client: httpx.AsyncClient, watched_leads: Connection
) -> None:
    watch = {"connection_id": watched_leads.id, "table": "public.agents", "excluded": ["tier"]}
    assert (await client.post("/watches", json=watch)).status_code == 201
    told = (await client.post("/rules/check", json={"document": document()})).json()["problems"]
    assert [(one["code"], one["args"]) for one in told] == [
        ("column-not-captured", {"column": "tier", "table": "public.agents"})
    ]
    told = (await client.get(f"/connections/{watched_leads.id}/tables/public.agents")).json()["columns"]
    assert [one["name"] for one in told if one["left_out"]] == ["tier"]


async def test_a_check_knows_the_table_that_a_foreign_key_leads_to(
    client: httpx.AsyncClient, lead: int, crm: asyncpg.Connection
) -> None:
    good = await client.post("/rules/check", json={"document": document()})
    assert good.json()["problems"] == []
    odd = await client.post("/rules/check", json={"document": document({"===": [TIER, "seniour"]})})
    (problem,) = odd.json()["problems"]
    assert (problem["code"], problem["args"]["name"], problem["fix"]["value"]) == (
        "unknown-choice",
        "agent's tier",
        "senior",
    )
    misplaced = document({"===": [{"var": "after.agent_id.tear"}, "senior"]})
    found = (await client.post("/rules/check", json={"document": misplaced})).json()
    assert found["fixed"]["nodes"][1]["logic"] == {"===": [TIER, "senior"]}


async def test_a_field_that_our_role_may_not_read_is_a_problem(
    client: httpx.AsyncClient, lead: int, crm: asyncpg.Connection
) -> None:
    await crm.execute("revoke select on public.agents from ruleyard_crm")
    found = (await client.post("/rules/check", json={"document": document()})).json()["problems"]
    assert [one["code"] for one in found] == ["related-unreadable"] * 2
    assert "grant it SELECT" in found[0]["message"]


async def test_a_trial_on_a_record_reads_its_related_records(client: httpx.AsyncClient, lead: int) -> None:
    found = await tried(client, lead)
    assert found["fires"] is True
    assert found["previews"]["n"]["fields"]["title"] == "For Ann"
    seen = found["data"]["related"]
    assert (seen["records"], seen["kept"]) == ({"agent_id": {"name": "Ann", "tier": "senior"}}, False)
    assert seen["at"]


async def test_a_trial_on_a_record_changed_by_hand_follows_its_own_foreign_key(
    client: httpx.AsyncClient, lead: int
) -> None:
    found = await tried(client, lead, after={"id": lead, "agent_id": 2})
    assert (found["fires"], found["data"]["related"]["records"]["agent_id"]["tier"]) == (False, "junior")
    gone = await tried(client, lead, after={"id": lead, "agent_id": 99})
    assert gone["data"]["related"]["records"] == {"agent_id": None}


async def test_a_trial_takes_related_values_that_are_given(client: httpx.AsyncClient, lead: int) -> None:
    related = {"agent_id": {"tier": "senior"}}
    found = await tried(client, lead, after={"id": lead, "agent_id": 2}, related=related)
    assert found["previews"]["n"]["fields"]["title"] == "For Bob"
    assert found["data"]["related"]["records"] == {"agent_id": {"name": "Bob", "tier": "senior"}}
    gone = await tried(client, lead, related={"agent_id": None})
    assert (gone["fires"], gone["data"]["related"]["records"]) == (False, {"agent_id": None})


async def test_a_key_that_cannot_be_one_is_said(client: httpx.AsyncClient, lead: int) -> None:
    found = await tried(client, lead, after={"id": lead, "agent_id": "seven"})
    assert found["trace"]["outcome"] == "failed"
    assert found["trace"]["steps"][-1]["error"]["code"] == "related-unreadable"


async def why(client: httpx.AsyncClient, rule: dict[str, Any], lead: int) -> dict[str, Any]:
    answer = await client.get(f"/rules/{rule['id']}/why", params={"key": json.dumps({"id": lead})})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


@pytest.fixture
async def drain(settings: Settings, engine: AsyncEngine, bells: Bells, watched_leads: Connection) -> Any:
    watched = Watched(engine, settings)
    pools = LogPools(settings, watched)
    lanes = Lanes(engine, pools, bells)

    async def drain() -> None:
        for lane in range(LANES):
            await lanes.drain(LogId(watched_leads.id), lane)

    yield drain
    await pools.close()
    await watched.close()


async def test_without_a_run_an_explanation_takes_them_as_they_are_now_and_says_so(
    client: httpx.AsyncClient, lead: int, crm: asyncpg.Connection
) -> None:
    rule = await published(client, document())
    await crm.execute("update public.leads set agent_id = 2")
    found = await why(client, rule, lead)
    assert (found["fired"], found["nearest"][0]["seen"]) == (False, "junior")
    assert found["reason"].endswith("Related records are taken as they are now.")
    assert (found["related"]["records"]["agent_id"]["tier"], found["related"]["kept"]) == ("junior", False)
    await crm.execute("update public.agents set tier = 'senior'")
    assert (await why(client, rule, lead))["fired"] is True


async def test_a_run_is_explained_by_the_values_that_it_kept(
    client: httpx.AsyncClient, lead: int, crm: asyncpg.Connection, engine: AsyncEngine, drain: Any
) -> None:
    rule = await published(client, document())
    await crm.execute("update public.leads set first_name = 'Y'")
    await drain()
    await crm.execute("update public.agents set tier = 'junior', name = 'Anna'")
    found = await why(client, rule, lead)
    assert (found["fired"], found["related"]["kept"]) == (True, True)
    assert "as they are now" not in found["reason"]
    assert found["trace"]["steps"][1]["branch"] == "yes"
    async with engine.connect() as conn:
        run_id = (await conn.execute(text("select id from app.run"))).scalar_one()
    run = (await client.get(f"/runs/{run_id}")).json()
    assert run["related"]["records"] == {"agent_id": {"name": "Ann", "tier": "senior"}}


async def test_a_rule_that_reads_none_says_nothing_of_them(
    client: httpx.AsyncClient, lead: int, crm: asyncpg.Connection
) -> None:
    rule = await published(client, rule_document())
    await crm.execute("update public.leads set first_name = 'Y'")
    assert (await why(client, rule, lead))["related"] is None


async def test_changes_on_which_two_versions_differ_take_them_as_they_are_now(
    client: httpx.AsyncClient, lead: int, crm: asyncpg.Connection
) -> None:
    rule = await published(client, document())
    await crm.execute("update public.leads set first_name = 'Y'")
    draft = (await client.get(f"/rules/{rule['id']}")).json()["draft"]
    changed = {"document": document({"===": [TIER, "junior"]})}
    saved = await client.put(f"/rules/{rule['id']}/draft", json=changed, headers={"If-Match": draft["etag"]})
    assert saved.status_code == 200, saved.text
    found = await client.get(f"/rules/{rule['id']}/versions/1/diff/draft/events")
    assert found.status_code == 200, found.text
    (one,) = found.json()["items"]
    assert (one["old"]["steps"], one["new"]["steps"]) == (["n"], [])
