"""A template's document with its holes filled.

What cannot be filled is left out: an entry of an object, an item of `and`, `or` and `cat`; any other expression with
such a hole goes as a whole, up to the entry that holds it. So an unanswered question leaves a draft to mend.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from ruleyard.core.types import JSON, JSONObject
from ruleyard.templates.template import Answers, Template

_HOLE: Final = re.compile(r"<([a-z_]+(?:\.(?:connection|table))?)>")
_PILL: Final = re.compile(r"\{\{\s*([^{}]+?)\s*\}\}")
_SHRINK: Final = ("and", "or", "cat")
_LISTS: Final = ("nodes", "edges", "columns", "events")


class _Missing:
    """Nothing is known for this place."""


_MISSING: Final = _Missing()
_Filled = JSON | _Missing


def fill(template: Template, answers: Answers, *, name: str, mail: str | None, zone: str) -> JSONObject:
    """The document of a draft. `mail`: the connection for mails, None where there is none."""
    holes = holes_of(template, answers) | {"zone": zone} | ({} if mail is None else {"mail": mail})
    filled = _filled(template.document, holes)
    assert isinstance(filled, dict)  # noqa: S101 - the document itself is no hole
    return {"dialect": 1, "name": name, **filled}


def holes_of(template: Template, answers: Answers) -> dict[str, JSON]:
    """What stands in each hole, as expressions where the answer is one."""
    holes: dict[str, JSON] = {}
    for question in template.questions:
        answer = answers.get(question.id)
        if answer is None:
            continue
        if question.kind == "table":
            connection, _, table = str(answer).partition(" ")
            holes |= {f"{question.id}.connection": connection, f"{question.id}.table": table}
        elif question.kind == "text":
            holes[question.id] = text_logic(str(answer))
        elif question.kind == "recipient":
            holes[question.id] = {"var": str(answer)}
        else:
            holes[question.id] = answer
    return holes


def text_logic(text: str) -> JSON:
    """`Hello {{first_name}}` as an expression; a name without a dot means the record. Like the builder's own."""
    parts: list[JSON] = []
    end = 0
    for found in _PILL.finditer(text):
        if found.start() > end:
            parts.append(text[end : found.start()])
        path = found[1]
        parts.append({"var": path if "." in path or path == "now" else f"after.{path}"})
        end = found.end()
    if end < len(text):
        parts.append(text[end:])
    if not any(isinstance(part, dict) for part in parts):
        return text
    return parts[0] if len(parts) == 1 else {"cat": parts}


def said(text: str, holes: Mapping[str, JSON]) -> str | None:
    """A text with its holes filled, None where one is missing."""
    if any(hole not in holes for hole in _HOLE.findall(text)):
        return None
    return _HOLE.sub(lambda found: str(holes[found[1]]), text)


def _filled(value: JSON, holes: Mapping[str, JSON]) -> _Filled:
    if isinstance(value, str):
        if whole := _HOLE.fullmatch(value):
            return holes.get(whole[1], _MISSING)
        found = said(value, holes)
        return _MISSING if found is None else found
    if isinstance(value, list):
        items = [_filled(item, holes) for item in value]
        return _MISSING if any(isinstance(one, _Missing) for one in items) else _known(items)
    if not isinstance(value, dict):
        return value
    out: JSONObject = {}
    for key, inner in value.items():
        named = said(key, holes)
        filled = (
            _known([_filled(item, holes) for item in inner])
            if isinstance(inner, list) and key in (*_SHRINK, *_LISTS)
            else _filled(inner, holes)
        )
        if named is not None and not isinstance(filled, _Missing):
            out[named] = filled
    # An expression is an object with one key: without its arguments nothing is left of it.
    return (
        _MISSING
        if not out and len(value) == 1 and isinstance(next(iter(value.values())), list | str)
        else out
    )


def _known(items: list[_Filled]) -> list[JSON]:
    return [item for item in items if not isinstance(item, _Missing)]
