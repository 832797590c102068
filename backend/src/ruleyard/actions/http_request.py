"""http_request: asks another system over HTTP and keeps the answer for later steps.

JSON out and in. With a connection the address is a path below its base address and its sign-in goes along. Repeatable:
anything but GET carries the same Idempotency-Key at every try.
"""

from __future__ import annotations

from typing import Final, Literal
from urllib.parse import urlencode

import msgspec

from ruleyard.actions.answers import covered, read_body, refuse_bad
from ruleyard.actions.covering import secrets_of, without_secrets
from ruleyard.actions.failure import ActionFailed
from ruleyard.actions.guard import Blocked, place_of
from ruleyard.actions.headers import own_headers, secrets_in
from ruleyard.actions.kind import ActionContext, Promise, Tools, as_text
from ruleyard.actions.places import HttpPlace
from ruleyard.core.errors import Unavailable
from ruleyard.core.event import Event
from ruleyard.core.types import JSON, JSONObject

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]


class HttpRequestFields(msgspec.Struct, frozen=True):
    """`answer` is the author's sample: it teaches types and is not looked at here, but that JSON is wanted then."""

    connection: str | None = None
    method: Method = "GET"
    url: JSON = None
    query: JSONObject | None = None
    headers: JSONObject | None = None
    body: JSON | msgspec.UnsetType = msgspec.UNSET
    accept: Literal["success", "refusals"] = "success"
    answer: JSON | msgspec.UnsetType = msgspec.UNSET


class HttpRequest:
    name: Final = "http_request"
    promise: Final[Promise] = "repeatable"
    fields: Final = HttpRequestFields

    def preview(self, fields: HttpRequestFields, event: Event) -> str:
        through = f" through {fields.connection}" if fields.connection else ""
        sent = (
            ""
            if fields.body is msgspec.UNSET or fields.method == "GET"
            else f", sending {_short(fields.body)}"
        )
        where = _with_query(as_text(fields.url).strip(), fields.query)
        return f"{fields.method} {without_secrets(where) or '(no address)'}{through}{sent}"

    async def target(self, fields: HttpRequestFields, tools: Tools) -> str | None:
        try:
            place = await tools.http_place(fields.connection) if fields.connection else None
        except ActionFailed:
            return None  # performing says why
        return place_of(place.base_url if place else as_text(fields.url))

    async def perform(self, fields: HttpRequestFields, context: ActionContext) -> JSON:
        path = as_text(fields.url).strip()
        if not path:
            raise ActionFailed(
                "“url” is empty: there is nobody to ask.", code="empty-field", args={"field": "url"}
            )
        place = await context.tools.http_place(fields.connection) if fields.connection else None
        url = _with_query(place.address(path) if place else path, fields.query)
        sends = fields.body is not msgspec.UNSET and fields.method != "GET"
        headers = _headers(fields, place, context.key, sends=sends)
        try:
            answer = await context.tools.http.send(
                fields.method,
                url,
                headers=headers,
                body=msgspec.json.encode(fields.body) if sends else b"",
                timeout_s=context.timeout_s,
            )
        except Blocked as error:
            raise ActionFailed(error.message, code=error.code) from error
        except Unavailable as error:
            raise ActionFailed(error.message, retry=True, code="unavailable", away="silent") from error
        answer = covered(answer, place.secrets if place else ())
        told = covered(answer, (*secrets_in(fields.headers or {}), *secrets_of(url)))
        shown = url.partition("?")[0]
        if not (fields.accept == "refusals" and _refusal(answer.status)):
            refuse_bad(shown, told)
        wants_json = fields.answer is not msgspec.UNSET and 200 <= answer.status < 300
        return {"status": answer.status, "body": read_body(shown, answer, wants_json=wants_json, told=told)}


def _refusal(status: int) -> bool:
    """An answer that will be the same tomorrow: not found, not valid, not allowed."""
    return 400 <= status < 500 and status not in (408, 425, 429)


def _headers(fields: HttpRequestFields, place: HttpPlace | None, key: str, *, sends: bool) -> dict[str, str]:
    signs_in = place.headers() if place else {}
    own = own_headers(fields.headers or {}, tuple(signs_in))
    named = {name.lower() for name in own}
    ours = {"user-agent": "Ruleyard", "accept": "application/json"}
    if sends:
        ours["content-type"] = "application/json"
    if fields.method != "GET":
        ours["idempotency-key"] = key
    return {name: value for name, value in ours.items() if name not in named} | own | signs_in


def _with_query(url: str, query: JSONObject | None) -> str:
    """The address with the query's values; those that are empty are left out, lists come one by one."""
    pairs: list[tuple[str, str]] = []
    for name, value in (query or {}).items():
        several = value if isinstance(value, list) else [value]
        pairs.extend((name, as_text(one)) for one in several if one is not None)
    if not pairs:
        return url
    return url + ("&" if "?" in url else "?") + urlencode(pairs)


def _short(value: JSON | msgspec.UnsetType) -> str:
    text = msgspec.json.encode(value).decode()
    return text if len(text) <= 120 else f"{text[:119]}…"
