"""notify: tells people inside the product, once per run and node."""

from __future__ import annotations

from typing import Final

import msgspec

from ruleyard.actions.failure import ActionFailed
from ruleyard.actions.kind import ActionContext, Promise, Tools, as_text
from ruleyard.actions.mail import one_line
from ruleyard.core.event import Event
from ruleyard.core.types import JSON

TITLE_CHARS: Final = 300
BODY_CHARS: Final = 4000


class NotifyFields(msgspec.Struct, frozen=True):
    title: JSON = None
    body: JSON = None
    to: JSON = "everyone"


class Notify:
    name: Final = "notify"
    promise: Final[Promise] = "exactly-once"
    fields: Final = NotifyFields

    def preview(self, fields: NotifyFields, event: Event) -> str:
        return f"Notify {as_text(fields.to) or 'everyone'}: {one_line(as_text(fields.title))}"

    async def target(self, fields: NotifyFields, tools: Tools) -> str | None:
        return None

    async def perform(self, fields: NotifyFields, context: ActionContext) -> JSON:
        title = one_line(as_text(fields.title))[:TITLE_CHARS]
        if not title:
            raise ActionFailed(
                "“title” is empty: there is nothing to say.", code="empty-field", args={"field": "title"}
            )
        to = as_text(fields.to).strip() or "everyone"
        told = await context.tools.tell(
            key=context.key,
            to=to,
            title=title,
            body=as_text(fields.body)[:BODY_CHARS].replace("\x00", ""),
            rule_id=context.rule_id,
            run_id=context.run_id,
        )
        if told == 0 and to != "everyone":
            raise ActionFailed(
                f"There is nobody to notify: no account is {to!r}.", code="nobody", args={"to": to}
            )
        return {"notified": told, "to": to, "title": title}
