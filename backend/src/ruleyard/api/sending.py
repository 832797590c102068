"""One mail of a draft, sent to the person who asks, and to nobody else. Marked as a test, counted, audited.

Must not know how runs are performed: no run is made, no step is written.
"""

from __future__ import annotations

from typing import Final
from uuid import uuid4

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.actions import mail
from ruleyard.actions.failure import ActionFailed
from ruleyard.actions.kind import as_text, read_fields, redacted
from ruleyard.actions.registry import kind_named
from ruleyard.actions.send_email import SendEmailFields, forms_of
from ruleyard.api.attaching import reports_named
from ruleyard.api.caller import Caller
from ruleyard.api.house import House
from ruleyard.api.problems import TooManyTries
from ruleyard.api.shapes.rules import SendTest, SentTest, TestDraft
from ruleyard.api.trial import Trial, trial_of
from ruleyard.core.errors import Conflict, Invalid
from ruleyard.core.evaluate import data_of
from ruleyard.core.graph import Action
from ruleyard.core.items import Item, bodies_of
from ruleyard.core.trace import StepError
from ruleyard.core.types import JSONObject, NodeId
from ruleyard.runner.mail_servers import read_mail_server
from ruleyard.stores import audit
from ruleyard.stores.db import transaction

MOST: Final = 10
"""Tests that one person may send themselves within MINUTES."""
MINUTES: Final = 10
RECENT: Final = 5_000
"""So many of the newest lines of the audit log are looked through."""
ACTION: Final[audit.Act] = "send test mail"
MARKS: Final = {
    "en": ("[Test]", "This is a test that only you get. The rule would have sent it to: {to}"),
    "ko": ("[시험]", "이 메일은 본인에게만 보낸 시험 메일입니다. 규칙이 실행되면 받을 사람: {to}"),
    "zh": ("[测试]", "这是只发给您本人的测试邮件。规则运行时的收件人：{to}"),
    "ru": ("[Проверка]", "Это проверочное письмо, его получаете только вы. Правило отправило бы его: {to}"),
}
FILES: Final = {
    "en": "Left out of this test: {files}",
    "ko": "이 시험에서 뺀 첨부 파일: {files}",
    "zh": "此次测试未附：{files}",
    "ru": "В этой проверке не приложено: {files}",
}


async def send_to_oneself(house: House, caller: Caller, data: SendTest) -> SentTest:
    """Sends what the step would send for the record. Conflict for an API key, which has no address.

    Invalid where the draft does not hold or the step is no mail, TooManyTries, ActionFailed with the server's words.
    """
    if caller.account_id is None or not caller.email:
        raise Conflict(
            "An API key has no address of its own. Sign in to send yourself a test.", code="no-account"
        )
    trial = await trial_of(house, TestDraft(data.document, data.record))
    fields = _fields(trial, NodeId(data.node))
    meant = tuple(
        one.addr_spec for one in (*mail.addresses("to", fields.to), *mail.addresses("cc", fields.cc))
    )
    server = await read_mail_server(house.engine, house.settings, fields.connection)
    sender = mail.sender_of(server)
    mark, note = MARKS.get(caller.language, MARKS["en"])
    names = _files(trial, NodeId(data.node))
    below = note.format(to=", ".join(meant) or "–")
    if names:
        below += "\n" + FILES.get(caller.language, FILES["en"]).format(files=", ".join(names))
    text_form, html = forms_of(fields, below)
    message = mail.build(
        sender=sender,
        to=mail.addresses("to", caller.email),
        cc=(),
        subject=f"{mark} {as_text(fields.subject)}",
        body=text_form,
        html=html,
        message_id=f"<test.{uuid4().hex}@{sender.domain}>",
    )
    message["X-Ruleyard-Test"] = "yes"
    subject = "rule" if data.rule_id is None else f"rule:{data.rule_id}"
    async with transaction(house.engine) as conn:
        await count_test(conn, caller, ACTION)
        await audit.record(conn, caller, ACTION, subject, {"node": data.node, "to": caller.email})
    await mail.send(server, message, sender.addr_spec, [caller.email])
    return SentTest(caller.email, str(message["Subject"]), meant)


def _fields(trial: Trial, node: NodeId) -> SendEmailFields:
    """As they come out for the record, whether or not the rule would come by. What earlier steps give is empty."""
    action = trial.plan.nodes.get(node)
    if not isinstance(action, Action) or action.do != "send_email":
        raise Invalid("Only a step that sends an e-mail can be sent as a test.", code="not-a-mail")
    resolved = trial.plan.actions[node].resolve(_data(trial, node))
    if isinstance(resolved, StepError):
        raise ActionFailed(resolved.message, code=resolved.code)
    fields: SendEmailFields = read_fields(kind_named(action.do), resolved)
    return fields


def _data(trial: Trial, node: NodeId) -> JSONObject:
    """What the expressions of a step see: of a list the first item, unless an earlier step gives the list."""
    plan = trial.plan
    data = data_of(trial.event, trial.now, related=trial.related)
    each = bodies_of(plan.graph.nodes, plan.graph.edges).get(node)
    found = None if each is None else plan.lists[each.id].evaluate(data)
    if each is None or found is None or found.error or not isinstance(found.value, list) or not found.value:
        return data
    item = Item(each.id, 0, found.value[0])
    return data_of(trial.event, trial.now, related=trial.related, item=item)


def _files(trial: Trial, node: NodeId) -> list[str]:
    """What the reports that the mail attaches would be called; a test makes none."""
    action = trial.plan.nodes.get(node)
    names: list[str] = []
    for step in reports_named(action) if isinstance(action, Action) else ():
        maker = trial.plan.nodes.get(step)
        if isinstance(maker, Action) and maker.do == "make_report":
            made = trial.plan.actions[step].resolve(_data(trial, step))
            names.append("report" if isinstance(made, StepError) else str(redacted(made, maker.do)["file"]))
    return names


async def count_test(conn: AsyncConnection, caller: Caller, action: audit.Act) -> None:
    """One try more; two at once are counted one after the other. TooManyTries beyond MOST."""
    await conn.execute(
        text("select pg_advisory_xact_lock(hashtext(:action), :account)"),
        {"action": action, "account": caller.account_id},
    )
    sent = await conn.scalar(
        text("""
            select count(*) from (select account_id, action, at from app.audit order by id desc limit :recent) recent
            where account_id = :account and action = :action and at > now() - make_interval(mins => :minutes)
        """),
        {"account": caller.account_id, "action": action, "minutes": MINUTES, "recent": RECENT},
    )
    if (sent or 0) >= MOST:
        raise TooManyTries(
            f"You sent yourself {MOST} tests within {MINUTES} minutes. Wait a little, then try again.",
            retry_after_s=MINUTES * 60,
        )
