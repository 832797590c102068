"""Check a phone number that is written out. Pure."""

from __future__ import annotations

from typing import Final

from ruleyard.core.errors import Problem
from ruleyard.core.graph import Action
from ruleyard.core.logic.tree import pointer
from ruleyard.core.phone import is_written_as_one

PHONES: Final = {"send_sms": "to", "queue_call": "phone"}
"""The field that holds one, by action."""


def phone_problems(action: Action, path: str) -> list[Problem]:
    """Of a text that is a number in no country. `path` leads to the fields."""
    field = PHONES.get(action.do)
    value = action.fields.get(field) if field else None
    if field is None or not isinstance(value, str) or not value.strip() or is_written_as_one(value):
        return []
    text = value.strip()
    words = f'"{text}" is not one phone number.'
    return [Problem("bad-phone", pointer(path, field), words, node=action.id, args={"text": text})]
