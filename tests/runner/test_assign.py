"""assign on real databases: everybody gets the same, whoever performs, and each step once."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from typing import Any

import asyncpg
import msgspec
import pytest
from sqlalchemy import text

from ruleyard.actions import records
from ruleyard.actions.counting import count_by_person
from ruleyard.actions.turns import Turn
from ruleyard.core.turns import Person, Rotation, in_turn
from ruleyard.core.types import ConnectionId, JSONObject, RunId
from ruleyard.runner.turns import RunnerTurns
from ruleyard.stores.db import create_engine
from runner.house import House
from support.waiting import until

EDGES = [["t", "a"]]
TEAM = ["ann", "bob", "cem"]


def give(**fields: Any) -> JSONObject:
    given = {"people": TEAM, "column": "owner", **fields}
    fields = {name: value for name, value in given.items() if value is not None}
    return {"id": "a", "kind": "action", "do": "assign", "fields": fields}


async def leads(crm: asyncpg.Connection, count: int) -> None:
    await crm.execute(
        "insert into leads (first_name) select 'Lead ' || n from generate_series(1, cast($1 as int)) n",
        count,
    )


async def owners(crm: asyncpg.Connection) -> Counter[str]:
    rows = await crm.fetch("select owner from leads where owner is not null")
    return Counter(row["owner"] for row in rows)


async def outputs(house: House, runs: list[RunId]) -> list[Any]:
    return [(await house.steps(run))["a"].output for run in runs]


async def again(house: House, run_id: RunId) -> None:
    """As after a crash before our own database knew that the step ended."""
    await house.execute("delete from app.step where run_id = :id", id=run_id)
    await house.execute(
        "update app.run set state = 'queued', finished_at = null where id = :id",
        id=run_id,
    )
    await house.perform()


async def test_records_are_given_in_turn_and_the_step_says_to_whom(
    house: House, crm: asyncpg.Connection
) -> None:
    await leads(crm, 7)
    version = await house.publish(give(), edges=EDGES)
    runs = await house.open(version, *[house.event(id=n) for n in range(1, 8)])
    await house.perform(worker_concurrency=1)
    given = await outputs(house, runs)
    assert all(one["before"] is None and one["kept"] is False for one in given)
    assert sorted((one["person"], one["position"]) for one in given) == [
        *[("ann", 1)] * 3,
        *[("bob", 2)] * 2,
        *[("cem", 3)] * 2,
    ]
    assert await owners(crm) == {"ann": 3, "bob": 2, "cem": 2}


@pytest.mark.parametrize("by", ["round_robin", "least_busy"])
async def test_workers_side_by_side_give_every_turn_once(
    house: House, crm: asyncpg.Connection, by: str
) -> None:
    await leads(crm, 41)
    people = ["ann", {"person": "bob", "weight": 2}, "cem"]
    version = await house.publish(give(people=people, by=by), edges=EDGES)
    runs = await house.open(version, *[house.event(id=n) for n in range(1, 41)])
    async with house.runner() as one, house.runner() as two, house.runner() as three:
        await asyncio.gather(*(runner.perform_slot(3) for runner in (one, two, three)))
    assert {(await house.run(run)).state for run in runs} == {"succeeded"}
    assert await owners(crm) == {"ann": 10, "bob": 20, "cem": 10}


async def test_a_step_that_is_tried_again_gives_the_same_person(
    house: House, crm: asyncpg.Connection
) -> None:
    await leads(crm, 3)
    version = await house.publish(give(taken="keep"), edges=EDGES)
    first, second = await house.open(version, house.event(id=1), house.event(id=2))
    await house.perform(worker_concurrency=1)
    before = await outputs(house, [first, second])
    await again(house, first)
    assert await outputs(house, [first, second]) == before
    assert (await owners(crm)).total() == 2
    [third] = await house.open(version, house.event(id=3))
    await house.perform()
    assert (await outputs(house, [third]))[0]["person"] == "cem", "no turn was lost"


async def test_a_choice_that_was_kept_but_not_written_is_written_at_the_next_try(
    house: House, crm: asyncpg.Connection
) -> None:
    await leads(crm, 1)
    version = await house.publish(give(), edges=EDGES)
    [run] = await house.open(version, house.event(id=1))
    await house.execute(
        """insert into app.turn (key, rotation, person, position, record)
          values (:key, 'step:1:a', cast('"cem"' as jsonb), 3, '{"id": 1}')""",
        key=f"{run}:a",
    )
    await house.perform()
    assert (await outputs(house, [run]))[0]["person"] == "cem"
    assert await owners(crm) == {"cem": 1}


async def test_who_has_the_least_open_work_gets_the_next(house: House, crm: asyncpg.Connection) -> None:
    await crm.execute("""
        insert into leads (owner, status) values ('ann', 'new'), ('ann', 'callback'), ('bob', 'new'),
          ('cem', 'won'), ('cem', 'won'), ('cem', 'lost'), ('dee', 'new'), (null, 'new')
    """)
    version = await house.publish(
        give(by="least_busy", count_where={"status": ["new", "callback"]}), edges=EDGES
    )
    [run] = await house.open(version, house.event(id=8))
    await house.perform()
    assert await outputs(house, [run]) == [{"person": "cem", "before": None, "position": 3, "kept": False}]
    version = await house.publish(
        give(
            by="least_busy",
            column=None,
            count_column="owner",
            count_where={"status": "won"},
        ),
        edges=EDGES,
    )
    [run] = await house.open(version, house.event(id=8))
    await house.perform()
    assert (await outputs(house, [run]))[0]["person"] == "ann"


async def test_what_is_taken_stays_where_the_rule_says_so(house: House, crm: asyncpg.Connection) -> None:
    await crm.execute("insert into leads (owner) values ('cem'), (''), (null), ('zoe')")
    version = await house.publish(give(taken="keep"), edges=EDGES)
    runs = await house.open(version, *[house.event(id=n) for n in (1, 2, 3, 4)])
    await house.perform(worker_concurrency=1)
    assert [(one["person"], one["position"], one["kept"]) for one in await outputs(house, runs)] == [
        ("cem", 3, True),
        ("ann", 1, False),
        ("bob", 2, False),
        ("zoe", None, True),
    ]
    assert await owners(crm) == {"cem": 1, "ann": 1, "bob": 1, "zoe": 1}


async def test_rules_that_share_a_rotation_share_its_turns(house: House, crm: asyncpg.Connection) -> None:
    await leads(crm, 6)
    one = await house.publish(give(rotation="sales"), edges=EDGES)
    two = await house.publish(give(rotation="sales", column=None), edges=EDGES)
    given = []
    for n in range(1, 7):
        [run] = await house.open(one if n % 2 else two, house.event(id=n))
        await house.perform()
        given += [answer["person"] for answer in await outputs(house, [run])]
    assert given == [*TEAM, *TEAM]


async def test_who_is_away_is_passed_over_and_an_empty_team_takes_the_failed_path(
    house: House, crm: asyncpg.Connection
) -> None:
    await leads(crm, 2)
    told = {
        "id": "n",
        "kind": "action",
        "do": "notify",
        "fields": {"title": {"var": "steps.a.error.code"}},
    }
    version = await house.publish(
        give(away={"var": "after.email"}),
        told,
        edges=[["t", "a"], ["a", "n", "failed"]],
    )
    here, nobody = await house.open(
        version,
        house.event(id=1, email="ann, Bob"),
        house.event(id=2, email="ann;bob;cem"),
    )
    await house.perform()
    assert (await outputs(house, [here]))[0]["person"] == "cem"
    steps = await house.steps(nobody)
    assert steps["a"].error.code == "nobody-free"
    assert steps["n"].output["title"] == "nobody-free"
    assert await owners(crm) == {"cem": 1}


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"people": [{"who": "ann"}]}, "bad-people"),
        ({"column": "boss"}, "no-column"),
        ({"by": "least_busy", "count_where": {"staus": "new"}}, "no-column"),
        ({"table": "public.no_key", "key": {"note": "x"}, "column": "note"}, "bad-key"),
        ({"key": {"id": 99}}, "record-gone"),
        ({"key": {"id": 99}, "taken": "keep"}, "record-gone"),
    ],
)
async def test_what_cannot_be_given_fails_in_words(
    house: House, crm: asyncpg.Connection, fields: JSONObject, code: str
) -> None:
    await leads(crm, 1)
    version = await house.publish(give(**fields), edges=EDGES)
    [run] = await house.open(version, house.event(id=1))
    await house.perform()
    assert (await house.run(run)).state == "failed"
    error = (await house.steps(run))["a"].error
    assert (error.code, bool(error.message)) == (code, True)
    assert await owners(crm) == {}


async def test_many_who_want_a_turn_that_is_counted_slowly_leave_lines_to_others(
    house: House, crm: asyncpg.Connection
) -> None:
    await leads(crm, 8)
    slow = await house.publish(give(by="least_busy"), edges=EDGES)
    runs = await house.open(slow, *[house.event(id=n) for n in range(1, 9)])
    tell = {"id": "a", "kind": "action", "do": "notify", "fields": {"title": "calm"}}
    calm = await house.publish(tell, edges=EDGES)
    few = create_engine(house.settings, pool_size=3)

    async def told() -> bool:
        async with house.engine.connect() as conn:
            return (await conn.execute(text("select 1 from app.notification"))).first() is not None

    async with replace(house, engine=few).runner() as runner:
        async with crm.transaction():
            await crm.execute("lock table public.leads in access exclusive mode")
            working = asyncio.create_task(runner.perform_slot(3))
            await until(lambda: locked_out(crm), what="somebody counts")
            [other] = await house.open(calm, msgspec.structs.replace(house.event(id=9), lane=4))
            await asyncio.gather(runner.perform_slot(4), until(told, what="the other rule"))
            assert (await house.run(other)).state == "succeeded"
        await working
    await few.dispose()

    async def given() -> bool:
        await house.wake()
        await house.perform()
        return {(await house.run(run)).state for run in runs} == {"succeeded"}

    await until(given, what="everybody got their turn")


async def locked_out(crm: asyncpg.Connection) -> bool:
    """Does somebody wait for a lock there?"""
    return bool(await crm.fetchval("select exists (select from pg_locks where not granted)"))


async def test_of_two_that_take_one_turn_at_the_same_time_both_get_the_same(house: House) -> None:
    """A worker that was taken for dead, and who took its run over."""
    keeper, both = RunnerTurns(house.engine), asyncio.Barrier(2)

    async def take() -> object:
        async def pick(at: Rotation, unwritten: object) -> tuple[Turn, Rotation]:
            del unwritten
            person, moved = in_turn([Person("ann"), Person("bob")], [Person("ann"), Person("bob")], at)
            return Turn(person.person, 1), moved

        assert await keeper.taken("1:a") is None
        await both.wait()
        return await keeper.take(key="1:a", rotation="shared:x", rule_id=None, record=None, pick=pick)

    first, second = await asyncio.gather(take(), take())
    assert first == second


async def test_what_somebody_has_to_do_is_counted_once_and_empty_is_a_value_too(
    house: House, crm: asyncpg.Connection
) -> None:
    await crm.execute("""
        insert into leads (first_name, email, owner)
        values ('A', null, 'ann'), ('B', 'x', 'cem'), ('C', 'y', 'ann'), ('D', null, 'bob')
    """)
    database = records.Database(await house.watched.pool(ConnectionId(int(house.log))))
    table = await records.table_of(database, "public.leads")

    async def counted(where: JSONObject, *without: int) -> dict[str, int]:
        keys: list[JSONObject] = [{"id": number} for number in without]
        people = ["ann", "bob"]
        return await count_by_person(
            database, table, column="owner", people=people, where=where, without=keys
        )

    assert await counted({}) == {"ann": 2, "bob": 1}
    assert await counted({}, 1) == {"ann": 1, "bob": 1}
    assert await counted({"email": None}) == {"ann": 1, "bob": 1}
    assert await counted({"email": ["y", None]}, 4) == {"ann": 2}
    assert await counted({"email": "y"}) == {"ann": 1}
