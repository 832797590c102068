"""An action that fails for good goes on by its failed path, where it has one: the run does not end there."""

from __future__ import annotations

import asyncpg
import pytest

from ruleyard.core.errors import Conflict
from ruleyard.core.types import RunId
from ruleyard.stores.db import transaction
from ruleyard.stores.run_care import retry
from runner.house import House
from runner.test_retries import MAIL, died_in_the_middle, wake_and_perform
from support.servers import Answer, http_receiver, smtp_receiver

EDGES = [["t", "m"], ["m", "n"], ["m", "f", "failed"]]


def task(node: str, title: object) -> dict:
    fields = {"table": "public.tasks", "set": {"title": title}}
    return {"id": node, "kind": "action", "do": "create_record", "fields": fields}


WENT, FELL = task("n", "went"), task("f", {"var": "steps.m.error.code"})


async def titles(crm: asyncpg.Connection) -> list[str]:
    return [row["title"] for row in await crm.fetch("select title from tasks order by id")]


async def one_run(house: House, *nodes: dict, edges: list[list[str]], **policy: str) -> RunId:
    version = await house.publish(*nodes, edges=edges, policy=policy)
    [run_id] = await house.open(version, house.event())
    return run_id


async def test_a_refusal_for_good_takes_the_failed_path(house: House, crm: asyncpg.Connection) -> None:
    async with smtp_receiver("550 no such user") as receiver:
        await house.smtp(receiver.port)
        run_id = await one_run(house, MAIL, WENT, FELL, edges=EDGES)
        await house.perform()
    run = await house.run(run_id)
    assert (run.state, run.error, run.path) == ("succeeded", "", "failed/2")
    step = (await house.steps(run_id))["m"]
    assert (step.state, step.branch, step.error.code) == ("failed", "failed", "mail-refused")
    assert await titles(crm) == ["mail-refused"]


async def test_what_goes_well_does_not(house: House, crm: asyncpg.Connection) -> None:
    async with smtp_receiver() as receiver:
        await house.smtp(receiver.port)
        run_id = await one_run(house, MAIL, WENT, FELL, edges=EDGES)
        await house.perform()
    assert (await house.run(run_id)).path == "2"
    assert await titles(crm) == ["went"]


async def test_it_is_taken_when_every_try_failed(house: House, crm: asyncpg.Connection) -> None:
    async with smtp_receiver("451 one", "451 two", "451 three") as receiver:
        await house.smtp(receiver.port)
        run_id = await one_run(house, MAIL, WENT, FELL, edges=EDGES)
        await house.perform()
        assert (await house.run(run_id)).state == "waiting"
        await wake_and_perform(house)
        assert await titles(crm) == []
        await wake_and_perform(house)
    assert (await house.run(run_id)).state == "succeeded"
    assert len((await house.attempts(run_id))["m"]) == 3
    assert len(await titles(crm)) == 1


async def test_fields_without_a_value_fail_the_step_too(house: House, crm: asyncpg.Connection) -> None:
    broken = task("m", {"cat": [{"/": [1, 0]}]})
    run_id = await one_run(house, broken, WENT, FELL, edges=EDGES)
    await house.perform()
    assert (await house.run(run_id)).state == "succeeded"
    assert await titles(crm) == ["not-a-number"]


@pytest.mark.parametrize("how", ["the worker dies", "the line dies"])
@pytest.mark.parametrize(
    ("unknown", "state", "made"),
    [
        ("ask", "failed", []),
        ("do_not_resend", "succeeded", ["outcome-unknown"]),
        ("resend", "succeeded", ["went"]),
    ],
)
async def test_an_unknown_outcome_is_asked_about_unless_the_rule_takes_it_for_failed(
    house: House, crm: asyncpg.Connection, unknown: str, state: str, made: list[str], how: str
) -> None:
    async with smtp_receiver(*(["close"] if how == "the line dies" else [])) as receiver:
        await house.smtp(receiver.port)
        run_id = await one_run(house, MAIL, WENT, FELL, edges=EDGES, unknown=unknown)
        if how == "the worker dies":
            await died_in_the_middle(house, run_id, "m")
        await house.perform()
        await wake_and_perform(house)
    assert (await house.run(run_id)).state == state
    assert await titles(crm) == made


async def test_a_retry_begins_at_the_step_that_ended_the_run(house: House, crm: asyncpg.Connection) -> None:
    """Not at the one that failed before it and was gone on from."""
    async with smtp_receiver("550 no such user") as mails, http_receiver(Answer(status=400)) as receiver:
        await house.smtp(mails.port)
        hook = {"id": "f", "kind": "action", "do": "call_webhook", "fields": {"url": receiver.url}}
        run_id = await one_run(house, MAIL, WENT, hook, edges=EDGES)
        await house.perform(outbound_allow=(receiver.address,))
        assert (await house.run(run_id)).state == "failed"
        async with transaction(house.engine) as conn:
            await retry(conn, run_id)
        await house.perform(outbound_allow=(receiver.address,))
    assert (await house.run(run_id)).state == "succeeded"
    attempts = await house.attempts(run_id)
    assert (len(attempts["m"]), len(attempts["f"])) == (1, 2)
    assert await titles(crm) == []
    with pytest.raises(Conflict):
        async with transaction(house.engine) as conn:
            await retry(conn, run_id)


async def test_failed_paths_and_ways_may_join_again(house: House, crm: asyncpg.Connection) -> None:
    ways = [{"key": "many", "name": "Many/all", "logic": {">": [{"var": "after.attempts"}, 2]}}]
    async with smtp_receiver("550 no such user") as receiver:
        await house.smtp(receiver.port)
        run_id = await one_run(
            house,
            {"id": "x", "kind": "choose", "ways": ways},
            MAIL,
            FELL,
            task("j", "joined"),
            edges=[
                ["t", "x"],
                ["x", "m", "many"],
                ["x", "j", "otherwise"],
                ["m", "j"],
                ["m", "f", "failed"],
                ["f", "j"],
            ],
        )
        await house.perform()
    assert await titles(crm) == ["mail-refused", "joined"]
    run = await house.run(run_id)
    assert (run.state, run.path) == ("succeeded", ":Many all/failed/3")
