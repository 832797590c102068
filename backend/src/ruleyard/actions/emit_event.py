"""emit_event: tells an event inside the house; every rule that is on and starts with its type gets a run.

As a CloudEvent that comes in does, and once per run and node. It carries its cause, so that chains of rules end.
"""

from __future__ import annotations

from typing import Final

import msgspec

from ruleyard.actions.failure import ActionFailed
from ruleyard.actions.kind import ActionContext, Promise, Tools
from ruleyard.core.event import Event
from ruleyard.core.types import JSON
from ruleyard.core.webhook import as_data, event_type

MOST_BYTES: Final = 256_000


class EmitEventFields(msgspec.Struct, frozen=True):
    type: str = ""
    data: JSON = None


class EmitEvent:
    name: Final = "emit_event"
    promise: Final[Promise] = "exactly-once"
    fields: Final = EmitEventFields

    def preview(self, fields: EmitEventFields, event: Event) -> str:
        with_data = "" if fields.data in (None, {}) else f", with {short(fields.data)}"
        return f'Tell the event "{event_type(fields.type)}"{with_data}'

    async def target(self, fields: EmitEventFields, tools: Tools) -> str | None:
        return None

    async def perform(self, fields: EmitEventFields, context: ActionContext) -> JSON:
        kind = event_type(fields.type)
        if not kind:
            raise ActionFailed(
                "“type” is empty: nobody could listen to it.", code="empty-field", args={"field": "type"}
            )
        refuse_large(fields.data)
        rules = await context.tools.emit(context, kind, as_data({} if fields.data is None else fields.data))
        return {"type": kind, "rules": [*rules], "started": len(rules)}


def refuse_large(data: JSON) -> None:
    """ActionFailed where data are more than an event holds."""
    size = len(msgspec.json.encode(data))
    if size > MOST_BYTES:
        raise ActionFailed(
            f"The data have {size:,} bytes; an event has at most {MOST_BYTES:,}.",
            code="event-too-large",
            args={"bytes": size, "most": MOST_BYTES},
        )


def short(value: JSON) -> str:
    """Data as a line of a dry run."""
    text = msgspec.json.encode(value).decode()
    return text if len(text) <= 120 else f"{text[:119]}…"
