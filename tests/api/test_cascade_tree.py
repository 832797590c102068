"""A run's cascade as the screens read it: what set it off, and what came of it."""

from __future__ import annotations

import httpx
import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from api.conftest import manual_document, published
from ruleyard.core.event import Event
from ruleyard.core.types import EventId, LogId, RuleId, RunId, VersionId
from ruleyard.stores.db import transaction
from ruleyard.stores.new_runs import NewRun, open_runs


async def opened(engine: AsyncEngine, rule_id: int, number: int, cause: str | None) -> RunId:
    async with transaction(engine) as conn:
        found = await conn.execute(
            text("select live_version_id from app.rule where id = :id"), {"id": rule_id}
        )
        event = Event(
            log=LogId(1),
            id=EventId(number),
            lane=1,
            table="public.leads",
            op="update",
            key={"id": number},
            at="2026-11-22T09:00:00+00:00",
            after={"id": number, "first_name": "Ann"},
        )
        caused = msgspec.structs.replace(event, cause=cause)
        (run,) = (
            await open_runs(conn, [NewRun(RuleId(rule_id), VersionId(found.scalar_one()), caused, 1)])
        ).runs
        return run


async def test_every_run_of_a_cascade_tells_the_whole_of_it(
    client: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    rule = (await published(client, manual_document()))["id"]
    first = await opened(engine, rule, 1, None)
    second = await opened(engine, rule, 2, f"run:{first} root:{first} depth:1")
    third = await opened(engine, rule, 3, f"run:{second} root:{first} depth:2")
    await opened(engine, rule, 4, None)
    for run in (first, second, third):
        answer = (await client.get(f"/runs/{run}/cascade")).json()
        assert [(one["id"], one["cause_run"], one["depth"]) for one in answer["runs"]] == [
            (first, None, 0),
            (second, first, 1),
            (third, second, 2),
        ]
        assert not answer["more"]
        assert {one["record_label"] for one in answer["runs"]} == {"Ann"}


async def test_a_run_alone_is_its_own_cascade_and_an_unknown_one_is_not_found(
    client: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    rule = (await published(client, manual_document()))["id"]
    alone = await opened(engine, rule, 1, None)
    answer = (await client.get(f"/runs/{alone}/cascade")).json()
    assert [one["id"] for one in answer["runs"]] == [alone]
    assert (await client.get("/runs/999999/cascade")).status_code == 404
