"""Signatures of webhooks: the symmetric scheme of Standard Webhooks 1.0 (`webhook-signature: v1,…`).

What is signed is `id.timestamp.body`, with the bytes that `whsec_…` holds in base64.
Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from typing import Final

PREFIX: Final = "whsec_"
SHORTEST_BYTES: Final = 24
LONGEST_BYTES: Final = 64
"""Source: the same, "Signature scheme": between 24 and 64 bytes."""


def key_of(secret: str) -> bytes | None:
    """The key in a secret, None where it is none: not base64, too short or too long."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        return None
    return key if SHORTEST_BYTES <= len(key) <= LONGEST_BYTES else None


def signature(key: bytes, *, message_id: str, timestamp: int, body: bytes) -> str:
    """The value of the header `webhook-signature`. `timestamp`: seconds of Unix time, the same as in its header."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
