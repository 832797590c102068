"""Check the two actions that start other rules: by name (`run_rule`) and by an event (`emit_event`). Pure.

Told which rules there are (`Known.rules`); None there means that nobody looked, and nothing is said of them.
"""

from __future__ import annotations

from collections.abc import Iterator

from ruleyard.core.errors import Fix, Problem
from ruleyard.core.graph import Action, Deciding, Graph, home_of
from ruleyard.core.logic.tree import pointer
from ruleyard.core.model import Known, TableLookup
from ruleyard.core.near import did_you_mean, nearest, suggested
from ruleyard.core.rule_refs import EMIT_EVENT, RUN_RULE, RuleCard, events_known, found, ref_to
from ruleyard.core.types import JSON, JSONObject, NodeId
from ruleyard.core.webhook import event_type

LONGEST_TYPE = 200
MOST_CHOICES = 40


def starting_problems(
    action: Action, path: str, graph: Graph, tables: TableLookup, known: Known
) -> Iterator[Problem]:
    """Of one action whose fields stand at `path`; of other kinds nothing."""
    if action.do == EMIT_EVENT:
        yield from _event(action, path, known)
    elif action.do == RUN_RULE and action.fields.get("rule"):
        yield from _rule(action, path, graph, tables, known)


def _event(action: Action, path: str, known: Known) -> Iterator[Problem]:
    said, at = action.fields.get("type"), f"{path}/type"
    if not isinstance(said, str) or not said:
        return
    kind = event_type(said)
    if not kind:
        words = "Say the type of the event: nobody could listen to blanks."
        yield Problem("missing-field", at, words, node=action.id, args={"field": "type"})
        return
    if len(kind) > LONGEST_TYPE:
        words = f"A type of event has at most {LONGEST_TYPE} characters."
        args: JSONObject = {"key": "type", "most": LONGEST_TYPE}
        yield Problem("text-too-long", at, words, node=action.id, args=args)
        return
    if known.rules is None or any(card.on and card.event == kind for card in known.rules.values()):
        return
    choices = events_known(known.rules.values())
    better = nearest(kind, choices) if kind not in choices else None
    words = (
        f'No rule that is on starts with events "{kind}" yet.{did_you_mean(kind, choices) if better else ""}'
    )
    fix = Fix(f'Use "{better}"', at, better) if better else None
    args = {
        "event": kind,
        "choices": [*choices[:MOST_CHOICES]],
        **(suggested(kind, choices) if better else {}),
    }
    yield Problem("nobody-listens", at, words, "warning", action.id, args, fix)


def _rule(action: Action, path: str, graph: Graph, tables: TableLookup, known: Known) -> Iterator[Problem]:
    if known.rules is None:
        return
    at, ref = f"{path}/rule", action.fields["rule"]
    card = found(ref, known.rules)
    if card is None:
        yield _unknown(action, at, ref, known)
        return
    if card.id == known.rule_id and action.id in _always(graph):
        words = "This rule would run itself, again and again: every run of it comes by here."
        args: JSONObject = {"rule": card.name}
        yield Problem("rule-runs-itself", at, words, node=action.id, args=args)
    elif not card.on:
        words = f'The rule "{card.name}" is off: nothing starts until it is switched on.'
        yield Problem("rule-is-off", at, words, "warning", action.id, {"rule": card.name, "rule_id": card.id})
    yield from _record(action, path, graph, card, tables)


def _unknown(action: Action, at: str, ref: JSON, known: Known) -> Problem:
    name = ref.get("name") if isinstance(ref, dict) else None
    said = name if isinstance(name, str) and name else str(ref.get("id")) if isinstance(ref, dict) else ""
    cards = sorted((known.rules or {}).values(), key=lambda one: one.name)
    names = [one.name for one in cards if one.id != known.rule_id]
    several = names.count(said) > 1
    words = (
        f'Several rules are called "{said}": choose which.'
        if several
        else f'There is no rule "{said}".{did_you_mean(said, names)}'
    )
    better = None if several else nearest(said, names)
    card = next((one for one in cards if one.name == better), None) if better else None
    fix = Fix(f'Use "{card.name}"', at, ref_to(card)) if card else None
    args: JSONObject = {"rule": said, "choices": [*names[:MOST_CHOICES]], "several": several}
    args |= {} if several else suggested(said, names)
    return Problem("unknown-rule", at, words, node=action.id, args=args, fix=fix)


def _record(
    action: Action, path: str, graph: Graph, card: RuleCard, tables: TableLookup
) -> Iterator[Problem]:
    """On which record the other rule starts, or with which data."""
    record, at = action.fields.get("record"), f"{path}/record"
    if not card.connection or not card.table:
        if record:
            yield _idle(action, at, "record", card, f'"{card.name}" starts on no record')
        return
    if "data" in action.fields:
        yield _idle(action, f"{path}/data", "data", card, f'"{card.name}" starts on a record of {card.table}')
    if not record:
        if home_of(graph.trigger) != (card.connection, card.table):
            words = f'"{card.name}" starts on a record of {card.table}: say which.'
            args: JSONObject = {"field": "record"}
            yield Problem("missing-field", at, words, node=action.id, args=args)
        return
    table = tables(card.connection, card.table)
    if table is None or not isinstance(record, dict):
        return
    for name in record:
        if name not in table.key:
            words = f'The key of {table.name} has no "{name}".{did_you_mean(name, table.key)}'
            args = {"column": name, "table": table.name, **suggested(name, table.key)}
            yield Problem("unknown-column", pointer(at, name), words, node=action.id, args=args)
    for name in table.key:
        if record.get(name) in (None, ""):
            words = f'"{name}" says which record of {table.name} is meant: set it.'
            args = {"column": name, "table": table.name}
            yield Problem("missing-column", pointer(at, name), words, node=action.id, args=args)


def _idle(action: Action, at: str, field: str, card: RuleCard, why: str) -> Problem:
    args: JSONObject = {"field": field, "rule": card.name}
    return Problem("field-not-used", at, f'{why}: "{field}" is not used.', "warning", action.id, args)


def _always(graph: Graph) -> set[NodeId]:
    """The steps that every run comes by: up to the first that decides. An action that fails is not counted on."""
    seen: set[NodeId] = set()
    node = graph.next(graph.trigger.id)
    while node is not None and not isinstance(graph.node(node), Deciding):
        seen.add(node)
        node = graph.next(node)
    return seen
