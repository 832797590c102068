"""call_webhook: one JSON request through the guard, repeatable under the same key.

The receiver is told the key twice (`webhook-id` of Standard Webhooks, `Idempotency-Key`), so it can drop a
repeat.
"""

from __future__ import annotations

import time
from typing import Final, Literal

import msgspec

from ruleyard.actions.answers import refuse_bad, said
from ruleyard.actions.failure import ActionFailed
from ruleyard.actions.guard import Blocked, place_of
from ruleyard.actions.headers import own_headers
from ruleyard.actions.kind import ActionContext, Promise, Tools, as_text
from ruleyard.core.errors import Unavailable
from ruleyard.core.event import Event
from ruleyard.core.types import JSON, JSONObject


class CallWebhookFields(msgspec.Struct, frozen=True):
    url: JSON = None
    method: Literal["POST", "PUT", "PATCH", "DELETE", "GET"] = "POST"
    headers: JSONObject | None = None
    payload: JSONObject | None = None


class CallWebhook:
    name: Final = "call_webhook"
    promise: Final[Promise] = "repeatable"
    fields: Final = CallWebhookFields

    def preview(self, fields: CallWebhookFields, event: Event) -> str:
        return f"{fields.method} to {as_text(fields.url) or '(no address)'}"

    async def target(self, fields: CallWebhookFields, tools: Tools) -> str | None:
        return place_of(as_text(fields.url))

    async def perform(self, fields: CallWebhookFields, context: ActionContext) -> JSON:
        url = as_text(fields.url)
        if not url:
            raise ActionFailed(
                "“url” is empty: there is nowhere to send this to.", code="empty-field", args={"field": "url"}
            )
        payload = msgspec.to_builtins(context.event) if fields.payload is None else fields.payload
        headers = {
            "content-type": "application/json",
            "user-agent": "Ruleyard",
            "webhook-id": context.key,
            "webhook-timestamp": str(int(time.time())),
            "idempotency-key": context.key,
            **own_headers(fields.headers or {}),
        }
        try:
            answer = await context.tools.http.send(
                fields.method,
                url,
                headers=headers,
                body=b"" if fields.method == "GET" else msgspec.json.encode(payload),
            )
        except Blocked as error:
            raise ActionFailed(error.message, code=error.code) from error
        except Unavailable as error:
            raise ActionFailed(error.message, retry=True, code="unavailable", away="silent") from error
        refuse_bad(url, answer)
        return {"status": answer.status, "body": said(answer)}
