"""Check a phone number that is written out. Pure."""

from __future__ import annotations

from typing import Final

from ruleyard.core.errors import Problem
from ruleyard.core.graph import Action
from ruleyard.core.logic.tree import pointer
from ruleyard.core.model import Known
from ruleyard.core.phone import is_written_as_one, says_its_country
from ruleyard.core.types import JSONObject

PHONES: Final = {"send_sms": "to", "queue_call": "phone"}
"""The field that holds one, by action."""


def phone_problems(action: Action, path: str, known: Known) -> list[Problem]:
    """Of a text that is a number in no country, or of one that nobody says. `path` leads to the fields."""
    field = PHONES.get(action.do)
    value = action.fields.get(field) if field else None
    if field is None or not isinstance(value, str) or not value.strip():
        return []
    text = value.strip()
    if not is_written_as_one(text):
        words = f'"{text}" is not one phone number.'
        return [Problem("bad-phone", pointer(path, field), words, node=action.id, args={"text": text})]
    if says_its_country(text):
        return []
    if action.do == "queue_call":
        if action.fields.get("country"):
            return []
        words = f'"{text}" is written without its country: say the home country here, or write it with +.'
        args: JSONObject = {"text": text}
        return [Problem("no-home-country", pointer(path, "country"), words, node=action.id, args=args)]
    provider = _provider(action, known)
    if provider is None:
        return []
    words = f'"{text}" is written without its country: write it with +, or give {provider} a home country.'
    args = {"text": text, "connection": provider}
    return [Problem("no-home-country", pointer(path, field), words, node=action.id, args=args)]


def _provider(action: Action, known: Known) -> str | None:
    """The one that it goes through, where that is known to have no home country."""
    named = action.fields.get("connection")
    meant = [named] if isinstance(named, str) else [*known.home_countries]
    if len(meant) != 1 or known.home_countries.get(meant[0]) != "":
        return None
    return meant[0]
