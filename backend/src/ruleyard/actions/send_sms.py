"""send_sms: one text message through a provider, at most once. A crash in between is shown as outcome unknown.

With `unless_listed` it asks the do-not-call list first; that a phone is on it is no failure, but an output.
"""

from __future__ import annotations

from typing import Final

import msgspec

from ruleyard.actions import sms
from ruleyard.actions.failure import ActionFailed
from ruleyard.actions.kind import ActionContext, Promise, Tools, as_text
from ruleyard.actions.mail import one_line
from ruleyard.core.errors import Unavailable
from ruleyard.core.event import Event
from ruleyard.core.phone import Phone, read_phone
from ruleyard.core.sms_parts import sms_parts
from ruleyard.core.types import JSON, JSONObject


class SendSmsFields(msgspec.Struct, frozen=True):
    to: JSON = None
    text: JSON = None
    connection: str | None = None
    unless_listed: bool = False


class SendSms:
    name: Final = "send_sms"
    promise: Final[Promise] = "at-most-once"
    fields: Final = SendSmsFields

    def preview(self, fields: SendSmsFields, event: Event) -> str:
        to, text = as_text(fields.to).strip(), as_text(fields.text)
        if not to:
            return "Nobody would get this text message: “to” is empty."
        phone = read_phone(to)
        shown = phone.e164 if isinstance(phone, Phone) else one_line(to)
        size = sms_parts(text)
        parts = "1 part" if size.parts == 1 else f"{size.parts} parts"
        unless = ", unless it is on the do-not-call list" if fields.unless_listed else ""
        return f"Send a text message to {shown} ({parts}){unless}: {one_line(text)}"

    async def target(self, fields: SendSmsFields, tools: Tools) -> str | None:
        try:
            return (await tools.sms_gateway(fields.connection)).place
        except ActionFailed:
            return None  # performing says why

    async def perform(self, fields: SendSmsFields, context: ActionContext) -> JSON:
        if not as_text(fields.to).strip():
            raise ActionFailed(
                "“to” is empty: there is nobody to send this text message to.",
                code="empty-field",
                args={"field": "to"},
            )
        gateway = await context.tools.sms_gateway(fields.connection)
        phone = sms.phone_of(as_text(fields.to), gateway.country)
        text = sms.message_of(as_text(fields.text))
        if fields.unless_listed and await _is_listed(phone, context.tools):
            return not_sent(phone, text)
        answer = await sms.send(gateway, context.tools.http, phone, text, timeout_s=context.timeout_s)
        return {"to": phone.e164, "sent": True, **answer}


async def _is_listed(phone: Phone, tools: Tools) -> bool:
    """Asked before the provider hears anything: where there is no answer, nothing was sent, and that is known."""
    try:
        return await tools.calls.is_listed(phone.e164)
    except Unavailable as error:
        words = "The do-not-call list could not be asked: nothing was sent."
        raise ActionFailed(words, retry=True, code="list-silent") from error


def not_sent(phone: Phone, text: str) -> JSONObject:
    """The output where the phone is on the do-not-call list."""
    return {
        "to": phone.e164,
        "sent": False,
        "reason": "do-not-call",
        "id": None,
        "parts": 0,
        "alphabet": sms_parts(text).alphabet,
        "status": None,
    }
