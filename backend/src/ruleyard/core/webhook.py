"""What another system sends to a rule, as the data that its expressions see. Pure."""

from __future__ import annotations

from ruleyard.core.types import JSON, JSONObject

TABLE = "@webhook"


def as_data(sent: JSON) -> JSONObject:
    """`after`: an object as it is, anything else under `body`."""
    return sent if isinstance(sent, dict) else {"body": sent}
