"""for_each on a real database: a run for each item, none lost or doubled whatever dies, and then it goes on."""

from __future__ import annotations

import asyncio
from collections import Counter
from itertools import pairwise
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text

from ruleyard.clock import utc_now
from ruleyard.core.types import JSON, RunId, VersionId
from ruleyard.stores import run_care
from ruleyard.stores.db import transaction
from ruleyard.stores.items import answer_ended
from runner.house import House
from support.servers import Answer, http_receiver

OVER = {"var": "after.names"}
ITEM = {"var": "item"}


def each(**more: Any) -> dict[str, Any]:
    return {"id": "f", "kind": "for_each", "over": OVER, **more}


def tell(node: str, title: JSON) -> dict[str, Any]:
    return {"id": node, "kind": "action", "do": "notify", "fields": {"title": title}}


def call(url: str, **more: Any) -> dict[str, Any]:
    return {
        "id": "h",
        "kind": "action",
        "do": "http_request",
        "fields": {"method": "POST", "url": url, **more},
    }


async def publish(house: House, *body: dict[str, Any], last: JSON = "after", **more: Any) -> VersionId:
    """For each name the steps of `body`, then a notification."""
    ways = [["f", body[0]["id"], "each"], *([a["id"], b["id"]] for a, b in pairwise(body))]
    edges = [["t", "f"], *ways, ["f", "z"]]
    policy = more.pop("policy", None)
    return await house.publish(each(**more), *body, tell("z", last), edges=edges, policy=policy)


async def items_of(house: House, run_id: RunId) -> list[Any]:
    async with house.engine.connect() as conn:
        rows = await conn.execute(
            text(
                "select id, state, item_index, item::text as item from app.run where parent_run = :id order by id"
            ),
            {"id": run_id},
        )
        return list(rows)


async def told(house: House) -> list[str]:
    async with house.engine.connect() as conn:
        return [
            row.title for row in await conn.execute(text("select title from app.notification order by id"))
        ]


async def settle(house: House, **options: Any) -> None:
    """Performs until nothing is due, as the clock and the bells would."""
    before: list[Any] = []
    for _ in range(20):
        await house.perform(**options)
        async with transaction(house.engine) as conn:
            await answer_ended(conn)
        await house.wake()
        async with house.engine.connect() as conn:
            now = list(await conn.execute(text("select id, state, attempt from app.run order by id")))
        if now == before:
            return
        before = now
    raise AssertionError("it never came to rest")


async def test_every_item_is_done_once_and_then_the_run_goes_on(house: House) -> None:
    last = {"cat": [{"var": "steps.f.output.succeeded"}, " of ", {"var": "steps.f.output.count"}]}
    title = {"cat": [{"var": "index"}, ": ", ITEM, " for ", {"var": "after.first_name"}]}
    version = await publish(house, tell("n", title), last=last)
    [run_id] = await house.open(version, house.event(names=["a", "b", "c"]))
    await settle(house)
    assert sorted(await told(house)) == ["0: a for Ann", "1: b for Ann", "2: c for Ann", "3 of 3"]
    steps = await house.steps(run_id)
    assert steps["f"].output == {"count": 3, "succeeded": 3, "failed": 0, "skipped": 0}
    assert (await house.run(run_id)).state == "succeeded"
    assert [(one.state, one.item_index, one.item) for one in await items_of(house, run_id)] == [
        ("succeeded", 0, '"a"'),
        ("succeeded", 1, '"b"'),
        ("succeeded", 2, '"c"'),
    ]


async def test_the_records_that_were_found_are_gone_through_each_in_a_run_of_its_own(
    house: House, crm: asyncpg.Connection
) -> None:
    await crm.execute("""
        insert into public.leads (first_name, email, attempts)
        values ('Bo', 'bo@x', 5), ('Cy', 'cy@x', 1), ('Di', null, 7)
    """)
    find = {
        "id": "s",
        "kind": "action",
        "do": "find_records",
        "fields": {
            "connection": "crm",
            "table": "public.leads",
            "where": {">": [{"var": "record.attempts"}, {"var": "after.attempts"}]},
            "order": {"column": "attempts", "direction": "desc"},
        },
    }
    over = {"id": "f", "kind": "for_each", "over": {"var": "steps.s.output.records"}}
    known = {"id": "c", "kind": "condition", "logic": {"!!": [{"var": "item.email"}]}}
    name = {
        "cat": [{"var": "index"}, " ", {"var": "item.first_name"}, " of ", {"var": "steps.s.output.count"}]
    }
    edges = [["t", "s"], ["s", "f"], ["f", "c", "each"], ["c", "n", "yes"], ["f", "z"]]
    version = await house.publish(
        find,
        over,
        known,
        tell("n", name),
        tell(
            "z",
            {
                "cat": [
                    {"var": "steps.f.output.succeeded"},
                    " told, ",
                    {"var": "steps.f.output.skipped"},
                    " not",
                ]
            },
        ),
        edges=edges,
    )
    [run_id] = await house.open(version, house.event(attempts=3))
    await settle(house)
    assert await told(house) == ["1 Bo of 2", "1 told, 1 not"]
    assert [(one.item_index, one.state) for one in await items_of(house, run_id)] == [
        (0, "skipped"),
        (1, "succeeded"),
    ]


