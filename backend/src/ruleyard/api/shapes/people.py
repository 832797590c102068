"""Shapes of sessions, accounts, API keys and the audit log."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from ruleyard.core.types import AccountId, JSONObject, Role

Language = Literal["en", "ko", "zh", "ru"]
Email = Annotated[str, msgspec.Meta(min_length=3, max_length=254, pattern=r"^[^@\s<>,;]+@[^@\s<>,;]+$")]
PersonName = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
Password = Annotated[str, msgspec.Meta(min_length=8, max_length=200)]


class Author(msgspec.Struct, frozen=True):
    """Who did it, as shown beside a draft or a version."""

    id: AccountId
    name: str


class Me(msgspec.Struct, frozen=True):
    """The account that is signed in."""

    id: AccountId
    email: str
    name: str
    role: Role
    language: Language


class SessionInfo(msgspec.Struct, frozen=True):
    """Who is signed in (None: nobody). `csrf` goes back in the header X-CSRF-Token of every change."""

    account: Me | None
    csrf: str
    setup_needed: bool
    demo: bool
    demo_data: bool


class SignIn(msgspec.Struct, frozen=True):
    email: Annotated[str, msgspec.Meta(max_length=254)]
    password: Annotated[str, msgspec.Meta(max_length=200)]


class Setup(msgspec.Struct, frozen=True):
    """`token` comes from the one-time link that `ruleyard up` prints."""

    token: Annotated[str, msgspec.Meta(max_length=200)]
    name: PersonName
    email: Email
    password: Password


class ChangeMe(msgspec.Struct, frozen=True):
    language: Language | None = None
    name: PersonName | None = None


class AccountInfo(msgspec.Struct, frozen=True):
    id: AccountId
    email: str
    name: str
    role: Role
    language: Language
    disabled: bool
    created_at: datetime


class Person(msgspec.Struct, frozen=True):
    """Somebody of this workspace, to choose as a value or a receiver."""

    email: str
    name: str


class People(msgspec.Struct, frozen=True):
    items: tuple[Person, ...]


class AccountPage(msgspec.Struct, frozen=True):
    items: tuple[AccountInfo, ...]
    next: str | None


class NewAccount(msgspec.Struct, frozen=True):
    email: Email
    name: PersonName
    role: Role
    password: Password
    language: Language | None = None
    """Without one, that of whoever makes the account."""


class ChangeAccount(msgspec.Struct, frozen=True):
    role: Role | None = None
    name: PersonName | None = None
    disabled: bool | None = None


class Key(msgspec.Struct, frozen=True):
    id: int
    name: str
    prefix: str
    role: Role
    created_at: datetime
    last_used_at: datetime | None


class MadeKey(msgspec.Struct, frozen=True):
    """`key` is shown this once; only its hash is kept."""

    id: int
    name: str
    prefix: str
    role: Role
    created_at: datetime
    last_used_at: datetime | None
    key: str


class KeyPage(msgspec.Struct, frozen=True):
    items: tuple[Key, ...]
    next: str | None


class NewKey(msgspec.Struct, frozen=True):
    name: PersonName
    role: Role


class AuditEntry(msgspec.Struct, frozen=True):
    """One change that somebody made. `subject` is `rule:7`, `connection:2` …"""

    id: int
    at: datetime
    account_id: int | None
    api_key_id: int | None
    actor: str
    action: str
    subject: str
    detail: JSONObject


class AuditPage(msgspec.Struct, frozen=True):
    items: tuple[AuditEntry, ...]
    next: str | None
