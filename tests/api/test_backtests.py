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
    nothing_yet = {"read": 0, "total": None, "share": 0.0, "known": None, "uncounted": False}
    assert (queued["state"], queued["progress"]) == ("queued", nothing_yet)
    await worker.run(answer.json()["id"])
    found = (await client.get(at)).json()
    assert (found["state"], found["progress"]["share"], found["sampled"]) == ("succeeded", 1.0, False)
    assert (found["compared_with"], found["against"]) == ("version 1", 1)
    assert (found["document"], found["days"], found["table"]) == (draft, 7, "public.leads")
    result = found["result"]
    assert {name: result[name] for name in ("events", "fired", "was_fired", "new", "lost", "nearly")} == {
        "events": 6, "fired": 3, "was_fired": 3, "new": 3, "lost": 3, "nearly": 3,
    }  # fmt: skip
    assert "begins at" in found["notes"][0]
    near = {"node": "c", "path": "", "words": 'status is "lost"', "count": 3, "relation": "==="}
    assert result["near"] == [near]
    new = (await client.get(f"{at}/matches", params={"kind": "new", "limit": 2})).json()
    assert len(new["items"]) == 2
    assert new["items"][0]["previews"]["n"]["fields"]["title"].startswith("Won: ")
    assert new["items"][0]["after"]["status"] == "lost"
    rest = (await client.get(f"{at}/matches", params={"kind": "new", "cursor": new["next"]})).json()
    assert (len(rest["items"]), rest["next"]) == (1, None)
    lost = (await client.get(f"{at}/matches", params={"kind": "lost"})).json()["items"]
    assert [(one["fired"], one["was"], one["previews"]) for one in lost] == [(False, True, {})] * 3
    [flip] = lost[0]["flips"]
    assert (flip["node"], flip["path"], flip["seen"], flip["needed"]) == ("c", "", "won", "lost")
    assert (lost[0]["record_label"], lost[0]["changed"]) == (lost[0]["after"]["email"], ["status"])
    assert [(step["node"], step.get("branch")) for step in lost[0]["trace"]["steps"]] == [
        ("t", None),
        ("c", "no"),
    ]
    assert [step["node"] for step in new["items"][0]["trace"]["steps"]] == ["t", "c", "n"]
    assert (await client.get("/notifications")).json()["items"] == []


async def test_a_rules_back_tests_are_listed_newest_first(
    client: httpx.AsyncClient, watched_leads: Connection
) -> None:
    rule = await published(client, rule_document())
    made = [
        (await client.post("/backtests", json={"rule_id": rule["id"], "days": days})).json()["id"]
        for days in (1, 7, 30)
    ]
    await client.post("/backtests", json={"document": rule_document()})
    first = (await client.get("/backtests", params={"rule_id": rule["id"], "limit": 2})).json()
    assert [(one["id"], one["days"]) for one in first["items"]] == [(made[2], 30), (made[1], 7)]
    more = {"rule_id": rule["id"], "cursor": first["next"]}
    rest = (await client.get("/backtests", params=more)).json()
    assert ([one["id"] for one in rest["items"]], rest["next"]) == ([made[0]], None)


async def test_it_says_of_how_many_changes_it_judged_the_newest(
    client: httpx.AsyncClient, watched_leads: Connection, crm: asyncpg.Connection, worker: Backtests
) -> None:
    await crm.execute("insert into leads (email, status) select 'a@b', 'new' from generate_series(1, 9)")
    await crm.execute("update leads set status = 'won'")
    asked = {"document": rule_document(), "most": 4}
    made = (await client.post("/backtests", json=asked)).json()["id"]
    await worker.run(made)
    found = (await client.get(f"/backtests/{made}")).json()
    assert (found["sampled"], found["result"]["events"]) == (True, 4)
    assert found["progress"] == {"read": 4, "total": 4, "share": 1.0, "known": 9, "uncounted": False}
    assert "There are 9 changes: only the newest 4 are judged." in found["notes"]


async def test_it_says_what_the_figures_take_for_granted(
    client: httpx.AsyncClient, watched_leads: Connection, crm: asyncpg.Connection, worker: Backtests
) -> None:
    await crm.execute("insert into leads (email, status) select 'a@b', 'new' from generate_series(1, 3)")
    await crm.execute("update leads set status = 'won'")
    ask = {"to": ["everyone"], "question": "Shall we?"}
    document = rule_document(
        policy={"hours": {"zone": "UTC", "between": ["00:00", "00:01"], "days": ["mon"]}}
    )
    document["nodes"] += [
        {"id": "q", "kind": "action", "do": "ask_approval", "fields": ask},
        {"id": "f", "kind": "for_each", "over": {"var": "changed"}},
    ]
    document["edges"] = [["t", "c"], ["c", "q", "yes"], ["q", "f"], ["f", "n", "each"]]
    made = (await client.post("/backtests", json={"document": document})).json()["id"]
    await worker.run(made)
    found = (await client.get(f"/backtests/{made}")).json()
    assert (found["result"]["fired"], found["result"]["actions"]) == (3, {"q": 3})
    outside = found["result"]["outside"]
    told = [
        *([f"{outside} of the runs would have waited, outside of the hours of the rule."] if outside else []),
        "Approval would have been asked for 3 times. What follows is counted as if it was given.",
        "How many items a list would have had is not known, so what is done for each item is not counted.",
    ]
    assert [note for note in found["notes"] if "begins at" not in note] == told


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
