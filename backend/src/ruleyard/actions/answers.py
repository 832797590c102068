"""What an HTTP answer means for an action: done, refused for good, or to be tried again. And its words, kept short.

Told what was secret in the request, it covers that in whatever the other side says: some echo what they were sent.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

import msgspec

from ruleyard.actions.covering import COVERED, without_secrets
from ruleyard.actions.failure import ActionFailed
from ruleyard.actions.guard import Answer
from ruleyard.core.json_text import without_nul
from ruleyard.core.limits import byte_depth
from ruleyard.core.types import JSON, JSONObject

SAID_CHARS: Final = 4096
"""Of an answer that is no JSON."""
JSON_BYTES: Final = 256_000
"""An answer is kept with its run, so it has a bound of its own below the guard's."""
JSON_LEVELS: Final = 64
RETRY_AFTER_MOST_S: Final = 3600.0
_SHORTEST_SECRET: Final = 6
"""Shorter ones stand in ordinary words, too."""


def covered(answer: Answer, secrets: Iterable[str]) -> Answer:
    """The same answer without what was secret in the request: plain, in base64, as JSON or an address escapes it."""
    told = sorted({one for one in secrets if len(one) >= _SHORTEST_SECRET}, key=len, reverse=True)
    if not told:
        return answer
    forms = [form for secret in told for form in (secret, base64.b64encode(secret.encode()).decode())]
    pattern = re.compile(b"|".join(b"".join(map(_spelt, form)) for form in forms))
    headers = {
        name: pattern.sub(COVERED.encode(), value.encode()).decode() for name, value in answer.headers.items()
    }
    return Answer(answer.status, headers, pattern.sub(COVERED.encode(), answer.body), answer.cut)


def _spelt(character: str) -> bytes:
    """One character in every spelling: `/` is also `\\/`, `\\u002f` and `%2F`."""
    plain = character.encode()
    units = character.encode("utf-16-be")
    pairs = zip(units[::2], units[1::2], strict=True)
    in_json = b"".join(rb"\\u(?i:%02x%02x)" % pair for pair in pairs)
    in_address = b"".join(b"%%(?i:%02x)" % byte for byte in plain)
    slashed = rb"\\?" if character in '/"\\' else b""
    return b"(?:" + slashed + re.escape(plain) + b"|" + in_json + b"|" + in_address + b")"


def said(answer: Answer) -> str:
    """The other side's own words, at most SAID_CHARS."""
    return answer.body[: SAID_CHARS * 4].decode("utf-8", errors="replace")[:SAID_CHARS]


def refuse_bad(url: str, answer: Answer) -> None:
    """ActionFailed for anything but 2xx: with `retry` where trying later may help. `url` is named in the message."""
    if 200 <= answer.status < 300:
        return
    words = f"{url} answered {answer.status}."
    named: JSONObject = {"url": url, "status": answer.status}
    if 300 <= answer.status < 400:
        where = without_secrets(answer.headers.get("location", ""))
        raise ActionFailed(
            f"{words} It points to {where or 'elsewhere'}; redirects are not followed.",
            said(answer),
            code="webhook-moved",
            args={**named, "to": where},
        )
    if answer.status in (408, 425, 429) or answer.status >= 500:
        raise ActionFailed(
            words,
            said(answer),
            retry=True,
            retry_after_s=retry_after_s(answer.headers.get("retry-after")),
            code="webhook-refused",
            args=named,
            away="refused" if answer.status >= 500 else "",
        )
    raise ActionFailed(words, said(answer), code="webhook-refused", args=named)


def read_body(url: str, answer: Answer, *, wants_json: bool, told: Answer | None = None) -> JSON:
    """The JSON of an answer, whatever type it claims; text where it is none; None where it is empty.

    ActionFailed where JSON was wanted and something else came, or where it is too large or too deep to keep; `told` is
    the answer as such an error shows it.
    """
    told = told or answer
    if not answer.body.strip():
        return None
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    claims = kind == "application/json" or kind.endswith("+json")
    named: JSONObject = {"url": url, "status": answer.status, "type": kind}
    if not (claims or wants_json or answer.body.lstrip()[:1] in (b"{", b"[")):
        return said(answer)
    if answer.cut or len(answer.body) > JSON_BYTES:
        words = f"{url} answered with more than {JSON_BYTES // 1000} KB. Ask for less."
        raise ActionFailed(words, code="answer-too-large", args={**named, "most": JSON_BYTES // 1000})
    if byte_depth(answer.body) > JSON_LEVELS:
        words = f"{url} answered with JSON nested deeper than {JSON_LEVELS} levels."
        raise ActionFailed(words, said(told), code="answer-too-deep", args={**named, "most": JSON_LEVELS})
    try:
        # As it will be kept: later steps see the same in this try and in the next.
        value: JSON = msgspec.json.decode(without_nul(answer.body.removeprefix(b"\xef\xbb\xbf")))
        return value
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        if not (claims or wants_json):
            return said(answer)
    words = f"{url} answered {answer.status}, but not with JSON" + (
        " although it says so." if claims else f": it sent {kind or 'something without a type'}."
    )
    raise ActionFailed(words, said(told), code="answer-not-json", args=named)


def retry_after_s(header: str | None) -> float | None:
    """The seconds that a Retry-After header (a number or a date) asks for, at most an hour; None where it asks none."""
    if header is None:
        return None
    words = header.strip()
    if words.isascii() and words.isdigit():
        return min(float(words), RETRY_AFTER_MOST_S)
    try:
        at = parsedate_to_datetime(words)
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        wait_s = (at - datetime.now(UTC)).total_seconds()
    except (ValueError, OverflowError):
        return None
    return min(max(wait_s, 0.0), RETRY_AFTER_MOST_S)
