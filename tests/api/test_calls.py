"""Call lists over the API: one person has a call at a time, outcomes are kept, undone, and told to rules."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from litestar import Litestar
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from api.conftest import client_of, key_of, published
from api.test_hooks import own_lanes, runs  # noqa: F401 (a fixture)
from ruleyard.lanes.evaluate_lane import Lanes


@pytest.fixture
async def agent(app: Litestar, engine: AsyncEngine) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who may look, and work the lists."""
    headers = {"Authorization": f"Bearer {await key_of(engine, 'viewer')}"}
    async with client_of(app, headers=headers) as one:
        yield one


async def put(engine: AsyncEngine, *phones: str, name: str = "Callbacks", **values: Any) -> None:
    columns = {"list": name, "priority": 5, **values}
    async with engine.begin() as conn:
        for phone in phones:
            await conn.execute(
                text(f"""
                    insert into app.call (phone, {", ".join(columns)})
                    values (:phone, {", ".join(f":{one}" for one in columns)})
                """),
                {"phone": phone, **columns},
            )


async def take(client: httpx.AsyncClient, name: str = "Callbacks") -> Any:
    answer = await client.post("/calls/take", json={"list": name})
    assert answer.status_code == 200, answer.text
    return answer.json()["call"]


async def end(client: httpx.AsyncClient, call: Any, outcome: str, **more: Any) -> httpx.Response:
    return await client.post(f"/calls/{call['id']}/outcome", json={"outcome": outcome, **more})


async def phones(client: httpx.AsyncClient, **query: str) -> list[str]:
    answer = await client.get("/calls", params=query)
    assert answer.status_code == 200, answer.text
    return [one["phone"] for one in answer.json()["items"]]


