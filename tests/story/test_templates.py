"""Every template, answered with what it finds in the demo's tables, is a sound rule; it fires and does what it says."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.api.house import open_house
from ruleyard.core.types import JSON, RuleId
from ruleyard.demo.install import ensure_connections, ensure_watches
from ruleyard.demo.seed import TABLES
from ruleyard.settings import Settings
from ruleyard.stores.db import transaction
from ruleyard.stores.runs import Run
from ruleyard.templates.shelf import templates
from story.asking import ended, runs_of
from story.conftest import Demo
from story.test_by_api import api, made, nothing_unread
from support.house import running
from support.servers import http_receiver, smtp_receiver
from support.waiting import until

IDS = [template.id for template in templates()]
NEEDED: dict[str, dict[str, JSON]] = {"won-to-webhook": {"url": "https://hooks.example.com/won"}}
"""What cannot be found in any table."""
LANGUAGES = ("en", "ko", "zh", "ru")


async def furnished(settings: Settings, demo: Demo, smtp_port: int = 9) -> None:
    async with open_house(settings) as house:
        crm = await ensure_connections(house, crm_url=demo.watcher_url, smtp=("127.0.0.1", smtp_port))
        await ensure_watches(house, crm, TABLES)


@pytest.fixture
async def client(settings: Settings, engine: AsyncEngine, demo: Demo) -> AsyncIterator[httpx.AsyncClient]:
    await furnished(settings, demo)
    async with api(settings, engine) as client:
        yield client


async def test_every_template_answered_by_what_is_found_has_no_problem(client: httpx.AsyncClient) -> None:
    for template_id in IDS:
        for language in LANGUAGES:
            body = {"answers": NEEDED.get(template_id, {}), "language": language}
            used = await made(await client.post(f"/templates/{template_id}/use?dry_run=true", json=body), 200)
            template: Any = used["template"]
            unanswered = [one["id"] for one in template["questions"] if one["answer"] is None]
            assert (used["rule_id"], used["problems"], unanswered) == (None, [], []), (template_id, language)
            assert not re.search("<[a-z]", str(template["document"])), template_id


@pytest.mark.parametrize(
    ("template", "answers", "at"),
    [
        ("weekday-reminder", {"at": "25:00"}, "/answers/at"),
        ("weekday-reminder", {"body": ""}, "/answers/body"),
        ("weekday-reminder", {"nobody": "asked this"}, "/answers/nobody"),
        ("won-to-webhook", {"url": "ftp://example.com"}, "/answers/url"),
        (
            "won-to-webhook",
            {"url": "https://hooks.example.com", "deals": "crm public.gone"},
            "/answers/deals",
        ),
    ],
)
async def test_an_answer_that_does_not_fit_its_question_makes_no_rule(
    template: str, answers: dict[str, str], at: str, client: httpx.AsyncClient
) -> None:
    refused = await client.post(f"/templates/{template}/use", json={"answers": answers})
    assert (refused.status_code, refused.json()["code"]) == (422, "bad-answer"), refused.text
    assert [one["path"] for one in refused.json()["problems"]] == [at]
    assert (await client.get("/rules")).json()["items"] == []


async def test_a_table_that_is_gone_is_neither_offered_nor_taken(
    settings: Settings, engine: AsyncEngine, demo: Demo
) -> None:
    await furnished(settings, demo)
    owner = await asyncpg.connect(demo.owner_url)
    await owner.execute("drop table public.deals cascade")
    await owner.close()
    async with api(settings, engine) as client:
        shelf = await made(await client.get("/templates"), 200)
    items: Any = shelf["items"]
    questions = [one for item in items for one in item["questions"]]
    offered = {option["value"] for one in questions if one["kind"] == "table" for option in one["options"]}
    assert "crm public.leads" in offered
    assert not [one for one in offered if str(one).endswith("public.deals")]
    assert not [one for one in questions if str(one["answer"]).endswith("public.deals")]


LEAD = """
    insert into public.leads (first_name, last_name, email, phone, source, status, attempts, queue, owner_id)
    values ('{0}', 'Petrova', '{0}@example.com', {1}, 'web', 'contacted', 4, 'inbound', 1) returning id
