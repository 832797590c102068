"""Settle time: the changes of a record within a while are one change, judged when the record is quiet."""

from __future__ import annotations

from typing import Any

import asyncpg
import msgspec
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.core.event import Event
from ruleyard.core.types import LANES, JSONObject, LogId
from ruleyard.lanes.evaluate_lane import Lanes
from ruleyard.runner.worker import Runner
from ruleyard.settings import Settings
from ruleyard.stores.connections import Connection, Watched
from ruleyard.stores.db import transaction
from ruleyard.stores.settling import Unsettled, take_in, taken_into
from ruleyard.stores.turns import due_turns
from support.published import change_rule, publish
from support.waiting import until

WITHOUT_MAIL = {"is_empty": [{"var": "after.email"}]}
ALWAYS = {"===": [1, 1]}


def settling(logic: Any, **options: Any) -> JSONObject:
    document: JSONObject = change_rule(logic, **options)
    return {**document, "policy": {"settle": {"amount": 1, "unit": "seconds"}}}


class Place:
    """Lanes that read the leads, and a worker that performs what they open."""

    def __init__(
        self, engine: AsyncEngine, settings: Settings, lanes: Lanes, watched: Watched, log: LogId
    ) -> None:
        self.engine, self.settings, self.lanes, self.watched, self.log = engine, settings, lanes, watched, log

    async def read(self) -> None:
        for lane in range(LANES):
            await self.lanes.drain(self.log, lane)

    async def runs(self) -> list[Any]:
        async with self.engine.connect() as conn:
            return list(await conn.execute(text("select * from app.run order by id")))

    async def states(self) -> list[str]:
        return [run.turn if run.state == "waiting" else run.state for run in await self.runs()]

    async def perform(self) -> None:
        async def publish(kind: str, data: JSONObject) -> None:
            del kind, data

        async with Runner(self.engine, self.settings, self.watched, publish) as runner:
            for slot in range(LANES):
                await runner.perform_slot(slot)

    async def settle(self) -> None:
        """Until nothing waits and everything was performed."""

        async def over() -> bool:
            async with transaction(self.engine) as conn:
                await due_turns(conn)
            await self.perform()
            return not {"waiting", "queued"} & {run.state for run in await self.runs()}

        await until(over, what="the records are quiet")


@pytest.fixture
def place(
    engine: AsyncEngine, settings: Settings, lanes: Lanes, watched: Watched, leads: Connection
) -> Place:
    return Place(engine, settings, lanes, watched, LogId(leads.id))


async def test_a_record_that_is_filled_in_parts_is_judged_once_and_whole(
    engine: AsyncEngine, place: Place, crm: asyncpg.Connection
) -> None:
    """The rule hears of new records alone; what fills them afterwards is in its change all the same."""
    await publish(engine, settling(WITHOUT_MAIL, events=("insert",)))
    await crm.execute("insert into leads (first_name) values ('Ann'), ('Bob')")
    await place.read()
    assert await place.states() == ["settle", "settle"]
    await crm.execute("update leads set email = 'a@b.c' where first_name = 'Ann'")
    await place.read()
    await place.settle()
    ann, bob = sorted(await place.runs(), key=lambda run: run.event["after"]["first_name"])
    assert (ann.event["after"]["email"], ann.event["op"], ann.merges) == ("a@b.c", "insert", 1)
    assert (ann.state, bob.state) == ("skipped", "succeeded")


async def test_a_record_that_comes_to_match_only_when_it_is_filled_is_not_passed_by(
    engine: AsyncEngine, place: Place, crm: asyncpg.Connection
) -> None:
    await publish(engine, settling({"===": [{"var": "after.status"}, "won"]}, events=("insert",)))
    await crm.execute("insert into leads (first_name, status) values ('Ann', 'new')")
    await crm.execute("update leads set status = 'won'")
    await place.read()
    assert await place.states() == ["settle"]
    await place.settle()
    assert await place.states() == ["succeeded"]


