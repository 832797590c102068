"""Who is calling: an account by its session or an API key, with a role."""

from __future__ import annotations

from typing import Final, get_args

import msgspec

from ruleyard.core.types import AccountId, Role

ROLES: Final[tuple[Role, ...]] = get_args(Role)
"""From the weakest to the strongest."""


class Caller(msgspec.Struct, frozen=True):
    """`actor` is what the audit log shows. What belongs to a session is empty for an API key."""

    role: Role
    actor: str
    account_id: AccountId | None = None
    api_key_id: int | None = None
    session_hash: bytes | None = None
    csrf: str = ""
    email: str = ""
    name: str = ""
    language: str = "en"

    def may(self, role: Role) -> bool:
        return ROLES.index(self.role) >= ROLES.index(role)

    @property
    def id(self) -> str:
        """One word per caller, for what is kept per caller."""
        return f"account:{self.account_id}" if self.account_id is not None else f"key:{self.api_key_id}"
