"""Is a request signed as agreed? Standard Webhooks, or a plain HMAC-SHA256 of the body in a header. Pure.

Sources: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md;
https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from typing import Final

from ruleyard.actions.signing import PREFIX, key_of, signature
from ruleyard.stores.hook_signatures import HookSignature, Scheme, Why

TOLERANCE_S: Final = 300
"""A request of Standard Webhooks is refused where its moment lies further away. Source: their reference libraries."""
MOST_SIGNATURES: Final = 20


def new_secret(scheme: Scheme) -> str:
    """32 random bytes, written as senders of the scheme take them."""
    key = secrets.token_bytes(32)
    return PREFIX + base64.b64encode(key).decode() if scheme == "standard" else key.hex()


def why_refused(
    agreed: HookSignature, keys: Sequence[str], headers: Mapping[str, str], body: bytes, *, now_s: float
) -> Why | None:
    """None where the request is signed with one of `keys`. Compares in constant time."""
    if agreed.scheme == "standard":
        return _standard(keys, headers, body, now_s)
    given = headers.get(agreed.header.lower(), "").strip()
    if not given:
        return "missing"
    if not given.lower().startswith(agreed.prefix.lower()):
        return "wrong"
    bare = given[len(agreed.prefix) :].strip()
    fits = [
        _same(_written(hmac.new(key.encode(), body, hashlib.sha256).digest(), agreed.encoding), bare)
        for key in keys
    ]
    return None if any(fits) else "wrong"


def _written(digest: bytes, encoding: str) -> str:
    return digest.hex() if encoding == "hex" else base64.b64encode(digest).decode()


def _same(wanted: str, given: str) -> bool:
    """Hexadecimal digits may be large; base64 tells large from small."""
    other = given.lower() if len(wanted) == 64 else given
    return hmac.compare_digest(wanted.encode(), other.encode())


def _standard(keys: Sequence[str], headers: Mapping[str, str], body: bytes, now_s: float) -> Why | None:
    name, at, given = (headers.get(f"webhook-{part}", "") for part in ("id", "timestamp", "signature"))
    if not (name and at and given):
        return "missing"
    if not (at.isascii() and at.isdecimal() and len(at) <= 12):
        return "wrong"
    if abs(now_s - int(at)) > TOLERANCE_S:
        return "old"
    wanted = [
        signature(key, message_id=name, timestamp=int(at), body=body)
        for key in (key_of(secret) for secret in keys)
        if key is not None
    ]
    offered = given.split(" ")[:MOST_SIGNATURES]
    fits = [hmac.compare_digest(one.encode(), other.encode()) for one in wanted for other in offered]
    return None if any(fits) else "wrong"
