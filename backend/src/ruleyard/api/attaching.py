"""Which files a mail would attach: those of the reports that steps before it would make. Nothing is made."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import msgspec

from ruleyard.api.shapes.rules import Preview
from ruleyard.core.graph import Action, Node
from ruleyard.core.mentions import objects_in
from ruleyard.core.types import JSON, NodeId

_REPORT: Final = re.compile(r"steps\.([^.]+)\.output\.report")


def with_files(node: Node, told: Preview, before: Mapping[NodeId, Preview]) -> Preview:
    """The preview of a mail with the names of its files in place of their numbers, which nobody knows yet."""
    if not isinstance(node, Action) or "attachments" not in told.fields:
        return told
    files: list[JSON] = [
        before[one].fields["file"]
        for one in reports_named(node)
        if one in before and "file" in before[one].fields
    ]
    return msgspec.structs.replace(told, fields={**told.fields, "attachments": files})


def reports_named(action: Action) -> list[NodeId]:
    """The steps whose reports a mail attaches, in order."""
    paths = [one.get("var") for one in objects_in(action.fields.get("attachments"))]
    found = [_REPORT.fullmatch(path) for path in paths if isinstance(path, str)]
    return [NodeId(one[1]) for one in reversed(found) if one]
