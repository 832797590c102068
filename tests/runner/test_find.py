"""find_record and find_records from the run to the database and back: what is found, kept, and seen by later steps."""

from __future__ import annotations

from typing import Any

import asyncpg
import msgspec
import pytest
from sqlalchemy import text

from ruleyard.core.types import OWN_LOG
from ruleyard.stores.db import transaction
from runner.house import House

TEAMS = """
    create table public.teams (id int primary key, name text, budget numeric);
    create table public.people (
      id int primary key, name text not null, phone text, status text not null default 'open', score int,
      paid numeric, seen_at timestamptz, secret text, "odd ""name'" text, p text,
      team_id int references public.teams);
    insert into public.teams values (1, 'Red', 10), (2, 'Blue', null);
    insert into public.people (id, name, phone, status, score, paid, seen_at, secret, team_id) values
      (1, 'Kim', '+82 10', 'open', 5, 1.50, '2026-04-30 09:00+00', 's1', 1),
      (2, 'Lee', '+82 11', 'open', null, 2.25, '2026-04-01 09:00+00', 's2', 2),
      (3, 'Kim', '+82 12', 'shut', 7, null, null, 's3', null),
      (4, 'Ivan', null, 'open', 1, 4, '2026-05-01 08:00+00', 's4', 1);
    grant select on public.teams, public.people to ruleyard_crm
"""


@pytest.fixture
async def people(crm: asyncpg.Connection, house: House) -> None:
    await crm.execute(TEAMS)


def find(do: str = "find_record", **fields: Any) -> dict[str, Any]:
    return {"id": "f", "kind": "action", "do": do, "fields": {"table": "public.people", **fields}}


def item(name: str) -> dict[str, Any]:
    return {"var": f"record.{name}"}


async def answer(house: House, step: dict[str, Any], **after: Any) -> Any:
    """The step as it is after a run of it alone."""
    version = await house.publish(step, edges=[["t", "f"]])
    [run_id] = await house.open(version, house.event(**after))
    await house.perform()
    return (await house.steps(run_id))["f"]


pytestmark = pytest.mark.usefixtures("people")


async def test_the_record_that_was_sought_is_kept(house: House) -> None:
    step = await answer(
        house,
        find(where={"===": [item("phone"), {"var": "after.phone"}]}, columns=["id", "name", "seen_at"]),
        phone="+82 11",
    )
    assert step.output == {
        "found": True,
        "record": {"id": 2, "name": "Lee", "seen_at": "2026-04-01T09:00:00+00:00"},
    }
    assert step.input["where"] == {"===": [{"var": "record.phone"}, "+82 11"]}


async def test_finding_nothing_is_an_answer(house: House) -> None:
    step = await answer(house, find(where={"===": [item("phone"), {"var": "after.phone"}]}), phone="none")
    assert (step.state, step.output) == ("succeeded", {"found": False, "record": None})


async def test_of_several_the_first_of_the_order_is_taken(house: House) -> None:
    kim = {"===": [item("name"), "Kim"]}
    assert (await answer(house, find(where=kim))).output["record"]["id"] == 1
    newest = find(where=kim, order={"column": "score", "direction": "desc"})
    assert (await answer(house, newest)).output["record"]["id"] == 3
    empty_last = find(where=True, order={"column": "seen_at", "direction": "desc"})
    assert (await answer(house, empty_last)).output["record"]["id"] == 4


async def test_a_list_has_its_number_and_totals(house: House) -> None:
    totals = {
        "paid": {"sum": "paid"},
        "mean": {"average": "score"},
        "low": {"min": "score"},
        "high": {"max": "paid"},
        "phones": {"count": "phone"},
    }
    step = await answer(
        house,
        find(
            "find_records",
            where={"===": [item("status"), "open"]},
            limit=2,
            columns=["id"],
            totals=totals,
            order={"column": "name"},
        ),
    )
    assert step.output == {
        "count": 3,
        "records": [{"id": 4}, {"id": 1}],
        "totals": {"paid": 7.75, "mean": 3, "low": 1, "high": 4, "phones": 2},
        "more": True,
    }


