"""Mails of text and HTML with reports attached, as they come out at the other end of the line."""

from __future__ import annotations

import asyncio
import csv
import io
import time
from dataclasses import replace
from email.message import EmailMessage
from typing import Any

import pytest
from sqlalchemy import text

from ruleyard.actions import mail
from ruleyard.actions.failure import ActionFailed
from ruleyard.actions.kind import MailServer
from ruleyard.stores.db import create_engine, transaction
from runner.house import House
from support.servers import SmtpReceiver, smtp_receiver

ROWS = [{"name": "안나", "phone": "=1"}, {"name": "Ben", "phone": None}]
REPORT = {
    "id": "r",
    "kind": "action",
    "do": "make_report",
    "fields": {
        "title": {"cat": ["놓친 전화 ", {"var": "after.first_name"}]},
        "format": "csv",
        "rows": {"var": "after.found"},
    },
}
EDGES = [["t", "r"], ["r", "m"]]


def message(**fields: Any) -> dict[str, Any]:
    given = {"to": {"var": "after.email"}, "subject": "Today", **fields}
    return {"id": "m", "kind": "action", "do": "send_email", "fields": given}


HTML = {
    "cat": [
        "<h1>Hello ",
        {"var": "after.first_name"},
        '</h1><p>See <a href="https://x.eu/">here</a>.</p><script>x()</script>',
    ]
}
ATTACHED = [{"var": "steps.r.output.report"}]


async def received(
    house: House, receiver: SmtpReceiver, mailing: dict[str, Any], **after: Any
) -> EmailMessage:
    await house.smtp(receiver.port)
    version = await house.publish(REPORT, mailing, edges=EDGES)
    await house.open(version, house.event(found=ROWS, **after))
    await house.perform()
    [came] = receiver.received
    return came.message


async def test_a_mail_has_text_html_and_the_report(house: House) -> None:
    mailing = message(
        html=HTML, attachments=ATTACHED, reply_to="Desk <desk@example.com>", cc="boss@example.com"
    )
    async with smtp_receiver() as receiver:
        came = await received(house, receiver, mailing)
        assert receiver.received[0].to == ["ann@example.com", "boss@example.com"]
    assert came.get_content_type() == "multipart/mixed"
    body, attachment = came.iter_parts()
    assert body.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in body.iter_parts()] == ["text/plain", "text/html"]
    plain, html = came.get_body(("plain",)), came.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().split() == ["Hello", "Ann", "See", "here", "(https://x.eu/)."]
    assert "<h1>Hello Ann</h1>" in html.get_content()
    assert "script" not in html.get_content()
    assert (attachment.get_content_type(), attachment.get_filename()) == ("text/csv", "놓친 전화 Ann.csv")
    rows = csv.reader(io.StringIO(attachment.get_content().removeprefix("\ufeff"), newline=""))
    assert [*rows][1:] == [["안나", "'=1"], ["Ben", ""]]
    assert str(came["Reply-To"]) == "Desk <desk@example.com>"
    assert str(came["Message-ID"]).startswith("<")


async def test_what_a_record_holds_never_becomes_a_tag(house: House) -> None:
    name = "<b>Ann</b> & <script>x()</script>"
    async with smtp_receiver() as receiver:
        came = await received(house, receiver, message(html=HTML), first_name=name)
    html = came.get_body(("html",))
    plain = came.get_body(("plain",))
    assert html is not None
    assert plain is not None
    assert "&lt;b&gt;Ann&lt;/b&gt; &amp; &lt;script&gt;" in html.get_content()
    assert name in plain.get_content()


async def test_a_text_of_its_own_stands_beside_the_html(house: House) -> None:
    async with smtp_receiver() as receiver:
        came = await received(house, receiver, message(body="In short", html=HTML))
    plain = came.get_body(("plain",))
    assert plain is not None
    assert plain.get_content().strip() == "In short"


@pytest.mark.parametrize(
    ("attachments", "code"),
    [
        ([{"var": "after.id"}], "no-report"),
        ([{"var": "steps.x.output.report"}], "no-report"),
        ([{"var": "after.first_name"}], "no-report"),
        ([{"merge": [[1, 2, 3, 4, 5, 6], [7, 8, 9, 10, 11]]}], "too-many-files"),
    ],
)
async def test_only_reports_of_this_run_are_attached(house: House, attachments: Any, code: str) -> None:
    async with smtp_receiver() as receiver:
        await house.smtp(receiver.port)
        alone = await house.publish(REPORT, edges=[["t", "r"]])
        [other] = await house.open(alone, house.event(found=ROWS))
        await house.perform()
        theirs = (await house.steps(other))["r"].output["report"]
        version = await house.publish(REPORT, message(body="x", attachments=attachments), edges=EDGES)
        [run_id] = await house.open(version, house.event(found=ROWS, id=theirs))
        await house.perform()
        assert receiver.received == []
    step = (await house.steps(run_id))["m"]
    assert (step.state, step.error.code) == ("failed", code)


