"""Every kind of action there is, in the order of the palette."""

from __future__ import annotations

from typing import Final

from ruleyard.actions.ask_approval import AskApproval
from ruleyard.actions.assign import Assign
from ruleyard.actions.call_webhook import CallWebhook
from ruleyard.actions.create_record import CreateRecord
from ruleyard.actions.emit_event import EmitEvent
from ruleyard.actions.failure import ActionFailed
from ruleyard.actions.find_record import FindRecord
from ruleyard.actions.find_records import FindRecords
from ruleyard.actions.http_request import HttpRequest
from ruleyard.actions.kind import ActionKind, read_fields, redacted
from ruleyard.actions.make_report import MakeReport
from ruleyard.actions.notify import Notify
from ruleyard.actions.queue_call import QueueCall
from ruleyard.actions.run_rule import RunRule
from ruleyard.actions.send_email import SendEmail
from ruleyard.actions.send_sms import SendSms
from ruleyard.actions.update_record import UpdateRecord
from ruleyard.core.event import Event
from ruleyard.core.types import JSONObject

KINDS: Final[tuple[ActionKind, ...]] = (
    UpdateRecord(),
    CreateRecord(),
    Assign(),
    SendEmail(),
    SendSms(),
    QueueCall(),
    CallWebhook(),
    HttpRequest(),
    FindRecord(),
    FindRecords(),
    Notify(),
    EmitEvent(),
    RunRule(),
    MakeReport(),
    AskApproval(),
)
_BY_NAME: Final = {kind.name: kind for kind in KINDS}


def kind_named(name: str) -> ActionKind:
    """ActionFailed (permanent) where this version of Ruleyard has no such action."""
    kind = _BY_NAME.get(name)
    if kind is None:
        raise ActionFailed(f"There is no action {name!r}.", code="unknown-action", args={"kind": name})
    return kind


def preview(do: str, fields: JSONObject, event: Event) -> JSONObject:
    """What the action would do with these resolved fields: `{kind, summary, fields}`. Performs nothing."""
    try:
        kind = kind_named(do)
        summary = kind.preview(read_fields(kind, fields), event)
    except ActionFailed as error:
        summary = error.message
    return {"kind": do, "summary": summary, "fields": redacted(fields, do)}