async def test_the_first_and_the_last_date_are_totals_that_later_steps_compare(
    house: House, crm: asyncpg.Connection
) -> None:
    await crm.execute("""
        create table public.visits (id int primary key, on_day date, at_time time, local timestamp, at timestamptz);
        insert into public.visits values
          (1, '2026-04-30', '09:30', '2026-04-30 09:30', '2026-04-30 09:30+00'),
          (2, '2026-05-02', '08:00', '2026-05-02 08:00', '2026-05-02 08:00+00'),
          (3, null, null, null, null), (4, null, null, null, null);
        grant select on public.visits to ruleyard_crm
    """)
    totals = {
        "day": {"max": "on_day"},
        "time": {"min": "at_time"},
        "local": {"max": "local"},
        "at": {"min": "at"},
    }
    last = {"var": "steps.f.output.totals.day"}
    many = find("find_records", table="public.visits", where=True, totals=totals, limit=1, columns=["id"])
    later = {"id": "c", "kind": "condition", "logic": {">": [last, "2026-05-01"]}}
    tell = {"id": "n", "kind": "action", "do": "notify", "fields": {"title": last}}
    version = await house.publish(many, later, tell, edges=[["t", "f"], ["f", "c"], ["c", "n", "yes"]])
    await house.open(version, house.event())
    await house.perform()
    [run_id] = await house.open(version, house.event(id=2))
    await house.perform()
    steps = await house.steps(run_id)
    assert steps["f"].output["totals"] == {
        "day": "2026-05-02",
        "time": "08:00:00",
        "local": "2026-05-02T08:00:00",
        "at": "2026-04-30T09:30:00+00:00",
    }
    assert steps["n"].output["title"] == "2026-05-02"
    await crm.execute("update public.visits set on_day = 'infinity' where id = 1")
    step = await answer(house, find("find_records", table="public.visits", where=True, totals=totals), id=3)
    assert step.output["totals"]["day"] is None


async def test_totals_of_nothing_are_empty(house: House) -> None:
    nobody = {"===": [item("name"), "Nobody"]}
    step = await answer(
        house, find("find_records", where=nobody, totals={"a": {"sum": "paid"}, "n": {"count": "id"}})
    )
    assert step.output == {"count": 0, "records": [], "totals": {"a": None, "n": 0}, "more": False}


async def test_a_record_is_sought_by_the_one_it_leads_to(house: House) -> None:
    where = {"and": [{"===": [item("team_id.name"), "Red"]}, {">": [item("score"), 3]}]}
    assert (await answer(house, find(where=where))).output["record"]["id"] == 1
    nowhere = find("find_records", where={"is_empty": [item("team_id.name")]}, columns=["id"])
    assert (await answer(house, nowhere)).output["records"] == [{"id": 3}]


async def test_what_a_watch_leaves_out_is_neither_read_nor_asked(house: House) -> None:
    await leave_out(house, "secret")
    seen = (await answer(house, find(where={"===": [item("id"), 1]}))).output["record"]
    assert "secret" not in seen
    assert seen["name"] == "Kim"
    for fields in (
        {"where": {"===": [item("secret"), "s1"]}},
        {"where": True, "columns": ["secret"]},
        {"where": True, "order": {"column": "secret"}},
    ):
        step = await answer(house, find(**fields))
        assert (step.state, step.error.code) == ("failed", "column-not-captured")


async def leave_out(house: House, *columns: str) -> None:
    async with transaction(house.engine) as conn:
        await conn.execute(
            text(
                "insert into app.watch (connection_id, table_name, key_columns, excluded) "
                "values (:id, 'public.people', '{id}', :columns)"
            ),
            {"id": int(house.log), "columns": list(columns)},
        )


async def test_columns_that_may_not_be_read_are_left_out(house: House, crm: asyncpg.Connection) -> None:
    await crm.execute("revoke select on public.people from ruleyard_crm")
    await crm.execute("grant select (id, name) on public.people to ruleyard_crm")
    assert (await answer(house, find(where={"===": [item("id"), 1]}))).output["record"] == {
        "id": 1,
        "name": "Kim",
    }
    step = await answer(house, find(where={"===": [item("phone"), "x"]}))
    assert (step.state, step.error.code) == ("failed", "column-unreadable")


async def test_odd_names_of_columns_are_names(house: House, crm: asyncpg.Connection) -> None:
    odd = "odd \"name'"
    await crm.execute("update public.people set \"odd \"\"name'\" = 'x', p = 'y' where id = 2")
    step = await answer(house, find(where={"===": [item(odd), "x"]}, columns=["id", "p", odd]))
    assert step.output["record"] == {"id": 2, "p": "y", odd: "x"}


