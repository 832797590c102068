"""Shapes of hooks and of the requests and events that come in."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec

from ruleyard.core.types import JSON, EventId, RuleId


class HookInfo(msgspec.Struct, frozen=True):
    """`url` is a secret: whoever knows it can start the rule. `last`: what came last, as expressions see it."""

    url: str
    made_at: datetime
    last_at: datetime | None
    last: JSON


class Received(msgspec.Struct, frozen=True):
    """`repeated`: this request came before, and made this event then."""

    event_id: EventId
    repeated: bool = False


class CloudEvent(msgspec.Struct, frozen=True):
    """CloudEvents 1.0 in JSON (github.com/cloudevents/spec). Attributes that are not named here are left out."""

    id: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    source: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
    type: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    specversion: Annotated[str, msgspec.Meta(pattern="^1\\.")] = "1.0"
    data: JSON = None


class Started(msgspec.Struct, frozen=True):
    rule_id: RuleId
    event_id: EventId
    repeated: bool = False


class TakenIn(msgspec.Struct, frozen=True):
    """The rules that start with this type of event, one each; [] where none does."""

    items: tuple[Started, ...]
