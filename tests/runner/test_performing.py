"""Runs from queued to where they rest, on real databases."""

from __future__ import annotations

import asyncpg
import msgspec

from ruleyard.core.types import OWN_LOG, ConnectionId
from ruleyard.intake.capture import install_log
from runner.house import House
from support.servers import Answer, http_receiver

TASK = {"id": "a", "kind": "action", "do": "create_record", "fields": {"table": "public.tasks"}}


def task(**values: object) -> dict:
    return {**TASK, "fields": {**TASK["fields"], "set": {"title": "Call", **values}}}


async def test_a_record_is_created_and_the_run_says_so(house: House, crm: asyncpg.Connection) -> None:
    condition = {"id": "c", "kind": "condition", "logic": {">=": [{"var": "after.attempts"}, 3]}}
    version = await house.publish(condition, task(due_on="2026-05-02"), edges=[["t", "c"], ["c", "a", "yes"]])
    [run_id] = await house.open(version, house.event())

    await house.perform()

    run = await house.run(run_id)
    assert (run.state, run.path, run.error) == ("succeeded", "yes/1", "")
    steps = await house.steps(run_id)
    assert list(steps) == ["t", "c", "a"]
    assert steps["a"].output["record"]["title"] == "Call"
    assert steps["a"].output["record"]["due_on"] == "2026-05-02"
    assert [t.outcome for t in (await house.attempts(run_id))["a"]] == ["succeeded"]
    assert await crm.fetchval("select count(*) from tasks") == 1


async def test_a_number_that_few_can_read_does_not_undo_what_was_written(
    house: House, crm: asyncpg.Connection
) -> None:
    await crm.execute("alter table tasks add column distance numeric default 1e400 + 0.5")
    change = {"id": "u", "kind": "action", "do": "update_record", "fields": {"table": "public.tasks"}}
    change["fields"] |= {"key": {"id": {"var": "steps.a.output.key.id"}}, "set": {"distance": 7}}
    version = await house.publish(task(), change, edges=[["t", "a"], ["a", "u"]])
    [run_id] = await house.open(version, house.event())
    await house.perform()
    run = await house.run(run_id)
    assert (run.state, run.error) == ("succeeded", "")
    assert (await house.steps(run_id))["u"].output["after"] == {"distance": 7}
    assert await crm.fetchval("select count(*) from tasks") == 1


async def test_a_run_is_opened_once_however_often_it_is_asked_for(house: House) -> None:
    version = await house.publish(task(), edges=[["t", "a"]])
    event = house.event()
    assert len(await house.open(version, event, event)) == 1
    assert await house.open(version, event) == []


async def test_a_record_write_repeated_after_a_crash_happens_once(
    house: House, crm: asyncpg.Connection
) -> None:
    version = await house.publish(task(), edges=[["t", "a"]])
    [run_id] = await house.open(version, house.event())
    await house.perform()
    await house.execute("delete from app.step where run_id = :id", id=run_id)
    await house.execute("update app.run set state = 'queued', finished_at = null where id = :id", id=run_id)

    await house.perform()

    assert (await house.run(run_id)).state == "succeeded"
    assert (await house.steps(run_id))["a"].output["record"]["title"] == "Call"
    assert await crm.fetchval("select count(*) from tasks") == 1


async def test_a_record_is_created_where_no_table_is_watched(house: House, crm: asyncpg.Connection) -> None:
    pool = await house.watched.pool(ConnectionId(house.log))
    await pool.execute("drop schema ruleyard cascade")
    version = await house.publish(task(), edges=[["t", "a"]])
    [run_id] = await house.open(version, house.event())

    await house.perform()

    assert (await house.run(run_id)).state == "succeeded"
    assert await crm.fetchval("select count(*) from tasks") == 1
    async with pool.acquire() as conn:
        await install_log(conn)
        assert await conn.fetchval("select count(*) from ruleyard.applied") == 1


async def test_a_value_the_database_refuses_fails_at_once_with_its_words(house: House) -> None:
    version = await house.publish(task(due_on="someday"), edges=[["t", "a"]])
    [run_id] = await house.open(version, house.event())
    await house.perform()
    run = await house.run(run_id)
    assert run.state == "failed"
    assert "someday" in run.error
    assert (await house.steps(run_id))["a"].error.code == "database-refused"


async def test_the_triggers_record_is_updated_and_a_gone_one_fails(
    house: House, crm: asyncpg.Connection
) -> None:
    await crm.execute("insert into leads (first_name, budget) values ('Ann', 10.50)")
    update = {
        "id": "u",
        "kind": "action",
        "do": "update_record",
        "fields": {"set": {"owner": "senior", "budget": {"+": [{"var": "after.attempts"}, 1]}}},
    }
    version = await house.publish(update, edges=[["t", "u"]])
    there, gone = await house.open(version, house.event(), house.event(id=99))
    await house.perform()
    output = (await house.steps(there))["u"].output
    assert output["before"] == {"owner": None, "budget": 10.50}
    assert output["after"] == {"owner": "senior", "budget": 4}
    assert output["key"] == {"id": 1}
    assert (await house.run(gone)).state == "failed"
    assert "99" in (await house.run(gone)).error


