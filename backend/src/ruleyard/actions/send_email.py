"""send_email: one text message by SMTP, at most once. A crash in between is shown as outcome unknown."""

from __future__ import annotations

from typing import Final

import msgspec

from ruleyard.actions import mail
from ruleyard.actions.failure import ActionFailed
from ruleyard.actions.kind import ActionContext, Promise, Tools, as_text
from ruleyard.core.event import Event
from ruleyard.core.types import JSON


class SendEmailFields(msgspec.Struct, frozen=True):
    to: JSON = None
    subject: JSON = None
    body: JSON = None
    cc: JSON = None
    connection: str | None = None


class SendEmail:
    name: Final = "send_email"
    promise: Final[Promise] = "at-most-once"
    fields: Final = SendEmailFields

    def preview(self, fields: SendEmailFields, event: Event) -> str:
        to = mail.addresses("to", fields.to)
        if not to:
            return "Nobody would get this mail: “to” is empty."
        who = ", ".join(address.addr_spec for address in (*to, *mail.addresses("cc", fields.cc)))
        return f"Send a mail to {who}: {mail.one_line(as_text(fields.subject))}"

    async def target(self, fields: SendEmailFields, tools: Tools) -> str | None:
        try:
            server = await tools.mail_server(fields.connection)
        except ActionFailed:
            return None  # performing says why
        return f"smtp://{server.host}:{server.port}".lower()

    async def perform(self, fields: SendEmailFields, context: ActionContext) -> JSON:
        to = mail.addresses("to", fields.to)
        if not to:
            raise ActionFailed(
                "“to” is empty: there is nobody to send this mail to.",
                code="empty-field",
                args={"field": "to"},
            )
        cc = mail.addresses("cc", fields.cc)
        server = await context.tools.mail_server(fields.connection)
        sender = mail.sender_of(server)
        message_id = f"<{context.key.replace(':', '.')}@{sender.domain}>"
        message = mail.build(
            sender=sender,
            to=to,
            cc=cc,
            subject=as_text(fields.subject),
            body=as_text(fields.body),
            message_id=message_id,
        )
        recipients = list(dict.fromkeys(address.addr_spec for address in (*to, *cc)))
        answer = await mail.send(server, message, sender.addr_spec, recipients)
        told: list[JSON] = list(recipients)
        return {"to": told, "subject": str(message["Subject"]), "message_id": message_id, "answer": answer}