@pytest.mark.parametrize("names", [[], None])
async def test_an_empty_list_goes_on_at_once(house: House, names: JSON) -> None:
    version = await publish(house, tell("n", ITEM), last={"var": "steps.f.output.count"})
    [run_id] = await house.open(version, house.event(names=names))
    await house.perform()
    assert await told(house) == ["0"]
    assert (await house.run(run_id)).state == "succeeded"


@pytest.mark.parametrize(
    ("names", "code"), [(["a", "b", "c"], "too-many-items"), ("abc", "not-a-list"), ({"a": 1}, "not-a-list")]
)
async def test_what_is_too_long_or_no_list_fails_before_anything_is_done(
    house: House, names: JSON, code: str
) -> None:
    version = await publish(house, tell("n", ITEM), at_most=2)
    [run_id] = await house.open(version, house.event(names=names))
    await settle(house)
    assert await told(house) == []
    assert await items_of(house, run_id) == []
    assert (await house.steps(run_id))["f"].error.code == code
    assert (await house.run(run_id)).state == "failed"


async def test_an_item_sees_the_steps_around_it_and_its_own_conditions(house: House) -> None:
    async with http_receiver(*[Answer(200, b'{"ok": true}')] * 3) as receiver:
        ask = {"id": "o", "kind": "action", "do": "http_request", "fields": {"url": receiver.url}}
        long = {"id": "c", "kind": "condition", "logic": {">": [{"length": [ITEM]}, 1]}}
        body = tell("n", {"cat": [ITEM, " ", {"var": "steps.o.output.status"}]})
        edges = [["t", "o"], ["o", "f"], ["f", "c", "each"], ["c", "n", "yes"], ["f", "z"]]
        last = {"cat": [{"var": "steps.f.output.skipped"}, " short"]}
        version = await house.publish(ask, each(), long, body, tell("z", last), edges=edges)
        [run_id] = await house.open(version, house.event(names=["a", "bb", "cc"]))
        await settle(house, outbound_allow=(receiver.address,))
        assert len(receiver.received) == 1
    assert sorted(await told(house)) == ["1 short", "bb 200", "cc 200"]
    states = Counter(one.state for one in await items_of(house, run_id))
    assert states == {"succeeded": 2, "skipped": 1}


async def test_an_item_that_fails_leaves_the_others_alone_and_can_be_tried_again(house: House) -> None:
    async with http_receiver() as receiver:
        receiver.script.extend([Answer(200), Answer(404), Answer(200)])
        version = await publish(
            house, call(receiver.url, body={"name": ITEM}), last={"var": "steps.f.output.failed"}
        )
        [run_id] = await house.open(version, house.event(names=["a", "b", "c"]))
        allow = {"outbound_allow": (receiver.address,)}
        await settle(house, **allow)
        assert await told(house) == ["1"]
        assert (await house.run(run_id)).state == "succeeded"
        states = Counter(one.state for one in await items_of(house, run_id))
        assert states == {"succeeded": 2, "failed": 1}
        bad = next(one for one in await items_of(house, run_id) if one.state == "failed")
        async with transaction(house.engine) as conn:
            await run_care.retry(conn, RunId(bad.id))
        await settle(house, **allow)
        assert len(receiver.received) == 4
        keys = Counter(one.headers["idempotency-key"] for one in receiver.received)
        assert keys == {f"{one.id}:h": 2 if one.id == bad.id else 1 for one in await items_of(house, run_id)}
    assert {one.state for one in await items_of(house, run_id)} == {"succeeded"}
    assert await told(house) == ["1"]


async def test_a_list_may_stop_at_its_first_failure_and_go_on_there(house: House) -> None:
    async with http_receiver() as receiver:
        receiver.script.extend([Answer(200), Answer(404)])
        version = await publish(house, call(receiver.url, body={"name": ITEM}), on_item_error="stop")
        [run_id] = await house.open(version, house.event(names=["a", "b", "c"]))
        allow = {"outbound_allow": (receiver.address,)}
        await settle(house, **allow)
        assert [one.json()["name"] for one in receiver.received] == ["a", "b"]
        assert [one.state for one in await items_of(house, run_id)] == ["succeeded", "failed", "cancelled"]
        step = (await house.steps(run_id))["f"]
        assert (step.state, step.error.code) == ("failed", "item-failed")
        assert step.error.args == {"number": 2, "count": 3}
        assert (await house.run(run_id)).state == "failed"
        async with transaction(house.engine) as conn:
            await run_care.retry(conn, run_id)
        await settle(house, **allow)
        assert [one.json()["name"] for one in receiver.received] == ["a", "b", "b", "c"]
    assert {one.state for one in await items_of(house, run_id)} == {"succeeded"}
    assert (await house.run(run_id)).state == "succeeded"
    assert await told(house) == ["after"]


