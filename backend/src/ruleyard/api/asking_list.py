"""The do-not-call list as a draft that is tried would meet it: asked as a run would ask, for that only reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from ruleyard.actions.failure import ActionFailed
from ruleyard.actions.kind import as_text, read_fields
from ruleyard.actions.queue_call import QueueCall, on_the_list
from ruleyard.actions.send_sms import SendSms, not_sent
from ruleyard.api.house import House
from ruleyard.core.phone import Phone, read_phone
from ruleyard.core.trace import StepError
from ruleyard.core.types import JSON, JSONObject
from ruleyard.stores.connections import list_connections
from ruleyard.stores.db import transaction
from ruleyard.stores.do_not_call import listed_at

ASKS: Final = (SendSms.name, QueueCall.name)
"""The actions that may ask the list."""


@dataclass(frozen=True)
class Listed:
    """The phone that an action means is on the list, and what comes of that: an output, or an error."""

    at: datetime
    summary: str
    outcome: JSON | StepError


async def listed_now(house: House, do: str, fields: JSONObject) -> Listed | None:
    """`fields` are resolved. None where the phone is not listed, is none, or the action does not ask."""
    try:
        if do == SendSms.name:
            text = read_fields(SendSms(), fields)
            if not text.unless_listed:
                return None
            phone = read_phone(as_text(text.to), await _home(house, text.connection))
        else:
            call = read_fields(QueueCall(), fields)
            phone = read_phone(as_text(call.phone), call.country)
    except ActionFailed:
        return None
    if not isinstance(phone, Phone):
        return None
    async with transaction(house.engine) as conn:
        at = await listed_at(conn, phone.e164)
    if at is None:
        return None
    since = f"{phone.e164} is on the do-not-call list since {at:%Y-%m-%d}"
    if do == SendSms.name:
        return Listed(at, f"Nothing would be sent: {since}", not_sent(phone, as_text(text.text)))
    failure = on_the_list(phone.e164)
    return Listed(
        at,
        f"No call would be queued: {since}",
        StepError(failure.code, failure.message, args=failure.named),
    )


async def _home(house: House, name: str | None) -> str:
    """The home country of a provider, of the first one for None."""
    async with transaction(house.engine) as conn:
        every = await list_connections(conn)
    found = next((one for one in every if one.kind == "sms" and name in (None, one.name)), None)
    return "" if found is None else str(found.settings.get("country") or "")
