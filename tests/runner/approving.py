"""Questions for approval in tests: a rule that asks, people who are signed in, the letters that they get."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.message import EmailMessage
from typing import Any

import asyncpg
import httpx
from litestar import Litestar
from sqlalchemy import text

from api.conftest import client_of
from ruleyard.core.types import AccountId, Role, RunId
from ruleyard.stores import accounts, sessions
from ruleyard.stores.db import transaction
from runner.house import House
from support.servers import SmtpReceiver

ROUTES = [["t", "q"], ["q", "n"], ["q", "r", "refused"], ["q", "l", "late"], ["q", "f", "failed"]]


def asks(**fields: object) -> dict[str, Any]:
    given = {"to": "kim@example.com", "question": {"cat": ["Order for ", {"var": "after.first_name"}, "?"]}}
    return {"id": "q", "kind": "action", "do": "ask_approval", "fields": given | fields}


def task(node: str, title: object) -> dict[str, Any]:
    fields = {"table": "public.tasks", "set": {"title": title}}
    return {"id": node, "kind": "action", "do": "create_record", "fields": fields}


STEPS = (
    task("n", {"cat": ["approved by ", {"var": "steps.q.output.by"}]}),
    task("r", {"cat": ["refused: ", {"var": "steps.q.output.comment"}]}),
    task("l", "late"),
    task("f", {"var": "steps.q.error.code"}),
)


@asynccontextmanager
async def as_person(
    app: Litestar, house: House, name: str, role: Role = "viewer"
) -> AsyncIterator[httpx.AsyncClient]:
    """Signed in by cookie, under `<name>@example.com`."""
    async with transaction(house.engine) as conn:
        made = await accounts.create_account(
            conn, email=f"{name}@example.com", name=name.title(), role=role, password_hash="-"
        )
        token = await sessions.open_session(conn, made.id)
        session = await sessions.session_of(conn, token)
    assert session is not None
    headers = {"X-CSRF-Token": session.csrf}
    async with client_of(app, headers=headers, cookies={"ruleyard_session": token}) as client:
        yield client


async def account(house: House, name: str, role: Role = "viewer") -> AccountId:
    async with transaction(house.engine) as conn:
        made = await accounts.create_account(
            conn, email=f"{name}@example.com", name=name.title(), role=role, password_hash="-", language="ko"
        )
    return made.id


async def waiting_run(house: House, **fields: object) -> RunId:
    """A run that has asked, and rests."""
    version = await house.publish(asks(**fields), *STEPS, edges=ROUTES)
    [run_id] = await house.open(version, house.event())
    await house.perform()
    assert (await house.run(run_id)).state == "waiting", (await house.run(run_id)).error
    return run_id


async def titles(crm: asyncpg.Connection) -> list[str]:
    return [row["title"] for row in await crm.fetch("select title from tasks order by id")]


def text_of(message: EmailMessage, form: str = "plain") -> str:
    part = message.get_body(preferencelist=(form,))
    assert isinstance(part, EmailMessage)
    return str(part.get_content())


async def link_in(receiver: SmtpReceiver, number: int = 1) -> str:
    mails = await receiver.wait_for(number)
    found = re.search(r"/approve/([\w-]+)", text_of(mails[-1].message))
    assert found is not None
    return found[1]


async def time_is_over(house: House, run_id: RunId) -> None:
    for table, where in (("approval", "run_id"), ("awaited", "run_id")):
        await house.execute(
            f"update app.{table} set until = now() - interval '1 second' where {where} = :id", id=run_id
        )
    await house.execute("update app.run set wake_at = now() where id = :id", id=run_id)


async def asked_earlier(house: House, minutes: int) -> None:
    await house.execute(
        "update app.approval set asked_at = asked_at - make_interval(mins => :minutes)", minutes=minutes
    )


async def mail_states(house: House) -> list[tuple[int, str]]:
    async with house.engine.connect() as conn:
        rows = await conn.execute(
            text("select number, state from app.approval_mail order by number, approver_id")
        )
        return [(row.number, row.state) for row in rows]
