"""Questions for approval from the run to its end: asked once, answered once, by somebody who may."""

from __future__ import annotations

import asyncio
import re

import asyncpg
import pytest
from litestar import Litestar
from sqlalchemy import text

from ruleyard.core.errors import Conflict
from ruleyard.stores import approvals, passing_on, run_care
from ruleyard.stores.db import transaction
from runner.approving import (
    ROUTES,
    STEPS,
    account,
    as_person,
    asks,
    time_is_over,
    titles,
    waiting_run,
)
from runner.house import House


async def test_the_run_rests_until_somebody_approves_and_reads_who(
    house: House, app: Litestar, crm: asyncpg.Connection
) -> None:
    async with as_person(app, house, "kim") as kim:
        run_id = await waiting_run(house, details="Two desks", to=["kim@example.com"])
        assert (await kim.get("/approvals/count")).json() == {"open": 1}
        assert (await kim.get("/notifications")).json()["items"][0]["told"]["code"] == "approval-asked"
        [item] = (await kim.get("/approvals", params={"mine": "true"})).json()["items"]
        assert (item["question"], item["details"]) == ("Order for Ann?", "Two desks")
        assert (item["standing"], item["mine"], item["asked"]) == ("open", True, ["Kim"])
        answer = await kim.post(
            f"/approvals/{item['id']}/answer", json={"answer": "approved", "comment": "Go"}
        )
        assert answer.json()["standing"] == "approved"
        assert (await kim.get("/approvals/count")).json() == {"open": 0}
        assert (await kim.get("/notifications")).json()["unread"] == 0
        [done] = (await kim.get("/approvals", params={"which": "done"})).json()["items"]
        assert (done["answered_by"], done["comment"], done["for_others"]) == ("Kim", "Go", False)
    await house.perform()
    assert (await house.run(run_id)).state == "succeeded"
    output = (await house.steps(run_id))["q"].output
    assert (output["answer"], output["by"], output["comment"]) == ("approved", "kim@example.com", "Go")
    assert await titles(crm) == ["approved by kim@example.com"]


async def test_a_refusal_goes_its_own_way_and_may_need_a_comment(
    house: House, app: Litestar, crm: asyncpg.Connection
) -> None:
    async with as_person(app, house, "kim") as kim:
        run_id = await waiting_run(house, comment="on_refusal")
        [item] = (await kim.get("/approvals")).json()["items"]
        refused = await kim.post(
            f"/approvals/{item['id']}/answer", json={"answer": "refused", "comment": " "}
        )
        assert (refused.status_code, refused.json()["code"]) == (422, "comment-needed")
        given = await kim.post(
            f"/approvals/{item['id']}/answer", json={"answer": "refused", "comment": "No money"}
        )
        assert given.status_code == 200
    await house.perform()
    run = await house.run(run_id)
    assert (run.state, run.path) == ("succeeded", "refused/2")
    assert await titles(crm) == ["refused: No money"]


async def test_where_nothing_is_drawn_a_refusal_ends_the_run(house: House, app: Litestar) -> None:
    async with as_person(app, house, "kim") as kim:
        version = await house.publish(asks(), STEPS[0], edges=[["t", "q"], ["q", "n"]])
        [run_id] = await house.open(version, house.event())
        await house.perform()
        [item] = (await kim.get("/approvals")).json()["items"]
        await kim.post(f"/approvals/{item['id']}/answer", json={"answer": "refused"})
        await house.perform()
    run = await house.run(run_id)
    assert (run.state, run.path) == ("succeeded", "refused/1")


async def test_of_two_at_once_the_first_counts_and_the_other_sees_who_it_was(
    house: House, app: Litestar, crm: asyncpg.Connection
) -> None:
    async with as_person(app, house, "kim") as kim, as_person(app, house, "lee") as lee:
        await waiting_run(house, to="kim@example.com, lee@example.com")
        [item] = (await kim.get("/approvals")).json()["items"]
        where = f"/approvals/{item['id']}/answer"
        both = await asyncio.gather(
            kim.post(where, json={"answer": "approved"}), lee.post(where, json={"answer": "refused"})
        )
        assert sorted(one.status_code for one in both) == [200, 409]
        late = next(one.json() for one in both if one.status_code == 409)
        assert re.match(r"(Kim has approved|Lee has refused) this already", late["detail"])
    await house.perform()
    assert len(await titles(crm)) == 1


