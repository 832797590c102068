"""Shapes of hooks and of the requests and events that come in."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec

from ruleyard.core.types import JSON, EventId, RuleId
from ruleyard.stores.hook_signatures import Encoding, HookSignature, Scheme


class HookInfo(msgspec.Struct, frozen=True):
    """`url` is a secret: whoever knows it can start the rule. `last`: what came last, as expressions see it."""

    url: str
    made_at: datetime
    last_at: datetime | None
    last: JSON
    signature: HookSignature | None = None


class SetSignature(msgspec.Struct, frozen=True):
    """`standard`: Standard Webhooks. `hmac`: HMAC-SHA256 of the body in the header of that name.

    `secret`: the one that the sender has. Without it the one there is stays, or with `renew` (and where there is none)
    a new one is made and told once.
    """

    scheme: Scheme
    header: Annotated[str, msgspec.Meta(max_length=100, pattern="^[A-Za-z0-9-]*$")] = ""
    encoding: Encoding = "hex"
    prefix: Annotated[str, msgspec.Meta(max_length=40, pattern="^[!-~]*$")] = ""
    secret: Annotated[str, msgspec.Meta(min_length=16, max_length=500)] | None = None
    renew: bool = False


class SignatureSet(msgspec.Struct, frozen=True):
    """`secret` is told once, and only where it was made here."""

    signature: HookSignature
    secret: str | None


class Received(msgspec.Struct, frozen=True):
    """`repeated`: this request came before, and made this event then."""

    event_id: EventId
    repeated: bool = False


class CloudEvent(msgspec.Struct, frozen=True):
    """CloudEvents 1.0 in JSON (github.com/cloudevents/spec). Attributes that are not named here are left out.

    `data_base64`, in place of `data`: JSON or text.
    """

    id: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    source: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
    type: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    specversion: Annotated[str, msgspec.Meta(pattern="^1\\.")] = "1.0"
    data: JSON = None
    data_base64: str | None = None


CloudEvents = Annotated[tuple[CloudEvent, ...], msgspec.Meta(min_length=1, max_length=100)]


class Started(msgspec.Struct, frozen=True):
    rule_id: RuleId
    event_id: EventId
    repeated: bool = False


class TakenIn(msgspec.Struct, frozen=True):
    """The rules that start with this type of event, one each; [] where none does."""

    items: tuple[Started, ...]
