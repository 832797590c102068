"""The rules that the demo brings, as documents: six for the CRM, three for replayed bank calls.

Pure but for reading its own package data.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Final

import msgspec

from ruleyard.core.types import JSON, JSONObject

_CATCHER: Final = "http://catcher.example.com"
"""Stands in the documents for the local catcher's address, which is known only when it runs."""


def crm_rules(catcher_http: str) -> list[JSONObject]:
    """The six rules; webhooks go to `catcher_http` (`http://host:port`)."""
    return [_pointed(document, catcher_http.rstrip("/")) for document in _read("rules")]


def bank_rules() -> list[JSONObject]:
    """Subscribed, long call without a yes, bought before: in this order."""
    return _read("bank_rules")


def _read(folder: str) -> list[JSONObject]:
    found = sorted((f for f in files("ruleyard.demo").joinpath(folder).iterdir()), key=lambda f: f.name)
    return [msgspec.json.decode(f.read_bytes(), type=dict) for f in found if f.name.endswith(".json")]


def _pointed(document: JSONObject, address: str) -> JSONObject:
    text = msgspec.json.encode(document).decode().replace(_CATCHER, address)
    pointed: dict[str, JSON] = msgspec.json.decode(text, type=dict)
    return pointed