async def test_a_fraction_in_a_column_of_whole_numbers_is_rounded_as_sql_does(
    house: House, crm: asyncpg.Connection
) -> None:
    await crm.execute("insert into leads (first_name, attempts) values ('Ann', 1)")
    for value, rounded in ((2.5, 3), (-2.5, -3), ({"/": [{"var": "after.attempts"}, 8]}, 0), (4.0, 4)):
        update = {"id": "u", "kind": "action", "do": "update_record", "fields": {"set": {"attempts": value}}}
        version = await house.publish(update, edges=[["t", "u"]])
        [run_id] = await house.open(version, house.event())
        await house.perform()
        assert (await house.run(run_id)).state == "succeeded"
        by_sql = "select round($1::text::numeric)::int"
        assert await crm.fetchval("select attempts from leads") == rounded
        if isinstance(value, float):
            assert await crm.fetchval(by_sql, str(value)) == rounded


async def test_the_cause_travels_into_the_event_log(house: House, crm: asyncpg.Connection) -> None:
    from ruleyard.intake.capture import watch_table

    await watch_table(await house.watched.pool(house.log), "public.tasks")  # type: ignore[arg-type]
    version = await house.publish(task(), edges=[["t", "a"]])
    [run_id] = await house.open(version, house.event())
    await house.perform()
    pool = await house.watched.pool(house.log)  # type: ignore[arg-type]
    assert await pool.fetchval("select cause from ruleyard.event") == f"run:{run_id} root:{run_id} depth:1"


async def test_an_unknown_column_or_table_is_named(house: House) -> None:
    version = await house.publish(
        task(colour="red"),
        {
            "id": "b",
            "kind": "action",
            "do": "create_record",
            "fields": {"table": "public.nope", "set": {"x": 1}},
        },
        edges=[["t", "a"], ["a", "b"]],
    )
    [run_id] = await house.open(version, house.event())
    await house.perform()
    assert "colour" in (await house.run(run_id)).error


async def test_a_wait_parks_the_run_and_it_goes_on_from_there(house: House, crm: asyncpg.Connection) -> None:
    wait = {"id": "w", "kind": "wait", "amount": 1, "unit": "hours"}
    version = await house.publish(wait, task(), edges=[["t", "w"], ["w", "a"]])
    [run_id] = await house.open(version, house.event())
    await house.perform()
    run = await house.run(run_id)
    assert run.state == "waiting"
    assert run.wake_at is not None
    assert (await house.steps(run_id))["w"].until is not None
    assert await house.wake() == []

    await house.execute("update app.run set wake_at = now() where id = :id", id=run_id)
    assert await house.wake() == [3]
    await house.perform()

    assert (await house.run(run_id)).state == "succeeded"
    assert [(n, s.state) for n, s in (await house.steps(run_id)).items()] == [
        ("t", "succeeded"),
        ("w", "succeeded"),
        ("a", "succeeded"),
    ]
    assert await crm.fetchval("select count(*) from tasks") == 1


async def test_people_are_notified_once_and_screens_are_told(house: House) -> None:
    notify = {
        "id": "n",
        "kind": "action",
        "do": "notify",
        "fields": {"title": {"cat": ["Hi ", {"var": "after.first_name"}]}},
    }
    version = await house.publish(notify, edges=[["t", "n"]])
    [run_id] = await house.open(version, house.event())
    await house.perform()
    async with house.engine.connect() as conn:
        told = (await conn.exec_driver_sql("select title, run_id from app.notification")).all()
    assert [tuple(row) for row in told] == [("Hi Ann", run_id)]
    assert ("run", {"ids": [run_id], "rule_ids": [1], "count": 1}) in house.told


async def test_a_broken_expression_fails_the_run_and_says_where(house: House) -> None:
    create = task(due_on={"date_add": [{"var": "after.first_name"}, 1, "days"]})
    version = await house.publish(create, edges=[["t", "a"]])
    [run_id] = await house.open(version, house.event())
    await house.perform()
    run = await house.run(run_id)
    step = (await house.steps(run_id))["a"]
    assert (run.state, step.state, step.kind) == ("failed", "failed", "action")
    assert run.error == step.error.message


async def test_a_rule_fired_by_hand_updates_the_record_it_was_fired_on(
    house: House, crm: asyncpg.Connection
) -> None:
    await crm.execute("insert into leads (first_name) values ('Ann')")
    trigger = {"id": "t", "kind": "trigger", "on": "manual", "connection": "crm", "table": "public.leads"}
    update = {"id": "u", "kind": "action", "do": "update_record", "fields": {"set": {"owner": "senior"}}}
    version = await house.publish(update, edges=[["t", "u"]], trigger=trigger)
    fired = msgspec.structs.replace(house.event(), log=OWN_LOG, table="@manual", op="manual", key={"rule": 1})
    [run_id] = await house.open(version, fired)
    await house.perform()
    assert (await house.run(run_id)).error == ""
    assert await crm.fetchval("select owner from leads") == "senior"


async def test_words_with_nul_from_the_other_side_are_kept(house: House) -> None:
    hook = {"id": "h", "kind": "action", "do": "call_webhook"}
    async with http_receiver(Answer(200, b"a\x00b\\u0000")) as receiver:
        version = await house.publish({**hook, "fields": {"url": receiver.url}}, edges=[["t", "h"]])
        [run_id] = await house.open(version, house.event())
        await house.perform(outbound_allow=(receiver.address,))
    assert (await house.steps(run_id))["h"].output["body"] == "a\ufffdb\\u0000"


async def test_one_job_performs_everything_that_is_due_in_its_slot(house: House) -> None:
    version = await house.publish(task(), edges=[["t", "a"]])
    runs = await house.open(version, *(house.event(id=number) for number in range(100)))
    await house.perform(worker_concurrency=2)
    assert {(await house.run(run_id)).state for run_id in runs} == {"succeeded"}