async def test_a_search_that_takes_too_long_ends(
    house: House, crm: asyncpg.Connection, monkeypatch: Any
) -> None:
    monkeypatch.setattr("ruleyard.actions.searching.TIMEOUT_MS", 100)
    async with crm.transaction():
        await crm.execute("lock table public.people in access exclusive mode")
        step = await answer(house, find(where={"===": [item("name"), "x"]}))
    assert (step.state, step.error.code) == ("waiting", "search-too-slow")


async def test_a_record_that_is_too_large_is_said(house: House, crm: asyncpg.Connection) -> None:
    await crm.execute("update public.people set name = repeat('x', 300000) where id = 2")
    step = await answer(house, find(where={"===": [item("id"), 2]}))
    assert (step.state, step.error.code) == ("failed", "record-too-large")
    fits = await answer(house, find(where={"===": [item("id"), 2]}, columns=["id"]))
    assert fits.output["record"] == {"id": 2}


async def test_a_list_is_cut_where_it_gets_too_large(house: House, crm: asyncpg.Connection) -> None:
    await crm.execute("update public.people set name = repeat('x', 100000)")
    output = (await answer(house, find("find_records", where=True))).output
    assert (output["count"], len(output["records"]), output["more"]) == (4, 2, True)


async def test_what_a_run_knows_is_put_in_before_anything_is_sought(house: House) -> None:
    where = {
        "and": [
            {"!==": [{"var": "after.team"}, None]},
            {"===": [item("name"), {"cat": ["K", {"lower": ["IM"]}]}]},
            {"<": [item("seen_at"), {"date_add": [{"var": "now"}, -1, "hours"]}]},
        ]
    }
    step = await answer(house, find(where=where), team=3)
    assert step.input["where"] == {
        "and": [
            {"===": [{"var": "record.name"}, "Kim"]},
            {"<": [{"var": "record.seen_at"}, "2026-05-01T08:00:00+00:00"]},
        ]
    }
    assert step.output["record"]["id"] == 1
    never = await answer(house, find(where=where), team=None)
    assert (never.input["where"], never.output["found"]) == (False, False)


async def test_later_steps_go_by_what_was_found(house: House) -> None:
    ask = {
        "id": "c",
        "kind": "condition",
        "logic": {"some": [{"var": "steps.f.output.records"}, {">": [{"var": "score"}, {"+": [4, 0]}]}]},
    }
    tell = {
        "id": "n",
        "kind": "action",
        "do": "notify",
        "fields": {
            "title": {
                "cat": [{"var": "steps.f.output.count"}, " of ", {"var": "steps.f.output.records.0.name"}]
            }
        },
    }
    version = await house.publish(
        find("find_records", where={"===": [item("name"), "Kim"]}),
        ask,
        tell,
        edges=[["t", "f"], ["f", "c"], ["c", "n", "yes"]],
    )
    [run_id] = await house.open(version, house.event())
    await house.perform()
    assert (await house.steps(run_id))["n"].output["title"] == "2 of Kim"


async def test_a_schedule_without_a_table_works_once_with_the_list(house: House) -> None:
    """One run at a moment, with all that match, instead of one for each record."""
    schedule = {"repeat": "weekday", "at": "09:00"}
    trigger = {"id": "t", "kind": "trigger", "on": "schedule", "schedule": schedule}
    since = {"date_add": [{"var": "now"}, -2, "days"]}
    where = {"and": [{"!==": [item("seen_at"), None]}, {">": [item("seen_at"), since]}]}
    many = {"id": "c", "kind": "condition", "logic": {">": [{"var": "steps.f.output.count"}, 0]}}
    names = {"map": [{"var": "steps.f.output.records"}, {"var": "name"}]}
    tell = {"id": "n", "kind": "action", "do": "notify", "fields": {"title": {"cat": ["Seen: ", names]}}}
    version = await house.publish(
        {**find("find_records", connection="crm", where=where, order={"column": "name"})},
        many,
        tell,
        edges=[["t", "f"], ["f", "c"], ["c", "n", "yes"]],
        trigger=trigger,
    )
    tick = msgspec.structs.replace(
        house.event(),
        log=OWN_LOG,
        table="@schedule",
        op="tick",
        key={"rule": 1},
        after={"tick_at": "2026-05-01"},
    )
    [run_id] = await house.open(version, tick)
    await house.perform()
    assert (await house.run(run_id)).state == "succeeded"
    assert (await house.steps(run_id))["n"].output["title"] == "Seen: Ivan,Kim"
