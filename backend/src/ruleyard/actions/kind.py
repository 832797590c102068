"""What an action kind is, what it is given, and how it fails. One file per kind lives beside this one.

Kinds know core and the outside world; they must not know our tables: what they need comes in as `Tools`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import msgspec

from ruleyard.actions.failure import ActionFailed
from ruleyard.actions.guard import Outbound
from ruleyard.actions.places import HttpPlace
from ruleyard.actions.records import Database
from ruleyard.actions.sms import SmsGateway
from ruleyard.core.action_fields import field_kind
from ruleyard.core.cause import cause_of_write
from ruleyard.core.event import Event
from ruleyard.core.types import JSON, JSONObject, NodeId, RuleId, RunId

Promise = Literal["exactly-once", "repeatable", "at-most-once"]
"""How often the world may feel it when a worker dies: record writes once, HTTP again with the same key, mail
once or nobody knows."""


@dataclass(frozen=True)
class MailServer:
    """Where mail goes out. `sender` is what stands in From."""

    name: str
    host: str
    port: int
    security: Literal["none", "starttls", "tls"]
    user: str
    password: str
    sender: str


class Tools(Protocol):
    """What the runner lends to actions."""

    @property
    def http(self) -> Outbound: ...

    async def database(self, name: str) -> Database:
        """The database of a postgres connection by its name. ActionFailed where there is none."""
        ...

    async def mail_server(self, name: str | None) -> MailServer:
        """A smtp connection by its name, the first one for None. ActionFailed where there is none."""
        ...

    async def http_place(self, name: str) -> HttpPlace:
        """A http connection by its name. ActionFailed where there is none."""
        ...

    async def sms_gateway(self, name: str | None) -> SmsGateway:
        """A sms connection by its name, the first one for None. ActionFailed where there is none."""
        ...

    async def tell(self, *, key: str, to: str, title: str, body: str, rule_id: RuleId, run_id: RunId) -> int:
        """Notifies inside the product, once per key. Returns how many people it is for."""
        ...


@dataclass(frozen=True)
class ActionContext:
    """The run and node an action is performed for. `connection` and `table` are the trigger's, if any."""

    run_id: RunId
    rule_id: RuleId
    rule_name: str
    node_id: NodeId
    event: Event
    connection: str | None
    table: str | None
    tools: Tools

    @property
    def key(self) -> str:
        """The idempotency key: constant over retries."""
        return f"{self.run_id}:{self.node_id}"

    @property
    def cause(self) -> str:
        """What a record write says about where it comes from."""
        return cause_of_write(self.run_id, self.event)


class ActionKind(Protocol):
    """One kind. `fields` is the Struct of its resolved fields (their words: core.action_fields)."""

    @property
    def name(self) -> str: ...
    @property
    def promise(self) -> Promise: ...
    @property
    def fields(self) -> type[msgspec.Struct]: ...

    def preview(self, fields: Any, event: Event) -> str:
        """One sentence: what would happen. Pure."""
        ...

    async def target(self, fields: Any, tools: Tools) -> str | None:
        """The outside system it will reach, as `scheme://host:port`: one that does not answer is left in peace."""
        ...

    async def perform(self, fields: Any, context: ActionContext) -> JSON:
        """Does it and gives the step's output. Raises ActionFailed."""
        ...


def read_fields(kind: ActionKind, fields: JSONObject) -> Any:
    """The resolved fields as the kind's Struct. ActionFailed (permanent) where they do not fit."""
    try:
        return msgspec.convert(fields, kind.fields)
    except msgspec.ValidationError as error:
        raise ActionFailed(
            f"The fields of this {kind.name} step came to values that do not fit: {error}",
            code="bad-fields",
            args={"kind": kind.name},
        ) from None


def as_text(value: JSON) -> str:
    """A resolved value as a person would read it: nothing for null, no quotes."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return value
        case int():
            return str(value)
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else str(value)
        case _:
            return msgspec.json.encode(value).decode()


SECRET_WORDS = ("authorization", "cookie", "token", "secret", "password", "api-key", "apikey", "api_key")


_SECRET_PART = re.compile(
    rf"([?&][^=&#]*(?:{'|'.join(SECRET_WORDS)}|(?<![a-z])key)[^=&#]*=)[^&#]*", re.IGNORECASE
)


def without_secrets(url: str) -> str:
    """An address as it may be kept and shown: the values of `?token=…` and the like are covered."""
    return _SECRET_PART.sub(r"\1•••", url)


def redacted(fields: JSONObject, do: str = "") -> JSONObject:
    """The fields as they may be kept and shown: what signs in is covered, samples are left out."""
    shown = {name: value for name, value in fields.items() if field_kind(do, name) != "sample"}
    if isinstance(shown.get("url"), str):
        shown["url"] = without_secrets(str(shown["url"]))
    for part in ("headers", "query"):
        named = fields.get(part)
        if isinstance(named, Mapping):
            shown[part] = {
                name: "•••" if any(word in name.lower() for word in SECRET_WORDS) else value
                for name, value in named.items()
            }
    return shown
