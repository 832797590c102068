"""The limits of a rule document, checked on the bytes before anything is parsed."""

from __future__ import annotations

from typing import Final

import msgspec

from ruleyard.core.errors import Invalid, Problem
from ruleyard.core.logic.budget import MAX_DEPTH, MAX_NODES
from ruleyard.core.types import JSON

MAX_BYTES: Final = 64 * 1024


def byte_depth(body: bytes) -> int:
    """The deepest nesting of brackets outside strings. One pass, no recursion."""
    depth = deepest = 0
    in_string = escaped = False
    for byte in body:
        if in_string:
            if escaped:
                escaped = False
            elif byte == 0x5C:
                escaped = True
            elif byte == 0x22:
                in_string = False
        elif byte == 0x22:
            in_string = True
        elif byte in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif byte in b"]}":
            depth -= 1
    return deepest


def refuse(code: str, message: str) -> Invalid:
    return Invalid(message, code=code, problems=(Problem(code, "", message),))


def parse_bytes(body: bytes) -> JSON:
    """The JSON value of a document. Raises Invalid (with one Problem) over a limit or where it is not JSON."""
    if len(body) > MAX_BYTES:
        raise refuse(
            "document-too-large", f"A rule document has at most 64 KB; this one has {len(body) // 1024:,} KB."
        )
    if byte_depth(body) > MAX_DEPTH:
        raise refuse("too-deep", f"A rule document is nested at most {MAX_DEPTH} levels deep.")
    try:
        value: JSON = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise refuse("not-json", f"This is not JSON: {error}.") from None
    if (over := over_nodes(value)) is not None:
        raise refuse(over.code, over.message)
    return value


def over_nodes(value: JSON) -> Problem | None:
    """The problem of a value with too many parts or levels; None where it is within the limits. Does not recurse."""
    stack: list[tuple[JSON, int]] = [(value, 1)]
    count = 0
    while stack:
        item, depth = stack.pop()
        count += 1
        if count > MAX_NODES:
            return Problem("too-big", "", f"A rule document has at most {MAX_NODES:,} values.")
        if isinstance(item, (dict, list)):
            if depth > MAX_DEPTH:
                return Problem("too-deep", "", f"A rule document is nested at most {MAX_DEPTH} levels deep.")
            stack.extend((child, depth + 1) for child in (item.values() if isinstance(item, dict) else item))
    return None
