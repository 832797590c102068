"""Items of a list over the API: hidden among runs, counted and listed with the run they belong to, tried again."""

from __future__ import annotations

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from api.conftest import manual_document, published
from api.test_runs import opened, set_state
from ruleyard.core.types import NodeId, RunId
from ruleyard.stores.db import transaction
from ruleyard.stores.items import ItemPlace, open_items


@pytest.fixture
async def listed(client: httpx.AsyncClient, engine: AsyncEngine) -> int:
    """A run that goes through three items: one done, one failed, one going on."""
    rule = await published(client, manual_document())
    [run] = await opened(engine, rule["id"], range(1, 2))
    await set_state(engine, run, "running")
    async with transaction(engine) as conn:
        attempt = (
            await conn.execute(text("select attempt from app.run where id = :id"), {"id": run})
        ).scalar_one()
        place = ItemPlace(RunId(run), NodeId("f"))
        values = [{"name": "Ann"}, "second", 3]
        assert await open_items(conn, place, attempt, values, in_order=False, again=False)
        await conn.execute(
            text("""
                update app.run set state = (array['succeeded', 'failed', 'waiting'])[item_index + 1],
                  finished_at = case when item_index < 2 then now() end
                where parent_run = :id
            """),
            {"id": run},
        )
    return run


async def test_items_are_listed_with_their_run_alone(client: httpx.AsyncClient, listed: int) -> None:
    every = (await client.get("/runs")).json()["items"]
    assert [one["id"] for one in every] == [listed]
    run = (await client.get(f"/runs/{listed}")).json()
    wanted = {"count": 3, "succeeded": 1, "failed": 1, "skipped": 0, "cancelled": 0, "open": 1}
    assert run["items"] == {"f": wanted}
    first = (await client.get(f"/runs/{listed}/items", params={"node": "f", "limit": 2})).json()
    assert [(one["item_index"], one["record_label"], one["state"]) for one in first["items"]] == [
        (0, "Ann", "succeeded"),
        (1, "second", "failed"),
    ]
    rest = await client.get(f"/runs/{listed}/items", params={"node": "f", "cursor": first["next"]})
    assert [(one["item_index"], one["record_label"]) for one in rest.json()["items"]] == [(2, "3")]
    failed = await client.get(f"/runs/{listed}/items", params={"node": "f", "state": "failed"})
    assert [one["item_index"] for one in failed.json()["items"]] == [1]


async def test_an_item_says_whose_it_is(client: httpx.AsyncClient, listed: int) -> None:
    items = (await client.get(f"/runs/{listed}/items", params={"node": "f"})).json()["items"]
    item = (await client.get(f"/runs/{items[0]['id']}")).json()
    assert (item["parent_run"], item["parent_node"], item["item_index"]) == (listed, "f", 0)
    assert item["item"] == {"name": "Ann"}
    found = (await client.get("/runs", params={"number": items[0]["id"]})).json()["items"]
    assert [one["id"] for one in found] == [items[0]["id"]]


async def test_the_failed_items_of_a_list_are_tried_again(client: httpx.AsyncClient, listed: int) -> None:
    answer = await client.post(f"/runs/{listed}/items/retry", json={"node": "f"})
    assert answer.json() == {"retried": 1}
    run = (await client.get(f"/runs/{listed}")).json()
    assert (run["items"]["f"]["failed"], run["items"]["f"]["open"]) == (0, 2)
    assert (await client.post("/runs/404/items/retry", json={"node": "f"})).status_code == 404