"""
DEAL = """
    insert into public.deals (title, customer_id, owner_id, stage, amount)
    values ('{0}', (select min(id) from public.customers where email is not null), 1, 'negotiation', 900) returning id
"""
CUSTOMER = """
    insert into public.customers (name, email, language, segment, customer_since, last_order_on)
    values ('{0}', '{0}@example.com', 'en', 'small', current_date, current_date) returning id
"""
CALL = """
    insert into public.calls (lead_id, agent_id, outcome, note)
    values ((select min(id) from public.leads), 1, {0}, {1}) returning id
"""


@dataclass(frozen=True)
class Case:
    """A template at work: what the company's own program does, and what comes of it."""

    template: str
    first: str
    """A record; its id is `$1` of what follows."""
    then: str = ""
    mail: str = ""
    """The subject of the mail that goes out."""
    told: str = ""
    """The title of what people are told."""
    check: str = ""
    """A query that is true of the record afterwards."""
    answers: dict[str, JSON] = field(default_factory=dict)


CASES = (
    Case("new-lead-greeting", LEAD.format("Ada", "'1'"), mail="Welcome, Ada!"),
    Case(
        "lead-without-phone",
        LEAD.format("Bo", "null"),
        told="Find a phone number for Bo",
        check="select agent_id = 1 and priority = 'high' from public.tasks where lead_id = $1",
    ),
    Case(
        "status-to-owner",
        LEAD.format("Cy", "'1'"),
        "update public.leads set status = 'won' where id = $1",
        mail="Cy is now won",
    ),
    Case(
        "do-not-call",
        LEAD.format("Di", "'1'"),
        "update public.leads set consent = false, next_call_at = now() where id = $1",
        told="Do not call Di any more",
        check="select status = 'lost' and next_call_at is null from public.leads where id = $1",
    ),
    Case(
        "missed-callbacks",
        LEAD.format("Ed", "'1'"),
        "update public.leads set status = 'callback' where id = $1",
        told="Ed has a new team: senior",
        check="select queue = 'senior' from public.leads where id = $1",
    ),
    Case(
        "call-again",
        CALL.format("null", "null"),
        "update public.calls set outcome = 'no_answer' where id = $1",
        check="""select t.priority = 'high' from public.tasks t join public.calls c on c.lead_id = t.lead_id
            where c.id = $1 and t.title = 'Call again: nobody answered'""",
    ),
    Case(
        "deal-won",
        DEAL.format("Ten desks"),
        "update public.deals set stage = 'won' where id = $1",
        told="Won: Ten desks",
        check="""select t.agent_id = 1 from public.tasks t, public.deals d
            where d.id = $1 and t.title = 'Thank the customer: ' || d.title""",
    ),
    Case(
        "deal-lost-feedback",
        DEAL.format("Six lamps"),
        "update public.deals set stage = 'lost' where id = $1",
        mail="May we ask you one question?",
    ),
    Case(
        "large-deal",
        DEAL.format("A tower"),
        "update public.deals set amount = 100001 where id = $1",
        told="Large deal: A tower, 100001",
    ),
    Case(
        "complaint",
        CALL.format("'reached'", "null"),
        "update public.calls set note = 'This is a complaint about the price' where id = $1",
        mail="A complaint came in",
        check="""select t.priority = 'high' from public.tasks t join public.calls c on c.lead_id = t.lead_id
            where c.id = $1 and t.title = 'Complaint: call back today'""",
    ),
    Case(
        "urgent-task",
        "insert into public.tasks (title, agent_id, priority) values ('Roof', 1, 'high') returning id",
        mail="Urgent: Roof",
    ),
    Case("quiet-customers", CUSTOMER.format("Flo"), mail="We miss you, Flo", answers={"days": 30}),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.template)
