"""The limits of a rule document, checked on the bytes before anything is parsed."""

from __future__ import annotations

import json
import re
from typing import Final

import msgspec

from ruleyard.core.errors import Invalid, Problem
from ruleyard.core.logic.budget import MAX_DEPTH, MAX_NODES
from ruleyard.core.types import JSON

MAX_BYTES: Final = 64 * 1024
IMPORT_BYTES: Final = 1_000_000
"""A bundle of rules; each in it has its own limits."""
_BYTE: Final = re.compile(r"byte (\d+)")
_MARK: Final = b"\xef\xbb\xbf"
"""What some editors put before UTF-8."""


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


def refuse(code: str, message: str, **args: JSON) -> Invalid:
    return Invalid(message, code=code, problems=(Problem(code, "", message, args=args),))


def parse_bytes(body: bytes) -> JSON:
    """The JSON value of a document. Raises Invalid (with one Problem) over a limit or where it is not JSON."""
    if len(body) > MAX_BYTES:
        size = len(body) // 1024
        words = f"A rule document has at most 64 KB; this one has {size:,} KB."
        raise refuse("document-too-large", words, most=MAX_BYTES // 1024, size=size)
    value = _parsed(body, MAX_DEPTH)
    if (over := over_nodes(value)) is not None:
        raise refuse(over.code, over.message, **over.args)
    return value


def parse_import(body: bytes) -> JSON:
    """The JSON value of what `import` takes: one document or many, whose own limits are for later. Invalid as above."""
    if len(body) > IMPORT_BYTES:
        size, most = len(body) // 1024, IMPORT_BYTES // 1024
        raise refuse(
            "document-too-large",
            f"An import has at most {most} KB (a rule 64 KB); this one has {size:,} KB.",
            most=most,
            size=size,
        )
    return _parsed(body, MAX_DEPTH + 2)


def _parsed(body: bytes, levels: int) -> JSON:
    if byte_depth(body) > levels:
        raise refuse(
            "too-deep", f"A rule document is nested at most {MAX_DEPTH} levels deep.", most=MAX_DEPTH
        )
    body = body.removeprefix(_MARK)
    try:
        value: JSON = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        place = _BYTE.search(str(error))
        at = int(place[1]) if place else len(body)
        raise refuse("not-json", f"This is not JSON: {error}.", place=at) from None
    if (key := repeated_key(body)) is not None:
        words = f'This is not clear: the key "{key}" comes twice in one object. Keep one of them.'
        raise refuse(
            "not-json", words, place=max(0, body.rfind(json.dumps(key, ensure_ascii=False).encode()))
        )
    return value


def repeated_key(body: bytes) -> str | None:
    """A key that comes twice in one object of this JSON, of which a parser would drop one in silence."""
    found: list[str] = []

    def look(pairs: list[tuple[str, object]]) -> None:
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                found.append(name)
            seen.add(name)

    try:
        json.loads(body, object_pairs_hook=look, parse_int=str, parse_float=str)
    except ValueError:
        return None
    return found[0] if found else None


def over_nodes(value: JSON) -> Problem | None:
    """The problem of a value with too many parts or levels; None where it is within the limits. Does not recurse."""
    stack: list[tuple[JSON, int]] = [(value, 1)]
    count = 0
    while stack:
        item, depth = stack.pop()
        count += 1
        if count > MAX_NODES:
            words = f"A rule document has at most {MAX_NODES:,} values."
            return Problem("too-big", "", words, args={"most": MAX_NODES})
        if isinstance(item, (dict, list)):
            if depth > MAX_DEPTH:
                words = f"A rule document is nested at most {MAX_DEPTH} levels deep."
                return Problem("too-deep", "", words, args={"most": MAX_DEPTH})
            stack.extend((child, depth + 1) for child in (item.values() if isinstance(item, dict) else item))
    return None
