"""Bodies are looked at as bytes before anything parses them: how large, how deep. And answers are made once per key."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Awaitable, Callable
from typing import Any, Final

import msgspec
from litestar import Request, Response
from litestar.enums import MediaType
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.api.caller import Caller
from ruleyard.api.problems import Malformed
from ruleyard.core.limits import repeated_key
from ruleyard.stores.idempotency import keep_answer, kept_answer

MAX_BYTES: Final = 1_000_000
MAX_DEPTH: Final = 64
"""Above a document's own limit (32), so that a document in an envelope gets the document's message."""

_MARKS: Final = re.compile(rb'"(?:[^"\\]|\\.)*"?|[\[{]|[\]}]', re.S)


def depth_of(body: bytes, stop_at: int = MAX_DEPTH) -> int:
    """How deep the JSON nests, without parsing; counting ends just above `stop_at`."""
    depth = deepest = 0
    for mark in _MARKS.finditer(body):
        first = body[mark.start()]
        if first in b"[{":
            depth += 1
            deepest = max(deepest, depth)
            if deepest > stop_at:
                break
        elif first in b"]}":
            depth -= 1
    return deepest


async def refuse_deep(request: Request[Any, Any, Any]) -> None:
    """Before the body is parsed: too large is 413 while it streams, too deep or a key given twice is a clear 400."""
    if request.method in ("GET", "HEAD", "OPTIONS", "DELETE"):
        return
    body = await request.body()
    if body and depth_of(body) > MAX_DEPTH:
        raise Malformed(
            f"The JSON nests deeper than {MAX_DEPTH} levels. A rule document may nest 32 levels.",
            code="too-deep",
        )
    try:
        body.decode()
    except UnicodeDecodeError as error:
        raise Malformed(f"The body is not UTF-8: byte {error.start} does not belong there.") from None
    if body and (key := repeated_key(body)) is not None:
        place = f"again at line {key.line}, column {key.column}"
        words = f'The key "{key.key[:80]}" comes twice in one object of the body, {place}. Keep one of them.'
        raise Malformed(words)


async def once(
    request: Request[Any, Any, Any],
    conn: AsyncConnection,
    caller: Caller,
    status: int,
    work: Callable[[], Awaitable[msgspec.Struct]],
) -> Response[Any]:
    """`work`'s answer; the same bytes again when this caller sent this Idempotency-Key before (for a day)."""
    key = request.headers.get("idempotency-key")
    if not key:
        return Response(await work(), status_code=status)
    if len(key) > 200:
        raise Malformed("An Idempotency-Key has at most 200 characters.")
    told = hashlib.sha256(f"{request.method} {request.url.path}\n".encode() + await request.body()).digest()
    kept = await kept_answer(conn, caller=caller.id, key=key, request_hash=told)
    if kept is not None:
        return Response(
            kept.body,
            status_code=kept.status,
            media_type=MediaType.JSON,
            headers={"Idempotency-Replayed": "true"},
        )
    body = msgspec.json.encode(await work())
    await keep_answer(conn, caller=caller.id, key=key, request_hash=told, status=status, body=body)
    return Response(body, status_code=status, media_type=MediaType.JSON)
