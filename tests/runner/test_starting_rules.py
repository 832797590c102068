"""emit_event and run_rule: other rules are started, each once per run and step, and know what set them off."""

from __future__ import annotations

from typing import Any

import asyncpg
import msgspec
import pytest
from sqlalchemy import text

from ruleyard.core.types import RuleId, RunId
from ruleyard.stores.rule_cards import rule_cards
from runner.house import House

ORDERS = {"id": "t", "kind": "trigger", "on": "webhook", "event": "order.paid"}
BY_HAND = {"id": "t", "kind": "trigger", "on": "manual"}
LEADS = {**BY_HAND, "connection": "crm", "table": "public.leads"}
NOTIFY = {"id": "n", "kind": "action", "do": "notify", "fields": {"title": "Hi"}}


def emit(**fields: Any) -> dict[str, Any]:
    return {"id": "e", "kind": "action", "do": "emit_event", "fields": fields}


def start(**fields: Any) -> dict[str, Any]:
    return {"id": "r", "kind": "action", "do": "run_rule", "fields": fields}


async def listener(house: House, trigger: dict[str, Any], name: str) -> RuleId:
    """A rule that is live, by its number."""
    version = await house.publish(NOTIFY, edges=[["t", "n"]], trigger=trigger)
    async with house.engine.begin() as conn:
        made = await conn.execute(
            text("""
                update app.rule r set name = :name, live_version_id = :version
                from app.version v where v.id = :version and r.id = v.rule_id returning r.id
            """),
            {"version": version, "name": name},
        )
        return RuleId(made.scalar_one())


async def told(house: House) -> list[Any]:
    """The events of rules in our own log; the one that waits look for stands beside them."""
    async with house.engine.connect() as conn:
        rows = await conn.execute(
            text("""
                select table_name, op, key::text, before::text, after::text, cause, actor
                from ruleyard.event where table_name <> '@event' order by id
            """)
        )
        return [
            (*row[:2], *(msgspec.json.decode(one or "null") for one in row[2:5]), *row[5:]) for row in rows
        ]


async def taken_over(house: House, run_id: RunId) -> None:
    """As if its worker had died after the step was done, and before that was written."""
    await house.execute("delete from app.step where run_id = :run", run=run_id)
    await house.execute(
        "update app.run set state = 'queued', finished_at = null, deaths = 1 where id = :run", run=run_id
    )
    await house.perform()


async def test_an_event_starts_every_rule_that_listens_and_says_its_cause(house: House) -> None:
    one = await listener(house, ORDERS, "Thank")
    other = await listener(house, ORDERS, "Pack")
    await listener(house, {**ORDERS, "event": "order.lost"}, "Mourn")
    data = {"who": {"var": "after.first_name"}, "lines": [{"n": {"var": "after.attempts"}}, 2]}
    version = await house.publish(emit(type="order.paid", data=data), edges=[["t", "e"]])
    [run_id] = await house.open(version, house.event())
    await house.perform()
    after = {"who": "Ann", "lines": [{"n": 3}, 2]}
    key = f"{run_id}:e"
    cause = f"run:{run_id} root:{run_id} depth:1"
    assert await told(house) == [
        ("@webhook", "webhook", {"rule": rule, "request": key}, None, after, cause, "Leads")
        for rule in (one, other)
    ]
    step = (await house.steps(run_id))["e"]
    assert step.output == {"type": "order.paid", "rules": ["Thank", "Pack"], "started": 2}


async def test_spaces_around_a_type_make_no_other_event(house: House) -> None:
    listening = [
        await listener(house, {**ORDERS, "event": kind}, kind) for kind in ("order.paid", " order.paid\u3000")
    ]
    await listener(house, {**ORDERS, "event": "order. paid"}, "Another")
    version = await house.publish(emit(type="\torder.paid "), edges=[["t", "e"]])
    await house.open(version, house.event())
    await house.perform()
    assert [row[2]["rule"] for row in await told(house)] == listening
    async with house.engine.begin() as conn:
        cards = await rule_cards(conn)
    assert [cards[rule].event for rule in listening] == ["order.paid", "order.paid"]


