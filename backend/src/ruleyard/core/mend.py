"""Apply the fixes of problems to a document. Pure; the caller checks again, for a fix can uncover the next problem."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from ruleyard.core.errors import Fix, Problem
from ruleyard.core.types import JSON


def mended(document: JSON, problems: Iterable[Problem]) -> JSON | None:
    """The document with every fix applied that does not touch the place of another; None where there is none.

    The document itself is not changed.
    """
    chosen: list[Fix] = []
    for problem in problems:
        fix = problem.fix
        if fix is not None and not any(overlap(fix.path, other.path) for other in chosen):
            chosen.append(fix)
    if not chosen:
        return None
    made: JSON = msgspec.json.decode(msgspec.json.encode(document))
    for fix in chosen:
        made = put(made, fix.path, fix.value)
    return made


def overlap(one: str, other: str) -> bool:
    return f"{one}/".startswith(f"{other}/") or f"{other}/".startswith(f"{one}/")


def put(document: JSON, path: str, value: JSON) -> JSON:
    """Sets what a JSON Pointer points at, in place where it can be; "" is the whole document."""
    if not path:
        return value
    *parents, last = [part.replace("~1", "/").replace("~0", "~") for part in path.split("/")[1:]]
    place = document
    for part in parents:
        place = (
            place[int(part)] if isinstance(place, list) else place[part] if isinstance(place, dict) else None
        )
    if isinstance(place, list):
        place[int(last)] = value
    elif isinstance(place, dict):
        place[last] = value
    return document
