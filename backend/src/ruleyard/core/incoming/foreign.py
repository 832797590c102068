"""Recognises what is not a rule of ours: exports of other products, and parts of a rule. Guesses from keys only."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from ruleyard.core.types import JSON, JSONObject

_KINDS: Final = ("trigger", "condition", "choose", "action", "wait", "end")


def _dicts(value: JSON) -> list[JSONObject]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _n8n(value: JSONObject) -> bool:
    return isinstance(value.get("connections"), dict) and any(
        isinstance(node.get("type"), str) and "kind" not in node for node in _dicts(value.get("nodes"))
    )


def _home_assistant(value: JSONObject) -> bool:
    starts = "trigger" in value or "triggers" in value
    does = "action" in value or "actions" in value or "sequence" in value
    return "logic" not in value and (starts and does and "nodes" not in value and "alias" in value)


def _power_automate(value: JSONObject) -> bool:
    inner = value.get("definition", value)
    return isinstance(inner, dict) and isinstance(inner.get("actions"), dict) and "triggers" in inner


def _activepieces(value: JSONObject) -> bool:
    inner = value.get("template", value)
    trigger = inner.get("trigger") if isinstance(inner, dict) else None
    return isinstance(trigger, dict) and "nextAction" in trigger


_PRODUCTS: Final[tuple[tuple[str, Callable[[JSONObject], bool]], ...]] = (
    ("n8n", _n8n),
    ("Node-RED", lambda value: any("wires" in one for one in _dicts(value.get("flows")))),
    ("Zapier", lambda value: isinstance(value.get("zaps"), list)),
    ("Make", lambda value: any("module" in one for one in _dicts(value.get("flow")))),
    ("HubSpot", lambda value: "enrollmentCriteria" in value or "startActionId" in value),
    ("Power Automate", _power_automate),
    ("Activepieces", _activepieces),
    ("AWS Step Functions", lambda value: "StartAt" in value and "States" in value),
    ("Home Assistant", _home_assistant),
    ("React Query Builder", lambda value: "combinator" in value and isinstance(value.get("rules"), list)),
    ("JSON Rules Engine", lambda value: isinstance(value.get("conditions"), dict) and "event" in value),
)


def product_of(value: JSON) -> str:
    """The name of the product that exports such JSON; "" where none is known."""
    if isinstance(value, list):
        every = _dicts(value)
        if any("wires" in one and "type" in one for one in every):
            return "Node-RED"
        return next((name for one in every[:5] if (name := product_of(one))), "")
    if not isinstance(value, dict):
        return ""
    return next((name for name, fits in _PRODUCTS if fits(value)), "")


_YAML: Final = re.compile(r"(?m)^-? *(?:alias|triggers?|automation):")
_TAG: Final = re.compile(r"<[!?a-zA-Z]")


def text_product(text: str) -> str:
    """The same of a text that is no JSON."""
    begin = text.lstrip()
    if _TAG.match(begin):
        return "a web page" if re.match(r"<!doctype html|<html", begin, re.I) else "another program (XML)"
    return "Home Assistant (YAML)" if _YAML.search(text) and not begin.startswith(("{", "[")) else ""


def part_of_a_rule(value: JSON) -> str:
    """`a step`, `steps`, `edges`, `the head`: what of a rule this is; "" where it is not a part."""
    if isinstance(value, list):
        every = _dicts(value)
        if every and len(every) == len(value) and all(_is_node(one) for one in every):
            return "steps"
        if value and all(_is_edge(one) for one in value):
            return "edges"
        return ""
    if (
        not isinstance(value, dict)
        or "nodes" in value
        or "rules" in value
        or ("logic" in value and "kind" not in value)
    ):
        return ""
    if _is_node(value):
        return "a step"
    if "edges" in value:
        return "edges"
    return "the head" if "dialect" in value or "policy" in value else ""


def _is_node(value: JSONObject) -> bool:
    return value.get("kind") in _KINDS and "id" in value


def _is_edge(value: JSON) -> bool:
    return isinstance(value, list) and len(value) in (2, 3) and all(isinstance(one, str) for one in value)
