"""call_webhook: one JSON request through the guard, repeatable under the same key, signed where a connection says so.

The receiver is told the key twice (`webhook-id` of Standard Webhooks, `Idempotency-Key`), so it can drop a
repeat.
"""

from __future__ import annotations

import time
from typing import Final, Literal

import msgspec

from ruleyard.actions.answers import covered, refuse_bad, said
from ruleyard.actions.covering import secrets_of, without_secrets
from ruleyard.actions.failure import ActionFailed
from ruleyard.actions.guard import Blocked, place_of
from ruleyard.actions.headers import own_headers, secrets_in
from ruleyard.actions.kind import ActionContext, Promise, Tools, as_text
from ruleyard.actions.places import HttpPlace
from ruleyard.actions.signing import key_of, signature
from ruleyard.core.errors import Unavailable
from ruleyard.core.event import Event
from ruleyard.core.types import JSON, JSONObject


class CallWebhookFields(msgspec.Struct, frozen=True):
    connection: str | None = None
    url: JSON = None
    method: Literal["POST", "PUT", "PATCH", "DELETE", "GET"] = "POST"
    headers: JSONObject | None = None
    payload: JSONObject | None = None


class CallWebhook:
    name: Final = "call_webhook"
    promise: Final[Promise] = "repeatable"
    fields: Final = CallWebhookFields

    def preview(self, fields: CallWebhookFields, event: Event) -> str:
        signed = f", signed by {fields.connection}" if fields.connection else ""
        return f"{fields.method} to {without_secrets(as_text(fields.url)) or '(no address)'}{signed}"

    async def target(self, fields: CallWebhookFields, tools: Tools) -> str | None:
        try:
            place = await tools.http_place(fields.connection) if fields.connection else None
        except ActionFailed:
            return None  # performing says why
        return place_of(place.base_url if place else as_text(fields.url))

    async def perform(self, fields: CallWebhookFields, context: ActionContext) -> JSON:
        """With a connection the address is below its base address, its sign-in goes along, and its secret signs."""
        path = as_text(fields.url).strip()
        if not path:
            raise ActionFailed(
                "“url” is empty: there is nowhere to send this to.", code="empty-field", args={"field": "url"}
            )
        place = await context.tools.http_place(fields.connection) if fields.connection else None
        url = place.address(path) if place else path
        payload = msgspec.to_builtins(context.event) if fields.payload is None else fields.payload
        body = b"" if fields.method == "GET" else msgspec.json.encode(payload)
        try:
            answer = await context.tools.http.send(
                fields.method,
                url,
                headers=_headers(fields, place, context.key, body),
                body=body,
                timeout_s=context.timeout_s,
            )
        except Blocked as error:
            raise ActionFailed(error.message, code=error.code) from error
        except Unavailable as error:
            raise ActionFailed(error.message, retry=True, code="unavailable", away="silent") from error
        answer = covered(answer, place.secrets if place else ())
        told = covered(answer, (*secrets_in(fields.headers or {}), *secrets_of(url)))
        refuse_bad(without_secrets(url), told)
        return {"status": answer.status, "body": said(answer)}


def _headers(fields: CallWebhookFields, place: HttpPlace | None, key: str, body: bytes) -> dict[str, str]:
    """Signed at every try anew: the time is that of the try, the id stays."""
    now = int(time.time())
    signs_in = place.headers() if place else {}
    headers = {
        "content-type": "application/json",
        "user-agent": "Ruleyard",
        "webhook-id": key,
        "webhook-timestamp": str(now),
        "idempotency-key": key,
    }
    if place and place.signing_secret:
        secret = key_of(place.signing_secret)
        if secret is None:
            raise ActionFailed(
                f"The signing secret of the connection {place.name} is none: whsec_ and base64 of 24 to 64 bytes.",
                code="bad-signing-secret",
                args={"name": place.name},
            )
        headers["webhook-signature"] = signature(secret, message_id=key, timestamp=now, body=body)
    return headers | own_headers(fields.headers or {}, ("content-type", *signs_in)) | signs_in
