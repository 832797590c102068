"""Passwords: argon2id, in a thread so that the loop goes on, two at a time so that memory stays bounded."""

from __future__ import annotations

import asyncio
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER: Final = PasswordHasher()
_NOBODY: Final = (
    "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$0cHM+oFMFWLsQxGJtn4pGZ0WTm3sBEBLq3eBhHvyU6A"
)
"""Of no password: looked at when there is no such account, so that the answer takes as long."""


class Passwords:
    def __init__(self) -> None:
        self._turn = asyncio.Semaphore(2)

    async def hash(self, password: str) -> str:
        async with self._turn:
            return await asyncio.to_thread(_HASHER.hash, password)

    async def fits(self, password_hash: str | None, password: str) -> bool:
        """Does the password fit? With None it never does, and takes as long."""
        async with self._turn:
            return (
                await asyncio.to_thread(_fits, password_hash or _NOBODY, password)
                and password_hash is not None
            )


def _fits(password_hash: str, password: str) -> bool:
    try:
        return _HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False
