"""call_webhook: one JSON request through the guard, repeatable under the same key.

The receiver is told the key twice (`webhook-id` of Standard Webhooks, `Idempotency-Key`), so it can drop a
repeat.
"""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final, Literal

import msgspec

from ruleyard.actions.failure import ActionFailed
from ruleyard.actions.guard import Answer, Blocked, place_of
from ruleyard.actions.kind import ActionContext, Promise, Tools, as_text
from ruleyard.core.errors import Unavailable
from ruleyard.core.event import Event
from ruleyard.core.types import JSON, JSONObject

BODY_CHARS: Final = 4096
RETRY_AFTER_MOST_S: Final = 3600.0
_NAME: Final = re.compile(r"^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$")
_OURS: Final = frozenset(
    {"host", "content-length", "transfer-encoding", "connection", "upgrade", "te", "trailer", "expect"}
    | {"webhook-id", "webhook-timestamp", "idempotency-key", "content-type", "user-agent"}
)


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
            **_own_headers(fields.headers or {}),
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
        return _judge(url, answer)


def _own_headers(given: JSONObject) -> dict[str, str]:
    headers: dict[str, str] = {}
    for name, value in given.items():
        text = as_text(value)
        if not _NAME.match(name) or re.search(r"[\x00-\x08\x0a-\x1f\x7f]", text):
            raise ActionFailed(
                f"The header {name!r} has characters that a header cannot carry.",
                code="bad-header",
                args={"name": name},
            )
        if name.lower() in _OURS:
            raise ActionFailed(
                f"The header {name} is set by Ruleyard.", code="bad-header", args={"name": name}
            )
        headers[name] = text
    return headers


def _judge(url: str, answer: Answer) -> JSON:
    words = answer.body[: BODY_CHARS * 4].decode("utf-8", errors="replace")[:BODY_CHARS]
    if 200 <= answer.status < 300:
        return {"status": answer.status, "body": words}
    said = f"{url} answered {answer.status}."
    named: JSONObject = {"url": url, "status": answer.status}
    if 300 <= answer.status < 400:
        where = answer.headers.get("location", "")
        raise ActionFailed(
            f"{said} It points to {where or 'elsewhere'}; redirects are not followed.",
            words,
            code="webhook-moved",
            args={**named, "to": where},
        )
    if answer.status in (408, 425, 429) or answer.status >= 500:
        raise ActionFailed(
            said,
            words,
            retry=True,
            retry_after_s=_retry_after(answer.headers.get("retry-after")),
            code="webhook-refused",
            args=named,
            away="refused" if answer.status >= 500 else "",
        )
    raise ActionFailed(said, words, code="webhook-refused", args=named)


def _retry_after(header: str | None) -> float | None:
    if header is None:
        return None
    words = header.strip()
    if words.isascii() and words.isdigit():
        return min(float(words), RETRY_AFTER_MOST_S)
    try:
        at = parsedate_to_datetime(words)
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        wait_s = (at - datetime.now(UTC)).total_seconds()
    except (ValueError, OverflowError):
        return None
    return min(max(wait_s, 0.0), RETRY_AFTER_MOST_S)