async def test_nobody_answers_in_time(house: House, app: Litestar, crm: asyncpg.Connection) -> None:
    async with as_person(app, house, "kim") as kim:
        run_id = await waiting_run(house)
        [item] = (await kim.get("/approvals")).json()["items"]
        await time_is_over(house, run_id)
        answer = await kim.post(f"/approvals/{item['id']}/answer", json={"answer": "approved"})
        assert (answer.status_code, answer.json()["code"]) == (409, "approval-late")
        await house.wake()
        await house.perform()
        assert (await house.run(run_id)).path == "late/2"
        assert await titles(crm) == ["late"]
        [done] = (await kim.get("/approvals", params={"which": "done"})).json()["items"]
        assert done["standing"] == "late"


@pytest.mark.parametrize("way", ["now", "late"])
async def test_a_run_that_asks_people_is_not_let_go_on_without_them(
    house: House, way: passing_on.Way
) -> None:
    await account(house, "kim")
    run_id = await waiting_run(house)
    async with transaction(house.engine) as conn:
        with pytest.raises(Conflict):
            await passing_on.go_on(conn, run_id, way)
    assert (await house.run(run_id)).state == "waiting"


async def test_a_run_that_was_cancelled_needs_no_answer(house: House, app: Litestar) -> None:
    async with as_person(app, house, "kim") as kim:
        run_id = await waiting_run(house)
        [item] = (await kim.get("/approvals")).json()["items"]
        async with transaction(house.engine) as conn:
            await run_care.cancel(conn, run_id)
        assert (await kim.get("/approvals/count")).json() == {"open": 0}
        answer = await kim.post(f"/approvals/{item['id']}/answer", json={"answer": "approved"})
        assert (answer.status_code, answer.json()["code"]) == (409, "approval-over")


async def test_only_those_who_are_asked_may_answer_and_administrators_for_them(
    house: House, app: Litestar
) -> None:
    await account(house, "kim")
    await waiting_run(house)
    async with as_person(app, house, "lee", "publisher") as lee:
        [item] = (await lee.get("/approvals")).json()["items"]
        assert (item["mine"], item["may_answer"]) == (False, False)
        assert (await lee.get("/approvals", params={"mine": "true"})).json()["items"] == []
        answer = await lee.post(f"/approvals/{item['id']}/answer", json={"answer": "approved"})
        assert (answer.status_code, answer.json()["code"]) == (403, "not-asked")
    async with as_person(app, house, "ann", "admin") as ann:
        answer = await ann.post(f"/approvals/{item['id']}/answer", json={"answer": "approved"})
        assert (answer.json()["for_others"], answer.json()["answered_by"]) == (True, "Ann")


async def test_where_there_is_nobody_to_ask_the_step_fails(house: House, crm: asyncpg.Connection) -> None:
    version = await house.publish(asks(), *STEPS, edges=ROUTES)
    [run_id] = await house.open(version, house.event())
    await house.perform()
    assert (await house.run(run_id)).path == "failed/2"
    assert await titles(crm) == ["nobody"]


async def test_it_is_asked_once_however_often_the_step_is_performed(house: House) -> None:
    await account(house, "kim")
    run_id = await waiting_run(house)
    await house.execute("delete from app.awaited")
    await house.execute(
        "update app.step set state = 'running' where run_id = :id and node_id = 'q'", id=run_id
    )
    await house.execute("update app.run set state = 'queued', wake_at = null where id = :id", id=run_id)
    await house.perform()
    assert (await house.run(run_id)).state == "waiting"
    async with house.engine.connect() as conn:
        assert await conn.scalar(text("select count(*) from app.approval")) == 1
        assert await conn.scalar(text("select count(*) from app.notification")) == 1


async def test_an_answer_before_the_run_rests_is_not_lost(
    house: House, app: Litestar, crm: asyncpg.Connection
) -> None:
    async with as_person(app, house, "kim") as kim:
        run_id = await waiting_run(house)
        [item] = (await kim.get("/approvals")).json()["items"]
        await house.execute("delete from app.awaited")
        await house.execute(
            "update app.step set state = 'running' where run_id = :id and node_id = 'q'", id=run_id
        )
        await house.execute("update app.run set state = 'queued', wake_at = null where id = :id", id=run_id)
        assert (
            await kim.post(f"/approvals/{item['id']}/answer", json={"answer": "approved"})
        ).status_code == 200
    await house.perform()
    await house.perform()
    assert (await house.run(run_id)).state == "succeeded"
    async with transaction(house.engine) as conn:
        found = await approvals.approval_of(conn, run_id, (await house.steps(run_id))["q"].node)
    assert found is not None
    assert found.standing == "approved"
    assert await titles(crm) == ["approved by kim@example.com"]
