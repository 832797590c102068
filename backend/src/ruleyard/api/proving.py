"""A test through a connection: one mail or text message, sent for whoever asks. Counted, audited, kept as its state.

Must not know how runs are performed: no run is made, no step is written.
"""

from __future__ import annotations

from typing import Final
from uuid import uuid4

from ruleyard.actions import mail, sms
from ruleyard.actions.failure import ActionFailed
from ruleyard.actions.reaching import trouble_of
from ruleyard.api.caller import Caller
from ruleyard.api.house import House
from ruleyard.api.sending import ACTION as MAILED
from ruleyard.api.sending import MARKS, count_test
from ruleyard.api.shapes.connections import ProveConnection, ProvedConnection
from ruleyard.core.errors import Conflict, Invalid
from ruleyard.runner.mail_servers import read_mail_server
from ruleyard.runner.outside import read_sms_gateway
from ruleyard.stores import audit, connections
from ruleyard.stores.db import transaction

TEXTED: Final[audit.Act] = "send test message"
_WORDS: Final = {
    "en": ("Ruleyard can send mail", "This is a test. The connection “{name}” works."),
    "ko": ("Ruleyard에서 메일을 보낼 수 있습니다", "시험 메일입니다. 연결 “{name}”이(가) 작동합니다."),
    "zh": ("Ruleyard 可以发送邮件", "这是一封测试邮件。连接“{name}”工作正常。"),
    "ru": ("Ruleyard может отправлять почту", "Это проверка. Подключение «{name}» работает."),
}


async def prove(
    house: House, caller: Caller, one: connections.Connection, data: ProveConnection
) -> ProvedConnection:
    """Sends the test and keeps what came of it as the connection's state.

    Conflict for a kind that sends nothing and for an API key, Invalid for no phone number, TooManyTries, and
    ActionFailed with the other side's words.
    """
    if one.kind not in ("smtp", "sms"):
        raise Conflict(
            "Only a mail server or an SMS provider sends a test. Use “Check”.", code="nothing-to-send"
        )
    if caller.account_id is None:
        raise Conflict("An API key has no address of its own. Sign in to send a test.", code="no-account")
    try:
        to, answer = await (
            _mail(house, caller, one) if one.kind == "smtp" else _text(house, caller, one, data)
        )
    except ActionFailed as failure:
        async with transaction(house.engine) as conn:
            await connections.set_state(conn, one.id, "failing", trouble_of(failure, one.name))
        raise
    async with transaction(house.engine) as conn:
        await connections.set_state(conn, one.id, "works")
    return ProvedConnection(to, answer)


async def _mail(house: House, caller: Caller, one: connections.Connection) -> tuple[str, str]:
    server = await read_mail_server(house.engine, house.settings, one.name)
    sender = mail.sender_of(server)
    mark, _ = MARKS.get(caller.language, MARKS["en"])
    subject, body = _WORDS.get(caller.language, _WORDS["en"])
    to = mail.addresses("to", caller.email)
    message = mail.build(
        sender=sender,
        to=to,
        cc=(),
        subject=f"{mark} {subject}",
        body=body.format(name=one.label or one.name) + "\n",
        message_id=f"<test.{uuid4().hex}@{sender.domain}>",
    )
    message["X-Ruleyard-Test"] = "yes"
    async with transaction(house.engine) as conn:
        await count_test(conn, caller, MAILED)
        await audit.record(conn, caller, MAILED, f"connection:{one.id}", {"to": caller.email})
    return caller.email, await mail.send(server, message, sender.addr_spec, [one.addr_spec for one in to])


async def _text(
    house: House, caller: Caller, one: connections.Connection, data: ProveConnection
) -> tuple[str, str]:
    gateway = await read_sms_gateway(house.engine, house.settings, one.name)
    try:
        phone = sms.phone_of(data.to, gateway.country)
    except ActionFailed as failure:
        raise Invalid(failure.message, code=failure.code) from failure
    mark, _ = MARKS.get(caller.language, MARKS["en"])
    _, body = _WORDS.get(caller.language, _WORDS["en"])
    async with transaction(house.engine) as conn:
        await count_test(conn, caller, TEXTED)
        await audit.record(conn, caller, TEXTED, f"connection:{one.id}", {"to": phone.e164})
    sent = await sms.send(gateway, house.outbound, phone, f"{mark} {body.format(name=one.label or one.name)}")
    return phone.e164, str(sent["id"] or sent["status"])
