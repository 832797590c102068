"""The limits of a rule document, checked on the bytes before anything is parsed."""

from __future__ import annotations

import json
import re
from typing import Final, TypeAlias

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
    value = _parsed(body, 4 * MAX_DEPTH)
    if (over := over_nodes(value)) is not None:
        raise Invalid(over.message, code=over.code, problems=(over,))
    return value


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
        words = (
            f'This is not clear: the key "{key.key}" comes twice in one object, again at line {key.line}, '
            f"column {key.column}. Keep one of them."
        )
        raise refuse("not-json", words, place=key.at)
    return value


class Repeated(msgspec.Struct, frozen=True):
    """A key that comes twice in one object. `at`: its second byte place from 0; `line` and `column` from 1."""

    key: str
    at: int
    line: int
    column: int


def repeated_key(body: bytes) -> Repeated | None:
    """The first key that comes twice in one object of this JSON, of which a parser would drop one in silence."""
    found = False

    def look(pairs: list[tuple[str, object]]) -> None:
        nonlocal found
        found = found or len({name for name, _ in pairs}) < len(pairs)

    try:
        json.loads(body, object_pairs_hook=look, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        return None
    return _second(body) if found else None


def _second(body: bytes) -> Repeated | None:
    """Where it stands. The JSON holds."""
    open_ones: list[set[str] | None] = []
    for mark in _TOKENS.finditer(body):
        token = mark[0]
        if token == b"{":
            open_ones.append(set())
        elif token == b"[":
            open_ones.append(None)
        elif token in (b"}", b"]"):
            open_ones.pop()
        elif mark[1] is not None and open_ones and (seen := open_ones[-1]) is not None:
            key, at = json.loads(mark[1]), mark.start()
            if key in seen:
                before = body[:at]
                column = len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1
                return Repeated(key, at, before.count(b"\n") + 1, column)
            seen.add(key)
    return None


_TOKENS: Final = re.compile(rb'("(?:[^"\\]|\\.)*")\s*:|"(?:[^"\\]|\\.)*"|[\[{\]}]', re.S)
"""A key (group 1), another text, or a bracket."""


_Way: TypeAlias = "tuple[_Way, str | int] | None"
"""How one comes to a value: the way to what holds it, and its key there."""


def _pointer(way: _Way) -> str:
    parts: list[str] = []
    while way is not None:
        way, key = way
        parts.append(str(key).replace("~", "~0").replace("/", "~1"))
    return "".join(f"/{part}" for part in reversed(parts))


def over_nodes(value: JSON) -> Problem | None:
    """The problem of a value with too many parts or levels; None where it is within the limits. Does not recurse."""
    stack: list[tuple[JSON, int, _Way]] = [(value, 1, None)]
    count = 0
    while stack:
        item, depth, way = stack.pop()
        count += 1
        if count > MAX_NODES:
            words = f"A rule document has at most {MAX_NODES:,} values."
            return Problem("too-big", "", words, args={"most": MAX_NODES})
        if isinstance(item, (dict, list)):
            if depth > MAX_DEPTH:
                words = f"A rule document is nested at most {MAX_DEPTH} levels deep."
                return Problem("too-deep", _pointer(way), words, args={"most": MAX_DEPTH})
            pairs = item.items() if isinstance(item, dict) else enumerate(item)
            stack.extend((child, depth + 1, (way, key)) for key, child in pairs)
    return None
