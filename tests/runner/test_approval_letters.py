"""Letters that ask for approval: a link that decides only by its button, reminders, a mail server that fails."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from typing import Any

import asyncpg
import pytest
from litestar import Litestar
from sqlalchemy import text

from api.conftest import client_of, key_of
from ruleyard.actions import mail
from ruleyard.stores import approval_mails
from ruleyard.stores.connections import connection_named, create_connection
from ruleyard.stores.db import create_engine, transaction
from runner.approving import (
    ROUTES,
    STEPS,
    account,
    as_person,
    asked_earlier,
    asks,
    link_in,
    mail_states,
    text_of,
    titles,
    waiting_run,
)
from runner.house import House
from support.servers import smtp_receiver
from support.waiting import PATIENCE_S, until


async def test_a_mail_has_a_link_that_decides_only_when_its_button_is_pressed(
    house: House, app: Litestar, crm: asyncpg.Connection
) -> None:
    async with smtp_receiver() as receiver, client_of(app) as visitor:
        await house.smtp(receiver.port)
        async with house.runner() as runner:
            version = await house.publish(
                asks(connection="mail", details="Two desks <b>"), *STEPS, edges=ROUTES
            )
            [run_id] = await house.open(version, house.event())
            await runner.perform_slot(3)
            token = await link_in(receiver)
        mail = receiver.received[0].message
        assert mail["To"] == "kim@example.com"
        assert mail["Subject"] == "Please decide: Order for Ann?"
        assert "Two desks &lt;b&gt;" in text_of(mail, "html")
        assert text_of(mail, "html").count("<html") == 1
        assert 'name="viewport"' in text_of(mail, "html"), "a phone shows it at its own width"
        assert 'content="light dark"' in text_of(mail, "html"), "in the dark its letters are light"
        assert f'href="{house.settings.base_url}/approve/{token}"' in text_of(mail, "html")
        assert "Two desks <b>" in text_of(mail)
        opened = await visitor.get(f"/approvals/by-link/{token}")
        assert opened.json()["question"] == "Order for Ann?"
        assert opened.headers["x-robots-tag"] == "noindex, nofollow"
        assert set(opened.json()) <= {
            *("question", "details", "standing", "you", "comment_needed", "until"),
            *("answered_by", "answered_at", "comment"),
        }
        await visitor.head(f"/approvals/by-link/{token}")
        assert (await house.run(run_id)).state == "waiting"
        given = await visitor.post(f"/approvals/by-link/{token}", json={"answer": "approved"})
        assert given.json()["standing"] == "approved"
        await house.perform()
        assert await titles(crm) == ["approved by kim@example.com"]
        again = await visitor.post(f"/approvals/by-link/{token}", json={"answer": "refused"})
        assert (again.status_code, again.json()["code"]) == (409, "approval-answered")
        assert (await visitor.get(f"/approvals/by-link/{token}")).json()["standing"] == "approved"
    assert len(receiver.received) == 1


async def test_the_answer_by_link_is_audited_with_where_it_came_from(house: House, app: Litestar) -> None:
    async with smtp_receiver() as receiver, client_of(app) as visitor:
        await house.smtp(receiver.port)
        async with house.runner() as runner:
            version = await house.publish(asks(connection="mail"), *STEPS, edges=ROUTES)
            [run_id] = await house.open(version, house.event())
            await runner.perform_slot(3)
            token = await link_in(receiver)
        await visitor.post(f"/approvals/by-link/{token}", json={"answer": "approved"})
    key = await key_of(house.engine, "admin")
    async with client_of(app, headers={"Authorization": f"Bearer {key}"}) as admin:
        line = (await admin.get("/audit")).json()["items"][0]
    assert (line["action"], line["subject"], line["actor"]) == (
        "approve",
        f"run:{run_id}",
        "kim@example.com (link)",
    )
    assert line["detail"]["link"] is True
    assert token not in str(line)


async def test_a_link_that_is_made_up_or_old_leads_nowhere_and_many_are_refused(
    house: House, app: Litestar
) -> None:
    async with smtp_receiver() as receiver, client_of(app) as visitor:
        await house.smtp(receiver.port)
        async with house.runner() as runner:
            version = await house.publish(asks(connection="mail"), *STEPS, edges=ROUTES)
            await house.open(version, house.event())
            await runner.perform_slot(3)
            token = await link_in(receiver)
        forged = token[:-1] + ("a" if token[-1] != "a" else "b")
        for wrong in (forged, "x", token.upper()):
            answer = await visitor.post(f"/approvals/by-link/{wrong}", json={"answer": "approved"})
            assert (answer.status_code, answer.json()["code"]) == (404, "no-such-approval")
        await house.execute("update app.approval set until = now() - interval '8 days'")
        assert (await visitor.get(f"/approvals/by-link/{token}")).status_code == 404
        codes = [(await visitor.get(f"/approvals/by-link/no{n}")).status_code for n in range(30)]
        assert (codes[0], codes[-1]) == (404, 429)
        await house.execute("update app.approval set until = now() + interval '8 days'")
        assert (await visitor.get(f"/approvals/by-link/{token}")).status_code == 200


async def test_a_role_means_everybody_of_it_each_in_their_language(house: House) -> None:
    await account(house, "kim", "editor")
    await account(house, "lee", "editor")
    await account(house, "ann", "viewer")
    async with smtp_receiver() as receiver:
        await house.smtp(receiver.port)
        async with house.runner() as runner:
            version = await house.publish(
                asks(connection="mail", to=["editor", "KIM@example.com", "guest@example.com"]),
                *STEPS,
                edges=ROUTES,
            )
            await house.open(version, house.event())
            await runner.perform_slot(3)
            mails = await receiver.wait_for(3)
    told = {one.message["To"]: one.message["Subject"] for one in mails}
    assert told == {
        "kim@example.com": "결정해 주세요: Order for Ann?",
        "lee@example.com": "결정해 주세요: Order for Ann?",
        "guest@example.com": "Please decide: Order for Ann?",
    }


async def test_reminders_come_when_they_are_due_and_each_once(house: House) -> None:
    remind = {"amount": 30, "unit": "minutes", "times": 2}
    async with smtp_receiver() as receiver:
        await house.smtp(receiver.port)
        async with house.runner() as runner:
            version = await house.publish(asks(connection="mail", remind=remind), *STEPS, edges=ROUTES)
            await house.open(version, house.event())
            await runner.perform_slot(3)
            await receiver.wait_for(1)
        for sent in (2, 3):
            await asked_earlier(house, 31)
            async with house.runner(), house.runner():
                await receiver.wait_for(sent)
        assert receiver.received[1].message["Subject"] == "Reminder – please decide: Order for Ann?"
        await asked_earlier(house, 300)
        assert await due(house) == []
        tokens = {re.search(r"/approve/([\w-]+)", text_of(one.message)) for one in receiver.received}
        assert len(receiver.received) == len(tokens) == 3
    assert await mail_states(house) == [(0, "sent"), (1, "sent"), (2, "sent")]


async def test_a_reminder_by_hand_goes_out_but_not_at_once_again(house: House, app: Litestar) -> None:
    key = await key_of(house.engine, "editor")
    async with (
        smtp_receiver() as receiver,
        client_of(app, headers={"Authorization": f"Bearer {key}"}) as editor,
    ):
        await house.smtp(receiver.port)
        async with house.runner() as runner:
            version = await house.publish(asks(connection="mail"), *STEPS, edges=ROUTES)
            await house.open(version, house.event())
            await runner.perform_slot(3)
            await receiver.wait_for(1)
        [item] = (await editor.get("/approvals")).json()["items"]
        where = f"/approvals/{item['id']}/remind"
        assert (await editor.post(where)).json()["code"] == "reminded"
        await asked_earlier(house, 2)
        assert (await editor.post(where)).status_code == 200
        async with house.runner():
            await receiver.wait_for(2)
        assert (await editor.post(where)).json()["code"] == "reminded"


async def due(house: House) -> list[int]:
    """The letters that would be sent now, by number."""
    async with house.engine.connect() as conn:
        return [one.number for one in await approval_mails.due_letters(conn)]


async def test_a_letter_is_sent_by_one_of_many_and_again_after_a_while_alone(house: House) -> None:
    await account(house, "kim")
    await waiting_run(house)
    await house.execute("update app.approval set mailed_by = 'mail'")
    async with house.engine.connect() as conn:
        [letter] = await approval_mails.due_letters(conn)

    async def begun(end: approval_mails.Ended | None = None) -> bool:
        async with transaction(house.engine) as conn:
            ours = await approval_mails.begin(conn, letter)
            if ours is not None and end is not None:
                await approval_mails.end(conn, ours, end)
            return ours is not None

    assert sorted(await asyncio.gather(*(begun() for _ in range(3)))) == [False, False, True]
    await house.execute("update app.approval_mail set at = at - interval '1 hour'")
    assert (await begun(), await due(house)) == (False, []), "nobody knows of it"
    await house.execute("update app.approval_mail set state = 'again'")
    assert (await due(house), await begun("again")) == ([0], True)
    assert (await due(house), await begun()) == ([], False), "a moment ago"
    await house.execute("update app.approval_mail set at = at - interval '1 hour', tries = 5")
    assert await due(house) == [], "often enough"


async def test_the_link_of_somebody_who_is_switched_off_leads_nowhere(house: House) -> None:
    kim = await account(house, "kim")
    await waiting_run(house)
    await house.execute("update app.approval set mailed_by = 'mail'")
    async with transaction(house.engine) as conn:
        [letter] = await approval_mails.due_letters(conn)
        sent = await approval_mails.begin(conn, letter)
        assert sent is not None
        holder = await approval_mails.holder_of(conn, sent.token)
        assert holder is not None
        assert (holder.account_id, holder.email) == (kim, "kim@example.com")
    await house.execute("update app.account set disabled_at = now() where id = :id", id=kim)
    async with house.engine.connect() as conn:
        assert await approval_mails.holder_of(conn, sent.token) is None


async def test_nobody_is_reminded_of_what_was_answered_or_is_late(house: House) -> None:
    await account(house, "kim")
    run_id = await waiting_run(house)
    await house.execute("update app.approval set mailed_by = 'mail'")
    assert await due(house) == [0]
    for change in (
        "until = clock_timestamp()",
        "until = now() + interval '1 day', answer = 'approved', answered_at = now()",
    ):
        await house.execute(f"update app.approval set {change}")
        assert await due(house) == []
    await house.execute("update app.approval set answer = null, answered_at = null")
    await house.execute("update app.run set state = 'cancelled' where id = :run", run=run_id)
    assert await due(house) == []


async def test_a_letter_of_which_nobody_knows_is_not_sent_again(house: House) -> None:
    async with smtp_receiver() as receiver:
        await house.smtp(receiver.port)
        async with house.runner() as runner:
            version = await house.publish(asks(connection="mail"), *STEPS, edges=ROUTES)
            [run_id] = await house.open(version, house.event())
            await runner.perform_slot(3)
            await receiver.wait_for(1)
        await house.execute("update app.approval_mail set state = 'sending'")
        assert await due(house) == []
        assert len(receiver.received) == 1
    assert (await house.run(run_id)).state == "waiting"


async def test_a_letter_whose_mail_server_cannot_be_looked_up_goes_later(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing has left: it is not one of which nobody knows."""
    await account(house, "kim")
    await waiting_run(house)
    engine = create_engine(house.settings, patience_s=0.2)
    async with smtp_receiver() as receiver:
        await house.smtp(receiver.port)
        await house.execute("update app.approval set mailed_by = 'mail'")
        async with transaction(house.engine) as conn:
            await conn.execute(text("lock table app.connection in access exclusive mode"))
            async with replace(house, engine=engine).runner():
                await until(lambda: "letters wait" in caplog.text, what="a look while our database is busy")
        await engine.dispose()
        async with house.runner():
            await receiver.wait_for(1)