async def test_a_template_fires_and_does_what_it_says(
    settings: Settings, engine: AsyncEngine, demo: Demo, app: asyncpg.Connection, case: Case
) -> None:
    async with smtp_receiver() as inbox, running(settings), api(settings, engine) as client:
        await furnished(settings, demo, inbox.port)
        rule_id = await turned_on(client, case)
        record = await app.fetchval(case.first)
        if case.then:
            await until(lambda: nothing_unread(client), what="the new record to be read")
            await app.execute(case.then, record)
        run = await over(engine, rule_id)
        assert run.state == "succeeded", run.error
        if case.mail:
            (mail,) = await inbox.wait_for(1)
            assert (mail.message["Subject"], len(mail.to)) == (case.mail, 1)
        if case.told:
            told = await made(await client.get("/notifications"), 200)
            assert [one["title"] for one in told["items"]] == [case.told]  # type: ignore[attr-defined]
        if case.check:
            assert await app.fetchval(case.check, record) is True


async def test_a_won_deal_goes_to_the_address_that_was_given(
    settings: Settings, engine: AsyncEngine, demo: Demo, app: asyncpg.Connection
) -> None:
    async with http_receiver() as hooks:
        values = {name: getattr(settings, name) for name in settings.__dataclass_fields__}
        allowed = Settings(**{**values, "outbound_allow": (hooks.address,)})
        case = Case("won-to-webhook", DEAL.format("Tea"), answers={"url": f"{hooks.url}/won"})
        async with running(allowed), api(allowed, engine) as client:
            await furnished(allowed, demo)
            rule_id = await turned_on(client, case)
            deal = await app.fetchval(case.first)
            await app.execute("update public.deals set stage = 'won' where id = $1", deal)
            (request,) = await hooks.wait_for(1)
            await ended(engine, rule_id)
    assert (request.path, request.json()) == ("/won", {"deal": deal, "title": "Tea", "amount": 900})


async def test_an_invitation_goes_out_when_somebody_presses_run(
    settings: Settings, engine: AsyncEngine, demo: Demo, app: asyncpg.Connection
) -> None:
    async with smtp_receiver() as inbox, running(settings), api(settings, engine) as client:
        await furnished(settings, demo, inbox.port)
        rule_id = await turned_on(client, Case("event-invitation", ""))
        lead = await app.fetchval(LEAD.format("Gil", "null"))
        await made(await client.post(f"/rules/{rule_id}/fire", json={"key": {"id": lead}}), 202)
        (mail,) = await inbox.wait_for(1)
    assert (mail.message["Subject"], mail.to) == ("Gil, you are invited", ["Gil@example.com"])


async def test_the_reminder_ticks_at_the_time_and_in_the_zone_given(client: httpx.AsyncClient) -> None:
    body = {
        "answers": {"at": "08:30", "body": "Начните с {{priority}}"},
        "language": "ru",
        "zone": "Asia/Seoul",
    }
    used = await made(await client.post("/templates/weekday-reminder/use", json=body), 200)
    rule = await made(await client.get(f"/rules/{used['rule_id']}"), 200)
    assert (rule["name"], rule["enabled"]) == ("Каждый будний день: начать с открытых задач", False)
    (start, _) = rule["draft"]["document"]["nodes"]  # type: ignore[index]
    assert start["schedule"] == {"repeat": "weekday", "at": "08:30", "zone": "Asia/Seoul"}


async def turned_on(client: httpx.AsyncClient, case: Case) -> RuleId:
    """The template answered by what is found, published and on."""
    body = {"answers": case.answers}
    used = await made(await client.post(f"/templates/{case.template}/use", json=body), 200)
    assert used["problems"] == []
    await made(await client.post(f"/rules/{used['rule_id']}/publish", json={"etag": "1", "enable": True}))
    return RuleId(int(str(used["rule_id"])))


async def over(engine: AsyncEngine, rule_id: RuleId) -> Run:
    """The only run of the rule, once it ended; a wait is over as soon as it begins."""

    async def passed() -> Run | None:
        async with transaction(engine) as conn:
            hurry = text("update app.run set wake_at = now() where rule_id = :rule and wake_at > now()")
            await conn.execute(hurry, {"rule": rule_id})
        runs = await runs_of(engine, rule_id)
        return runs[0] if len(runs) == 1 and runs[0].state in ("succeeded", "failed") else None

    run: Run = await until(passed, what=f"the run of rule {rule_id} to end", timeout_s=15)
    return run
