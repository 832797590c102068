"""CloudEvents over HTTP: one in JSON (structured mode), or a list of them (batch). None loses its data in silence.

Source: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md
"""

from __future__ import annotations

import base64
import binascii
from typing import Any

import msgspec
from litestar import Request

from ruleyard.api.bodies import MAX_DEPTH, depth_of, refuse_deep
from ruleyard.api.problems import Malformed, TooLarge
from ruleyard.api.receiving import MOST_BYTES, ZERO
from ruleyard.api.shapes.hooks import CloudEvent
from ruleyard.core.types import JSON
from ruleyard.core.webhook import event_type


async def refuse_binary(request: Request[Any, Any, Any]) -> None:
    """Before the body is parsed: an event whose attributes are headers would be told by its data alone."""
    if "ce-specversion" in request.headers or "ce-id" in request.headers:
        raise Malformed(
            "This is a CloudEvent in binary mode: its attributes are in headers (ce-…). Send it in structured mode: "
            "one JSON object with specversion, id, source, type and data, as application/cloudevents+json; or send it "
            "to the address of a rule."
        )
    await refuse_deep(request)


def data_of(event: CloudEvent) -> JSON:
    """What the event carries: JSON, or text. Malformed for bytes that are neither, TooLarge over MOST_BYTES."""
    if not event_type(event.type):
        raise Malformed(f"The type of {event.id!r} is blank: nobody could listen to it.")
    data = event.data if event.data_base64 is None else _opened(event)
    encoded = msgspec.json.encode(data)
    if (size := len(encoded)) > MOST_BYTES:
        raise TooLarge(
            f"The data of an event has at most {MOST_BYTES:,} bytes, that of {event.id!r} {size:,}. "
            "Send less, or only the key of what it is about."
        )
    if ZERO.search(encoded.decode()):
        raise Malformed(f"The data of {event.id!r} holds the character 0, which no database keeps.")
    return data


def _opened(event: CloudEvent) -> JSON:
    if event.data is not None:
        raise Malformed(f"{event.id!r} has both data and data_base64: send one of them.")
    try:
        content = base64.b64decode(event.data_base64 or "", validate=True)
        words = content.decode()
    except (binascii.Error, UnicodeDecodeError):
        raise Malformed(
            f"data_base64 of {event.id!r} is neither JSON nor text. Rules read JSON and text: send the key of the "
            "file, or its address."
        ) from None
    if depth_of(content) > MAX_DEPTH:
        raise Malformed(f"data_base64 of {event.id!r} nests deeper than {MAX_DEPTH} levels.", code="too-deep")
    try:
        found: JSON = msgspec.json.decode(content)
    except (msgspec.DecodeError, RecursionError):
        return words
    return found