async def test_a_mail_server_that_says_nothing_keeps_no_letter_of_another_back(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    send = mail.send

    async def patiently(*what: Any) -> str:
        return await send(*what, timeout_s=PATIENCE_S)

    monkeypatch.setattr(mail, "send", patiently)
    come, go = asyncio.Event(), asyncio.Event()

    async def silent(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        come.set()
        await go.wait()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    async with server, smtp_receiver() as receiver:
        await house.smtp(receiver.port)
        public = {"host": "127.0.0.1", "port": server.sockets[0].getsockname()[1]}
        async with transaction(house.engine) as conn:
            known = (await connection_named(conn, "mail")).settings
            await create_connection(
                conn, house.settings, name="mute", kind="smtp", public=known | public, secret={}
            )

        async def ask(name: str) -> None:
            version = await house.publish(asks(connection=name), *STEPS, edges=ROUTES)
            await house.open(version, house.event())

        await ask("mute")
        await ask("mute")
        async with house.runner() as runner:
            await runner.perform_slot(3)
            await asyncio.wait_for(come.wait(), PATIENCE_S)
            # Due only now, while the other server is being waited for.
            await ask("mail")
            try:
                async with asyncio.timeout(PATIENCE_S - 30):
                    await runner.perform_slot(3)
                    await receiver.wait_for(1)
            finally:
                go.set()


async def test_a_mail_server_that_refuses_is_told_and_the_question_stands(
    house: House, app: Litestar
) -> None:
    async with smtp_receiver("550 no such user") as receiver, as_person(app, house, "kim") as kim:
        await house.smtp(receiver.port)
        async with house.runner() as runner:
            version = await house.publish(asks(connection="mail"), *STEPS, edges=ROUTES)
            await house.open(version, house.event())
            await runner.perform_slot(3)

            async def told() -> bool:
                return await mail_states(house) == [(0, "refused")]

            await until(told, what="the refusal")
        [item] = (await kim.get("/approvals")).json()["items"]
        assert "550 no such user" in item["troubles"][0]
        assert item["standing"] == "open"
