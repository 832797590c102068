"""Shapes of connections, their tables and records, and watches."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from ruleyard.core.trouble import Trouble
from ruleyard.core.types import ConnectionId, JSONObject, RuleId
from ruleyard.intake.introspect import NotWatched

ConnectionKind = Literal["postgres", "smtp", "http", "sms"]
SecretText = Annotated[str, msgspec.Meta(max_length=4000)]
ConnectionName = Annotated[str, msgspec.Meta(pattern="^[a-z][a-z0-9_]{0,39}$")]
ColumnType = Literal[
    "text", "integer", "number", "boolean", "date", "timestamp", "time", "uuid", "json", "array", "other"
]


class Secret(msgspec.Struct, frozen=True):
    """Written, never read back. What is left out stays as it is; "" takes it away.

    `password` of postgres, smtp and http (sign-in basic); `token` of http (bearer, header) and sms; `signing_secret` of
    http: whsec_…, with which webhooks are signed.
    """

    password: SecretText | None = None
    token: SecretText | None = None
    signing_secret: SecretText | None = None


class ConnectionInfo(msgspec.Struct, frozen=True):
    """`settings` of postgres: host, port, database, user, sslmode; of smtp: host, port, security, user, from; of http:
    base_url, sign_in (none, bearer, basic, header), user, header; of sms: provider, user, sender, country, and template
    where the provider is `custom`.

    `listen_host` and `listen_port` of postgres: the direct address, where host and port are those of a pooler
    (PgBouncer in transaction mode). Either may be left out: the same host, port 5432.
    `used_by` counts the rules whose draft or live version names it. `secrets` are the names of those that are kept,
    `missing` of those that it cannot do without: then it is not set up. `trouble`: why it is failing, `state_reason`
    the same in English.
    """

    id: ConnectionId
    name: str
    label: str
    kind: ConnectionKind
    settings: JSONObject
    state: Literal["unchecked", "works", "failing"]
    state_reason: str
    checked_at: datetime | None
    used_by: int
    secrets: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    trouble: Trouble | None = None


class ConnectionPage(msgspec.Struct, frozen=True):
    items: tuple[ConnectionInfo, ...]
    next: str | None


class NewConnection(msgspec.Struct, frozen=True):
    name: ConnectionName
    kind: ConnectionKind
    settings: JSONObject
    secret: Secret = Secret()
    label: Annotated[str, msgspec.Meta(max_length=100)] = ""


class ChangeConnection(msgspec.Struct, frozen=True):
    """What is left out stays. A secret that is left out stays, too."""

    label: Annotated[str, msgspec.Meta(max_length=100)] | None = None
    settings: JSONObject | None = None
    secret: Secret | None = None


class CheckResult(msgspec.Struct, frozen=True):
    """`reason`: the trouble in English."""

    works: bool
    reason: str
    took_ms: int
    trouble: Trouble | None = None


class ProveConnection(msgspec.Struct, frozen=True):
    """`to`: the phone number of a test message; a test mail goes to whoever asks."""

    to: Annotated[str, msgspec.Meta(max_length=60)] = ""


class ProvedConnection(msgspec.Struct, frozen=True):
    """`answer`: the mail server's last words, or the provider's id of the message."""

    to: str
    answer: str


class SmsProviderInfo(msgspec.Struct, frozen=True):
    """A provider that is ready made. `needs`: which of user and secret it asks for."""

    id: str
    name: str
    docs: str
    country: str
    sender: Literal["needed", "optional", "none"]
    needs: tuple[str, ...]
    template: JSONObject


class SmsProviderPage(msgspec.Struct, frozen=True):
    items: tuple[SmsProviderInfo, ...]
    next: str | None


class TableInfo(msgspec.Struct, frozen=True):
    """One table of a watched database. `why_not` says why it cannot be watched, or is not captured any more.

    `aside`: changes that could not be read or kept, with the reason of the newest.
    """

    name: str
    label: str
    rows_estimate: int
    key: tuple[str, ...]
    watched: bool
    watch_id: int | None
    watchable: bool
    why_not: str
    why_code: NotWatched
    last_change_at: datetime | None
    events_24h: int
    aside: int
    aside_reason: str
    columns_count: int
    new_fields: int = 0
    """Columns that came since somebody looked at the table's fields."""


class TablePage(msgspec.Struct, frozen=True):
    items: tuple[TableInfo, ...]
    next: str | None


class ReadAgain(msgspec.Struct, frozen=True):
    """What a second look at a table's changes that stood aside came to. `gone`: no longer in the log."""

    read: int
    aside: int
    gone: int
    runs: int


class ColumnInfo(msgspec.Struct, frozen=True):
    """One column. `references`: the table that it alone leads to. `readable`: rules may read it as a related field.

    `named`: somebody gave it its label; otherwise it is made of its name. `left_out`: its values are never captured.
    `new`: it came since somebody looked at the table's fields.
    """

    name: str
    label: str
    type: ColumnType
    nullable: bool
    choices: tuple[str, ...]
    primary_key: bool
    references: str | None
    db_type: str
    generated: bool
    has_default: bool
    readable: bool
    named: bool = False
    left_out: bool = False
    new: bool = False


class TableDetail(msgspec.Struct, frozen=True):
    name: str
    label: str
    rows_estimate: int
    key: tuple[str, ...]
    watched: bool
    watch_id: int | None
    watchable: bool
    why_not: str
    why_code: NotWatched
    last_change_at: datetime | None
    events_24h: int
    aside: int
    aside_reason: str
    columns_count: int
    columns: tuple[ColumnInfo, ...]
    new_fields: int = 0


class RecordInfo(msgspec.Struct, frozen=True):
    """One row. `label` is its best name for people ("Ann Lee"), `record_key` its key as one line."""

    key: JSONObject
    record_key: str
    record: JSONObject
    label: str


class RecordPage(msgspec.Struct, frozen=True):
    items: tuple[RecordInfo, ...]
    next: str | None


class WatchInfo(msgspec.Struct, frozen=True):
    id: int
    connection_id: ConnectionId
    connection: str
    table: str
    key: tuple[str, ...]
    excluded: tuple[str, ...]
    created_at: datetime


class WatchPage(msgspec.Struct, frozen=True):
    items: tuple[WatchInfo, ...]
    next: str | None


class NewWatch(msgspec.Struct, frozen=True):
    connection_id: ConnectionId
    table: Annotated[str, msgspec.Meta(max_length=200)]
    excluded: tuple[str, ...] = ()


class FieldLabel(msgspec.Struct, frozen=True):
    """What people call a column; "" goes back to its own name."""

    label: Annotated[str, msgspec.Meta(max_length=80)]


class UsingRule(msgspec.Struct, frozen=True):
    id: RuleId
    name: str


class FieldUse(msgspec.Struct, frozen=True):
    """A column with the rules whose draft or live version names it, by name."""

    column: str
    rules: tuple[UsingRule, ...]


class FieldUses(msgspec.Struct, frozen=True):
    items: tuple[FieldUse, ...]


class UsingRules(msgspec.Struct, frozen=True):
    """The rules whose draft or live version names a connection, by name."""

    items: tuple[UsingRule, ...]
