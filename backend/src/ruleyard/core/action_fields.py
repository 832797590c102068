"""What fields each action kind takes: for parsing (which level holds expressions), for the check, for forms.

How an action is performed lives in `actions/`; a test there keeps its Structs equal to this table.
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from ruleyard.core.types import LATE, REFUSED, Branch

FieldKind = Literal[
    "expression",
    "html",
    "named",
    "columns",
    "json",
    "sample",
    "report_columns",
    "span",
    "connection",
    "table",
    "column",
    "word",
    "text",
    "zone",
    "rule",
    "where",
    "order",
    "names",
    "number",
    "totals",
    "flag",
]
"""expression: one JSON Logic expression. html: one whose literal texts are HTML (core/html_field.py). named: an object
of expressions by any name. columns: an object of expressions by column name. json: JSON of any shape with expressions
in it (core/json_field.py). sample: JSON that is never looked into, an example of what comes back. report_columns: a
list of `{key, label}`. span: `{"amount": 2, "unit": "days"}`, for reminders with `times` (core/approval.py).
connection, table, column, word, text, zone: plain text, never an expression. rule: another rule by its `id` and
`name` (core/rule_refs.py). where: one JSON Logic expression in which `record` is the sought one (core/where.py).
order, names, number, totals: plain JSON of the shape that core/check_find.py says. flag: true or false; false where it
is missing."""


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
    ways: tuple[Branch, ...] = ()
    """Ways out beside the plain one and `failed`."""
    timeout: int = 0
    """Seconds after which it gives the other side up, where the step says nothing; 0: there is none to wait for."""


_SOUGHT: Final = (
    FieldInfo("connection", "Connection", "connection", connection_kind="postgres"),
    FieldInfo("table", "Table", "table"),
    FieldInfo("where", "Where", "where", required=True),
)
"""What a search begins with; the table is the trigger's where none is named."""

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
        "assign",
        "Give it to somebody",
        "Gives the record to one of several people: in turn, or to who has the least to do.",
        (
            FieldInfo("people", "People", "json", required=True),
            FieldInfo("by", "How", "word", choices=("round_robin", "least_busy")),
            FieldInfo("away", "Who is away", "expression"),
            FieldInfo("connection", "Connection", "connection", connection_kind="postgres"),
            FieldInfo("table", "Table", "table"),
            FieldInfo("key", "Record", "columns"),
            FieldInfo("column", "Field", "column"),
            FieldInfo("taken", "If somebody has it", "word", choices=("replace", "keep")),
            FieldInfo("rotation", "Shared turns", "text"),
            FieldInfo("count_table", "Count in", "table"),
            FieldInfo("count_column", "Whose they are", "column"),
            FieldInfo("count_where", "Count only", "columns"),
        ),
    ),
    ActionInfo(
        "send_email",
        "Send an e-mail",
        "Sends text, HTML or both through a mail server, with reports attached.",
        (
            FieldInfo("connection", "Mail server", "connection", connection_kind="smtp"),
            FieldInfo("to", "To", "expression", required=True),
            FieldInfo("cc", "Copy to", "expression"),
            FieldInfo("reply_to", "Answers to", "expression"),
            FieldInfo("subject", "Subject", "expression", required=True),
            FieldInfo("body", "Text", "expression"),
            FieldInfo("html", "HTML", "html"),
            FieldInfo("attachments", "Attachments", "json"),
        ),
        timeout=18,
    ),
    ActionInfo(
        "send_sms",
        "Send a text message",
        "Sends one SMS through a provider; with `unless_listed`, to no phone on the do-not-call list.",
        (
            FieldInfo("connection", "SMS provider", "connection", connection_kind="sms"),
            FieldInfo("to", "To", "expression", required=True),
            FieldInfo("text", "Text", "expression", required=True),
            FieldInfo("unless_listed", "Do-not-call list", "flag"),
        ),
        timeout=10,
    ),
    ActionInfo(
        "queue_call",
        "Put into a call list",
        "Puts a phone number into a list of calls that people work through.",
        (
            FieldInfo("list", "List", "expression", required=True),
            FieldInfo("phone", "Phone", "expression", required=True),
            FieldInfo("country", "Home country", "text"),
            FieldInfo("name", "Name", "expression"),
            FieldInfo("note", "Note", "expression"),
            FieldInfo("priority", "Priority", "expression"),
            FieldInfo("due", "Not before", "expression"),
            FieldInfo("until", "Not after", "expression"),
            FieldInfo("again", "If it waits already", "word", choices=("raise", "keep", "add")),
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
        timeout=10,
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
        timeout=10,
    ),
    ActionInfo(
        "find_record",
        "Find a record",
        "Looks for a record and keeps the first: `found` and `record`. Finding none is no failure.",
        (
            *_SOUGHT,
            FieldInfo("order", "First by", "order"),
            FieldInfo("columns", "Columns", "names"),
        ),
    ),
    ActionInfo(
        "find_records",
        "Find records",
        "Looks for records and keeps a list, how many there are, and totals: `records`, `count`, `totals`, `more`.",
        (
            *_SOUGHT,
            FieldInfo("order", "In order of", "order"),
            FieldInfo("limit", "At most", "number"),
            FieldInfo("columns", "Columns", "names"),
            FieldInfo("totals", "Totals", "totals"),
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
    ActionInfo(
        "emit_event",
        "Announce an event",
        "Announces an event of a type: every rule that is on and starts with this type gets a run.",
        (
            FieldInfo("type", "Type", "text", required=True),
            FieldInfo("data", "Data", "json"),
        ),
    ),
    ActionInfo(
        "run_rule",
        "Run another rule",
        "Starts another rule as if by hand: on one record of its table (else on the same one), or with data.",
        (
            FieldInfo("rule", "Rule", "rule", required=True),
            FieldInfo("record", "Record", "columns"),
            FieldInfo("data", "Data", "json"),
        ),
    ),
    ActionInfo(
        "make_report",
        "Make a report",
        "Writes rows into a file that is kept and can be downloaded and mailed.",
        (
            FieldInfo("title", "Title", "expression", required=True),
            FieldInfo("format", "Format", "word", choices=("xlsx", "csv", "pdf")),
            FieldInfo("rows", "Rows", "expression"),
            FieldInfo("connection", "Connection", "connection", connection_kind="postgres"),
            FieldInfo("table", "Table", "table"),
            FieldInfo("where", "Where", "where"),
            FieldInfo("order", "In order of", "order"),
            FieldInfo("limit", "At most", "number"),
            FieldInfo("columns", "Columns", "report_columns"),
            FieldInfo("zone", "Time zone", "zone"),
        ),
    ),
    ActionInfo(
        "ask_approval",
        "Ask for approval",
        "Asks people to approve or refuse, in Ruleyard and by mail; the run waits for the first answer.",
        (
            FieldInfo("to", "Ask", "expression", required=True),
            FieldInfo("question", "Question", "expression", required=True),
            FieldInfo("details", "Details", "expression"),
            FieldInfo("connection", "Mail server", "connection", connection_kind="smtp"),
            FieldInfo("at_most", "Wait at most", "span"),
            FieldInfo("remind", "Remind", "span"),
            FieldInfo("comment", "Comment", "word", choices=("optional", "on_refusal")),
        ),
        ways=(REFUSED, LATE),
    ),
)

BY_NAME: Final = {action.name: action for action in ACTIONS}


FINDS: Final = ("find_record", "find_records")


def ways_of(action: str) -> tuple[Branch, ...]:
    """The ways out that only this kind of action has."""
    info = BY_NAME.get(action)
    return info.ways if info else ()


def field_kind(action: str, field: str) -> FieldKind:
    """What a field holds; `expression` where the action or the field is unknown."""
    info = BY_NAME.get(action)
    for known in info.fields if info else ():
        if known.name == field:
            return known.kind
    return "expression"
