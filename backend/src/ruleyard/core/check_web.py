"""Check what a step that goes out over HTTP says outright: its address and the names of its headers. Pure.

What an expression gives, and what stands below a connection's base address, is known only when it goes.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from ruleyard.core.errors import Problem
from ruleyard.core.graph import Action
from ruleyard.core.logic.tree import pointer

WEB: Final = ("call_webhook", "http_request")
HEADER_NAME: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
_OURS: Final = (
    "host content-length transfer-encoding connection upgrade te trailer expect user-agent "
    "webhook-id webhook-timestamp webhook-signature idempotency-key"
)
OUR_HEADERS: Final = frozenset(_OURS.split())
"""What no rule sets."""


def web_problems(action: Action, path: str) -> list[Problem]:
    """`path` leads to the fields."""
    if action.do not in WEB:
        return []
    found: list[Problem] = []
    url, headers = action.fields.get("url"), action.fields.get("headers")
    if isinstance(url, str) and url.strip() and "connection" not in action.fields and not is_web_address(url):
        words = (
            f'"{url.strip()}" is not a whole web address: it begins with https:// and has no password in it.'
        )
        args = {"text": url.strip()[:200]}
        found.append(Problem("bad-url", pointer(path, "url"), words, node=action.id, args={**args}))
    for name in headers if isinstance(headers, dict) else ():
        if HEADER_NAME.fullmatch(name) is None or name.lower() in OUR_HEADERS:
            at = pointer(path, "headers", name)
            words = f'"{name}" cannot be set as a header: it is no name of one, or Ruleyard sets it itself.'
            found.append(Problem("bad-header", at, words, node=action.id, args={"name": name}))
    return found


def is_web_address(text: str) -> bool:
    """Whether it could be called as it stands, blanks around it aside."""
    if re.search(r"[\x00-\x1f\x7f]", text.strip()):
        return False
    try:
        read = urlsplit(text.strip())
        port = read.port
    except ValueError:
        return False
    return read.scheme in ("http", "https") and bool(read.hostname) and "@" not in read.netloc and port != 0
