"""Check what only send_email has: that it goes to addresses, says anything, and attaches reports. Pure."""

from __future__ import annotations

from ruleyard.core.errors import Problem
from ruleyard.core.graph import Action
from ruleyard.core.json_field import is_expression
from ruleyard.core.logic.tree import pointer
from ruleyard.core.logic.types import Type
from ruleyard.core.mail_address import none_of
from ruleyard.core.types import JSONObject

_WORDS = "Only reports can be attached: the output `report` of a step that makes one."


def message_problems(action: Action, path: str) -> list[Problem]:
    """Of the fields together. `path` leads to them."""
    found = [one for field in ("to", "cc", "reply_to") for one in _addresses(action, field, path)]
    if all(action.fields.get(name) in (None, "") for name in ("body", "html")):
        words = '"Send an e-mail" needs "Text" or "HTML".'
        field = "html" if "html" in action.fields else "body"
        args: JSONObject = {"field": field}
        found.append(Problem("missing-field", pointer(path, field), words, node=action.id, args=args))
    at, value = pointer(path, "attachments"), action.fields.get("attachments")
    if value is None or is_expression(value):
        return found
    if not isinstance(value, list):
        return [*found, Problem("not-a-list", at, "Attachments are a list of reports.", node=action.id)]
    return found + [
        Problem("not-a-report", pointer(at, index), _WORDS, node=action.id)
        for index, one in enumerate(value)
        if not is_expression(one)
    ]


def _addresses(action: Action, field: str, path: str) -> list[Problem]:
    """Of what is written out: what comes from a record is known only when it comes."""
    value, at = action.fields.get(field), pointer(path, field)
    texts = [(at, value)] if isinstance(value, str) else []
    if isinstance(value, list):
        texts = [(pointer(at, index), one) for index, one in enumerate(value) if isinstance(one, str)]
    found: list[Problem] = []
    for place, text in texts:
        if (wrong := none_of(text)) is not None:
            words = f'"{wrong}" is not an e-mail address.'
            found.append(Problem("bad-address", place, words, node=action.id, args={"text": wrong}))
    return found


def attachment_problems(found: Type, at: str, node: str) -> list[Problem]:
    """A report is told by its number; a list of them is fine, too."""
    kinds = found.kinds - {"null"}
    if found.open or not kinds or kinds & {"number", "list", "any"}:
        return []
    return [Problem("not-a-report", at, _WORDS, node=node)]
