"""Seals the secrets of connections: AES-256-GCM, a random nonce each.

Shape of a sealed value: one version byte (1), 12 bytes of nonce, then ciphertext and tag. Knows nothing of
tables; what it opens is for the code that signs in with it and for nobody else.
"""

from __future__ import annotations

import os
from typing import Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ruleyard.core.errors import Unavailable
from ruleyard.core.types import JSONObject

_VERSION: Final = b"\x01"
_NONCE_BYTES: Final = 12
_PURPOSE: Final = b"ruleyard.connection"


def seal(secret_key: str, value: JSONObject) -> bytes:
    """The value, readable only with `secret_key` (64 hex digits)."""
    nonce = os.urandom(_NONCE_BYTES)
    return (
        _VERSION
        + nonce
        + AESGCM(bytes.fromhex(secret_key)).encrypt(nonce, msgspec.json.encode(value), _PURPOSE)
    )


def unseal(secret_key: str, sealed: bytes, old_secret_key: str = "") -> JSONObject:
    """What was sealed, with the old key where the new one does not open it (and there is an old one).

    Unavailable when the key is another one or the bytes were changed.
    """
    if old_secret_key:
        try:
            return unseal(secret_key, sealed)
        except Unavailable:
            return unseal(old_secret_key, sealed)
    nonce, ciphertext = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    try:
        if sealed[:1] != _VERSION:
            raise InvalidTag
        opened = AESGCM(bytes.fromhex(secret_key)).decrypt(nonce, ciphertext, _PURPOSE)
    except (InvalidTag, ValueError):
        raise Unavailable(
            "The secret of this connection cannot be opened: RULEYARD_SECRET_KEY is not the key that sealed "
            "it. Set the old key again, or enter the password again.",
            code="secret-key-changed",
        ) from None
    value: JSONObject = msgspec.json.decode(opened)
    return value