async def test_an_event_to_which_nobody_listens_is_no_fault(house: House) -> None:
    version = await house.publish(emit(type="nobody"), edges=[["t", "e"]])
    [run_id] = await house.open(version, house.event())
    await house.perform()
    assert (await house.steps(run_id))["e"].output == {"type": "nobody", "rules": [], "started": 0}
    assert await told(house) == []


async def test_a_worker_that_died_after_it_told_an_event_tells_it_once(house: House) -> None:
    """Its step is not written: whoever takes the run over does the step again, under the same key."""
    await listener(house, ORDERS, "Thank")
    version = await house.publish(
        emit(type="order.paid", data={"n": {"var": "after.attempts"}}), edges=[["t", "e"]]
    )
    [run_id] = await house.open(version, house.event())
    await house.perform()
    await taken_over(house, run_id)
    assert len(await told(house)) == 1
    assert (await house.run(run_id)).state == "succeeded"
    assert (await house.steps(run_id))["e"].output["rules"] == ["Thank"]


async def test_a_worker_that_died_after_it_started_a_rule_starts_it_once(house: House) -> None:
    await listener(house, BY_HAND, "Tidy up")
    version = await house.publish(start(rule={"name": "Tidy up"}), edges=[["t", "r"]])
    [run_id] = await house.open(version, house.event())
    await house.perform()
    first = (await house.steps(run_id))["r"].output
    await taken_over(house, run_id)
    assert len(await told(house)) == 1
    assert (await house.steps(run_id))["r"].output == first


async def test_another_rule_runs_on_the_same_record_as_it_is_now(
    house: House, crm: asyncpg.Connection
) -> None:
    rule = await listener(house, LEADS, "Call back")
    number = await crm.fetchval("insert into leads (first_name, attempts) values ('Ann', 3) returning id")
    version = await house.publish(start(rule={"id": rule, "name": "Old name"}), edges=[["t", "r"]])
    [run_id] = await house.open(version, house.event(id=number))
    await crm.execute("update leads set attempts = 9")
    await house.perform()
    [(table, op, key, before, after, cause, actor)] = await told(house)
    assert (table, op, key) == ("@manual", "manual", {"rule": rule, "request": str(number)})
    assert after == before
    assert (after["first_name"], after["attempts"]) == ("Ann", 9)
    assert (cause, actor) == (f"run:{run_id} root:{run_id} depth:1", "Leads")
    assert (await house.steps(run_id))["r"].output["rule"] == "Call back"


async def test_another_rule_runs_on_the_record_that_is_named_or_with_data(
    house: House, crm: asyncpg.Connection
) -> None:
    of_leads = await listener(house, LEADS, "Call back")
    of_data = await listener(house, BY_HAND, "Tidy up")
    number = await crm.fetchval("insert into leads (first_name) values ('Bob') returning id")
    version = await house.publish(
        start(rule={"name": "Call back"}, record={"id": {"+": [{"var": "after.attempts"}, number - 3]}}),
        {**start(rule={"id": of_data}, data={"days": 7}), "id": "s"},
        edges=[["t", "r"], ["r", "s"]],
    )
    [run_id] = await house.open(version, house.event(attempts=3))
    await house.perform()
    first, second = await told(house)
    assert first[2] == {"rule": of_leads, "request": str(number)}
    assert first[4]["first_name"] == "Bob"
    assert second[2:5] == ({"rule": of_data, "request": f"{run_id}:s"}, None, {"days": 7})


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"rule": {"id": 99, "name": "Gone"}}, "unknown-rule"),
        ({"rule": {"name": "Off"}}, "rule-off"),
        ({"rule": {"name": "Call back"}, "record": {"id": 404}}, "record-gone"),
        ({"rule": {"name": "Call back"}, "record": {"id": None}}, "bad-key"),
    ],
)
async def test_what_cannot_be_started_is_said_and_not_tried_again(
    house: House, crm: asyncpg.Connection, fields: dict[str, Any], code: str
) -> None:
    await listener(house, LEADS, "Call back")
    off = await listener(house, BY_HAND, "Off")
    await house.execute("update app.rule set enabled = false where id = :id", id=off)
    version = await house.publish(start(**fields), edges=[["t", "r"]])
    [run_id] = await house.open(version, house.event())
    await house.perform()
    step = (await house.steps(run_id))["r"]
    assert (step.state, step.error.code, step.attempts) == ("failed", code, 1)
    assert await told(house) == []