async def test_calls_come_by_priority_and_then_by_their_moment(
    client: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    await put(engine, "+1", "+2")
    await put(engine, "+3", priority=1)
    async with engine.begin() as conn:
        await conn.execute(text("update app.call set due_at = now() - interval '1 h' where phone = '+2'"))
        await conn.execute(
            text("""
                insert into app.call (list, phone, priority, due_at, until_at) values
                  ('Callbacks', '+4', 1, now() + interval '1 h', null),
                  ('Callbacks', '+5', 1, now() - interval '2 h', now() - interval '1 h')
            """)
        )
    assert await phones(client, list="Callbacks") == ["+5", "+3", "+4", "+2", "+1"]
    (told,) = (await client.get("/calls/lists")).json()["items"]
    assert told == {
        "name": "Callbacks",
        "waiting": 5,
        "due": 3,
        "taken": 0,
        "done_today": 0,
    }
    taken = []
    while (call := await take(client)) is not None:
        taken.append(call["phone"])
        assert (await end(client, call, "reached")).status_code == 200
    assert taken == ["+3", "+2", "+1"], "neither what is not due yet nor what is too late"


async def test_the_list_is_paged_and_searched(client: httpx.AsyncClient, engine: AsyncEngine) -> None:
    await put(engine, *[f"+82{n}" for n in range(7)], note="50 % off")
    await put(engine, "+7", name="Other")
    first = (await client.get("/calls", params={"limit": 5})).json()
    rest = (await client.get("/calls", params={"limit": 5, "cursor": first["next"]})).json()
    assert [one["phone"] for one in (*first["items"], *rest["items"])] == [
        *[f"+82{n}" for n in range(7)],
        "+7",
    ]
    assert rest["next"] is None
    assert await phones(client, search="+823") == ["+823"]
    assert len(await phones(client, search="50 %")) == 7
    assert await phones(client, search="50 _") == []


async def test_two_people_never_have_the_same_call(
    client: httpx.AsyncClient, agent: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    await put(engine, *[f"+{n}" for n in range(4)])
    got = await asyncio.gather(take(client), take(agent))
    assert len({one["id"] for one in got}) == 2
    mine, theirs = got
    assert (await take(client))["id"] == mine["id"], "what I have is mine until I end it"
    refused = await end(client, theirs, "reached")
    assert (refused.status_code, refused.json()["code"]) == (409, "call-taken")
    assert (await client.post(f"/calls/{theirs['id']}/take")).json()["code"] == "call-taken"
    assert await phones(client, mine="true") == [mine["phone"]]
    await client.post(f"/calls/{mine['id']}/release")
    assert await phones(client, mine="true") == []
    async with engine.begin() as conn:
        await conn.execute(text("update app.call set taken_until = now() where taken_until is not null"))
    assert (await end(client, theirs, "reached")).status_code == 200, "a lease that ended binds nobody"


async def test_an_outcome_is_kept_taken_back_and_never_said_twice(
    client: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    await put(engine, "+1")
    call = await take(client)
    done = (await end(client, call, "reached", said="Wants an offer")).json()
    assert (done["state"], done["outcome"], done["said"], done["taken_by"]) == (
        "done",
        "reached",
        "Wants an offer",
        None,
    )
    assert (await end(client, call, "not_reached")).json()["code"] == "call-done"
    assert await phones(client, state="done") == ["+1"]
    back = (await client.post(f"/calls/{call['id']}/reopen")).json()
    assert (back["state"], back["outcome"], back["said"]) == (
        "waiting",
        None,
        "Wants an offer",
    )
    assert (await client.post(f"/calls/{call['id']}/reopen")).json()["code"] == "call-not-done"
    acts = [one["action"] for one in (await client.get("/audit")).json()["items"]]
    assert acts[:2] == ["reopen call", "end call"]


async def test_calling_again_waits_until_then(client: httpx.AsyncClient, engine: AsyncEngine) -> None:
    await put(engine, "+1")
    call = await take(client)
    for bad in (
        {},
        {"again_at": "2020-01-01T00:00:00Z"},
        {"again_at": "2999-01-01T00:00:00Z"},
    ):
        assert (await end(client, call, "call_again", **bad)).status_code == 400
    assert (await end(client, call, "reached", again_at="2026-12-01T00:00:00Z")).status_code == 400
    async with engine.connect() as conn:
        soon = (await conn.execute(text("select now() + interval '2 h'"))).scalar_one()
    again = (await end(client, call, "call_again", again_at=soon.isoformat(), said="At lunch")).json()
    assert (again["state"], again["due"], again["tries"], again["said"]) == (
        "waiting",
        False,
        1,
        "At lunch",
    )
    assert await take(client) is None


async def test_a_phone_that_must_not_be_called_leaves_every_list(
    client: httpx.AsyncClient, agent: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    await put(engine, "+1", "+2")
    await put(engine, "+1", name="Other")
    call = await take(client)
    await end(client, call, "do_not_call", said="Please stop")
    assert await phones(client) == ["+2"]
    told = (await client.get("/calls/do-not-call")).json()["items"]
    assert [(one["phone"], one["said"]) for one in told] == [("+1", "Please stop")]
    assert (await agent.delete("/calls/do-not-call/+1")).status_code == 403
    assert (await client.delete("/calls/do-not-call/+1")).status_code == 204
    assert (await client.delete("/calls/do-not-call/+1")).status_code == 404


async def test_how_a_call_ended_starts_the_rules_that_wait_for_it(
    client: httpx.AsyncClient,
    engine: AsyncEngine,
    own_lanes: Lanes,  # noqa: F811
) -> None:
    document = {
        "dialect": 1,
        "name": "After a call",
        "nodes": [
            {"id": "t", "kind": "trigger", "on": "webhook", "event": "call.done"},
            {
                "id": "c",
                "kind": "condition",
                "logic": {"===": [{"var": "after.outcome"}, "reached"]},
            },
            {
                "id": "n",
                "kind": "action",
                "do": "notify",
                "fields": {"title": "Reached"},
            },
        ],
        "edges": [["t", "c"], ["c", "n", "yes"]],
    }
    rule = await published(client, document)
    await put(engine, "+1", "+2", note="From the fair", run_id=7)
    await end(client, await take(client), "not_reached")
    await end(client, await take(client), "reached", said="Yes")
    (run,) = await runs(engine, own_lanes)
    after = run.event["after"]
    assert (
        run.rule_id,
        after["phone"],
        after["said"],
        after["note"],
        after["run"],
        after["list"],
    ) == (
        rule["id"],
        "+2",
        "Yes",
        "From the fair",
        7,
        "Callbacks",
    )
