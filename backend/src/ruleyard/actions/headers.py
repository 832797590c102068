"""Headers that a rule gives along with a request: checked, so that a record's text cannot add or change others."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from ruleyard.actions.covering import SECRET_WORDS
from ruleyard.actions.failure import ActionFailed
from ruleyard.actions.kind import as_text
from ruleyard.core.check_web import HEADER_NAME, OUR_HEADERS
from ruleyard.core.types import JSONObject

_CONTROL: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


def own_headers(given: JSONObject, ours: Collection[str] = ("content-type",)) -> dict[str, str]:
    """The headers of a rule as text. ActionFailed for characters that no header carries and for names that are ours."""
    headers: dict[str, str] = {}
    for name, value in given.items():
        text = as_text(value).strip(" \t")
        if not HEADER_NAME.fullmatch(name) or _CONTROL.search(text):
            raise ActionFailed(
                f"The header {name!r} has characters that a header cannot carry.",
                code="bad-header",
                args={"name": name},
            )
        if name.lower() in OUR_HEADERS or name.lower() in ours:
            raise ActionFailed(
                f"The header {name} is set by Ruleyard.", code="bad-header", args={"name": name}
            )
        headers[name] = text
    return headers


def secrets_in(given: JSONObject) -> tuple[str, ...]:
    """What signs in among the headers of a rule, with and without its scheme (`Bearer …`): an echo must not show it."""
    values = [
        as_text(value).strip()
        for name, value in given.items()
        if any(word in name.lower() for word in SECRET_WORDS)
    ]
    return tuple(part for value in values for part in (value, value.rpartition(" ")[2]))
