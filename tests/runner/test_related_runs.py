"""Runs whose actions read related records: what was kept is used to the end; what was not is read once and kept."""

from __future__ import annotations

import asyncpg
import pytest

from ruleyard.core.related import Related
from ruleyard.core.types import RuleId, RunId, VersionId
from ruleyard.stores.db import transaction
from ruleyard.stores.new_runs import NewRun, open_runs
from ruleyard.stores.run_care import retry
from runner.house import House
from support.servers import smtp_receiver

MAIL = {
    "id": "m",
    "kind": "action",
    "do": "send_email",
    "fields": {
        "to": {"var": "related.agent_id.email"},
        "subject": {"cat": ["For ", {"var": "related.agent_id.name"}]},
        "body": "See you.",
    },
}


@pytest.fixture
async def agents(crm: asyncpg.Connection) -> None:
    await crm.execute("""
        set role crm_owner;
        create table public.agents (id bigint primary key, name text not null, email text);
        insert into public.agents values (1, 'Ann', 'ann@agents.example');
        alter table public.leads add column agent_id bigint references public.agents
    """)


async def opened(house: House, version: VersionId, related: Related | None) -> RunId:
    event = house.event(agent_id=1)
    async with transaction(house.engine) as conn:
        (run_id,) = (await open_runs(conn, [NewRun(RuleId(1), version, event, event.lane, related)])).runs
    return run_id


@pytest.mark.usefixtures("agents")
async def test_a_mail_goes_to_whom_the_run_saw_whatever_was_changed_since(
    house: House, crm: asyncpg.Connection
) -> None:
    seen = Related({"agent_id": {"name": "Ann", "email": "ann@agents.example"}}, "2026-01-01T00:00:00Z")
    async with smtp_receiver("451 later") as receiver:
        await house.smtp(receiver.port)
        version = await house.publish(MAIL, edges=[["t", "m"]])
        run_id = await opened(house, version, seen)
        await house.perform()
        assert (await house.run(run_id)).state == "waiting"
        await crm.execute("update public.agents set email = 'else@agents.example', name = 'Else'")
        await house.execute("update app.run set wake_at = now() where state = 'waiting'")
        await house.wake()
        await house.perform()
        [mail] = await receiver.wait_for(1)
    assert (mail.to, mail.message["Subject"]) == (["ann@agents.example"], "For Ann")
    run = await house.run(run_id)
    assert (run.state, run.related) == ("succeeded", seen)


@pytest.mark.usefixtures("agents")
async def test_what_could_not_be_read_at_judging_is_read_once_and_kept(house: House) -> None:
    async with smtp_receiver() as receiver:
        await house.smtp(receiver.port)
        version = await house.publish(MAIL, edges=[["t", "m"]])
        run_id = await opened(house, version, None)
        await house.perform()
        [mail] = await receiver.wait_for(1)
    assert mail.to == ["ann@agents.example"]
    run = await house.run(run_id)
    assert run.related is not None
    assert run.related.records == {"agent_id": {"email": "ann@agents.example", "name": "Ann"}}


@pytest.mark.usefixtures("agents")
async def test_without_the_right_to_read_a_run_fails_and_a_retry_reads_again(
    house: House, crm: asyncpg.Connection
) -> None:
    await crm.execute("revoke select on public.agents from ruleyard_crm")
    async with smtp_receiver() as receiver:
        await house.smtp(receiver.port)
        version = await house.publish(MAIL, edges=[["t", "m"]])
        run_id = await opened(house, version, None)
        await house.perform()
        run = await house.run(run_id)
        assert (run.state, run.related) == ("failed", None)
        assert "that may be read" in run.error
        error = (await house.steps(run_id))["m"].error
        assert error is not None
        assert error.code == "related-unreadable"
        await crm.execute("grant select on public.agents to ruleyard_crm")
        async with transaction(house.engine) as conn:
            await retry(conn, run_id)
        await house.perform()
        [mail] = await receiver.wait_for(1)
    assert mail.to == ["ann@agents.example"]
    assert (await house.run(run_id)).state == "succeeded"