async def test_a_newer_change_starts_the_clock_anew(
    engine: AsyncEngine, place: Place, crm: asyncpg.Connection
) -> None:
    await publish(engine, settling(ALWAYS, events=("update",)))
    await crm.execute("insert into leads (first_name) values ('Ann')")
    await crm.execute("update leads set status = 'won'")
    await place.read()
    (before,) = await place.runs()
    await crm.execute("update leads set status = 'lost'")
    await place.read()
    (after,) = await place.runs()
    newer = msgspec.convert({**after.event, "id": after.event_id + 1}, Event)
    async with engine.connect() as conn:
        assert await taken_into(conn, after.rule_id, newer) == after.id
    assert after.not_before > before.not_before
    assert after.event["after"]["status"] == "lost"
    assert after.event["changed"] == ["status"]


async def test_what_is_taken_in_brings_its_version_and_its_cause_and_what_was_read_before_is_forgotten(
    engine: AsyncEngine, place: Place, crm: asyncpg.Connection
) -> None:
    await publish(engine, settling(ALWAYS, events=("insert",)))
    _, newer = await publish(engine, settling(ALWAYS, events=("delete",)))
    await crm.execute("insert into leads (first_name) values ('Ann')")
    await place.read()
    (run,) = await place.runs()
    event = msgspec.convert(run.event, Event)
    for cause, chain in (
        ("run:5 root:2 depth:3", (5, 2, 3)),
        ("run:6 root:6 depth:1", (5, 2, 3)),
        (None, (5, 2, 3)),
    ):
        async with transaction(engine) as conn:
            await conn.execute(text("update app.run set related = '{}'"))
            changed = msgspec.structs.replace(event, cause=cause)
            one = Unsettled(run.id, run.event_on, run.shelf, run.rule_id, newer, changed, 1, 60)
            await take_in(conn, [one])
        (after,) = await place.runs()
        assert (after.version_id, after.related, after.merges) == (newer, None, 1)
        assert (after.cause_run, after.root_run, after.depth) == chain


async def test_a_change_that_was_taken_back_starts_nothing(
    engine: AsyncEngine, place: Place, crm: asyncpg.Connection
) -> None:
    await publish(engine, settling(ALWAYS, events=("update",)))
    await crm.execute("insert into leads (first_name, status) values ('Ann', 'new')")
    await crm.execute("update leads set status = 'won'")
    await place.read()
    await crm.execute("update leads set status = 'new'")
    await place.read()
    await place.settle()
    (run,) = await place.runs()
    assert (run.state, run.fault["code"]) == ("skipped", "settled-over")


async def test_a_record_that_is_deleted_meanwhile_starts_nothing(
    engine: AsyncEngine, place: Place, crm: asyncpg.Connection
) -> None:
    await publish(engine, settling(ALWAYS, events=("insert",)))
    await crm.execute("insert into leads (first_name) values ('Ann')")
    await place.read()
    await crm.execute("delete from leads")
    await place.read()
    await place.settle()
    (run,) = await place.runs()
    assert (run.state, run.fault["code"]) == ("skipped", "settled-over")


async def test_a_change_after_the_run_began_is_one_of_its_own(
    engine: AsyncEngine, place: Place, crm: asyncpg.Connection
) -> None:
    await publish(engine, settling(ALWAYS, events=("insert", "update")))
    await crm.execute("insert into leads (first_name) values ('Ann')")
    await place.read()
    await place.settle()
    await crm.execute("update leads set status = 'won'")
    await place.read()
    assert await place.states() == ["succeeded", "settle"]


async def test_a_change_while_the_run_rests_at_a_step_is_one_of_its_own(
    engine: AsyncEngine, place: Place, crm: asyncpg.Connection
) -> None:
    document = settling(ALWAYS, events=("insert", "update"))
    wait = {"id": "w", "kind": "wait", "amount": 1, "unit": "days"}
    nodes, edges = [*document["nodes"], wait], [["t", "c"], ["c", "w", "yes"], ["w", "a"]]
    await publish(engine, {**document, "nodes": nodes, "edges": edges})
    await crm.execute("insert into leads (first_name) values ('Ann')")
    await place.read()

    async def rests() -> bool:
        async with transaction(engine) as conn:
            await due_turns(conn)
        await place.perform()
        return (await place.runs())[0].wake_at is not None

    await until(rests, what="the run rests at its wait")
    await crm.execute("update leads set status = 'won'")
    await place.read()
    assert await place.states() == [None, "settle"]