async def test_more_than_a_mail_takes_is_said_before_anything_is_sent(house: House) -> None:
    async with smtp_receiver() as receiver:
        await house.smtp(receiver.port)
        wait = {"id": "w", "kind": "wait", "amount": 1, "unit": "seconds"}
        version = await house.publish(
            REPORT, wait, message(body="x", attachments=ATTACHED), edges=[["t", "r"], ["r", "w"], ["w", "m"]]
        )
        [run_id] = await house.open(version, house.event(found=ROWS))
        await house.perform()
        await house.execute("update app.report set content = convert_to(repeat('x', 16000000), 'UTF8')")
        await house.execute("update app.run set wake_at = clock_timestamp() where state = 'waiting'")
        await house.wake()
        await house.perform()
        assert receiver.received == []
    assert (await house.steps(run_id))["m"].error.code == "files-too-large"


async def test_a_report_that_cannot_be_read_leaves_nobody_wondering_whether_the_mail_went(
    house: House,
) -> None:
    """Nothing was given to the mail server yet: it goes once our own database is well again."""
    engine = create_engine(house.settings, patience_s=0.2)
    async with smtp_receiver() as receiver:
        await house.smtp(receiver.port)
        wait = {"id": "w", "kind": "wait", "amount": 1, "unit": "seconds"}
        version = await house.publish(
            REPORT, wait, message(body="x", attachments=ATTACHED), edges=[["t", "r"], ["r", "w"], ["w", "m"]]
        )
        [run_id] = await house.open(version, house.event(found=ROWS))
        await house.perform()

        async def go_on(place: House) -> None:
            await house.execute("update app.run set wake_at = clock_timestamp() where state = 'waiting'")
            await house.wake()
            await place.perform()

        async with transaction(house.engine) as conn:
            await conn.execute(text("lock table app.report in access exclusive mode"))
            await go_on(replace(house, engine=engine))
            assert receiver.received == []
        await engine.dispose()
        await go_on(house)
        assert len(receiver.received) == 1
    assert (await house.steps(run_id))["m"].state == "succeeded"


@pytest.mark.parametrize(
    ("script", "most_bytes"), [(("552 message size exceeds fixed limit",), None), ((), 500)]
)
async def test_a_server_that_takes_no_such_size_says_so(
    house: House, script: tuple[str, ...], most_bytes: int | None
) -> None:
    async with smtp_receiver(*script, most_bytes=most_bytes) as receiver:
        await house.smtp(receiver.port)
        version = await house.publish(REPORT, message(html=HTML, attachments=ATTACHED), edges=EDGES)
        [run_id] = await house.open(version, house.event(found=ROWS))
        await house.perform()
        assert receiver.received == []
    error = (await house.steps(run_id))["m"].error
    assert error.code == "mail-too-large"
    assert (await house.run(run_id)).state == "failed"


async def test_one_refused_recipient_leaves_nothing_half_sent(house: House) -> None:
    async with smtp_receiver(recipients={"boss@example.com": ["550 no such user"]}) as receiver:
        await house.smtp(receiver.port)
        version = await house.publish(REPORT, message(body="x", cc="boss@example.com"), edges=EDGES)
        [run_id] = await house.open(version, house.event(found=ROWS))
        await house.perform()
        assert receiver.received == []
    assert (await house.steps(run_id))["m"].error.code == "mail-refused"


async def test_a_greylisted_mail_goes_at_the_next_try_as_the_same_message(house: House) -> None:
    grey = {"ann@example.com": ["451 4.7.1 try again later"]}
    async with smtp_receiver("451 and once more", recipients=grey) as receiver:
        await house.smtp(receiver.port)
        version = await house.publish(REPORT, message(html=HTML, attachments=ATTACHED), edges=EDGES)
        [run_id] = await house.open(version, house.event(found=ROWS))
        for _ in range(3):
            await house.perform()
            await house.execute("update app.run set wake_at = clock_timestamp() where state = 'waiting'")
            await house.wake()
        [came] = receiver.received
    assert (await house.run(run_id)).state == "succeeded"
    step = (await house.steps(run_id))["m"]
    assert (step.attempts, step.output["message_id"]) == (3, str(came.message["Message-ID"]))
    assert str(came.message["Message-ID"]).startswith(f"<{run_id}.m@")
    async with house.engine.connect() as conn:
        assert await conn.scalar(text("select count(*) from app.report")) == 1


