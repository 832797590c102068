"""What an action kind is, what it is given, and how it fails. One file per kind lives beside this one.

Kinds know core and the outside world; they must not know our tables: what they need comes in as `Tools`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import msgspec

from ruleyard.actions.calls import Calls
from ruleyard.actions.covering import COVERED, SECRET_WORDS, without_secrets
from ruleyard.actions.failure import ActionFailed
from ruleyard.actions.guard import Outbound
from ruleyard.actions.html import sanitised
from ruleyard.actions.places import HttpPlace
from ruleyard.actions.records import Database
from ruleyard.actions.report.names import file_name
from ruleyard.actions.sms import SmsGateway
from ruleyard.actions.turns import Turns
from ruleyard.core.action_fields import field_kind
from ruleyard.core.approval import CommentRule, Span
from ruleyard.core.awaiting import Awaits
from ruleyard.core.cause import cause_of_write
from ruleyard.core.event import Event
from ruleyard.core.rule_refs import RuleCard
from ruleyard.core.types import JSON, EventId, JSONObject, NodeId, RuleId, RunId

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


@dataclass(frozen=True)
class KeptReport:
    """A report without its bytes."""

    id: int
    title: str
    file: str
    format: str
    rows: int
    size_bytes: int


@dataclass(frozen=True)
class ReportFile:
    """`format`: csv, xlsx or pdf."""

    file: str
    format: str
    content: bytes


@dataclass(frozen=True)
class Question:
    """What people are asked for a run at a node. `people`: addresses, roles, `everyone`."""

    run_id: RunId
    rule_id: RuleId
    node: NodeId
    people: tuple[str, ...]
    question: str
    details: str
    comment: CommentRule
    connection: str | None
    at_most_s: int
    remind: Span | None


class Tools(Protocol):
    """What the runner lends to actions."""

    @property
    def http(self) -> Outbound: ...

    async def database(self, name: str) -> Database:
        """The database of a postgres connection by its name. ActionFailed where there is none."""
        ...

    async def left_out(self, name: str) -> Mapping[str, frozenset[str]]:
        """Of a postgres connection, by table: the columns that its watch leaves out. ActionFailed where it is gone."""
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

    async def language(self, run_id: RunId) -> str:
        """Of whoever published the rule of this run: `en`, `ko`, `zh`, `ru`."""
        ...

    async def kept_report(self, key: str) -> KeptReport | None:
        """The report that this key made before."""
        ...

    async def keep_report(
        self,
        *,
        key: str,
        rule_id: RuleId,
        run_id: RunId,
        node: NodeId,
        title: str,
        file: str,
        fmt: str,
        rows: int,
        content: bytes,
    ) -> KeptReport:
        """Keeps a file, once per key."""
        ...

    async def report_file(self, report_id: int, run_id: RunId) -> ReportFile:
        """A report of this run, with its bytes. ActionFailed where the run has no such report."""
        ...

    @property
    def turns(self) -> Turns: ...
    @property
    def calls(self) -> Calls: ...

    async def tell(self, *, key: str, to: str, title: str, body: str, rule_id: RuleId, run_id: RunId) -> int:
        """Notifies inside the product, once per key. Returns how many people it is for."""
        ...

    async def rule(self, ref: JSON) -> RuleCard:
        """Another rule. ActionFailed where there is none (any more), or it is off."""
        ...

    async def emit(self, context: ActionContext, kind: str, data: JSONObject) -> tuple[str, ...]:
        """Tells an event of this type, once per run and node. The names of the rules that it starts."""
        ...

    async def start(
        self, context: ActionContext, rule: RuleCard, after: JSONObject | None, *, record: str | None
    ) -> EventId:
        """Starts a rule as if by hand, once per run and node. `record`: which record `after` is, None for data."""
        ...

    async def ask(self, question: Question) -> int:
        """Opens a question for approval, once per run and node; its number. ActionFailed where nobody is meant."""
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
    timeout_s: float | None = None
    """After how long the other side counts as silent; None: as usual."""

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

    async def perform(self, fields: Any, context: ActionContext) -> JSON | Awaits:
        """Does it and gives the step's output, or what the run rests for until the step has one. Raises ActionFailed.

        What is rested for is answered by `stores/awaited.py`; it is not performed again meanwhile.
        """
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


def redacted(fields: JSONObject, do: str = "") -> JSONObject:
    """The fields as they may be kept and shown: what signs in is covered, samples are left out, rows are counted."""
    shown = {name: value for name, value in fields.items() if field_kind(do, name) != "sample"}
    if do == "make_report":
        shown["file"] = file_name(as_text(shown.get("title")), as_text(shown.get("format")) or "xlsx")
        if isinstance(rows := shown.get("rows"), list):
            shown["rows"] = len(rows)
    if do == "send_email" and isinstance(html := shown.get("html"), str):
        shown["html"] = sanitised(html)
    if isinstance(shown.get("url"), str):
        shown["url"] = without_secrets(str(shown["url"]))
    for part in ("headers", "query"):
        named = fields.get(part)
        if isinstance(named, Mapping):
            shown[part] = {
                name: COVERED if any(word in name.lower() for word in SECRET_WORDS) else value
                for name, value in named.items()
            }
    return shown
