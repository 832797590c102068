"""What waits for its turn: counted, said when, let go on or cancelled; requests in at once and passed on slowly."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from litestar import Litestar
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from api.conftest import published
from ruleyard.bells import Bells
from ruleyard.core import timing
from ruleyard.core.calendars import DAYS
from ruleyard.core.types import LANES, OWN_LOG, JSONObject
from ruleyard.intake.tickers import due_work
from ruleyard.lanes.evaluate_lane import Lanes
from ruleyard.lanes.look import ensure_own_cursors
from ruleyard.runner.worker import Runner
from ruleyard.settings import Settings
from ruleyard.stores.connections import Watched
from ruleyard.stores.events import LogPools
from support.servers import http_receiver
from support.waiting import until


def slow_hook(url: str = "https://example.com/", **policy: Any) -> dict[str, Any]:
    """When a request comes, tell another system, two an hour."""
    return {
        "dialect": 1,
        "name": "Pass on",
        "nodes": [
            {"id": "t", "kind": "trigger", "on": "webhook"},
            {"id": "a", "kind": "action", "do": "call_webhook", "fields": {"url": url}},
        ],
        "edges": [["t", "a"]],
        "policy": {"pace": {"at_most": 2, "per": "hour"}, **policy},
    }


class Taken:
    """Requests to a rule, read by lanes."""

    def __init__(self, client: httpx.AsyncClient, sender: httpx.AsyncClient, lanes: Lanes) -> None:
        self.client, self.sender, self.lanes = client, sender, lanes

    async def requests(self, rule: dict[str, Any], count: int) -> None:
        url = (await self.client.get(f"/rules/{rule['id']}/hook")).json()["url"]
        for number in range(count):
            answer = await self.sender.post(url, json={"n": number})
            assert answer.status_code == 202, answer.text
        for lane in range(LANES):
            await self.lanes.drain(OWN_LOG, lane)


@pytest.fixture
async def taken(
    client: httpx.AsyncClient, app: Litestar, engine: AsyncEngine, settings: Settings, bells: Bells
) -> AsyncIterator[Taken]:
    watched = Watched(engine, settings)
    pools = LogPools(settings, watched)
    await ensure_own_cursors(engine, pools)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app)) as sender:
        yield Taken(client, sender, Lanes(engine, pools, bells, batch=100))
    await pools.close()
    await watched.close()


async def test_what_waits_is_counted_and_said_when(client: httpx.AsyncClient, taken: Taken) -> None:
    rule = await published(client, slow_hook())
    path = f"/rules/{rule['id']}/waiting"
    assert (await client.get(path)).json()["count"] == 0
    await taken.requests(rule, 7)
    seen = (await client.get(path)).json()
    assert (seen["count"], seen["at_gate"], seen["settle"], seen["batch"]) == (5, 5, 0, 0)
    assert seen["would_do"] == [{"do": "call_webhook", "times": 5}]
    now = datetime.now(UTC)
    at = [datetime.fromisoformat(one["at"]) for one in seen["items"]]
    assert [round((moment - now) / timedelta(hours=1)) for moment in at] == [1, 1, 2, 2, 3]
    assert datetime.fromisoformat(seen["next_at"]) - at[0] < timedelta(seconds=5)
    assert round((datetime.fromisoformat(seen["last_at"]) - now) / timedelta(hours=1)) == 3
    first = (await client.get(path, params={"limit": 3})).json()
    rest = (await client.get(path, params={"limit": 3, "cursor": first["next"]})).json()
    assert [one["id"] for one in (*first["items"], *rest["items"])] == [one["id"] for one in seen["items"]]
    assert [one["at"][:13] for one in rest["items"]] == [one["at"][:13] for one in seen["items"][3:]]
    run = (await client.get(f"/runs/{seen['items'][0]['id']}")).json()
    assert (run["state"], run["turn"]) == ("waiting", "pace")


async def test_nothing_is_said_to_begin_before_the_hours_of_the_rule(
    client: httpx.AsyncClient, taken: Taken
) -> None:
    opens = (datetime.now(UTC) + timedelta(days=2)).replace(hour=0, minute=0, second=0, microsecond=0)
    hours = {"zone": "UTC", "days": [DAYS[opens.weekday()]]}
    for paced, last in ((True, opens + timedelta(hours=1)), (False, opens)):
        document = slow_hook(hours=hours)
        if not paced:
            del document["policy"]["pace"]
        rule = await published(client, document)
        await taken.requests(rule, 3)
        seen = (await client.get(f"/rules/{rule['id']}/waiting")).json()
        told = [seen["closed_until"], seen["next_at"], seen["last_at"], *(one["at"] for one in seen["items"])]
        assert [datetime.fromisoformat(at) for at in told] == [opens, opens, last, opens, opens, last]


async def test_some_go_on_now_and_the_others_are_cancelled(
    client: httpx.AsyncClient, engine: AsyncEngine, taken: Taken
) -> None:
    rule = await published(client, slow_hook())
    path = f"/rules/{rule['id']}/waiting"
    await taken.requests(rule, 6)
    items = (await client.get(path)).json()["items"]
    chosen = items[2]["id"]
    after = (await client.post(f"{path}/release", json={"count": 1, "runs": [chosen]})).json()
    assert after["count"] == 3
    assert (await client.get(f"/runs/{chosen}")).json()["state"] == "queued"
    far_more = await client.post(f"{path}/cancel", json={"count": 1})
    assert far_more.status_code == 200, "a few more than looked at are no surprise"
    await due_work(engine)
    now = (await client.get(path)).json()
    assert (now["count"], now["work"]["kind"], now["work"]["done"]) == (0, "drop", 3)
    gone = (await client.get(f"/runs/{items[0]['id']}")).json()
    assert gone["finished_at"] is not None
    assert (gone["state"], gone["fault"]["code"]) == ("cancelled", "turn-cancelled")
    refused = await client.post(f"{path}/release", json={"count": 1})
    assert (refused.status_code, refused.json()["code"]) == (409, "nothing-waits")
    for runs in ([], [1]):
        nowhere = await client.post("/rules/77/waiting/cancel", json={"count": 1, "runs": runs})
        assert (nowhere.status_code, nowhere.json()["detail"]) == (404, "There is no rule 77.")
    audit = [one["action"] for one in (await client.get("/audit")).json()["items"]]
    assert audit[:2] == ["cancel waiting runs", "let waiting runs begin"]


async def test_all_of_them_go_on_past_the_pace_and_lists_as_lists(
    client: httpx.AsyncClient, engine: AsyncEngine, taken: Taken
) -> None:
    batch = {"at_most": 3, "within": {"amount": 1, "unit": "hours"}}
    rule = await published(client, slow_hook(batch=batch))
    path = f"/rules/{rule['id']}/waiting"
    await taken.requests(rule, 2)
    seen = (await client.get(path)).json()
    assert (seen["count"], seen["batch"], seen["at_gate"]) == (2, 2, 0)
    await client.post(f"{path}/release", json={"count": 2})
    await due_work(engine)
    assert (await client.get(path)).json()["count"] == 0
    async with engine.connect() as conn:
        rows = await conn.execute(text("select id, state from app.run order by id"))
        states = [(row.id, row.state) for row in rows]
    assert [state for _, state in states] == ["skipped", "queued"]
    listed = (await client.get(f"/runs/{states[1][0]}")).json()["listed"]
    assert [one["run_id"] for one in listed] == [one for one, _ in states]


async def test_requests_are_taken_in_at_once_and_passed_on_at_the_pace(
    client: httpx.AsyncClient,
    engine: AsyncEngine,
    settings: Settings,
    taken: Taken,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Over real sockets; the hour is shorter than others."""
    monkeypatch.setitem(timing.WINDOWS, "hour", 0.6)

    async def publish(kind: str, data: JSONObject) -> None:
        del kind, data

    watched = Watched(engine, settings)
    async with http_receiver() as receiver:
        rule = await published(client, slow_hook(receiver.url))
        await taken.requests(rule, 7)

        async def passed_on() -> bool:
            await due_work(engine)
            async with Runner(engine, settings_of(settings, receiver.address), watched, publish) as runner:
                for slot in range(LANES):
                    await runner.perform_slot(slot)
            return len(receiver.received) == 7

        await until(passed_on, what="all were passed on")
    await watched.close()
    async with engine.connect() as conn:
        rows = await conn.execute(text("select started_at from app.run order by started_at"))
        at = [row.started_at for row in rows]
    assert all(b - a >= timedelta(seconds=0.6) for a, b in zip(at, at[2:], strict=False))


def settings_of(settings: Settings, address: str) -> Settings:
    return replace(settings, outbound_allow=(address,))