async def test_a_server_that_stalls_after_the_text_leaves_it_unknown() -> None:
    [to] = mail.addresses("to", "ann@example.com")
    built = mail.build(
        sender=to, to=[to], cc=[], subject="s", body="b", message_id="<1.m@x>", html="<p>b</p>"
    )
    async with smtp_receiver("stall") as receiver:
        server = MailServer("m", "127.0.0.1", receiver.port, "none", "", "", "ann@example.com")
        with pytest.raises(ActionFailed) as left:
            await mail.send(server, built, "ann@example.com", ["ann@example.com"], timeout_s=3)
    assert left.value.code == "outcome-unknown"


@pytest.mark.parametrize("said", ["what was that", "251 taken, in a way", "199 soon", "2" * 100_000])
async def test_an_answer_to_the_text_that_is_no_refusal_leaves_it_unknown(said: str) -> None:
    [to] = mail.addresses("to", "ann@example.com")
    built = mail.build(sender=to, to=[to], cc=[], subject="s", body="b", message_id="<1.m@x>")
    async with smtp_receiver(said) as receiver:
        server = MailServer("m", "127.0.0.1", receiver.port, "none", "", "", "ann@example.com")
        with pytest.raises(ActionFailed) as left:
            await mail.send(server, built, "ann@example.com", ["ann@example.com"])
    assert (left.value.code, left.value.retry) == ("outcome-unknown", False)


@pytest.mark.parametrize("said", ["what was that", "2" * 100_000])
async def test_what_is_no_answer_of_a_mail_server_is_tried_again_before_the_text(said: str) -> None:
    [to] = mail.addresses("to", "ann@example.com")
    built = mail.build(sender=to, to=[to], cc=[], subject="s", body="b", message_id="<1.m@x>")
    async with smtp_receiver(recipients={"ann@example.com": [said]}) as receiver:
        server = MailServer("m", "127.0.0.1", receiver.port, "none", "", "", "ann@example.com")
        with pytest.raises(ActionFailed) as left:
            await mail.send(server, built, "ann@example.com", ["ann@example.com"])
    assert (left.value.code, left.value.retry) == ("mail-silent", True)


async def test_nobody_says_goodbye_to_a_server_that_is_silent() -> None:
    [to] = mail.addresses("to", "ann@example.com")
    built = mail.build(sender=to, to=[to], cc=[], subject="s", body="b", message_id="<1.m@x>")
    async with smtp_receiver("stall") as receiver:
        server = MailServer("m", "127.0.0.1", receiver.port, "none", "", "", "ann@example.com")
        began = time.monotonic()
        with pytest.raises(ActionFailed):
            await mail.send(server, built, "ann@example.com", ["ann@example.com"], whole_s=1)
        assert time.monotonic() - began < 2


async def test_a_server_that_never_greets_is_said_to_be_silent() -> None:
    [to] = mail.addresses("to", "ann@example.com")
    built = mail.build(sender=to, to=[to], cc=[], subject="s", body="b", message_id="<1.m@x>")
    held: list[asyncio.StreamWriter] = []
    async with await asyncio.start_server(lambda _, writer: held.append(writer), "127.0.0.1", 0) as mute:
        port = mute.sockets[0].getsockname()[1]
        server = MailServer("m", "127.0.0.1", port, "none", "", "", "ann@example.com")
        with pytest.raises(ActionFailed) as left:
            await mail.send(server, built, "ann@example.com", ["ann@example.com"], timeout_s=0.3)
        for writer in held:
            writer.close()
    assert (left.value.code, left.value.detail) == ("mail-silent", "No answer came in time.")


@pytest.mark.parametrize("file", ["a\r\nBcc: x@example.com.pdf", 'a"; x="y.pdf', "отчёт за май — 5월.pdf"])
def test_a_file_name_cannot_leave_its_header(file: str) -> None:
    [to] = mail.addresses("to", "ann@example.com")
    built = mail.build(
        sender=to,
        to=[to],
        cc=[],
        subject="s",
        body="b",
        message_id="<1.m@x>",
        attachments=[mail.Attachment(file, "application/pdf", b"%PDF")],
    )
    written = built.as_bytes()
    assert written.isascii()
    assert not [line for line in written.split(b"\r\n") if line.startswith(b"Bcc")]
    [attached] = built.iter_attachments()
    assert attached.get_filename() == mail.one_line(file)
