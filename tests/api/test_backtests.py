"""Back-tests over the API: asked for, followed, listed by kind with previews, cancelled."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from api.conftest import manual_document, published, rule_document
from ruleyard.lanes.backtest import Backtests
from ruleyard.settings import Settings
from ruleyard.stores.connections import Connection, Watched
from ruleyard.stores.events import LogPools


async def nothing(_backtest_id: int) -> None:
    pass


@pytest.fixture
async def worker(engine: AsyncEngine, settings: Settings) -> AsyncIterator[Backtests]:
    watched = Watched(engine, settings)
    pools = LogPools(settings, watched)
    yield Backtests(engine, pools, nothing)
    await pools.close()
    await watched.close()


def changed(logic: dict[str, Any]) -> dict[str, Any]:
    document = rule_document()
    document["nodes"][1]["logic"] = logic
    return document


async def test_a_draft_is_compared_with_the_live_version_on_what_happened(
    client: httpx.AsyncClient, watched_leads: Connection, crm: asyncpg.Connection, worker: Backtests
) -> None:
    rule = await published(client, rule_document())
    await crm.execute(
        "insert into leads (email, status) select n || '@example.com', 'new' from generate_series(1, 6) n"
    )
    await crm.execute("update leads set status = case when id % 2 = 0 then 'won' else 'lost' end")
    draft = changed({"===": [{"var": "after.status"}, "lost"]})
    asked = {"rule_id": rule["id"], "document": draft, "days": 7}
    answer = await client.post("/backtests", json=asked)
    assert answer.status_code == 202, answer.text
    at = f"/backtests/{answer.json()['id']}"
    queued = (await client.get(at)).json()
    assert (queued["state"], queued["progress"]) == ("queued", {"read": 0, "total": None, "share": 0.0})
    await worker.run(answer.json()["id"])
    found = (await client.get(at)).json()
    assert (found["state"], found["progress"]["share"], found["sampled"]) == ("succeeded", 1.0, False)
    assert found["compared_with"] == "version 1"
    result = found["result"]
    assert {name: result[name] for name in ("events", "fired", "was_fired", "new", "lost", "nearly")} == {
        "events": 6, "fired": 3, "was_fired": 3, "new": 3, "lost": 3, "nearly": 3,
    }  # fmt: skip
    assert "begins at" in found["notes"][0]
    assert result["near"] == [{"node": "c", "path": "", "words": 'status is "lost"', "count": 3}]
    new = (await client.get(f"{at}/matches", params={"kind": "new", "limit": 2})).json()
    assert len(new["items"]) == 2
    assert new["items"][0]["previews"]["n"]["fields"]["title"].startswith("Won: ")
    assert new["items"][0]["after"]["status"] == "lost"
    rest = (await client.get(f"{at}/matches", params={"kind": "new", "cursor": new["next"]})).json()
    assert (len(rest["items"]), rest["next"]) == (1, None)
    lost = (await client.get(f"{at}/matches", params={"kind": "lost"})).json()["items"]
    assert [(one["fired"], one["was"], one["previews"]) for one in lost] == [(False, True, {})] * 3
    assert (await client.get("/notifications")).json()["items"] == []


async def test_it_can_be_cancelled(
    client: httpx.AsyncClient, watched_leads: Connection, worker: Backtests
) -> None:
    made = (await client.post("/backtests", json={"document": rule_document()})).json()["id"]
    assert (await client.delete(f"/backtests/{made}")).status_code == 204
    await worker.run(made)
    assert (await client.get(f"/backtests/{made}")).json()["state"] == "cancelled"


@pytest.mark.parametrize(
    "body", [{}, {"document": manual_document()}, {"document": rule_document(edges=[["t", "x"]])}]
)
async def test_what_has_no_history_is_refused(
    client: httpx.AsyncClient, watched_leads: Connection, body: dict[str, Any]
) -> None:
    assert (await client.post("/backtests", json=body)).status_code == 422


async def test_there_is_none_of_that_number(client: httpx.AsyncClient) -> None:
    for answer in (
        await client.get("/backtests/999"),
        await client.get("/backtests/999/matches"),
        await client.delete("/backtests/999"),
    ):
        assert answer.status_code == 404
