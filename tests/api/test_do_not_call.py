"""The do-not-call list over the API: listing ends calls, a listed phone waits nowhere, and editors alone change it."""

from __future__ import annotations

import asyncio

import httpx
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from api.test_calls import agent, end, phones, put, take  # noqa: F401 (a fixture)
from ruleyard.actions.calls import NewCall
from ruleyard.core.phone_lists import ListedPhone
from ruleyard.core.types import RuleId, RunId
from ruleyard.stores import calls, do_not_call
from ruleyard.stores.queued_calls import Queueing, queue
from support.waiting import until

LIST = "/calls/do-not-call"


async def listed(client: httpx.AsyncClient, **query: str) -> list[str]:
    answer = await client.get(LIST, params=query)
    assert answer.status_code == 200, answer.text
    return [one["phone"] for one in answer.json()["items"]]


async def test_a_pasted_list_is_taken_and_its_calls_leave_their_lists(
    client: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    await put(engine, "+821012345678", "+821000000000")
    await put(engine, "+821012345678", name="Other")
    mine = await take(client, "Other")
    pasted = "010-1234-5678\tKim Minji\n+821087654321,Lee,by mail\nnobody"
    answer = await client.post(LIST, json={"text": pasted, "country": "82", "said": "Asked on the phone"})
    assert answer.json() == {
        "added": 2,
        "known": 0,
        "ended": 2,
        "faults": [{"line": 3, "text": "nobody", "code": "no-number"}],
    }
    assert await phones(client) == ["+821000000000"]
    assert (await end(client, mine, "reached")).json()["code"] == "call-done"
    told = {one["phone"]: (one["name"], one["said"]) for one in (await client.get(LIST)).json()["items"]}
    assert told == {
        "+821012345678": ("Kim Minji", "Asked on the phone"),
        "+821087654321": ("Lee", "by mail"),
    }
    again = await client.post(LIST, json={"text": "+821012345678", "said": "Another reason"})
    assert (again.json()["added"], again.json()["known"]) == (0, 1)
    acts = [(one["action"], one["subject"]) for one in (await client.get("/audit")).json()["items"]]
    assert acts[0] == ("forbid calls", "phones")
    assert len([act for act, _ in acts if act == "forbid calls"]) == 1, "what changed nothing is no act"


async def test_a_call_is_not_let_wait_again_while_its_phone_is_listed(
    client: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    await put(engine, "+821012345678")
    call = await take(client)
    await end(client, call, "not_reached")
    await client.put(f"{LIST}/+821012345678", json={"said": "By letter"})
    refused = await client.post(f"/calls/{call['id']}/reopen")
    assert (refused.status_code, refused.json()["code"]) == (409, "do-not-call")
    await client.delete(f"{LIST}/+821012345678")
    assert (await client.post(f"/calls/{call['id']}/reopen")).status_code == 200


async def test_what_was_taken_off_is_put_back_as_it_was(client: httpx.AsyncClient) -> None:
    kept = {"name": "Kim, Minji", "said": "Two\nlines"}
    for _ in range(2):
        assert (await client.put(f"{LIST}/+821012345678", json=kept)).status_code == 204
    (one,) = (await client.get(LIST)).json()["items"]
    assert (one["phone"], one["name"], one["said"]) == ("+821012345678", kept["name"], kept["said"])
    assert (await client.put(f"{LIST}/010-1234", json={})).status_code == 400


async def test_a_number_is_found_however_it_is_written(
    client: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    text_ = "\n".join(f"+8210{n:08},Name {n},reason {n % 3}" for n in range(30))
    await client.post(LIST, json={"text": text_})
    for search in ("+82 10 0000 0007", "010-0000-0007", "name 7", "100000 0007"):
        assert await listed(client, search=search) == ["+821000000007"], search
    assert len(await listed(client, search="reason 1", limit="100")) == 10
    assert await listed(client, search="100 %") == []
    first = (await client.get(LIST, params={"limit": 20})).json()
    rest = (await client.get(LIST, params={"limit": 20, "cursor": first["next"]})).json()
    assert len({one["phone"] for one in (*first["items"], *rest["items"])}) == 30
    assert rest["next"] is None


async def test_whoever_works_the_lists_sees_it_and_changes_nothing(
    agent: httpx.AsyncClient,  # noqa: F811
    engine: AsyncEngine,
) -> None:
    async with engine.begin() as conn:
        await conn.execute(text("insert into app.do_not_call (phone, by) values ('+821012345678', 'Ann')"))
    assert await listed(agent) == ["+821012345678"]
    assert (await agent.post(LIST, json={"text": "+821"})).status_code == 403
    assert (await agent.put(f"{LIST}/+821012345678", json={})).status_code == 403
    assert (await agent.delete(f"{LIST}/+821012345678")).status_code == 403


async def test_no_call_slips_in_while_its_phone_is_listed(engine: AsyncEngine) -> None:
    phone = "+821012345678"
    call = NewCall("L", phone, "", "", 5, None, None, "add", RuleId(1), RunId(1), 1, None, None)

    async def queue_it() -> Queueing | None:
        async with engine.begin() as conn:
            return await queue(conn, "1:a", call)

    async with engine.begin() as conn:
        await do_not_call.hold_gate(conn, listing=True)
        coming = asyncio.create_task(queue_it())
        await until(lambda: somebody_waits(engine), what="the call at the gate")
        assert await do_not_call.list_phones(conn, [ListedPhone(phone)], "Ann") == 1
        assert await calls.end_waiting(conn, [phone], "Ann") == ()
    assert await coming is None, "it waited for the list, and then saw it"


async def somebody_waits(engine: AsyncEngine) -> bool:
    async with engine.connect() as conn:
        found = await conn.execute(
            text("""
                select 1 from pg_locks l join pg_database d on d.oid = l.database
                where d.datname = current_database() and not l.granted
            """)
        )
        return found.first() is not None
