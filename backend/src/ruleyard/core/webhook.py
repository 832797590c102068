"""What another system sends to a rule, as the data that its expressions see; and what an event is called. Pure."""

from __future__ import annotations

from ruleyard.core.types import JSON, JSONObject

TABLE = "@webhook"
BLANK = (
    " \t\n\v\f\r\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)
"""What may stand around the type of an event without being a part of it; PostgreSQL is told the same."""


def event_type(said: JSON) -> str:
    """The type as rules, runs and other systems mean it; "" for what is no text."""
    return said.strip(BLANK) if isinstance(said, str) else ""


def as_data(sent: JSON) -> JSONObject:
    """`after`: an object as it is, anything else under `body`."""
    return sent if isinstance(sent, dict) else {"body": sent}
