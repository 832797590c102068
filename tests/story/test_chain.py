"""A chain: requests come in at an address, wait their turn, meet the customer, are routed, passed on and recorded.

It is what a hand-made orchestrator does; here it is one template, on real sockets.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import asyncpg
import httpx
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.core.types import RuleId
from ruleyard.settings import Settings
from ruleyard.stores.runs import Run
from story.asking import runs_of, steps
from story.conftest import Demo
from story.test_by_api import api, made
from story.test_templates import furnished
from support.house import running
from support.servers import Answer, HttpReceiver, http_receiver
from support.waiting import until

A_MINUTE = 10
"""What the template lets begin in a minute."""
STRANGER, IN_TROUBLE = "+9 999 0000", "+9 555 0002"
LISTENER: dict[str, Any] = {
    "dialect": 1,
    "name": "What was passed on",
    "nodes": [
        {
            "id": "t",
            "kind": "trigger",
            "on": "webhook",
            "event": "request.passed",
            "sample": {"ticket": "T-1"},
        },
        {
            "id": "n",
            "kind": "action",
            "do": "notify",
            "fields": {"title": {"cat": ["Ticket ", {"var": "after.ticket"}]}},
        },
    ],
    "edges": [["t", "n"]],
}


async def with_phones(app: asyncpg.Connection) -> list[str]:
    """Customers whose numbers are known for certain."""
    phones = [f"+9 555 {number:04}" for number in range(A_MINUTE + 2)]
    await app.executemany(
        """
        insert into public.customers (name, phone, language, segment, customer_since)
        values ('Customer ' || $1::text, $1, 'en', 'small', current_date)
        """,
        [(phone,) for phone in phones],
    )
    return phones


async def turned_on(client: httpx.AsyncClient, passes_on_to: HttpReceiver) -> tuple[RuleId, str]:
    """The template's rule, and the address at which requests come in."""
    url = f"{passes_on_to.url}/requests"
    used = await made(
        await client.post("/templates/incoming-requests/use", json={"answers": {"url": url}}), 200
    )
    assert used["problems"] == []
    rule_id = RuleId(int(str(used["rule_id"])))
    await made(await client.post(f"/rules/{rule_id}/publish", json={"etag": "1", "enable": True}))
    hook = await made(await client.get(f"/rules/{rule_id}/hook"), 200)
    return rule_id, str(hook["url"])


async def listening(client: httpx.AsyncClient) -> RuleId:
    rule = await made(await client.post("/rules", json={"document": LISTENER}))
    await made(await client.post(f"/rules/{rule['id']}/publish", json={"etag": "1", "enable": True}))
    return RuleId(int(str(rule["id"])))


async def went(engine: AsyncEngine, run: Run) -> list[str]:
    """The steps that the run came to, in order."""
    return [step.node for step in await steps(engine, run)]


async def test_requests_are_taken_in_joined_routed_passed_on_and_recorded(
    settings: Settings, engine: AsyncEngine, demo: Demo, app: asyncpg.Connection
) -> None:
    tickets = [Answer(body=b'{"ticket": "T-%d"}' % number) for number in range(3)]
    async with http_receiver(*tickets, Answer(body=b'{"ticket": ""}')) as other:
        values = {name: getattr(settings, name) for name in settings.__dataclass_fields__}
        allowed = Settings(**{**values, "outbound_allow": (other.address,)})
        async with running(allowed), api(allowed, engine) as client:
            await furnished(allowed, demo)
            rule_id, address = await turned_on(client, other)
            listener = await listening(client)
            phones = await with_phones(app)

            async def sent(phone: str, topic: str = "order") -> None:
                body = {"phone": phone, "topic": topic, "text": "Where is it?"}
                answer = await client.post(address, json=body, headers={"Idempotency-Key": phone + topic})
                assert answer.status_code == 202, answer.text

            async def at_rest(count: int) -> list[Run]:
                async def rested() -> list[Run]:
                    runs = await runs_of(engine, rule_id)
                    return runs if [run.state for run in runs].count("succeeded") == count else []

                found: list[Run] = await until(rested, what=f"{count} requests to be done")
                return found

            # One after the other, so that it is known whom the other system answers how.
            for count, phone in enumerate(phones[:4], start=1):
                await sent(phone)
                await other.wait_for(count)
                await at_rest(count)
            await sent(phones[0])
            await sent(STRANGER)
            await at_rest(5)
            await sent(IN_TROUBLE, "complaint")
            runs = await at_rest(6)
            known, no_ticket, unknown, urgent = [await went(engine, runs[place]) for place in (0, 3, 4, 5)]
            assert known == ["start", "named", "customer", "route", "partner", "answered", "recorded", "told"]
            assert no_ticket == [*known[:-2], "no_ticket"], "the answer of an earlier step was empty"
            assert unknown == ["start", "named", "customer", "route", "tell"]
            assert urgent == ["start", "named", "customer", "route", "call_back"]

            customer = await app.fetchval("select id from public.customers where phone = $1", phones[0])
            first = other.received[0]
            assert (first.method, first.path, first.json()) == (
                "POST",
                "/requests",
                {"customer": customer, "phone": phones[0], "topic": "order", "text": "Where is it?"},
            )
            recorded = await app.fetch("select title from public.tasks where title ~ 'T-|[+]9' order by id")
            assert [row["title"] for row in recorded] == [
                *(f"Passed on as T-{number}" for number in range(3)),
                f"Call back: {IN_TROUBLE}",
            ]
            await until(lambda: three_heard(engine, listener), what="the events of what was passed on")

            # What goes beyond ten a minute waits, is seen to wait, and may be let in.
            for phone in phones[4:]:
                await sent(phone)
            runs = await until(
                lambda: all_settled(engine, rule_id, 6 + len(phones[4:])), what="all to be taken in"
            )
            begun = sorted(datetime.fromisoformat(run.started_at) for run in runs if run.started_at)
            assert len(begun) >= A_MINUTE
            minute = timedelta(minutes=1)
            assert all(late - early >= minute for early, late in zip(begun, begun[A_MINUTE:], strict=False))

            async def counted() -> dict[str, object] | None:
                """Where nobody was let in while it was asked: a minute may be over."""
                waiting = await made(await client.get(f"/rules/{rule_id}/waiting"), 200)
                runs = await runs_of(engine, rule_id)
                return (
                    waiting if waiting["at_gate"] == len([r for r in runs if r.state == "waiting"]) else None
                )

            waiting = await until(counted, what="as many to be said to wait as do")
            if waiting["count"]:
                await made(
                    await client.post(f"/rules/{rule_id}/waiting/release", json={"count": waiting["count"]}),
                    200,
                )
            await at_rest(len(runs))


async def all_settled(engine: AsyncEngine, rule_id: RuleId, count: int) -> list[Run]:
    """The runs, once so many are there, each of them done or waiting."""
    runs = await runs_of(engine, rule_id)
    return runs if len(runs) == count and {run.state for run in runs} <= {"succeeded", "waiting"} else []


async def three_heard(engine: AsyncEngine, listener: RuleId) -> bool:
    return [run.state for run in await runs_of(engine, listener)] == ["succeeded"] * 3
