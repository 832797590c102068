"""Shapes of the change that the first-rule tour makes."""

from __future__ import annotations

from typing import Literal

import msgspec

from ruleyard.core.types import JSONObject


class DemoChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    what: Literal["callback", "new_lead"] = "callback"


class MadeChange(msgspec.Struct, frozen=True):
    """The record that was changed: its table, its key, the same as text, and what people call it."""

    table: str
    key: JSONObject
    record_key: str
    record_label: str
