"""send_sms at the socket: numbers, parts, what each provider is sent, and what its answers mean."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs

import msgspec
import pytest

from actions.tools import EVENT, lent
from ruleyard.actions.failure import ActionFailed
from ruleyard.actions.send_sms import SendSms, SendSmsFields
from ruleyard.actions.sms import SmsGateway
from ruleyard.core.sms_providers import BY_ID, PROVIDERS
from ruleyard.core.sms_template import SmsTemplate, read_template
from support.servers import Answer, HttpReceiver, Request, http_receiver

OWN = {
    "url": "https://sms.example.com/send",
    "body": {"to": "{to}", "text": "{text}", "from": "{sender}"},
    "id_at": "id",
    "said_at": ["error.text"],
}


def gateway_of(receiver: HttpReceiver, provider: str, **changes: Any) -> SmsGateway:
    """A ready-made provider, as if it stood at the receiver."""
    template = BY_ID[provider].template
    host = template.url.split("/")[2]
    there = replace_url(template, template.url.replace(f"https://{host}", receiver.url))
    values = {
        "user": "AC1",
        "sender": "Shop",
        "country": BY_ID[provider].country,
        "token": "canary-1",
    } | changes
    return SmsGateway(name=provider, template=there, **values)


def replace_url(template: SmsTemplate, url: str) -> SmsTemplate:
    return msgspec.structs.replace(template, url=url)


async def send(
    receiver: HttpReceiver,
    gateway: SmsGateway,
    *,
    to: str = "+821012345678",
    text: str = "안녕 Ann",
) -> Any:
    async with lent(receiver.address, gateway=gateway) as context:
        return await SendSms().perform(SendSmsFields(to=to, text=text), context)


def form(request: Request) -> dict[str, str]:
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    return {name: values[0] for name, values in parse_qs(request.body.decode(), strict_parsing=True).items()}


SENT = [
    (
        "twilio",
        "/2010-04-01/Accounts/AC1/Messages.json",
        {"To": "+821012345678", "From": "Shop", "Body": "안녕 Ann"},
        Answer(201, b'{"sid": "SM7", "status": "queued"}'),
        "SM7",
    ),
    (
        "vonage",
        "/sms/json",
        {
            "api_key": "AC1",
            "api_secret": "canary-1",
            "to": "821012345678",
            "from": "Shop",
            "text": "안녕 Ann",
            "type": "unicode",
        },
        Answer(
            200,
            b'{"message-count": "1", "messages": [{"status": "0", "message-id": "0C7"}]}',
        ),
        "0C7",
    ),
    (
        "messagebird",
        "/messages",
        {
            "originator": "Shop",
            "recipients": ["821012345678"],
            "body": "안녕 Ann",
            "datacoding": "auto",
        },
        Answer(201, b'{"id": "49e", "recipients": {"totalSentCount": 1}}'),
        "49e",
    ),
    (
        "aligo",
        "/send/",
        {
            "key": "canary-1",
            "user_id": "AC1",
            "sender": "Shop",
            "receiver": "01012345678",
            "msg": "안녕 Ann",
        },
        Answer(200, b'{"result_code": "1", "message": "success", "msg_id": "123"}'),
        "123",
    ),
    (
        "yunpian",
        "/v2/sms/single_send.json",
        {"apikey": "canary-1", "mobile": "+821012345678", "text": "안녕 Ann"},
        Answer(200, b'{"code": 0, "msg": "ok", "count": 1, "sid": 3310228064}'),
        "3310228064",
    ),
    (
        "smsru",
        "/sms/send",
        {
            "api_id": "canary-1",
            "to": "821012345678",
            "msg": "안녕 Ann",
            "from": "Shop",
            "json": "1",
        },
        Answer(
            200,
            b'{"status": "OK", "status_code": 100, "sms": {"821012345678": '
            b'{"status": "OK", "status_code": 100, "sms_id": "000-1"}}}',
        ),
        "000-1",
    ),
    (
        "smsc",
        "/sys/send.php",
        {
            "login": "AC1",
            "psw": "canary-1",
            "phones": "+821012345678",
            "mes": "안녕 Ann",
            "sender": "Shop",
            "charset": "utf-8",
            "fmt": "3",
        },
        Answer(200, b'{"id": 17, "cnt": 1}'),
        "17",
    ),
]


def test_every_ready_made_provider_is_tested_and_holds() -> None:
    assert {one[0] for one in SENT} == {*BY_ID}
    for provider in PROVIDERS:
        assert read_template(msgspec.to_builtins(provider.template)) == provider.template
        assert provider.template.url.startswith("https://")


@pytest.mark.parametrize(("provider", "path", "body", "answer", "number"), SENT, ids=[one[0] for one in SENT])
async def test_a_message_goes_out_as_its_provider_wants_it(
    provider: str, path: str, body: dict[str, Any], answer: Answer, number: str
) -> None:
    async with http_receiver(answer) as receiver:
        sent = await send(receiver, gateway_of(receiver, provider))
        (request,) = receiver.received
    assert sent == {
        "to": "+821012345678",
        "sent": True,
        "id": number,
        "parts": 1,
        "alphabet": "ucs2",
        "status": answer.status,
    }
    assert request.path == path
    assert (request.json() if provider == "messagebird" else form(request)) == body
    signs = {"twilio": "Basic QUMxOmNhbmFyeS0x", "messagebird": "AccessKey canary-1"}
    assert request.headers.get("authorization") == signs.get(provider)


REFUSED = [
    (
        "twilio",
        Answer(400, b'{"code": 21211, "message": "Invalid To", "status": 400}'),
        "Invalid To",
        False,
    ),
    (
        "twilio",
        Answer(429, b'{"message": "Too many"}', {"retry-after": "3"}),
        "Too many",
        True,
    ),
    ("twilio", Answer(503, b""), "it answered 503", True),
    (
        "vonage",
        Answer(200, b'{"messages": [{"status": "1", "error-text": "Throttled"}]}'),
        "Throttled",
        True,
    ),
    (
        "vonage",
        Answer(200, b'{"messages": [{"status": "4", "error-text": "Bad Credentials"}]}'),
        "Bad Credentials",
        False,
    ),
    (
        "messagebird",
        Answer(
            422,
            b'{"errors": [{"code": 9, "description": "no (correct) recipients found"}]}',
        ),
        "no (correct) recipients found",
        False,
    ),
    (
        "aligo",
        Answer(200, '{"result_code": -101, "message": "인증오류입니다."}'.encode()),
        "인증오류입니다.",
        False,
    ),
    (
        "yunpian",
        Answer(400, '{"code": 2, "msg": "错", "detail": "参数 mobile"}'.encode()),
        "参数 mobile",
        False,
    ),
    (
        "smsru",
        Answer(
            200,
            '{"status": "OK", "sms": {"8": {"status_code": 207, "status_text": "Нельзя"}}}'.encode(),
        ),
        "Нельзя",
        False,
    ),
    (
        "smsru",
        Answer(200, '{"status": "ERROR", "status_text": "Ключ"}'.encode()),
        "Ключ",
        False,
    ),
    (
        "smsc",
        Answer(200, b'{"error": "invalid number", "error_code": 7}'),
        "invalid number",
        False,
    ),
]


@pytest.mark.parametrize(("provider", "answer", "words", "retry"), REFUSED)
async def test_a_refusal_is_told_in_the_providers_own_words(
    provider: str, answer: Answer, words: str, retry: bool
) -> None:
    async with http_receiver(answer) as receiver:
        with pytest.raises(ActionFailed) as refused:
            await send(receiver, gateway_of(receiver, provider))
    assert words in refused.value.message
    assert (refused.value.retry, refused.value.code) == (
        retry,
        "sms-busy" if retry else "sms-refused",
    )


@pytest.mark.parametrize(
    "answer",
    [
        Answer(500, b"oops"),
        Answer(502, b""),
        Answer(close=True),
        Answer(200, b"<html>"),
        Answer(200, b'{"sid": '),
        Answer(200, b"["),
    ],
)
async def test_what_nobody_knows_is_said_and_not_repeated(answer: Answer) -> None:
    async with http_receiver(answer) as receiver:
        with pytest.raises(ActionFailed) as unknown:
            await send(receiver, gateway_of(receiver, "twilio"))
        assert len(receiver.received) == 1
    assert (unknown.value.code, unknown.value.retry) == ("outcome-unknown", False)


async def test_a_provider_that_cannot_be_reached_was_sent_nothing() -> None:
    async with http_receiver() as receiver:
        gateway = gateway_of(receiver, "twilio")
    with pytest.raises(ActionFailed) as gone:
        await send(receiver, gateway)
    assert (gone.value.code, gone.value.retry) == ("unavailable", True)


async def test_a_secret_that_is_sent_back_is_covered() -> None:
    echo = b'{"message": "wrong canary-1 or QUMxOmNhbmFyeS0x"}'
    async with http_receiver(Answer(401, echo)) as receiver:
        with pytest.raises(ActionFailed) as refused:
            await send(receiver, gateway_of(receiver, "twilio"))
    shown = f"{refused.value.message} {refused.value.detail} {refused.value.named} {gateway_of(receiver, 'twilio')}"
    assert "canary-1" not in shown
    assert "QUMxOmNhbmFyeS0x" not in shown


@pytest.mark.parametrize(
    ("to", "text", "code"),
    [
        ("", "Hi", "empty-field"),
        ("call me", "Hi", "bad-phone"),
        ("+82 10 1234 5678, +82 10 1234 5679", "Hi", "bad-phone"),
        ("+821012345678", " ", "empty-field"),
        ("+821012345678", "x" * 5000, "text-too-long"),
    ],
)
async def test_what_cannot_be_sent_is_not_sent(to: str, text: str, code: str) -> None:
    async with http_receiver() as receiver:
        with pytest.raises(ActionFailed) as refused:
            await send(receiver, gateway_of(receiver, "twilio"), to=to, text=text)
        assert receiver.received == []
    assert refused.value.code == code


async def test_a_text_with_holes_in_it_stays_as_it_is() -> None:
    async with http_receiver(Answer(201, b'{"sid": "1"}')) as receiver:
        await send(
            receiver,
            gateway_of(receiver, "twilio"),
            text="{secret} {to}&To=+1\r\nx\x00",
        )
        (request,) = receiver.received
    assert form(request) == {
        "To": "+821012345678",
        "From": "Shop",
        "Body": "{secret} {to}&To=+1\nx",
    }


async def test_an_account_cannot_lead_to_another_host() -> None:
    async with http_receiver(Answer(201, b'{"sid": "1"}')) as receiver:
        await send(receiver, gateway_of(receiver, "twilio", user="../../x?y=@evil.example/"))
        (request,) = receiver.received
    assert request.path == "/2010-04-01/Accounts/..%2F..%2Fx%3Fy%3D%40evil.example%2F/Messages.json"


def test_the_dry_run_says_to_whom_and_in_how_many_parts() -> None:
    kind = SendSms()
    assert kind.preview(SendSmsFields(to="+82 10-1234-5678", text="안" * 71), EVENT).startswith(
        "Send a text message to +821012345678 (2 parts): 안"
    )
    assert kind.preview(SendSmsFields(to=None, text="x"), EVENT) == (
        "Nobody would get this text message: “to” is empty."
    )


def test_the_dry_run_says_that_it_asks_the_do_not_call_list() -> None:
    fields = SendSmsFields(to="+82 10-1234-5678", text="Hi", unless_listed=True)
    assert SendSms().preview(fields, EVENT) == (
        "Send a text message to +821012345678 (1 part), unless it is on the do-not-call list: Hi"
    )


def test_secrets_do_not_show_when_printed() -> None:
    gateway = SmsGateway("x", read_template(OWN), token="canary-1")
    assert "canary-1" not in repr(replace(gateway, user="ann"))