async def test_an_item_may_wait(house: House) -> None:
    wait = {"id": "w", "kind": "wait", "amount": 5, "unit": "hours"}
    version = await publish(house, wait, tell("n", ITEM))
    [run_id] = await house.open(version, house.event(names=["a", "b"]))
    await settle(house)
    assert {one.state for one in await items_of(house, run_id)} == {"waiting"}
    assert (await house.run(run_id)).state == "waiting"
    await house.execute("update app.run set wake_at = now() where parent_run is not null and item_index = 0")
    await settle(house)
    assert await told(house) == ["a"]
    await house.execute(
        "update app.run set wake_at = now() where parent_run is not null and state = 'waiting'"
    )
    await settle(house)
    assert await told(house) == ["a", "b", "after"]


async def test_cancelling_a_run_ends_its_items(house: House) -> None:
    wait = {"id": "w", "kind": "wait", "amount": 5, "unit": "hours"}
    version = await publish(house, wait, tell("n", ITEM))
    [run_id] = await house.open(version, house.event(names=["a", "b"]))
    await settle(house)
    async with transaction(house.engine) as conn:
        await run_care.cancel(conn, run_id)
    assert {one.state for one in await items_of(house, run_id)} == {"cancelled"}
    assert await told(house) == []


async def test_items_of_a_run_that_ended_without_them_are_ended_by_the_clock(house: House) -> None:
    wait = {"id": "w", "kind": "wait", "amount": 5, "unit": "hours"}
    version = await publish(house, wait)
    [run_id] = await house.open(version, house.event(names=["a", "b"]))
    await settle(house)
    await house.execute("update app.run set state = 'cancelled' where id = :id", id=run_id)
    async with transaction(house.engine) as conn:
        await answer_ended(conn)
    assert {one.state for one in await items_of(house, run_id)} == {"cancelled"}


async def test_items_that_are_cancelled_one_by_one_let_the_run_go_on(house: House) -> None:
    wait = {"id": "w", "kind": "wait", "amount": 5, "unit": "hours"}
    version = await publish(house, wait, last={"var": "steps.f.output.skipped"})
    [run_id] = await house.open(version, house.event(names=["a", "b"]))
    await settle(house)
    for one in await items_of(house, run_id):
        async with transaction(house.engine) as conn:
            await run_care.cancel(conn, RunId(one.id))
    await settle(house)
    assert await told(house) == ["2"]


async def test_the_next_run_on_the_record_waits_for_the_whole_list(house: House) -> None:
    wait = {"id": "w", "kind": "wait", "amount": 5, "unit": "hours"}
    version = await publish(house, wait, last={"var": "after.attempts"})
    first, second = house.event(names=["a"], attempts=1), house.event(names=[], attempts=2)
    await house.open(version, first, second)
    await settle(house)
    assert await told(house) == []
    await house.execute("update app.run set wake_at = now() where parent_run is not null")
    await settle(house)
    assert await told(house) == ["1", "2"]


async def test_items_are_no_runs_of_the_rule_in_its_figures(house: House) -> None:
    version = await publish(house, tell("n", ITEM))
    await house.open(version, house.event(names=["a", "b", "c"]))
    await settle(house)
    async with house.engine.connect() as conn:
        counted = await conn.execute(text("select outcome, sum(runs) as runs from app.run_change group by 1"))
        assert {row.outcome: row.runs for row in counted} == {"opened": 1, "succeeded": 1}


async def test_whatever_is_killed_no_item_is_lost_or_done_twice(house: House) -> None:
    """Workers are torn out of their work again and again; leases end, and others take over."""
    names = [f"n{number}" for number in range(40)]
    version = await publish(house, tell("n", ITEM), last="last")
    runs = await house.open(version, *[house.event(id=number, names=names) for number in range(3)])
    until = utc_now().timestamp() + 200

    async def torn(after_s: float) -> None:
        async with house.runner(lease_s=0.4) as runner:
            task = asyncio.create_task(runner.perform_slot(3))
            await asyncio.wait([task], timeout=after_s)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    delay = 0.02
    while utc_now().timestamp() < until:
        await torn(delay)
        delay = min(5.0, delay * 1.3)
        await house.execute("update app.run set lease_until = now(), deaths = 0 where state = 'running'")
        async with transaction(house.engine) as conn:
            await conn.execute(
                text("update app.run set state = 'queued', leased_by = null where state = 'running'")
            )
            await answer_ended(conn)
        await house.wake()
        if all([(await house.run(run)).state == "succeeded" for run in runs]):
            break
    assert [(await house.run(run)).state for run in runs] == ["succeeded"] * 3
    for run in runs:
        assert [one.item_index for one in await items_of(house, run)] == list(range(40))
    assert Counter(await told(house)) == {**dict.fromkeys(names, 3), "last": 3}
