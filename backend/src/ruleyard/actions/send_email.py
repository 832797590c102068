"""send_email: one message by SMTP, at most once: text, HTML or both, with reports attached.

A crash in between is shown as outcome unknown.
"""

from __future__ import annotations

from html import escape
from typing import Final

import msgspec

from ruleyard.actions import mail
from ruleyard.actions.attachments import attachments_of, report_ids
from ruleyard.actions.failure import ActionFailed
from ruleyard.actions.html import as_plain, page, sanitised
from ruleyard.actions.kind import ActionContext, Promise, Tools, as_text
from ruleyard.core.event import Event
from ruleyard.core.types import JSON


class SendEmailFields(msgspec.Struct, frozen=True):
    """`html`: its values are escaped already. `attachments`: numbers of reports of this run."""

    to: JSON = None
    subject: JSON = None
    body: JSON = None
    html: JSON = None
    cc: JSON = None
    reply_to: JSON = None
    attachments: JSON = None
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
        count = len(fields.attachments) if isinstance(fields.attachments, list) else 0
        more = "" if count == 0 else f", with {count} {'file' if count == 1 else 'files'}"
        return f"Send a mail to {who}: {mail.one_line(as_text(fields.subject))}{more}"

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
        files = await attachments_of(report_ids(fields.attachments), context)
        server = await context.tools.mail_server(fields.connection)
        sender = mail.sender_of(server)
        message_id = f"<{context.key.replace(':', '.')}@{sender.domain}>"
        text, html = forms_of(fields)
        message = mail.build(
            sender=sender,
            to=to,
            cc=cc,
            subject=as_text(fields.subject),
            body=text,
            message_id=message_id,
            html=html,
            attachments=files,
            reply_to=mail.addresses("reply_to", fields.reply_to),
        )
        recipients = list(dict.fromkeys(address.addr_spec for address in (*to, *cc)))
        answer = await mail.send(server, message, sender.addr_spec, recipients, whole_s=context.timeout_s)
        told: list[JSON] = list(recipients)
        attached: list[JSON] = [one.file for one in files]
        return {
            "to": told,
            "subject": str(message["Subject"]),
            "message_id": message_id,
            "answer": answer,
            "attachments": attached,
        }


def forms_of(fields: SendEmailFields, note: str = "") -> tuple[str, str]:
    """The text and the HTML of the message, "" where it has none; `note` (plain text) stands below both."""
    part = sanitised(as_text(fields.html)) if fields.html else ""
    text = as_text(fields.body) or (as_plain(part) if part else "")
    if note:
        text = f"{text}\n\n-- \n{note}\n"
        part = part and f"{part}<hr>{''.join(f'<p>{escape(line)}</p>' for line in note.splitlines())}"
    return text, page(part) if part else ""
