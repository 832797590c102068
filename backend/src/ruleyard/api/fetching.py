"""Reads a text from a web address for import, through the one door for outgoing HTTP (`actions/guard.py`).

Follows a few redirects, each through the same door. Must not know what the text means.
"""

from __future__ import annotations

from typing import Final

import httpx

from ruleyard.actions.guard import Answer, Outbound, read_url
from ruleyard.core.errors import Invalid, Problem
from ruleyard.core.limits import IMPORT_BYTES
from ruleyard.core.types import JSON

REDIRECTS: Final = 3
FETCH_BYTES: Final = IMPORT_BYTES + 1
"""One more than may come, so that too much is noticed."""
_HEADERS: Final = {
    "accept": "application/json, text/plain;q=0.9, */*;q=0.5",
    "accept-encoding": "identity",
    "user-agent": "Ruleyard",
}


async def fetch_text(outbound: Outbound, url: str) -> str:
    """The text at the address. Blocked (not public), Unavailable (no answer), or Invalid with what came instead."""
    answer = await _follow(outbound, url.strip())
    if answer.status != 200:
        words = f"The address answered with {answer.status}, not with a text. Is it public, and spelt right?"
        raise _unfit("address-without-text", words, status=answer.status)
    if answer.cut:
        raise _unfit("address-too-large", "What is at the address is larger than 1 MB.", most=1)
    kind = answer.headers.get("content-type", "")
    if kind.startswith("text/html"):
        words = "The address leads to a web page, not to the file itself. Look there for its raw or download address."
        raise _unfit("address-is-a-page", words)
    try:
        return answer.body.decode()
    except UnicodeDecodeError:
        raise _unfit("address-without-text", "What is at the address is not text.", status=200) from None


async def _follow(outbound: Outbound, url: str) -> Answer:
    for _ in range(REDIRECTS + 1):
        answer = await outbound.send("GET", url, headers=_HEADERS, body=b"")
        place = answer.headers.get("location")
        if answer.status not in (301, 302, 303, 307, 308) or not place:
            return answer
        url = str(read_url(url).join(httpx.URL(place)))
    raise _unfit(
        "address-redirects", "The address leads from one to the next and never to a text.", most=REDIRECTS
    )


def _unfit(code: str, words: str, **args: JSON) -> Invalid:
    return Invalid(words, code=code, problems=(Problem(code, "", words, args=args),))
