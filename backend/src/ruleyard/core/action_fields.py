"""What fields each action kind takes: for parsing (which level holds expressions), for the check, for forms.

How an action is performed lives in `actions/`; a test there keeps its Structs equal to this table.
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec

FieldKind = Literal["expression", "named", "columns", "json", "sample", "connection", "table", "word"]
"""expression: one JSON Logic expression. named: an object of expressions by any name. columns: an object of
expressions by column name. json: JSON of any shape with expressions in it (core/json_field.py). sample: JSON that is
never looked into, an example of what comes back. connection, table, word: plain text, never an expression."""


class FieldInfo(msgspec.Struct, frozen=True, omit_defaults=True):
    name: str
    label: str
    kind: FieldKind
    required: bool = False
    choices: tuple[str, ...] = ()
    connection_kind: str | None = None


class ActionInfo(msgspec.Struct, frozen=True, omit_defaults=True):
    name: str
    label: str
    words: str
    fields: tuple[FieldInfo, ...]


ACTIONS: Final[tuple[ActionInfo, ...]] = (
    ActionInfo(
        "update_record",
        "Change the record",
        "Sets columns of the trigger's record, or of the record with `key`.",
        (
            FieldInfo("connection", "Connection", "connection", connection_kind="postgres"),
            FieldInfo("table", "Table", "table"),
            FieldInfo("key", "Record", "columns"),
            FieldInfo("set", "Set", "columns", required=True),
        ),
    ),
    ActionInfo(
        "create_record",
        "Create a record",
        "Adds one record to a table.",
        (
            FieldInfo("connection", "Connection", "connection", connection_kind="postgres"),
            FieldInfo("table", "Table", "table", required=True),
            FieldInfo("set", "Set", "columns", required=True),
        ),
    ),
    ActionInfo(
        "send_email",
        "Send an e-mail",
        "Sends plain text through a mail server.",
        (
            FieldInfo("connection", "Mail server", "connection", connection_kind="smtp"),
            FieldInfo("to", "To", "expression", required=True),
            FieldInfo("cc", "Copy to", "expression"),
            FieldInfo("subject", "Subject", "expression", required=True),
            FieldInfo("body", "Text", "expression", required=True),
        ),
    ),
    ActionInfo(
        "send_sms",
        "Send a text message",
        "Sends one SMS through a provider.",
        (
            FieldInfo("connection", "SMS provider", "connection", connection_kind="sms"),
            FieldInfo("to", "To", "expression", required=True),
            FieldInfo("text", "Text", "expression", required=True),
        ),
    ),
    ActionInfo(
        "call_webhook",
        "Call a webhook",
        "Sends JSON over HTTP; without `payload`, the event. A connection signs in, and signs what is sent.",
        (
            FieldInfo("connection", "System", "connection", connection_kind="http"),
            FieldInfo("url", "Address", "expression", required=True),
            FieldInfo("method", "Method", "word", choices=("POST", "PUT", "PATCH", "GET", "DELETE")),
            FieldInfo("headers", "Headers", "named"),
            FieldInfo("payload", "Data", "named"),
        ),
    ),
    ActionInfo(
        "http_request",
        "Ask another system",
        "Sends one HTTP request and keeps the answer for later steps: `status` and `body`.",
        (
            FieldInfo("connection", "System", "connection", connection_kind="http"),
            FieldInfo("method", "Method", "word", choices=("GET", "POST", "PUT", "PATCH", "DELETE")),
            FieldInfo("url", "Address", "expression", required=True),
            FieldInfo("query", "Search part", "named"),
            FieldInfo("headers", "Headers", "named"),
            FieldInfo("body", "Body", "json"),
            FieldInfo("accept", "Fine answers", "word", choices=("success", "refusals")),
            FieldInfo("answer", "Sample answer", "sample"),
        ),
    ),
    ActionInfo(
        "notify",
        "Notify people",
        "Shows a message in Ruleyard to everyone, a role or one person (e-mail).",
        (
            FieldInfo("to", "To", "expression"),
            FieldInfo("title", "Title", "expression", required=True),
            FieldInfo("body", "Text", "expression"),
        ),
    ),
)

BY_NAME: Final = {action.name: action for action in ACTIONS}


def field_kind(action: str, field: str) -> FieldKind:
    """What a field holds; `expression` where the action or the field is unknown."""
    info = BY_NAME.get(action)
    for known in info.fields if info else ():
        if known.name == field:
            return known.kind
    return "expression"
