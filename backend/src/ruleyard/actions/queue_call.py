"""queue_call: puts a phone number into a list of calls that people work through. Once per run and node."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

import msgspec

from ruleyard.actions.calls import Again, NewCall
from ruleyard.actions.failure import ActionFailed
from ruleyard.actions.kind import ActionContext, Promise, Tools, as_text
from ruleyard.actions.mail import one_line
from ruleyard.clock import utc_now
from ruleyard.core.event import Event
from ruleyard.core.logic.budget import Broken
from ruleyard.core.logic.moments import read_date
from ruleyard.core.phone import Phone, read_phone
from ruleyard.core.types import JSON

LIST_CHARS: Final = 80
NAME_CHARS: Final = 200
NOTE_CHARS: Final = 4_000
NORMAL: Final = 5
LAST: Final = 9


class QueueCallFields(msgspec.Struct, frozen=True):
    list: JSON = None
    phone: JSON = None
    country: str = ""
    name: JSON = None
    note: JSON = None
    priority: JSON = None
    due: JSON = None
    until: JSON = None
    again: Again = "raise"


class QueueCall:
    name: Final = "queue_call"
    promise: Final[Promise] = "exactly-once"
    fields: Final = QueueCallFields

    def preview(self, fields: QueueCallFields, event: Event) -> str:
        phone = read_phone(as_text(fields.phone), fields.country)
        number = phone.e164 if isinstance(phone, Phone) else one_line(as_text(fields.phone))
        if not number:
            return "Nobody would be called: “phone” is empty."
        name = one_line(as_text(fields.name))
        whom = f"{name} ({number})" if name else number
        return f"Put a call to {whom} into the list {one_line(as_text(fields.list)) or '…'}"

    async def target(self, fields: QueueCallFields, tools: Tools) -> str | None:
        return None

    async def perform(self, fields: QueueCallFields, context: ActionContext) -> JSON:
        now = utc_now()
        due, until = _moment("due", fields.due), _moment("until", fields.until, end=True)
        event = context.event
        record = None if event.table.startswith("@") else event.key
        call = NewCall(
            list=_list(fields.list),
            phone=_phone(fields),
            name=one_line(as_text(fields.name))[:NAME_CHARS].replace("\x00", ""),
            note=as_text(fields.note)[:NOTE_CHARS].replace("\x00", ""),
            priority=_priority(fields.priority),
            due=due,
            until=until,
            again=fields.again,
            rule_id=context.rule_id,
            run_id=context.run_id,
            log=event.log,
            table=None if record is None else event.table,
            record=record,
        )
        over = until is not None and until <= max(now, due or now)
        # A try before this one may have queued it while there was time.
        calls = context.tools.calls
        queued = await (calls.queued(context.key) if over else calls.queue(context.key, call))
        if queued is None and until is not None and over:
            raise ActionFailed(
                "“until” has passed, or lies before “due”: there is no time left to call.",
                code="no-time-to-call",
                args={"until": until.isoformat()},
            )
        if queued is None:
            raise on_the_list(call.phone)
        return {
            "call": queued.call,
            "position": queued.position,
            "merged": queued.merged,
            "phone": call.phone,
            "list": call.list,
        }


def on_the_list(phone: str) -> ActionFailed:
    return ActionFailed(
        f"{phone} asked not to be called any more.", code="do-not-call", args={"phone": phone}
    )


def _list(value: JSON) -> str:
    name = one_line(as_text(value)).strip()[:LIST_CHARS].replace("\x00", "")
    if not name:
        raise ActionFailed(
            "“list” is empty: say into which list.", code="empty-field", args={"field": "list"}
        )
    return name


def _phone(fields: QueueCallFields) -> str:
    text = as_text(fields.phone)
    if not text.strip():
        raise ActionFailed(
            "“phone” is empty: there is nobody to call.", code="empty-field", args={"field": "phone"}
        )
    phone = read_phone(text, fields.country)
    if isinstance(phone, str):
        raise ActionFailed(
            f"“phone” holds no phone number: {phone}.",
            code="bad-phone",
            args={"field": "phone", "text": one_line(text)[:40]},
        )
    return phone.e164


def _priority(value: JSON) -> int:
    if value is None:
        return NORMAL
    try:
        return min(LAST, max(1, round(float(as_text(value)))))
    except (ValueError, OverflowError):
        raise ActionFailed(
            "“priority” is a number from 1 (first) to 9.", code="bad-priority", args={}
        ) from None


def _moment(field: str, value: JSON, *, end: bool = False) -> datetime | None:
    """A day means its beginning, or with `end` its end, in UTC; the last day there is has none."""
    if value in (None, ""):
        return None
    try:
        moment, is_day = read_date(value, "")
    except Broken:
        raise ActionFailed(
            f"“{field}” holds something that is no date.", code="no-date", args={"field": field}
        ) from None
    if end and is_day:
        return None if moment.date() == date.max else moment + timedelta(days=1)
    return moment
