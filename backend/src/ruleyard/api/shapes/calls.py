"""Shapes of call lists: the lists, their calls, and what is said when one was made."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from ruleyard.stores.calls import Call, CallList


class CallLists(msgspec.Struct, frozen=True):
    items: tuple[CallList, ...]


class CallPage(msgspec.Struct, frozen=True):
    items: tuple[Call, ...]
    next: str | None


class TakeNext(msgspec.Struct, frozen=True):
    list: Annotated[str, msgspec.Meta(min_length=1, max_length=80)]


class Taken(msgspec.Struct, frozen=True):
    """`call` is null where nothing in the list is due now."""

    call: Call | None


class CallEnded(msgspec.Struct, frozen=True):
    """`again_at` belongs to `call_again`, and only to it."""

    outcome: Literal["reached", "not_reached", "call_again", "do_not_call", "removed"]
    said: Annotated[str, msgspec.Meta(max_length=4_000)] = ""
    again_at: datetime | None = None
