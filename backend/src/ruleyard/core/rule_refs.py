"""How a rule document names another rule: `{"id": 7, "name": "Call back"}`.

The id counts where there is a rule of it, else the name where one rule alone bears it: so a document that comes from
elsewhere finds its rules by their names. Pure; told which rules there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

import msgspec

from ruleyard.core.graph import Action, Graph
from ruleyard.core.types import JSON, JSONObject, RuleId
from ruleyard.core.webhook import event_type

RUN_RULE = "run_rule"
EMIT_EVENT = "emit_event"


class RuleCard(msgspec.Struct, frozen=True):
    """A rule as others name it. `on`: it is switched on; connection and table of the records that it starts on, None
    where it starts on none; `event`: the type of event that starts it, "" where none does."""

    id: RuleId
    name: str
    on: bool
    connection: str | None = None
    table: str | None = None
    event: str = ""


Cards: TypeAlias = Mapping[RuleId, RuleCard]


def found(ref: JSON, cards: Cards) -> RuleCard | None:
    """The rule that is meant; None where there is none, or several bear the name."""
    if not isinstance(ref, dict):
        return None
    number = ref.get("id")
    if isinstance(number, int) and RuleId(number) in cards:
        return cards[RuleId(number)]
    return named(ref.get("name"), cards)


def named(name: JSON, cards: Cards) -> RuleCard | None:
    bearing = [card for card in cards.values() if card.name == name]
    return bearing[0] if len(bearing) == 1 else None


def ref_to(card: RuleCard) -> JSONObject:
    return {"id": card.id, "name": card.name}


def sets_off(document: JSON) -> bool:
    """Does a document start others, by name or by events? Only then need anybody know which rules there are."""
    nodes = document.get("nodes") if isinstance(document, dict) else None
    return isinstance(nodes, list) and any(
        isinstance(node, dict) and node.get("do") in (RUN_RULE, EMIT_EVENT) for node in nodes
    )


def rules_meant(graph: Graph, cards: Cards) -> list[RuleCard]:
    """The rules that it runs by name."""
    refs = [n.fields.get("rule") for n in graph.nodes if isinstance(n, Action) and n.do == RUN_RULE]
    return [card for ref in refs if (card := found(ref, cards)) is not None]


def would_start(do: str, fields: JSONObject, cards: Cards) -> tuple[str, ...]:
    """The names of the rules that are on and would be started by these resolved fields."""
    if do == EMIT_EVENT:
        kind = event_type(fields.get("type"))
        return tuple(card.name for card in cards.values() if card.on and kind and card.event == kind)
    card = found(fields.get("rule"), cards) if do == RUN_RULE else None
    return (card.name,) if card is not None and card.on else ()


def settled(document: JSONObject, cards: Cards) -> JSONObject:
    """A document from elsewhere: an id means a rule of ours only where that bears the name, too; else the name does."""
    nodes = document.get("nodes")
    if not isinstance(nodes, list) or not any(_names_a_rule(node) for node in nodes):
        return document
    return {**document, "nodes": [_settled(node, cards) if _names_a_rule(node) else node for node in nodes]}


def _names_a_rule(node: JSON) -> bool:
    fields = node.get("fields") if isinstance(node, dict) and node.get("do") == RUN_RULE else None
    return isinstance(fields, dict) and isinstance(fields.get("rule"), dict)


def _settled(node: JSON, cards: Cards) -> JSON:
    if not isinstance(node, dict) or not isinstance(fields := node.get("fields"), dict):
        return node
    ref = fields["rule"]
    name = ref.get("name") if isinstance(ref, dict) else None
    if not isinstance(name, str) or not name:
        return node
    card = found(ref, cards)
    if card is None or card.name != name:
        card = named(name, cards)
    return {**node, "fields": {**fields, "rule": {"name": name} if card is None else ref_to(card)}}


def events_known(cards: Iterable[RuleCard]) -> list[str]:
    """The types of events that any rule starts with, in order."""
    return sorted({card.event for card in cards if card.event})
