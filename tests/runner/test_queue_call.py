"""queue_call on our real database: a call waits once, however often its step is tried or its phone comes."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from ruleyard.actions import queue_call
from ruleyard.core.types import JSONObject, RunId
from runner.house import House

EDGES = [["t", "a"]]


def queue(**fields: Any) -> JSONObject:
    given = {"list": "Callbacks", "phone": {"var": "after.email"}, **fields}
    return {"id": "a", "kind": "action", "do": "queue_call", "fields": given}


async def waiting(house: House) -> list[Any]:
    async with house.engine.connect() as conn:
        found = await conn.execute(
            text("select * from app.call where state = 'waiting' order by list, priority, due_at, id")
        )
        return list(found.all())


async def outputs(house: House, runs: list[RunId]) -> list[Any]:
    return [(await house.steps(run))["a"].output for run in runs]


async def test_a_call_waits_with_all_that_who_makes_it_needs(house: House) -> None:
    name = {"var": "after.first_name"}
    version = await house.publish(
        queue(
            country="82",
            name=name,
            note="Asked for a callback",
            priority=2,
            due="2030-05-02",
        ),
        edges=EDGES,
    )
    [run] = await house.open(version, house.event(email="010-1234-5678"))
    await house.perform()
    [call] = await waiting(house)
    assert (call.list, call.phone, call.name, call.note, call.priority) == (
        "Callbacks",
        "+821012345678",
        "Ann",
        "Asked for a callback",
        2,
    )
    assert (call.run_id, call.table_name, call.record) == (
        run,
        "public.leads",
        {"id": 1},
    )
    assert call.due_at.isoformat() == "2030-05-02T00:00:00+00:00"
    assert await outputs(house, [run]) == [
        {
            "call": call.id,
            "position": 1,
            "merged": False,
            "phone": "+821012345678",
            "list": "Callbacks",
        }
    ]
    assert ("call", {"list": "Callbacks"}) in house.told


async def test_a_step_that_is_tried_again_queues_nothing_more(house: House) -> None:
    version = await house.publish(queue(again="add"), edges=EDGES)
    [run] = await house.open(version, house.event(email="+821012345678"))
    await house.perform()
    before = await outputs(house, [run])
    await house.execute("delete from app.step where run_id = :id", id=run)
    await house.execute("update app.run set state = 'queued', finished_at = null where id = :id", id=run)
    await house.perform()
    assert await outputs(house, [run]) == before
    assert len(await waiting(house)) == 1


async def test_a_step_that_is_tried_again_when_its_time_has_passed_gives_the_same(house: House) -> None:
    """It was queued in time, and its worker died before it said so."""
    end = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    version = await house.publish(queue(until=end), edges=EDGES)
    [run] = await house.open(version, house.event(email="+821012345678"))
    await house.perform()
    before = await outputs(house, [run])
    await house.execute("delete from app.step where run_id = :id", id=run)
    await house.execute("update app.run set state = 'queued', finished_at = null where id = :id", id=run)
    with pytest.MonkeyPatch.context() as later:
        later.setattr(queue_call, "utc_now", lambda: datetime.now(UTC) + timedelta(hours=2))
        await house.perform()
    assert await outputs(house, [run]) == before


@pytest.mark.parametrize(
    ("again", "kept"),
    [
        ("raise", [(1, "New")]),
        ("keep", [(5, "Old")]),
        ("add", [(1, "New"), (5, "Old")]),
    ],
)
async def test_a_phone_that_waits_already(house: House, again: str, kept: list[tuple[int, str]]) -> None:
    first = await house.publish(queue(name="Old"), edges=EDGES)
    second = await house.publish(queue(name="New", priority="1", again=again), edges=EDGES)
    for version, phone in ((first, "+82 10 1234 5678"), (second, "0082-10-1234-5678")):
        [run] = await house.open(version, house.event(email=phone))
        await house.perform()
    assert [(call.priority, call.name) for call in await waiting(house)] == kept
    [answer] = await outputs(house, [run])
    assert (answer["merged"], answer["position"]) == (again != "add", 1)


async def test_a_call_that_is_asked_for_again_comes_earlier_and_stays_longer(house: House) -> None:
    """Whichever was asked for first; without an end it has none."""
    early = {"due": "2999-01-01T00:00:00Z", "until": "2999-02-01T00:00:00Z"}
    late = {"due": "2999-01-02T00:00:00Z", "until": "2999-03-01T00:00:00Z"}
    endless = {"due": "2999-01-03T00:00:00Z"}
    for phone, orders in (
        ("+821012345678", (early, late)),
        ("+821012345679", (late, early)),
        ("+821012345670", (late, endless)),
    ):
        for order in orders:
            version = await house.publish(queue(**order), edges=EDGES)
            await house.open(version, house.event(email=phone))
            await house.perform()
    found = {
        call.phone[-1]: (call.due_at.day, call.until_at and call.until_at.month)
        for call in await waiting(house)
    }
    assert found == {"8": (1, 3), "9": (1, 3), "0": (2, None)}


async def test_one_phone_from_many_runs_at_once_waits_once(house: House) -> None:
    version = await house.publish(queue(), edges=EDGES)
    runs = await house.open(version, *[house.event(id=n, email="+821012345678") for n in range(1, 21)])
    async with house.runner() as one, house.runner() as two:
        await asyncio.gather(one.perform_slot(3), two.perform_slot(3))
    assert len(await waiting(house)) == 1
    assert sum(not answer["merged"] for answer in await outputs(house, runs)) == 1


async def test_who_asked_not_to_be_called_is_in_no_list(house: House) -> None:
    await house.execute("insert into app.do_not_call (phone, by) values ('+821012345678', 'Ann')")
    version = await house.publish(queue(), edges=EDGES)
    [run] = await house.open(version, house.event(email="+82 10 1234 5678"))
    await house.perform()
    assert (await house.steps(run))["a"].error.code == "do-not-call"
    assert await waiting(house) == []


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"phone": None}, "empty-field"),
        ({"phone": "call me"}, "bad-phone"),
        ({"phone": "010-1234-5678"}, "bad-phone"),
        ({"phone": "+821012345678, +821087654321"}, "bad-phone"),
        ({"list": " \n "}, "empty-field"),
        ({"priority": "soon"}, "bad-priority"),
        ({"due": "tomorrow"}, "no-date"),
        ({"until": "2020-01-01"}, "no-time-to-call"),
        ({"due": "2030-01-02", "until": "2030-01-01"}, "no-time-to-call"),
    ],
)
async def test_what_cannot_be_called_fails_in_words(house: House, fields: JSONObject, code: str) -> None:
    version = await house.publish(queue(**fields), edges=EDGES)
    [run] = await house.open(version, house.event(email="+821012345678"))
    await house.perform()
    error = (await house.steps(run))["a"].error
    assert (error.code, bool(error.message)) == (code, True)
    assert await waiting(house) == []


async def test_until_the_last_day_there_is_means_for_ever(house: House) -> None:
    """Many write 9999-12-31 where nothing ends; there is no day after it."""
    version = await house.publish(queue(until="9999-12-31"), edges=EDGES)
    [run] = await house.open(version, house.event(email="+821012345678"))
    await house.perform()
    assert (await house.steps(run))["a"].error is None
    assert [call.until_at for call in await waiting(house)] == [None]
