"""Requests that come in from elsewhere: read, made an event of their rule, each once."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

import msgspec
from litestar import Request
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.api.bodies import MAX_DEPTH, depth_of
from ruleyard.api.house import House
from ruleyard.api.problems import Malformed, NotSigned
from ruleyard.api.shapes.hooks import Received
from ruleyard.api.signatures import why_refused
from ruleyard.clock import utc_now
from ruleyard.core.document import parse
from ruleyard.core.errors import Conflict, NotFound
from ruleyard.core.graph import Graph, WebhookTrigger
from ruleyard.core.types import JSON, RuleId
from ruleyard.core.webhook import as_data
from ruleyard.stores import hook_signatures, hooks, rules, versions
from ruleyard.stores.db import transaction
from ruleyard.stores.emit import emit

MOST_BYTES: Final = 256_000
MOST_KEY: Final = 200
MOST_FIELDS: Final = 1_000
ZERO: Final = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
"""The character 0 written in JSON; behind a backslash that is itself escaped it is plain text."""
_KEYS: Final = ("idempotency-key", "webhook-id", "ce-id", "x-github-delivery")
"""What senders call a request, by which it is known when it comes again; the first that is there counts."""


async def receive(house: House, request: Request[Any, Any, Any], token: str) -> Received:
    """One request to the address of a rule. NotFound, NotSigned, Conflict (rule-off) or Malformed."""
    body = await request.body()
    async with transaction(house.engine) as conn:
        rule_id = await hooks.rule_of(conn, token)
        if rule_id is None:
            raise NotFound("No rule has this address (any more).", code="no-such-hook")
        agreed = await hook_signatures.signature_of(conn, rule_id)
        keys = await hook_signatures.secrets_of(conn, house.settings, rule_id)
    if agreed is not None:
        await _refuse_unsigned(house, rule_id, agreed, keys, request.headers, body)
    sent = await body_of(request)
    # What is signed names the request; any other name could be put in its place.
    key = request.headers["webhook-id"] if agreed and agreed.scheme == "standard" else _key(request.headers)
    if len(key) > MOST_KEY:
        raise Malformed(f"The name of a request has at most {MOST_KEY} characters.")
    async with transaction(house.engine) as conn:
        await _refuse_off(conn, rule_id)
        return await take_in(conn, rule_id, sent, key, actor="webhook")


async def _refuse_unsigned(
    house: House,
    rule_id: RuleId,
    agreed: hook_signatures.HookSignature,
    keys: tuple[str, ...],
    headers: Mapping[str, str],
    body: bytes,
) -> None:
    """NotSigned, always in the same words; which it was stands in the rule's form."""
    why = why_refused(agreed, keys, headers, body, now_s=utc_now().timestamp())
    if why is None:
        return
    async with transaction(house.engine) as conn:
        await hook_signatures.refused(conn, rule_id, why)
    raise NotSigned("This request is not signed as agreed, or was signed too long ago: nothing was done.")


async def take_in(conn: AsyncConnection, rule_id: RuleId, sent: JSON, key: str, *, actor: str) -> Received:
    """The event of a request; the one made before where it comes again. `key` "": nobody can tell that it does."""
    if key and (known := await hooks.earlier(conn, rule_id, key)) is not None:
        return Received(known, repeated=True)
    name = key or secrets.token_hex(8)
    made = await emit(conn, rule_id, "webhook", as_data(sent), actor=actor, request=name)
    if key:
        await hooks.remember(conn, rule_id, key, made)
    return Received(made)


async def _refuse_off(conn: AsyncConnection, rule_id: RuleId) -> None:
    row = await rules.rule_row(conn, rule_id)
    live = await versions.live_version(conn, rule_id)
    graph = None if live is None or not row.enabled or row.archived else parse(live.document)
    if not isinstance(graph, Graph) or not isinstance(graph.trigger, WebhookTrigger):
        raise Conflict(
            "This rule is off, or does not start with requests: nothing was done. Send it again later.",
            code="rule-off",
        )


def _key(headers: Mapping[str, str]) -> str:
    return next((value for name in _KEYS if (value := headers.get(name))), "")


async def body_of(request: Request[Any, Any, Any]) -> JSON:
    """JSON of any shape, or a form as an object of texts; None where nothing was sent."""
    body = await request.body()
    if not body.strip():
        return None
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        words = body.decode()
    except UnicodeDecodeError as error:
        raise Malformed(f"The body is not UTF-8: byte {error.start} does not belong there.") from None
    if kind == "application/x-www-form-urlencoded":
        if words.count("&") >= MOST_FIELDS:
            raise Malformed(f"A form has at most {MOST_FIELDS:,} fields. Send JSON instead.")
        fields: dict[str, JSON] = dict(parse_qsl(words, keep_blank_values=True))
        if any("\0" in key + str(value) for key, value in fields.items()):
            raise Malformed("The form holds the character 0, which no database keeps.")
        return fields
    if kind.startswith("multipart/"):
        raise Malformed(
            "A form in parts (multipart) is not read. Send JSON, or the form as application/x-www-form-urlencoded."
        )
    if depth_of(body) > MAX_DEPTH:
        raise Malformed(f"The JSON nests deeper than {MAX_DEPTH} levels.", code="too-deep")
    if ZERO.search(words):
        raise Malformed("The JSON holds the character \\u0000, which no database keeps.")
    try:
        found: JSON = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError) as error:
        raise Malformed(f"The body is not JSON: {error}. Send JSON, or a form.") from None
    return found
